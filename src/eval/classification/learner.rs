//! What all classifiers have in common, and running one over all parts of all repeats.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::data::Selected;
use super::folds::{Part, Plan};
use super::labels::Labeling;
use super::options::Sampling;
use super::sampling::sampled;
use crate::eval::EvalError;
use crate::progress::Progress;
use crate::random::{Purpose, Stream};

/// What one part has to tell: scores of all classes for every test drug, and the class it is placed in.
#[derive(Debug, Clone, Default)]
pub(super) struct Verdicts {
    /// Test drugs x classes, larger is likelier.
    pub(super) scores: Vec<f32>,
    /// One class a test drug.
    pub(super) best: Vec<u32>,
    /// A setting that was chosen inside the training side.
    pub(super) chosen: Option<String>,
}

impl Verdicts {
    /// Places every drug in its best-scored class, the first of equals.
    pub(super) fn of_scores(scores: Vec<f32>, classes: usize) -> Self {
        let best = scores.chunks_exact(classes).map(first_largest).collect();
        Self { scores, best, chosen: None }
    }
}

/// The place of the largest value, the first of equals.
pub(super) fn first_largest(values: &[f32]) -> u32 {
    let larger = |best: usize, at: usize| if values[at] > values[best] { at } else { best };
    (0..values.len()).fold(0, larger) as u32
}

/// One part under one labeling.
pub(super) struct Task<'a> {
    pub(super) data: &'a Selected,
    pub(super) labels: &'a Labeling,
    pub(super) train: &'a [u32],
    pub(super) test: &'a [u32],
    pub(super) sampling: Sampling,
    pub(super) seed: u64,
    pub(super) key: u64,
}

impl Task<'_> {
    /// Levels the classes of some drugs of the training side.
    pub(super) fn sampled(&self, train: &[u32]) -> Vec<u32> {
        sampled(train, self.labels, self.sampling, &mut self.stream(Purpose::ClassSampling))
    }

    pub(super) fn stream(&self, purpose: Purpose) -> Stream {
        Stream::new(self.seed, purpose, self.key)
    }
}

/// A classifier in one or several configurations.
pub(super) trait Learner: Sync {
    /// Their names.
    fn configurations(&self) -> Vec<String>;

    /// Whether a drug that is tested is never one it learns from, even when it stands on the training side. Then
    /// leave-one-out is a single part.
    fn passes_over_itself(&self) -> bool {
        false
    }

    /// Learns from `task.train` and judges `task.test`.
    fn judge(&self, configuration: usize, task: &Task<'_>) -> Result<Verdicts, EvalError>;

    /// Judges one part under several labelings: all configurations under the first, only the first configuration under
    /// the others. A learner overrides it that does not need to begin anew with every labeling.
    fn judge_all(&self, part: &Part, work: &Work<'_>) -> Result<Vec<Vec<Verdicts>>, EvalError> {
        let under = |(run, labels): (usize, &Labeling)| {
            let task = work.task(part, labels, run);
            let configurations = if run == 0 { self.configurations().len() } else { 1 };
            (0..configurations).map(|configuration| self.judge(configuration, &task)).collect()
        };
        work.labelings.iter().enumerate().map(under).collect()
    }
}

/// Everything that the parts share.
pub(super) struct Work<'a> {
    pub(super) data: &'a Selected,
    /// The true one, then permuted ones.
    pub(super) labelings: &'a [Labeling],
    pub(super) sampling: Sampling,
    pub(super) seed: u64,
}

impl<'a> Work<'a> {
    pub(super) fn task(&self, part: &'a Part, labels: &'a Labeling, run: usize) -> Task<'a>
    where
        Self: 'a,
    {
        let (sampling, seed) = (self.sampling, self.seed);
        let key = (run as u64) << 52 | part.key;
        Task { data: self.data, labels, train: &part.train, test: &part.test, sampling, seed, key }
    }

    /// The judgements of all plans under every labeling, by labeling and configuration.
    pub(super) fn run(
        &self,
        learner: &dyn Learner,
        plans: &[Plan],
        progress: &dyn Progress,
    ) -> Result<Vec<Vec<Judgements>>, EvalError> {
        let parts: Vec<(usize, usize)> = plans
            .iter()
            .enumerate()
            .flat_map(|(repeat, plan)| (0..plan.parts()).map(move |index| (repeat, index)))
            .collect();
        progress.begin("classify", parts.len() as u64);
        let judged = parts.par_iter().map(|&(repeat, index)| {
            let part = plans[repeat].part(index, repeat);
            let verdicts = learner.judge_all(&part, self)?;
            progress.advance(1);
            Ok((repeat, part.test, verdicts))
        });
        let judged: Result<Vec<_>, EvalError> = judged.collect();
        progress.end();
        Ok(self.gathered(learner, plans.len(), judged?))
    }

    fn gathered(
        &self,
        learner: &dyn Learner,
        repeats: usize,
        judged: Vec<JudgedPart>,
    ) -> Vec<Vec<Judgements>> {
        let empty = Judgements::new(self.data, repeats);
        let configurations = learner.configurations().len();
        let of_run = |run| vec![empty.clone(); if run == 0 { configurations } else { 1 }];
        let mut all: Vec<Vec<Judgements>> = (0..self.labelings.len()).map(of_run).collect();
        for (repeat, test, verdicts) in judged {
            for (judgements, verdicts) in all.iter_mut().flatten().zip(verdicts.into_iter().flatten()) {
                judgements.enter(repeat, &test, verdicts);
            }
        }
        all
    }
}

type JudgedPart = (usize, Vec<u32>, Vec<Vec<Verdicts>>);

/// How all drugs were judged, in every repeat.
#[derive(Debug, Clone)]
pub(super) struct Judgements {
    classes: usize,
    /// The class of each drug, by repeat.
    pub(super) best: Vec<Vec<u32>>,
    /// Drugs x classes, by repeat.
    pub(super) scores: Vec<Vec<f32>>,
    /// How often each setting was chosen.
    pub(super) chosen: BTreeMap<String, usize>,
}

impl Judgements {
    fn new(data: &Selected, repeats: usize) -> Self {
        let (drugs, classes) = (data.len(), data.names.len());
        let best = vec![vec![0; drugs]; repeats];
        Self { classes, best, scores: vec![vec![0.0; drugs * classes]; repeats], chosen: BTreeMap::new() }
    }

    fn enter(&mut self, repeat: usize, test: &[u32], verdicts: Verdicts) {
        let rows = verdicts.scores.chunks_exact(self.classes);
        for ((&drug, best), scores) in test.iter().zip(verdicts.best).zip(rows) {
            let drug = drug as usize;
            self.best[repeat][drug] = best;
            self.scores[repeat][drug * self.classes..][..self.classes].copy_from_slice(scores);
        }
        if let Some(chosen) = verdicts.chosen {
            *self.chosen.entry(chosen).or_default() += 1;
        }
    }
}
