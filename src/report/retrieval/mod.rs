//! A retrieval: the embedding beside its baselines.

mod json;
mod page;
mod read;
mod shape;
mod table;
#[cfg(test)]
mod tests;
mod tsv;
mod words;

pub use json::write_retrieval_json;
pub use page::retrieval_page;
pub use read::{ResultError, read_results};
pub use shape::write_shape;
pub use table::write_retrieval_table;
pub use tsv::write_retrieval_tsv;
