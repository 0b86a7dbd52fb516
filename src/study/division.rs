//! Splits of the rows of a study.

use super::{Note, Row, SplitBy, Study, StudyError};
use crate::split::{Crossed, Grouping, HoldOut, KFold, LeakProof, Split, by_scaffold};

/// A division of rows into training and held-out sets.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Division {
    /// Every group is held out once in each repeat.
    KFold(SplitBy, KFold),
    /// A share of the groups is held out in each repeat.
    HoldOut(SplitBy, HoldOut),
    /// Blocks of cell lines x mechanisms are held out; trained on other cell lines and other mechanisms.
    LeakProof(LeakProof),
}

impl Division {
    /// Divides rows. Returns the split, and notes on it.
    ///
    /// # Errors
    /// [`StudyError::NoGroups`] where no row has what a split goes by; a design out of its range or with more folds than
    /// groups; ids that are not unique.
    pub fn of(self, rows: &[Row], seed: u64) -> Result<(Split, Vec<Note>), StudyError> {
        let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
        let by = match self {
            Self::KFold(by, _) | Self::HoldOut(by, _) => by,
            Self::LeakProof(_) => SplitBy::Moa,
        };
        let (grouping, notes) = by.groups(rows)?;
        let split = match self {
            Self::KFold(by, design) => Split::k_fold(&ids, by.as_str(), &grouping, design, seed),
            Self::HoldOut(by, design) => Split::hold_out(&ids, by.as_str(), &grouping, design, seed),
            Self::LeakProof(design) => {
                let ((cells, _), (drugs, _)) = (SplitBy::Cell.groups(rows)?, SplitBy::Drug.groups(rows)?);
                let crossed = Crossed { cells: &cells, moas: &grouping, drugs: &drugs };
                Split::leak_proof(&ids, crossed, design, seed)
            }
        };
        Ok((split?, notes))
    }
}

/// The largest share of the rows in one group that is not worth a note.
const LARGE: f64 = 0.3;

impl SplitBy {
    fn groups(self, rows: &[Row]) -> Result<(Grouping, Vec<Note>), StudyError> {
        let mut notes = Vec::new();
        let one = |of: fn(&Row) -> Option<&str>| Grouping::by_one(rows.iter().map(of));
        let grouping = match self {
            Self::Drug => one(|row| row.drug.as_deref()),
            Self::Moa => Grouping::by_any(&rows.iter().map(|row| row.moa.clone()).collect::<Vec<_>>()),
            Self::Cell => one(|row| row.cell.as_deref()),
            Self::Plate => one(|row| row.plate.as_deref()),
            Self::Scaffold => scaffolds(rows, &mut notes),
            Self::Source => one(|row| row.source.as_deref()),
        };
        if grouping.names().is_empty() {
            return Err(StudyError::NoGroups { by: self });
        }
        let share = grouping.largest_share();
        if share > LARGE {
            notes.push(Note::Reading(format!(
                "the largest {} holds {:.0} % of the rows; the fold that has it is larger",
                self.as_str(),
                100.0 * share
            )));
        }
        Ok((grouping, notes))
    }
}

fn scaffolds(rows: &[Row], notes: &mut Vec<Note>) -> Grouping {
    let found = by_scaffold(rows.iter().map(|row| (row.drug.as_deref(), row.smiles.as_deref())));
    if let Some((row, error)) = found.unreadable.first() {
        let count = found.unreadable.len();
        notes.push(Note::Reading(format!(
            "{count} SMILES cannot be read, the first of {}: {error}",
            rows[*row].name
        )));
    }
    found.grouping
}

impl Study {
    /// Divides the rows; notes on it become notes of the study.
    ///
    /// # Errors
    /// As [`Division::of`].
    pub fn split(&mut self, division: Division, seed: u64) -> Result<Split, StudyError> {
        let (split, notes) = division.of(&self.rows, seed)?;
        self.notes.extend(notes);
        Ok(split)
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::study;
    use super::*;

    #[test]
    fn a_scaffold_split_keeps_the_rows_of_a_drug_together_whatever_structures_they_have() {
        let mut study = study();
        let structures = [Some("c1ccccc1"), Some("c1ccncc1"), None];
        for (at, row) in study.rows.iter_mut().enumerate() {
            // Every drug has batches of a structure of its own, of another one, and of none.
            row.smiles = structures[at % 3].map(|ring| format!("{}{ring}", "C1CC1".repeat(at / 6)));
        }
        let design = KFold { folds: 3, repeats: 1 };
        let split = study.split(Division::KFold(SplitBy::Scaffold, design), 1).unwrap();
        let drugs = Grouping::by_one(study.rows.iter().map(|row| row.drug.as_deref()));
        split.check("drug", &drugs).unwrap();
        assert_eq!(split.outside(), 0, "a row without a structure goes with its drug");
    }

    #[test]
    fn what_no_row_has_cannot_be_split_by() {
        let error =
            study().split(Division::HoldOut(SplitBy::Scaffold, HoldOut { share: 0.2, repeats: 1 }), 1);
        assert!(error.unwrap_err().to_string().contains("canonical_smiles"));
    }
}
