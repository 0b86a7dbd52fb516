//! What a database is made of, and what would search it.

mod json;
mod table;

pub use json::write_info_json;
pub use table::write_info_table;
