//! The genes that carry the agreement of a query and a hit.

mod gene;
mod heat_map;
mod json;
mod page;
mod table;
mod tsv;
mod words;

use std::io::{self, Write};

use super::Provenance;
use crate::page::Page;
use crate::question::Explained;
use gene::{Gene, leading};
pub(super) use heat_map::heat_map;

/// The genes that carry the agreement of a query and a hit: those that count most for it, or, where the two are opposed,
/// against it.
#[derive(Debug, Clone, Copy)]
pub struct ExplanationReport<'a> {
    explained: &'a Explained,
    genes: usize,
}

impl<'a> ExplanationReport<'a> {
    /// Takes an explanation, and how many genes are written at most.
    pub fn new(explained: &'a Explained, genes: usize) -> Self {
        Self { explained, genes }
    }

    /// Writes the genes for a person, at most `width` characters a line, under what they explain.
    ///
    /// # Errors
    /// When `out` refuses.
    pub fn write_table(&self, out: &mut dyn Write, width: usize) -> io::Result<()> {
        table::write(out, self.explained, &self.leading(), width)
    }

    /// Writes the names of the columns of [`write_tsv`](Self::write_tsv).
    ///
    /// # Errors
    /// When `out` refuses.
    pub fn write_header(out: &mut dyn Write) -> io::Result<()> {
        tsv::write_header(out)
    }

    /// Writes one line a gene; cells as by [`write_cells`](super::write_cells).
    ///
    /// # Errors
    /// When `out` refuses.
    pub fn write_tsv(&self, out: &mut dyn Write) -> io::Result<()> {
        tsv::write(out, self.explained, &self.leading())
    }

    /// Writes one object on one line; `json/SCHEMA.md` has the meaning of all fields.
    ///
    /// # Errors
    /// When `out` refuses.
    pub fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        json::write(out, self.explained, &self.leading())
    }

    fn leading(&self) -> Vec<Gene<'a>> {
        leading(self.explained, self.genes)
    }
}

/// Returns a page of explanations, in the order of their queries, with `genes` genes of each at most.
pub fn explanation_page(explained: &[Explained], genes: usize, provenance: &Provenance) -> Page {
    page::page(explained, genes, provenance)
}
