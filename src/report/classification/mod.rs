//! How well an embedding tells the classes of drugs.

mod json;
mod page;
mod table;
#[cfg(test)]
mod tests;
mod tsv;
mod words;

pub use json::write_classes_json;
pub use page::classes_page;
pub use table::write_classes_table;
pub use tsv::write_classes_tsv;
