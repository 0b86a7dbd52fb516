//! Answers for people and for programs: a folder for each subject, in it a file for each form that it has.
//!
//! | folder | of what | `table` | `tsv` | `json` | `page` |
//! |---|---|---|---|---|---|
//! | `hits` | a query | x | x | x | |
//! | `retrieval` | how well an embedding finds what is alike | x | x | x | x |
//! | `classification` | how well it tells classes of drugs | x | x | x | x |
//! | `repurposing` | drugs that are predicted to be in another class | x | x | x | x |
//! | `comparison` | several embeddings side by side | x | x | x | x |
//! | `info` | a database | x | | x | |
//!
//! `table` is what a person reads in a terminal, `tsv` one line a hit or figure, `json` an object (its fields are told in
//! `json/SCHEMA.md`), `page` HTML. What they share stands beside them:
//!
//! | file | responsibility |
//! |---|---|
//! | `words` | figures and sentences in words |
//! | `columns` | text in columns of a given total width |
//! | `json` | how results become JSON, and JSON values |
//! | `provenance` | where figures come from |
//! | `drug_map` | drugs on a map |

mod classification;
mod columns;
mod comparison;
mod drug_map;
mod hits;
mod info;
mod json;
mod provenance;
mod repurposing;
mod retrieval;
mod words;

#[doc(inline)]
pub use crate::page::Page;
pub use crate::visible::{one_line, visible, write_cells};
pub use classification::{classes_page, write_classes_json, write_classes_table, write_classes_tsv};
pub use columns::{Align, Columns};
pub use comparison::{comparison_page, write_comparison_json, write_comparison_table, write_comparison_tsv};
pub use hits::{By, Hits, write_json, write_table, write_tsv, write_tsv_header};
pub use info::{write_info_json, write_info_table};
pub use provenance::{FileNote, Provenance};
pub use repurposing::{write_repurposing_table, write_repurposing_tsv};
pub use retrieval::{
    ResultError, read_results, retrieval_page, write_retrieval_json, write_retrieval_table,
    write_retrieval_tsv, write_shape,
};
