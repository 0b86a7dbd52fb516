//! Train and test sets of each fold.

use super::data::Selected;
use super::options::{ClassOptions, Validation};
use crate::SettingError;
use crate::eval::EvalError;
use crate::learn::{Labels, stratified};
use crate::random::{Purpose, Stream};

/// One test side and its training side, which have no drug in common.
#[derive(Debug)]
pub(super) struct Part {
    /// Ascending.
    pub(super) train: Vec<u32>,
    /// Ascending.
    pub(super) test: Vec<u32>,
    /// Differs between the parts of all repeats.
    pub(super) key: u64,
}

/// The parts that drugs are cut into, in one repeat.
#[derive(Debug)]
pub(super) enum Plan {
    /// The fold of each drug, and the number of folds.
    Folds(Vec<u32>, u32),
    /// Every drug alone.
    Each(usize),
}

impl Plan {
    pub(super) fn parts(&self) -> usize {
        match self {
            Self::Folds(_, folds) => *folds as usize,
            Self::Each(drugs) => *drugs,
        }
    }

    pub(super) fn part(&self, index: usize, repeat: usize) -> Part {
        let tested = |drug: u32| match self {
            Self::Folds(folds, _) => folds[drug as usize] as usize == index,
            Self::Each(_) => drug as usize == index,
        };
        let all = 0..self.drugs() as u32;
        Part {
            train: all.clone().filter(|&drug| !tested(drug)).collect(),
            test: all.filter(|&drug| tested(drug)).collect(),
            key: (repeat as u64) << 40 | index as u64,
        }
    }

    fn drugs(&self) -> usize {
        match self {
            Self::Folds(folds, _) => folds.len(),
            Self::Each(drugs) => *drugs,
        }
    }
}

impl ClassOptions {
    /// Returns the name of the validation, as reports call it.
    pub(super) fn validation_name(&self, data: &Selected) -> String {
        match self.validation {
            _ if data.folds.is_some() => "folds of the split".to_owned(),
            Validation::LeaveOneOut => "leave-one-out".to_owned(),
            Validation::KFold { k, repeats: 1 } => format!("{k}-fold"),
            Validation::KFold { k, repeats } => format!("{k}-fold, {repeats} times"),
        }
    }
}

/// Returns a plan for every repeat. Folds that come with the data go before the options, and are not repeated.
pub(super) fn plans(data: &Selected, options: &ClassOptions) -> Result<Vec<Plan>, EvalError> {
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
        Validation::LeaveOneOut => Ok(vec![Plan::Each(data.len())]),
        Validation::KFold { k, repeats } => {
            let fits = k <= data.len();
            SettingError::check(
                "folds",
                k,
                format!("at most one for each of the {} drugs", data.len()),
                fits,
            )?;
            let drawn = |repeat| Plan::Folds(fold_of(&data.labels, k, options.seed, repeat), k as u32);
            Ok((0..repeats as u64).map(drawn).collect())
        }
    }
}

/// Returns the fold of every drug, where each fold has its share of each class.
fn fold_of(labels: &Labels, folds: usize, seed: u64, repeat: u64) -> Vec<u32> {
    let drugs: Vec<u32> = (0..labels.len() as u32).collect();
    let mut stream = Stream::new(seed, Purpose::ClassFolds, repeat);
    let mut fold_of = vec![0; drugs.len()];
    for (fold, members) in (0..).zip(stratified(labels, &drugs, folds, &mut stream)) {
        members.iter().for_each(|&drug| fold_of[drug as usize] = fold);
    }
    fold_of
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
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
