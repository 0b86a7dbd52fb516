//! The page of a run of queries.

use std::path::Path;

use l1kdb::annotate::AtcNames;
use l1kdb::question::{Overview, Overviews};
use l1kdb::report::{Provenance, answer_page};

use crate::cli::note;
use crate::cli::page::write_page;

/// Queries that a page holds; more are printed only.
const ON_PAGE: usize = 100;

/// The page of a run of queries, as far as they were asked.
pub(super) struct ReportFile<'a> {
    path: &'a Path,
    found: Overviews,
    titles: Vec<String>,
    /// Queries that were answered.
    answered: usize,
}

impl<'a> ReportFile<'a> {
    pub fn new(path: &'a Path) -> Self {
        Self { path, found: Overviews::default(), titles: Vec::new(), answered: 0 }
    }

    /// Returns how many queries more the page has room for.
    pub fn room(&self) -> usize {
        ON_PAGE - self.found.overviews.len().min(ON_PAGE)
    }

    /// Adds answers, each with a title.
    pub fn add(
        &mut self,
        found: Overviews,
        title: impl Fn(&Overview) -> anyhow::Result<String>,
    ) -> anyhow::Result<()> {
        for overview in &found.overviews {
            self.titles.push(title(overview)?);
        }
        self.found.append(found);
        Ok(())
    }

    /// Adds what makes the input doubtful.
    pub fn note_doubts(&mut self, doubts: &[String]) {
        self.found.doubts.extend_from_slice(doubts);
    }

    /// Takes note of so many answers, on the page or not.
    pub fn count(&mut self, answered: usize) {
        self.answered += answered;
    }

    /// Writes the page.
    pub fn finish(self, names: &AtcNames, provenance: &Provenance) -> anyhow::Result<()> {
        write_page(self.path, &answer_page(&self.found, names, &self.titles, provenance))?;
        let left_out = self.answered.saturating_sub(self.found.overviews.len());
        if left_out > 0 {
            note(&format!("note: {}: {left_out} queries more are not on the page", self.path.display()));
        }
        Ok(())
    }
}
