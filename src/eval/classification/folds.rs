//! Who is tested, and who is there to learn from.

use super::data::Selected;
use super::labels::Labeling;
use super::{ClassOptions, Validation};
use crate::SettingError;
use crate::eval::EvalError;
use crate::random::{Purpose, Stream};

/// One test side and its training side. They have no drug in common, unless a learner said that it
/// [never looks at the drug it is asked about](super::learner::Learner::passes_over_itself): then both are all drugs.
#[derive(Debug)]
pub(super) struct Part {
    /// Ascending.
    pub(super) train: Vec<u32>,
    /// Ascending.
    pub(super) test: Vec<u32>,
    /// Differs between the parts of all repeats.
    pub(super) key: u64,
}

/// How the drugs are cut into parts, in one repeat.
#[derive(Debug)]
pub(super) enum Plan {
    /// The fold of each drug, and the number of folds.
    Folds(Vec<u32>, u32),
    /// Every drug alone.
    Each(usize),
    /// One part in which each drug passes over itself.
    Whole(usize),
}

impl Plan {
    pub(super) fn parts(&self) -> usize {
        match self {
            Self::Folds(_, folds) => *folds as usize,
            Self::Each(drugs) => *drugs,
            Self::Whole(_) => 1,
        }
    }

    pub(super) fn part(&self, index: usize, repeat: usize) -> Part {
        let tested = |drug: u32| match self {
            Self::Folds(folds, _) => folds[drug as usize] as usize == index,
            Self::Each(_) => drug as usize == index,
            Self::Whole(_) => true,
        };
        let all = 0..self.drugs() as u32;
        let whole = matches!(self, Self::Whole(_));
        Part {
            train: all.clone().filter(|&drug| whole || !tested(drug)).collect(),
            test: all.filter(|&drug| tested(drug)).collect(),
            key: (repeat as u64) << 40 | index as u64,
        }
    }

    fn drugs(&self) -> usize {
        match self {
            Self::Folds(folds, _) => folds.len(),
            Self::Each(drugs) | Self::Whole(drugs) => *drugs,
        }
    }
}

/// A plan for every repeat. Folds that come with the data go before the options, and are not repeated.
pub(super) fn plans(data: &Selected, options: &ClassOptions, whole: bool) -> Result<Vec<Plan>, EvalError> {
    if let Some(folds) = &data.folds {
        let count = folds.iter().max().map_or(0, |last| last + 1);
        SettingError::check(
            "folds of the split",
            count,
            "at least 2 that hold drugs of a class",
            count >= 2,
        )?;
        return Ok(vec![Plan::Folds(folds.clone(), count)]);
    }
    match options.validation {
        Validation::LeaveOneOut if whole => Ok(vec![Plan::Whole(data.len())]),
        Validation::LeaveOneOut => Ok(vec![Plan::Each(data.len())]),
        Validation::KFold { k, repeats } => {
            let fits = k <= data.len();
            SettingError::check(
                "folds",
                k,
                format!("at most one for each of the {} drugs", data.len()),
                fits,
            )?;
            let drawn = |repeat| Plan::Folds(stratified(&data.labels, k, options.seed, repeat), k as u32);
            Ok((0..repeats as u64).map(drawn).collect())
        }
    }
}

/// The fold of every drug. The drugs of each class are shuffled and dealt out in turn, going on where the class before
/// ended: each fold has its share of each class, and of all drugs, up to one. Drugs of several classes go with their
/// first.
pub(super) fn stratified(labels: &Labeling, folds: usize, seed: u64, repeat: u64) -> Vec<u32> {
    let drugs: Vec<u32> = (0..labels.len() as u32).collect();
    let mut stream = Stream::new(seed, Purpose::ClassFolds, repeat);
    let mut fold_of = vec![0; drugs.len()];
    let mut dealt = 0;
    for mut members in labels.members(&drugs) {
        stream.shuffle(&mut members);
        for drug in members {
            fold_of[drug as usize] = (dealt % folds) as u32;
            dealt += 1;
        }
    }
    fold_of
}

/// `drugs` cut into `count` stratified parts, for choices inside a training side.
pub(super) fn dealt(labels: &Labeling, drugs: &[u32], count: usize, stream: &mut Stream) -> Vec<Vec<u32>> {
    let mut parts = vec![Vec::new(); count];
    let mut turn = 0;
    for mut members in labels.members(drugs) {
        stream.shuffle(&mut members);
        for drug in members {
            parts[turn % count].push(drug);
            turn += 1;
        }
    }
    parts.iter_mut().for_each(|part| part.sort_unstable());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_fold_has_its_share_of_every_class(
            classes in prop::collection::vec(0_u32..5, 2..60), folds in 2_usize..7, seed: u64,
        ) {
            let labels = Labeling::new(classes.iter().map(|&class| vec![class]), 5);
            let fold_of = stratified(&labels, folds, seed, 0);
            for class in 0..5 {
                let mut held = vec![0_usize; folds];
                (0..classes.len()).filter(|&drug| classes[drug] == class).for_each(|drug| held[fold_of[drug] as usize] += 1);
                prop_assert!(held.iter().max().unwrap() - held.iter().min().unwrap() <= 1);
            }
        }

        #[test]
        fn no_drug_is_on_both_sides_and_each_is_tested_once(
            fold_of in prop::collection::vec(0_u32..4, 4..40),
        ) {
            let drugs = fold_of.len();
            let plan = Plan::Folds(fold_of, 4);
            let mut tested = vec![0; drugs];
            for index in 0..plan.parts() {
                let part = plan.part(index, 0);
                prop_assert_eq!(part.train.len() + part.test.len(), drugs);
                prop_assert!(part.test.iter().all(|drug| part.train.binary_search(drug).is_err()));
                part.test.iter().for_each(|&drug| tested[drug as usize] += 1);
            }
            prop_assert!(tested.iter().all(|&times| times == 1));
        }
    }
}
