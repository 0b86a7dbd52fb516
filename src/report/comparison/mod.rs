//! Several embeddings side by side.

mod json;
mod page;
mod table;
mod tsv;

pub use json::write_comparison_json;
pub use page::comparison_page;
pub use table::write_comparison_table;
pub use tsv::write_comparison_tsv;
