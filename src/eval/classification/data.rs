//! Drugs, their classes, and which of them can take part.

use super::options::{ClassOptions, LabelMode};
use crate::Rows;
use crate::eval::{EvalError, RowName};
use crate::learn::Labels;

/// Embeddings of drugs and what they are for.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct DrugClasses<'a> {
    /// One row a drug.
    pub embeddings: Rows<'a>,
    /// Names of the drugs.
    pub drugs: &'a [String],
    /// Class ids of each drug, ascending. A drug without any is left out, and counted.
    pub classes: &'a [Vec<u32>],
    /// Names of the classes by id.
    pub names: &'a [String],
    /// The fold of each drug, where a split prescribes it; goes before [`ClassOptions::validation`]. A drug without a
    /// fold is left out, and counted.
    pub folds: Option<&'a [Option<u32>]>,
}

/// Numbers of drugs that do not take part, by the first reason that holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LeftOut {
    /// They have no class.
    pub no_class: usize,
    /// They have several, and only drugs of one class are taken.
    pub several_classes: usize,
    /// The split names no fold for them.
    pub no_fold: usize,
    /// They are alone in their class.
    pub class_too_small: usize,
    /// Their class is not among the largest that were asked for.
    pub class_not_taken: usize,
}

impl LeftOut {
    /// Returns all of them.
    pub fn total(&self) -> usize {
        self.no_class + self.several_classes + self.no_fold + self.class_too_small + self.class_not_taken
    }
}

/// The drugs that take part, renumbered from 0, with classes renumbered from 0.
#[derive(Debug)]
pub(super) struct Selected {
    pub(super) dim: usize,
    /// Row-major, drugs x `dim`.
    pub(super) features: Vec<f32>,
    /// Row of each drug in the data.
    pub(super) rows: Vec<usize>,
    pub(super) labels: Labels,
    pub(super) names: Vec<String>,
    /// The fold of each drug, where prescribed, from 0 without gaps.
    pub(super) folds: Option<Vec<u32>>,
    pub(super) left_out: LeftOut,
}

impl Selected {
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn matrix(&self) -> Rows<'_> {
        Rows::whole(&self.features, self.dim)
    }

    /// Returns the rows of some drugs.
    pub(super) fn gathered(&self, drugs: &[u32]) -> Vec<f32> {
        self.matrix().select(drugs.iter().map(|&drug| drug as usize))
    }

    /// Checks `data` and takes the drugs that `options` ask for.
    pub(super) fn new(data: &DrugClasses<'_>, options: &ClassOptions) -> Result<Self, EvalError> {
        data.check()?;
        let mut left_out = LeftOut::default();
        let mut lists = data.lists();
        for (drug, list) in lists.iter_mut().enumerate() {
            let reason = if list.is_empty() {
                &mut left_out.no_class
            } else if options.labels == LabelMode::SingleOnly && list.len() > 1 {
                &mut left_out.several_classes
            } else if data.folds.is_some_and(|folds| folds[drug].is_none()) {
                &mut left_out.no_fold
            } else {
                continue;
            };
            *reason += 1;
            list.clear();
        }
        let of_two_drugs = of_two_drugs(&lists, data.names.len());
        left_out.class_too_small = keep(&mut lists, &of_two_drugs);
        if let Some(top) = options.top {
            let largest = largest(&lists, data.names.len(), top);
            left_out.class_not_taken = keep(&mut lists, &largest);
        }
        data.gather(&lists, left_out)
    }
}

impl<'a> DrugClasses<'a> {
    /// Takes drugs by their embeddings, names and class ids, and the names of the classes.
    pub fn new(
        embeddings: Rows<'a>,
        drugs: &'a [String],
        classes: &'a [Vec<u32>],
        names: &'a [String],
    ) -> Self {
        Self { embeddings, drugs, classes, names, folds: None }
    }

    /// Sets the fold of each drug.
    #[must_use]
    pub fn folds(self, folds: impl Into<Option<&'a [Option<u32>]>>) -> Self {
        Self { folds: folds.into(), ..self }
    }
}

