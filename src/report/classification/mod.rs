//! How well an embedding predicts the classes of drugs.

mod json;
mod page;
mod table;
#[cfg(test)]
mod tests;
mod tsv;
mod words;

use std::io::{self, Write};

use super::{Page, Provenance, Report, repurposing};
use crate::eval::classification::{ClassReport, Repurposing};
use crate::study::{Classification, DrugMap};

/// A classification of drugs, with the drugs that are predicted as another class where they are listed.
#[derive(Debug, Clone, Copy)]
#[must_use]
pub struct ClassesReport<'a> {
    report: &'a ClassReport,
    repurposing: Option<&'a Repurposing>,
    warnings: &'a [String],
    map: Option<&'a DrugMap>,
    provenance: &'a Provenance,
}

impl<'a> ClassesReport<'a> {
    /// Takes figures, and where they come from.
    pub fn new(report: &'a ClassReport, provenance: &'a Provenance) -> Self {
        Self { report, repurposing: None, warnings: &[], map: None, provenance }
    }

    /// Takes all that a study says.
    pub fn of(found: &'a Classification, provenance: &'a Provenance) -> Self {
        let Classification { report, repurposing, warnings, .. } = found;
        Self { warnings, ..Self::new(report, provenance).repurposing(repurposing.as_ref()) }
    }

    /// Adds drugs that are predicted as another class.
    pub fn repurposing(self, repurposing: Option<&'a Repurposing>) -> Self {
        Self { repurposing, ..self }
    }

    /// Adds a map of drugs, which the page shows.
    pub fn map(self, map: Option<&'a DrugMap>) -> Self {
        Self { map, ..self }
    }
}

impl Report for ClassesReport<'_> {
    fn write_table(&self, out: &mut dyn Write, width: usize) -> io::Result<()> {
        table::write(out, self.report, width)?;
        let Some(listed) = self.repurposing else { return Ok(()) };
        writeln!(out)?;
        repurposing::write_table(out, listed, width)
    }

    fn write_tsv(&self, out: &mut dyn Write) -> io::Result<()> {
        // Two tables of one file would be none: the list is asked for by itself.
        match self.repurposing {
            Some(listed) => repurposing::write_tsv(out, listed),
            None => tsv::write(out, self.report),
        }
    }

    fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        json::write(out, self)
    }

    fn page(&self) -> Page {
        page::page(self)
    }
}
