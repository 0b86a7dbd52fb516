//! Several embeddings side by side.

mod json;
mod page;
mod table;
mod tsv;

use std::io::{self, Write};

use super::{Page, Provenance, Report};
use crate::study::Comparison;

/// Several embeddings side by side.
#[derive(Debug, Clone, Copy)]
pub struct ComparisonReport<'a> {
    comparison: &'a Comparison,
    provenance: &'a Provenance,
}

impl<'a> ComparisonReport<'a> {
    /// Takes a comparison, and where it comes from.
    pub fn new(comparison: &'a Comparison, provenance: &'a Provenance) -> Self {
        Self { comparison, provenance }
    }
}

impl Report for ComparisonReport<'_> {
    fn write_table(&self, out: &mut dyn Write, width: usize) -> io::Result<()> {
        table::write(out, self.comparison, width)
    }

    fn write_tsv(&self, out: &mut dyn Write) -> io::Result<()> {
        tsv::write(out, self.comparison)
    }

    fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        json::write(out, self.comparison)
    }

    fn page(&self) -> Page {
        page::page(self.comparison, self.provenance)
    }
}
