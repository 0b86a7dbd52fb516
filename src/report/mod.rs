//! Answers for people and for programs.
//!
//! | file | responsibility |
//! |---|---|
//! | `tsv` | one line a hit, for programs |
//! | `json` | one object a query, one line each (JSON Lines) |
//! | `table` | what a person reads in a terminal |
//! | `columns` | text in columns of a given total width |
//! | `evaluation` | retrievals and classes as tables, TSV and pages |
//! | `comparison` | several embeddings side by side |
//! | `classes` | how well classes of drugs are told apart |
//! | `repurposing` | drugs that are placed in another class |

mod classes;
mod columns;
mod comparison;
mod evaluation;
mod json;
mod repurposing;
mod table;
mod tsv;

pub use crate::visible::{one_line, visible, write_cells};
pub use classes::{write_classes_table, write_classes_tsv};
pub use columns::{Align, Columns};
pub use comparison::{write_comparison_table, write_comparison_tsv};
pub use evaluation::{
    DrugMap, FileNote, PageExtras, Provenance, classes_page, comparison_page, retrieval_page,
    write_retrieval_table, write_retrieval_tsv,
};
pub use json::{
    ResultError, read_results, write_classes_json, write_comparison_json, write_json, write_json_line,
    write_retrieval_json,
};
pub use repurposing::{write_repurposing_table, write_repurposing_tsv};
pub use table::write_table;
pub use tsv::{write_tsv, write_tsv_header};

use crate::db::{DrugHit, SignatureHit};

/// What a query asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Drugs, each scored by its signatures.
    Drug,
    /// Signatures.
    Signature,
}

/// The answer to one query.
#[derive(Debug, Clone, PartialEq)]
pub enum Hits {
    /// Drugs, best first.
    Drugs(Vec<DrugHit>),
    /// Signatures, best first.
    Signatures(Vec<SignatureHit>),
}

impl Hits {
    /// Returns the number of hits.
    pub fn len(&self) -> usize {
        match self {
            Self::Drugs(hits) => hits.len(),
            Self::Signatures(hits) => hits.len(),
        }
    }

    /// Returns whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
