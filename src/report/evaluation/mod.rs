//! Evaluations for people and for programs.
//!
//! | file | responsibility |
//! |---|---|
//! | `words` | questions, figures and findings in words, the same everywhere |
//! | `table` | a retrieval in a terminal |
//! | `tsv` | a retrieval as one line a figure |
//! | `retrieval_page` | a retrieval as a page |
//! | `classes_page` | classes of drugs as a page |
//! | `comparison_page` | several results as a page |
//! | `drug_map` | drugs on a map |
//! | `provenance` | where figures come from |

mod classes_page;
mod comparison_page;
mod drug_map;
mod provenance;
mod retrieval_page;
mod table;
#[cfg(test)]
mod tests;
mod tsv;
mod words;

pub use classes_page::classes_page;
pub use comparison_page::comparison_page;
pub use drug_map::DrugMap;
pub use provenance::{FileNote, Provenance};
pub use retrieval_page::{PageExtras, retrieval_page};
pub use table::write_retrieval_table;
pub use tsv::write_retrieval_tsv;
