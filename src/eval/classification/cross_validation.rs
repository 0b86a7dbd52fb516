//! Running one classifier over all parts of all repeats, under the true labels and permuted ones.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::data::Selected;
use super::folds::{Part, Plan};
use crate::Rows;
use crate::eval::EvalError;
use crate::learn::{Classifier, Labels, LearnError, Predictions, Sampling, Side, Task, Training};
use crate::progress::Progress;

/// Everything that the parts share.
pub(super) struct CrossValidation<'a> {
    pub(super) data: &'a Selected,
    pub(super) classifier: &'a dyn Classifier,
    /// How many configurations take part, the first ones.
    pub(super) configurations: usize,
    /// The true labels, then permuted ones. Under the first all configurations are fitted, under the others only the first.
    pub(super) labelings: &'a [Labels],
    pub(super) sampling: Sampling,
    pub(super) seed: u64,
}

impl CrossValidation<'_> {
    /// Returns the predictions of all plans under every labeling, by labeling and configuration.
    pub(super) fn run(
        &self,
        plans: &[Plan],
        progress: &dyn Progress,
    ) -> Result<Vec<Vec<TestPredictions>>, EvalError> {
        let parts: Vec<(usize, usize)> = plans
            .iter()
            .enumerate()
            .flat_map(|(repeat, plan)| (0..plan.parts()).map(move |index| (repeat, index)))
            .collect();
        progress.begin("classify", parts.len() as u64);
        let at_once = match plans {
            [Plan::Each(_)] if self.sampling == Sampling::AsIs => self.leave_one_out()?,
            _ => None,
        };
        let predicted = at_once.map_or_else(
            || {
                let predicted = parts.par_iter().map(|&(repeat, index)| {
                    let part = plans[repeat].part(index, repeat);
                    let predictions = self.predicted(&part)?;
                    progress.advance(1);
                    Ok((repeat, part.test, predictions))
                });
                predicted.collect::<Result<Vec<_>, EvalError>>()
            },
            |whole| Ok(vec![whole]),
        );
        progress.end();
        Ok(self.gathered(plans.len(), predicted?))
    }

    /// Returns what is predicted of the test side of one part, by labeling and configuration.
    pub(super) fn predicted(&self, part: &Part) -> Result<Vec<Predictions>, EvalError> {
        let (train, test) = (self.data.gathered(&part.train), self.data.gathered(&part.test));
        let (train, test) = (Rows::whole(&train, self.data.dim), Rows::whole(&test, self.data.dim));
        let labels: Vec<Labels> = self.labelings.iter().map(|labels| labels.select(&part.train)).collect();
        let tasks = self.tasks(train, &labels, part.key)?;
        let predictions = self
            .classifier
            .predict_each(&tasks, test)
            .map_err(|error| self.of_drugs(error, &part.train, &part.test))?;
        self.checked(predictions, tasks.len(), part.test.len())
    }

    /// Returns all of it in one go, by a classifier that can leave out one drug without being fitted anew.
    fn leave_one_out(&self) -> Result<Option<PredictedPart>, EvalError> {
        let all: Vec<u32> = (0..self.data.len() as u32).collect();
        let tasks = self.tasks(self.data.matrix(), self.labelings, 0)?;
        let predictions =
            self.classifier.leave_one_out(&tasks).map_err(|error| self.of_drugs(error, &all, &all))?;
        let Some(predictions) = predictions else { return Ok(None) };
        let predictions = self.checked(predictions, tasks.len(), all.len())?;
        Ok(Some((0, all, predictions)))
    }

    fn tasks<'b>(
        &self,
        rows: Rows<'b>,
        labelings: &'b [Labels],
        key: u64,
    ) -> Result<Vec<Task<'b>>, LearnError> {
        let mut tasks = Vec::new();
        for (run, labels) in (0_u64..).zip(labelings) {
            let training = Training::new(rows, labels)?;
            let training = training.sampling(self.sampling).seed(self.seed).keyed(run << 52 | key);
            let configurations = if run == 0 { self.configurations } else { 1 };
            tasks.extend((0..configurations).map(|configuration| Task { configuration, training }));
        }
        Ok(tasks)
    }

    fn checked(
        &self,
        predictions: Vec<Predictions>,
        tasks: usize,
        drugs: usize,
    ) -> Result<Vec<Predictions>, EvalError> {
        if predictions.len() != tasks {
            let found = format!("predictions of {} tasks", predictions.len());
            return Err(LearnError::Predictions { found, expected: format!("those of {tasks}") }.into());
        }
        predictions.iter().try_for_each(|predictions| predictions.check(drugs, self.data.names.len()))?;
        Ok(predictions)
    }

    /// Returns the same error with its row counted among those of the data.
    fn of_drugs(&self, error: LearnError, train: &[u32], test: &[u32]) -> EvalError {
        if let LearnError::FarOut { side, row, most } = error {
            let drugs = if side == Side::Training { train } else { test };
            if let Some(&drug) = drugs.get(row) {
                return EvalError::FarOut { row: self.data.rows[drug as usize].into(), most };
            }
        }
        error.into()
    }

    fn gathered(&self, repeats: usize, parts: Vec<PredictedPart>) -> Vec<Vec<TestPredictions>> {
        let empty = TestPredictions::new(self.data, repeats);
        let of_run = |run| vec![empty.clone(); if run == 0 { self.configurations } else { 1 }];
        let mut all: Vec<Vec<TestPredictions>> = (0..self.labelings.len()).map(of_run).collect();
        for (repeat, test, predictions) in parts {
            for (all, predictions) in all.iter_mut().flatten().zip(predictions) {
                all.enter(repeat, &test, predictions);
            }
        }
        all
    }
}

/// A repeat, the drugs that are tested, and what is predicted of them by every task.
type PredictedPart = (usize, Vec<u32>, Vec<Predictions>);

/// Predictions of all drugs, in every repeat.
#[derive(Debug, Clone)]
pub(super) struct TestPredictions {
    classes: usize,
    /// The class that each drug is predicted as, by repeat.
    pub(super) predicted: Vec<Vec<u32>>,
    /// Drugs x classes, by repeat.
    pub(super) scores: Vec<Vec<f32>>,
    /// How often each setting was chosen.
    pub(super) chosen: BTreeMap<String, usize>,
}

impl TestPredictions {
    fn new(data: &Selected, repeats: usize) -> Self {
        let (drugs, classes) = (data.len(), data.names.len());
        let predicted = vec![vec![0; drugs]; repeats];
        Self {
            classes,
            predicted,
            scores: vec![vec![0.0; drugs * classes]; repeats],
            chosen: BTreeMap::new(),
        }
    }

    fn enter(&mut self, repeat: usize, test: &[u32], predictions: Predictions) {
        let rows = predictions.scores.chunks_exact(self.classes);
        for ((&drug, predicted), scores) in test.iter().zip(predictions.predicted).zip(rows) {
            let drug = drug as usize;
            self.predicted[repeat][drug] = predicted;
            self.scores[repeat][drug * self.classes..][..self.classes].copy_from_slice(scores);
        }
        if let Some(chosen) = predictions.chosen {
            *self.chosen.entry(chosen).or_default() += 1;
        }
    }
}
