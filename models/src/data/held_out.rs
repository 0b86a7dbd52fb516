//! Which drugs are held out, by the splits of the library.

use l1kdb::split::{Design, HoldOut, KFold, Split};
use l1kdb::study::{Division, Note, Row, SplitBy};

use crate::{Dataset, TrainError};

/// The fewest drugs with several profiles that leave some on either side: two to find each other's apart, one to train on.
const MIN_DRUGS: usize = 3;

impl Dataset {
    /// Divides the profiles. Returns the split, and notes on it.
    ///
    /// # Errors
    /// [`TrainError::TooFewDrugs`] when there are not two drugs with several profiles for every fold, without which it has
    /// nothing to find; [`TrainError::Study`] for a division out of its range.
    pub fn split(&self, division: Division, seed: u64) -> Result<(Split, Vec<Note>), TrainError> {
        let expected = match division {
            Division::KFold(_, KFold { folds, .. }) => folds.saturating_mul(2),
            _ => MIN_DRUGS,
        };
        enough(&self.drug_sizes(), expected)?;
        Ok(division.of(&self.study.rows, seed)?)
    }

    /// Divides `rows` by drug. Returns those to train on, and a `share` of the drugs of which several have several
    /// profiles there; none for 0.
    ///
    /// # Errors
    /// [`TrainError::TooFewDrugs`] when no drug with several profiles would be left to train on, and
    /// [`TrainError::Study`] for a share out of its range.
    pub(crate) fn hold_out(
        &self,
        rows: &[usize],
        share: f64,
        seed: u64,
    ) -> Result<(Vec<usize>, Vec<usize>), TrainError> {
        if share == 0.0 {
            return Ok((rows.to_vec(), Vec::new()));
        }
        enough(&self.drug_sizes_among(rows), MIN_DRUGS)?;
        let of_rows: Vec<Row> = rows.iter().map(|&row| self.study.rows[row].clone()).collect();
        let division = Division::HoldOut(SplitBy::Drug, HoldOut { share, repeats: 1 });
        let (split, _) = division.of(&of_rows, seed)?;
        let placed = |of: Vec<usize>| of.into_iter().map(|at| rows[at]).collect();
        let fold = split.folds().next().map(|fold| (placed(fold.train), placed(fold.held_out)));
        Ok(fold.unwrap_or_default())
    }
}

/// Returns the seed of what is random in a fold, which every fold has of its own; folds are numbered from 0, repeat after
/// repeat.
pub fn seed_of_fold(seed: u64, design: Design, fold: usize) -> u64 {
    let (repeat, number) = (fold / design.folds(), fold % design.folds());
    seed.wrapping_add((1000 * (repeat + 1) + number) as u64)
}

fn enough(sizes: &[usize], expected: usize) -> Result<(), TrainError> {
    let drugs = sizes.iter().filter(|&&size| size > 1).count();
    if drugs < expected { Err(TrainError::TooFewDrugs { drugs, expected }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use l1kdb::profile::GENES;
    use std::collections::BTreeSet;

    fn dataset(drugs: &[usize]) -> Dataset {
        let named: Vec<String> = drugs.iter().map(|drug| format!("drug {drug}")).collect();
        Dataset::new(vec![1.0; drugs.len() * GENES], &named, &vec![None; drugs.len()]).unwrap()
    }

    #[test]
    fn validation_drugs_are_of_the_training_side_and_on_one_side_of_it() {
        let dataset = dataset(&(0..200).map(|row| row % 40).collect::<Vec<_>>());
        let rows: Vec<usize> = (0..200).filter(|row| row % 40 < 30).collect();
        let (train, held_out) = dataset.hold_out(&rows, 0.2, 7).unwrap();
        let drugs = |rows: &[usize]| rows.iter().map(|&row| dataset.drugs[row]).collect::<BTreeSet<_>>();
        assert!(drugs(&train).is_disjoint(&drugs(&held_out)) && drugs(&held_out).len() == 6);
        assert_eq!(
            [train, held_out].concat().into_iter().collect::<BTreeSet<_>>(),
            rows.into_iter().collect()
        );
        assert_eq!(dataset.hold_out(&[3, 1], 0.0, 7).unwrap(), (vec![3, 1], Vec::new()));
    }

    #[test]
    fn too_few_drugs_are_an_error_with_the_number_needed() {
        let dataset = dataset(&[0, 0, 1, 1, 2]);
        let found = dataset.hold_out(&[0, 1, 2, 3, 4], 0.1, 0);
        assert!(matches!(found, Err(TrainError::TooFewDrugs { drugs: 2, expected: 3 })));
        let five = Division::KFold(SplitBy::Drug, KFold { folds: 5, repeats: 1 });
        let found = dataset.split(five, 0);
        assert!(matches!(found, Err(TrainError::TooFewDrugs { drugs: 2, expected: 10 })));
    }

    #[test]
    fn every_fold_of_every_repeat_has_a_seed_of_its_own() {
        let design = Design::KFold(KFold { folds: 3, repeats: 2 });
        let seeds = (0..6).map(|fold| seed_of_fold(5, design, fold)).collect::<Vec<_>>();
        assert_eq!(seeds, [1005, 1006, 1007, 2005, 2006, 2007]);
    }
}
