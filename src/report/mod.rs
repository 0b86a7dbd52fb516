//! Answers for people and for programs: a folder for each subject, in it a file for each form that it has.
//!
//! | folder | of what | `table` | `tsv` | `json` | `page` |
//! |---|---|---|---|---|---|
//! | `hits` | a query | x | x | x | |
//! | `answer` | a query with all that helps to read its answer | | | | x |
//! | `explanation` | the genes that carry the agreement of a query and a hit | x | x | x | x |
//! | `retrieval` | how well an embedding finds what is alike | x | x | x | x |
//! | `classification` | how well it predicts classes of drugs | x | x | x | x |
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

mod answer;
mod classification;
mod columns;
mod comparison;
mod drug_map;
mod explanation;
mod hits;
mod info;
mod json;
mod provenance;
mod repurposing;
mod retrieval;
mod words;

#[doc(inline)]
pub use crate::page::Page;
/// For the crates of this workspace.
#[doc(hidden)]
pub use crate::visible::{one_line, visible, write_cells};
pub use answer::answer_page;
pub use classification::ClassesReport;
/// For the crates of this workspace.
#[doc(hidden)]
pub use columns::{Align, Columns};
pub use comparison::ComparisonReport;
pub use explanation::{ExplanationReport, explanation_page};
pub use hits::{By, Hits};
pub use info::InfoReport;
pub use provenance::{FileNote, Provenance};
pub use retrieval::{ResultError, RetrievalReport, read_results};

use std::io::{self, Write};

/// A result of an evaluation, in each form that it can be written in.
pub trait Report {
    /// Writes it for a person, in a terminal of `width` columns.
    ///
    /// # Errors
    /// When `out` refuses.
    fn write_table(&self, out: &mut dyn Write, width: usize) -> io::Result<()>;

    /// Writes one line a figure (or a listed drug) under a header, for programs; cells as by [`write_cells`].
    ///
    /// # Errors
    /// When `out` refuses.
    fn write_tsv(&self, out: &mut dyn Write) -> io::Result<()>;

    /// Writes one object, whose `schema` names its form; `json/SCHEMA.md` has the meaning of all fields.
    ///
    /// # Errors
    /// When `out` refuses.
    fn write_json(&self, out: &mut dyn Write) -> io::Result<()>;

    /// Returns it as a page: findings in words first, then figures, tables, and where they come from.
    fn page(&self) -> Page;
}