impl DrugClasses<'_> {
    /// Returns a drug as its user looks for it.
    pub(super) fn place(&self, row: usize) -> RowName {
        RowName::named(row, self.drugs.get(row).map_or("", String::as_str))
    }

    fn check(&self) -> Result<(), EvalError> {
        let drugs = self.drugs.len();
        per_drug("embeddings", drugs, self.embeddings.len())?;
        per_drug("classes", drugs, self.classes.len())?;
        per_drug("folds", drugs, self.folds.map_or(drugs, <[_]>::len))?;
        if let Some(row) = self.embeddings.iter().position(|row| row.iter().any(|value| !value.is_finite())) {
            return Err(EvalError::NotFinite { row: row.into() });
        }
        let names = self.names.len();
        let unknown = |list: &Vec<u32>| list.iter().copied().find(|&class| class as usize >= names);
        match self.classes.iter().enumerate().find_map(|(row, list)| Some((row, unknown(list)?))) {
            Some((row, class)) => Err(EvalError::UnknownClass { row: row.into(), class, names }),
            None => Ok(()),
        }
    }

    fn lists(&self) -> Vec<Vec<u32>> {
        let sorted = |list: &Vec<u32>| {
            let mut list = list.clone();
            list.sort_unstable();
            list.dedup();
            list
        };
        self.classes.iter().map(sorted).collect()
    }

    fn gather(&self, lists: &[Vec<u32>], left_out: LeftOut) -> Result<Selected, EvalError> {
        let sizes = sizes(lists, self.names.len());
        let taken: Vec<usize> = (0..sizes.len()).filter(|&class| sizes[class] > 0).collect();
        let rows: Vec<usize> = (0..lists.len()).filter(|&drug| !lists[drug].is_empty()).collect();
        if taken.len() < 2 {
            return Err(EvalError::TooFewClasses { classes: taken.len(), drugs: rows.len() });
        }
        let number = |class: &u32| taken.partition_point(|&other| other < *class as usize) as u32;
        let renumbered = rows.iter().map(|&drug| lists[drug].iter().map(number).collect::<Vec<_>>());
        Ok(Selected {
            dim: self.embeddings.dim(),
            features: self.embeddings.select(rows.iter().copied()),
            labels: Labels::new(renumbered, taken.len())?,
            names: taken.iter().map(|&class| self.names[class].clone()).collect(),
            folds: self.folds.map(|folds| without_gaps(rows.iter().filter_map(|&drug| folds[drug]))),
            rows,
            left_out,
        })
    }
}

fn per_drug(what: &'static str, expected: usize, found: usize) -> Result<(), EvalError> {
    if expected == found { Ok(()) } else { Err(EvalError::PerDrug { what, expected, found }) }
}

/// Returns the number of drugs of each class.
fn sizes(lists: &[Vec<u32>], classes: usize) -> Vec<usize> {
    let mut sizes = vec![0; classes];
    lists.iter().flatten().for_each(|&class| sizes[class as usize] += 1);
    sizes
}

fn of_two_drugs(lists: &[Vec<u32>], classes: usize) -> Vec<bool> {
    sizes(lists, classes).into_iter().map(|size| size > 1).collect()
}

fn largest(lists: &[Vec<u32>], classes: usize, top: usize) -> Vec<bool> {
    let sizes = sizes(lists, classes);
    let mut order: Vec<usize> = (0..classes).collect();
    order.sort_by_key(|&class| std::cmp::Reverse(sizes[class]));
    let mut taken = vec![false; classes];
    order.iter().take(top).for_each(|&class| taken[class] = true);
    taken
}

/// Takes away all other classes; returns how many drugs lose their last one.
fn keep(lists: &mut [Vec<u32>], taken: &[bool]) -> usize {
    let mut emptied = 0;
    for list in lists.iter_mut().filter(|list| !list.is_empty()) {
        list.retain(|&class| taken[class as usize]);
        emptied += usize::from(list.is_empty());
    }
    emptied
}

fn without_gaps(folds: impl Iterator<Item = u32>) -> Vec<u32> {
    let folds: Vec<u32> = folds.collect();
    let mut known = folds.clone();
    known.sort_unstable();
    known.dedup();
    folds.iter().map(|fold| known.partition_point(|other| other < fold) as u32).collect()
}
