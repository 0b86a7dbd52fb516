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

pub use read::{ResultError, read_results};

use std::io::{self, Write};

use super::{Page, Provenance, Report};
use crate::study::{DrugMap, Retrieval, Shape};

/// A retrieval, with what else is known of the embedding.
#[derive(Debug, Clone, Copy)]
#[must_use]
pub struct RetrievalReport<'a> {
    retrieval: &'a Retrieval,
    shape: Option<&'a Shape>,
    map: Option<&'a DrugMap>,
    provenance: &'a Provenance,
}

impl<'a> RetrievalReport<'a> {
    /// Takes a retrieval, and where it comes from.
    pub fn new(retrieval: &'a Retrieval, provenance: &'a Provenance) -> Self {
        Self { retrieval, shape: None, map: None, provenance }
    }

    /// Adds the shape of the embedding.
    pub fn shape(self, shape: &'a Shape) -> Self {
        Self { shape: Some(shape), ..self }
    }

    /// Adds a map of drugs, which the page shows.
    pub fn map(self, map: Option<&'a DrugMap>) -> Self {
        Self { map, ..self }
    }
}

impl Report for RetrievalReport<'_> {
    fn write_table(&self, out: &mut dyn Write, width: usize) -> io::Result<()> {
        table::write(out, self.retrieval, width)?;
        let Some(shape) = self.shape else { return Ok(()) };
        writeln!(out)?;
        shape::write(out, shape)
    }

    fn write_tsv(&self, out: &mut dyn Write) -> io::Result<()> {
        tsv::write(out, self.retrieval)
    }

    fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        json::write(out, self)
    }

    fn page(&self) -> Page {
        page::page(self)
    }
}
