//! The answer to a query.

mod json;
mod table;
mod tsv;

pub(super) use table::{called, cell as further_cell, rate, some_of, spoken, uses};

use std::io::{self, Write};

use crate::annotate::AtcNames;
use crate::db::{DrugHit, SignatureHit};
use crate::enrichment::{ClassCall, ClassHit};
use crate::question::Doubt;

/// What a query asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Drugs, each scored by its signatures.
    Drug,
    /// Signatures.
    Signature,
    /// Classes of drugs.
    Class,
}

impl By {
    /// Writes the names of the columns of [`Hits::write_tsv`]; those of [further](crate::db::FurtherScore) scores are last.
    ///
    /// # Errors
    /// When `out` refuses.
    pub fn write_header(self, out: &mut dyn Write, further: &[&str]) -> io::Result<()> {
        tsv::write_header(out, self, further)
    }
}

/// The answer to one query.
#[derive(Debug, Clone, PartialEq)]
pub enum Hits {
    /// Drugs, best first.
    Drugs(Vec<DrugHit>),
    /// Signatures, best first.
    Signatures(Vec<SignatureHit>),
    /// Classes of drugs, the most significant first, and those that the query's own drug may be of.
    Classes(Vec<ClassHit>, Vec<ClassCall>),
}

impl Hits {
    /// Returns the number of hits.
    pub fn len(&self) -> usize {
        match self {
            Self::Drugs(hits) => hits.len(),
            Self::Signatures(hits) => hits.len(),
            Self::Classes(hits, _) => hits.len(),
        }
    }

    /// Returns whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Writes the hits for a person, at most `width` characters a line, and beneath classes what the query's own may be. The column of uses has the names of its
    /// ATC classes, of level 2 where the database has them, else of level 1.
    ///
    /// # Errors
    /// When `out` refuses.
    pub fn write_table(&self, out: &mut dyn Write, names: &AtcNames, width: usize) -> io::Result<()> {
        table::write(out, self, names, width)
    }

    /// Writes one line a hit, under [`By::write_header`]. Lists are joined by `|`; missing values are empty; cells are written
    /// by [`write_cells`](super::write_cells).
    ///
    /// # Errors
    /// When `out` refuses.
    pub fn write_tsv(&self, out: &mut dyn Write, query: &str) -> io::Result<()> {
        tsv::write(out, query, self)
    }

    /// Writes one object on one line: `query`, and `hits` with the names of the TSV columns. Lists stay lists, and
    /// `atc_classes` gives each code's classes with their names, level by level; a name that is not known is null.
    ///
    /// # Errors
    /// When `out` refuses.
    pub fn write_json(&self, out: &mut dyn Write, query: &str, names: &AtcNames) -> io::Result<()> {
        json::write(out, query, (self, None), names)
    }

    /// As [`write_json`](Self::write_json), with `doubts`: what makes the answer doubtful.
    ///
    /// # Errors
    /// When `out` refuses.
    pub fn write_json_with_doubts(
        &self,
        out: &mut dyn Write,
        query: &str,
        names: &AtcNames,
        doubts: &[Doubt],
    ) -> io::Result<()> {
        json::write(out, query, (self, Some(doubts)), names)
    }
}
