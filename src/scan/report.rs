//! What was found in a reference.

use std::path::PathBuf;

use crate::profile::{Format, GeneReport, Universe, Unmatched};

/// What was found in a reference.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ScanReport {
    /// The file.
    pub path: PathBuf,
    /// What it was found to be.
    pub format: Format,
    /// Rows of the matrix, all of which count in ranks.
    pub rows: usize,
    /// What became of the names of the rows; `genes` of it can be asked for.
    pub genes: GeneReport,
    /// The metadata column that names the genes, where it is not the row id.
    pub matched_in: Option<String>,
    /// Landmark genes among the rows, of 978.
    pub landmarks: usize,
    /// BING genes among the rows, of 10,174.
    pub bing: usize,
    /// Signatures of the file.
    pub columns: usize,
    /// Signatures that take part in answers.
    pub signatures: usize,
    /// Controls that do not.
    pub controls: usize,
    /// What tells of the signatures.
    pub described_by: DescribedBy,
    /// Signatures that the table given does not know. They take no part, as in a database.
    pub undescribed: Unmatched,
    /// Drugs of the signatures; 0 where nothing tells of drugs.
    pub drugs: usize,
    /// Drugs with an ATC code.
    pub drugs_with_atc: usize,
    /// Drugs with a mechanism of action.
    pub drugs_with_moa: usize,
    /// Who was taken for whom: one line each ([`DrugKeys::notes`](crate::annotate::DrugKeys::notes)).
    pub identity: Vec<String>,
    /// What should be looked at: ids that were taken for others, tables about drugs that know none of these drugs.
    pub warnings: Vec<String>,
    /// Signatures without a score for some question of the last scan, since a value that counts is not finite, or all are 0.
    pub without_score: Unmatched,
}

/// What tells of the signatures of a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DescribedBy {
    /// The table that was given.
    Table,
    /// The metadata in the file.
    File,
    /// Nothing: there are ids only.
    Nothing,
}

impl ScanReport {
    /// Returns what a user should know, one sentence each: how many genes can be asked for, which ids name none, what tells of
    /// the signatures, and which had no score.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = vec![self.genes_found()];
        notes.extend(self.genes.notes());
        if self.described_by == DescribedBy::Nothing {
            notes.push("nothing describes the signatures but their ids".to_owned());
        }
        if self.undescribed.count > 0 {
            notes.push(format!("signatures that the table does not know take no part: {}", self.undescribed));
        }
        if self.controls > 0 {
            notes.push(format!("{} controls take no part", self.controls));
        }
        notes.extend(self.warnings.iter().cloned());
        if self.without_score.count > 0 {
            notes.push(format!(
                "signatures without a score, since values that count are missing, infinite or all 0: {}",
                self.without_score
            ));
        }
        notes
    }

    fn genes_found(&self) -> String {
        let of = |found: usize, universe: Universe| format!("{found} of {} {universe}", universe.size());
        let column = self.matched_in.as_ref().map(|column| format!(" in the column {column}"));
        format!(
            "{} of {} rows name a gene of the platform{}: {}, {}",
            self.genes.genes + self.genes.duplicate.count,
            self.rows,
            column.unwrap_or_default(),
            of(self.landmarks, Universe::Landmark),
            of(self.bing, Universe::Bing)
        )
    }
}
