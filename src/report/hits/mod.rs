//! The answer to a query.

mod json;
mod table;
mod tsv;

pub use json::write_json;
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
