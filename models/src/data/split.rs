//! Splits by drug: no drug ever stands on both sides.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use crate::{Dataset, TrainError};

/// Rows to train on and rows of other drugs to evaluate on, both in the order of the rows that were divided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// Rows of training drugs.
    pub train: Vec<usize>,
    /// Rows of held-out drugs.
    pub held_out: Vec<usize>,
}

/// Divides drugs among `folds` splits, each drug held out in exactly one of them.
///
/// Drugs are shuffled by `seed` and dealt in turn, those with several profiles first: every fold gets its share of
/// them, without which it would have nothing to find.
///
/// # Errors
/// [`TrainError::TooFewDrugs`] when there are not two such drugs for every fold, and [`TrainError::Setting`] for
/// fewer than two folds.
pub fn folds(dataset: &Dataset, folds: usize, seed: u64) -> Result<Vec<Split>, TrainError> {
    TrainError::check("folds", folds as f64, folds >= 2, "2 or more, or 0 for a single split")?;
    let rows: Vec<usize> = (0..dataset.len()).collect();
    let dealt = dealt(dataset, &rows, seed);
    enough(&dealt, 2 * folds)?;
    let mut fold_of_drug = vec![0; dataset.drug_names.len()];
    dealt.order.iter().enumerate().for_each(|(turn, &drug)| fold_of_drug[drug] = turn % folds);
    Ok((0..folds).map(|fold| split(dataset, &rows, |drug| fold_of_drug[drug] == fold)).collect())
}

/// Holds out `share` of the drugs of `rows`, at least two that have several profiles there; 0 holds out none.
///
/// # Errors
/// [`TrainError::Setting`] for a share outside 0 to 0.9, [`TrainError::TooFewDrugs`] when no drug with several
/// profiles would be left to train on.
pub fn hold_out(dataset: &Dataset, rows: &[usize], share: f64, seed: u64) -> Result<Split, TrainError> {
    TrainError::check("the share to hold out", share, (0.0..=0.9).contains(&share), "0 to 0.9")?;
    if share == 0.0 {
        return Ok(split(dataset, rows, |_| false));
    }
    let dealt = dealt(dataset, rows, seed);
    enough(&dealt, 3)?;
    let (several, single) = dealt.order.split_at(dealt.several);
    let part = |drugs: usize| (drugs as f64 * share).round() as usize;
    let mut held_out = vec![false; dataset.drug_names.len()];
    let first = part(several.len()).clamp(2, several.len() - 1);
    several[..first].iter().chain(&single[..part(single.len())]).for_each(|&drug| held_out[drug] = true);
    Ok(split(dataset, rows, |drug| held_out[drug]))
}

/// Drugs in random order, those with several profiles before the others.
struct Dealt {
    order: Vec<usize>,
    several: usize,
}

fn dealt(dataset: &Dataset, rows: &[usize], seed: u64) -> Dealt {
    let sizes = dataset.drug_sizes_among(rows);
    let mut order: Vec<usize> = (0..sizes.len()).filter(|&drug| sizes[drug] > 0).collect();
    order.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    order.sort_by_key(|&drug| sizes[drug] < 2);
    let several = order.iter().filter(|&&drug| sizes[drug] > 1).count();
    Dealt { order, several }
}

fn enough(dealt: &Dealt, expected: usize) -> Result<(), TrainError> {
    let drugs = dealt.several;
    if drugs < expected { Err(TrainError::TooFewDrugs { drugs, expected }) } else { Ok(()) }
}

fn split(dataset: &Dataset, rows: &[usize], held_out: impl Fn(usize) -> bool) -> Split {
    let (held_out, train) = rows.iter().partition(|&&row| held_out(dataset.drugs[row] as usize));
    Split { train, held_out }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn dataset(drugs: Vec<u32>) -> Dataset {
        let mut dataset = Dataset::default();
        dataset.drug_names =
            (0..=drugs.iter().copied().max().unwrap_or(0)).map(|drug| format!("drug {drug}")).collect();
        (dataset.cells, dataset.drugs) = (vec![None; drugs.len()], drugs);
        dataset
    }

    fn all(dataset: &Dataset) -> Vec<usize> {
        (0..dataset.len()).collect()
    }

    fn drugs_of(dataset: &Dataset, rows: &[usize]) -> BTreeSet<u32> {
        rows.iter().map(|&row| dataset.drugs[row]).collect()
    }

    proptest! {
        #[test]
        fn no_drug_straddles_a_split(drugs in prop::collection::vec(0_u32..40, 150..300), seed in 0_u64..50) {
            let dataset = dataset(drugs);
            let mut splits = folds(&dataset, 5, seed).unwrap();
            splits.push(hold_out(&dataset, &all(&dataset), 0.2, seed).unwrap());
            for split in &splits {
                let (train, held_out) = (drugs_of(&dataset, &split.train), drugs_of(&dataset, &split.held_out));
                prop_assert!(train.is_disjoint(&held_out));
                prop_assert_eq!(split.train.len() + split.held_out.len(), dataset.len());
            }
        }

        #[test]
        fn every_drug_is_held_out_once(drugs in prop::collection::vec(0_u32..40, 150..300), seed in 0_u64..50) {
            let dataset = dataset(drugs);
            let mut rows: Vec<usize> =
                folds(&dataset, 5, seed).unwrap().into_iter().flat_map(|split| split.held_out).collect();
            rows.sort_unstable();
            prop_assert_eq!(rows, (0..dataset.len()).collect::<Vec<_>>());
        }
    }

    #[test]
    fn singletons_are_dealt_apart_so_that_every_fold_has_something_to_find() {
        let mut drugs: Vec<u32> = (0..100).collect();
        drugs.extend(0..10);
        let dataset = dataset(drugs);
        for split in folds(&dataset, 5, 3).unwrap() {
            let several = drugs_of(&dataset, &split.held_out).into_iter().filter(|&drug| drug < 10).count();
            assert_eq!((several, split.held_out.len()), (2, 22));
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_split_and_another_another() {
        let dataset = dataset((0..200).map(|row| row % 50).collect());
        let split = |seed| hold_out(&dataset, &all(&dataset), 0.2, seed).unwrap();
        assert_eq!(split(1), split(1));
        assert_ne!(split(1), split(2));
        assert_eq!(split(1).held_out.len(), 40);
    }

    #[test]
    fn too_few_drugs_are_an_error_with_the_number_needed() {
        let dataset = dataset(vec![0, 0, 1, 1, 2]);
        assert!(matches!(
            hold_out(&dataset, &all(&dataset), 0.1, 0),
            Err(TrainError::TooFewDrugs { drugs: 2, expected: 3 })
        ));
        assert!(matches!(folds(&dataset, 5, 0), Err(TrainError::TooFewDrugs { drugs: 2, expected: 10 })));
        assert!(hold_out(&dataset, &all(&dataset), 0.0, 0).unwrap().held_out.is_empty());
    }
}
