//! Support vector machines for many classes, their settings chosen inside the training side.

use super::Kernel;
use super::folds::dealt;
use super::labels::Labeling;
use super::learner::{Learner, Task, Verdicts};
use super::smo::Machine;
use super::standardizer::Standard;
use crate::eval::EvalError;
use crate::random::Purpose;
use crate::simd::vectorised;

/// Folds of the choice inside the training side.
const INNER_FOLDS: usize = 3;

/// One configuration for each kernel.
pub(super) struct Machines {
    kernels: Vec<Kernel>,
    c: Vec<f64>,
    gamma: Vec<f64>,
}

/// What is chosen.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Setting {
    kernel: Kernel,
    c: f64,
    /// In units of 1 / dimension.
    gamma: f64,
}

impl Setting {
    fn text(self) -> String {
        match self.kernel {
            Kernel::Linear => format!("C={}", self.c),
            _ => format!("C={}, gamma={}/dim", self.c, self.gamma),
        }
    }
}

impl Machines {
    pub(super) fn new(kernels: &[Kernel], c: &[f64], gamma: &[f64]) -> Self {
        Self { kernels: kernels.to_vec(), c: c.to_vec(), gamma: gamma.to_vec() }
    }

    fn grid(&self, kernel: Kernel) -> Vec<Setting> {
        let gamma = if kernel == Kernel::Linear { &self.gamma[..1] } else { &self.gamma };
        let of_gamma = |&gamma: &f64| self.c.iter().map(move |&c| Setting { kernel, c, gamma });
        gamma.iter().flat_map(of_gamma).collect()
    }

    /// The setting with the most right answers in folds of the training side, the first of equals.
    fn chosen(&self, kernel: Kernel, task: &Task<'_>) -> Result<Setting, EvalError> {
        let grid = self.grid(kernel);
        if grid.len() == 1 {
            return Ok(grid[0]);
        }
        let folds = dealt(task.labels, task.train, INNER_FOLDS, &mut task.stream(Purpose::ClassChoice));
        let mut right = vec![0_usize; grid.len()];
        for fold in &folds {
            let train: Vec<u32> =
                task.train.iter().copied().filter(|drug| fold.binary_search(drug).is_err()).collect();
            let inner = Inner::new(task, &task.sampled(&train), fold)?;
            for (setting, right) in grid.iter().zip(&mut right) {
                *right += inner.right(task.labels, *setting);
            }
        }
        let most = right.iter().max().copied().unwrap_or(0);
        Ok(grid[right.iter().position(|&right| right == most).unwrap_or(0)])
    }
}

impl Learner for Machines {
    fn configurations(&self) -> Vec<String> {
        self.kernels.iter().map(|kernel| format!("svm {kernel}")).collect()
    }

    fn judge(&self, configuration: usize, task: &Task<'_>) -> Result<Verdicts, EvalError> {
        let setting = self.chosen(self.kernels[configuration], task)?;
        let outer = Inner::new(task, &task.sampled(task.train), task.test)?;
        let scores = outer.scores(task.labels, setting);
        Ok(Verdicts { chosen: Some(setting.text()), ..Verdicts::of_scores(scores, task.labels.classes()) })
    }
}

/// Standardised rows of a training side and of the drugs to judge.
struct Inner {
    dim: usize,
    train: Vec<u32>,
    test: Vec<u32>,
    known: Vec<f32>,
    asked: Vec<f32>,
}

impl Inner {
    fn new(task: &Task<'_>, train: &[u32], test: &[u32]) -> Result<Self, EvalError> {
        let standard = Standard::of(task.data, train);
        Ok(Self {
            dim: task.data.dim,
            train: train.to_vec(),
            test: test.to_vec(),
            known: standard.rows(task.data, train)?,
            asked: standard.rows(task.data, test)?,
        })
    }

    fn right(&self, labels: &Labeling, setting: Setting) -> usize {
        let verdicts = Verdicts::of_scores(self.scores(labels, setting), labels.classes());
        let pairs = self.test.iter().zip(&verdicts.best);
        pairs.filter(|(drug, best)| labels.of(**drug).contains(best)).count()
    }

    /// One score a class for every drug that is asked about.
    fn scores(&self, labels: &Labeling, setting: Setting) -> Vec<f32> {
        let single = self.train.iter().chain(&self.test).all(|&drug| labels.of(drug).len() == 1);
        if single { self.one_against_one(labels, setting) } else { self.one_against_rest(labels, setting) }
    }

    /// The share of machines for a class that decide for it. Where shares are equal, the sum of decisions parts them: it
    /// moves a share by less than half a machine, as in scikit-learn's `break_ties`.
    fn one_against_one(&self, labels: &Labeling, setting: Setting) -> Vec<f32> {
        let classes = labels.classes();
        let places = self.places_by_class(labels);
        let mut votes = vec![0.0_f64; self.test.len() * classes];
        let mut sums = votes.clone();
        for a in 0..classes {
            for b in (a + 1..classes).filter(|&b| !places[a].is_empty() && !places[b].is_empty()) {
                let rows: Vec<usize> = places[a].iter().chain(&places[b]).copied().collect();
                let positive: Vec<bool> = (0..rows.len()).map(|row| row < places[a].len()).collect();
                for (drug, decision) in self.decisions(&rows, &positive, setting).into_iter().enumerate() {
                    votes[drug * classes + if decision > 0.0 { a } else { b }] += 1.0;
                    sums[drug * classes + a] += decision;
                    sums[drug * classes + b] -= decision;
                }
            }
        }
        let machines = (classes - 1) as f64;
        let share =
            |(votes, sum): (&f64, &f64)| ((votes + sum / (3.0 * (sum.abs() + 1.0))) / machines) as f32;
        votes.iter().zip(&sums).map(share).collect()
    }

    /// The decision of each class's machine; a class that no training drug has, or each, stays below all others.
    fn one_against_rest(&self, labels: &Labeling, setting: Setting) -> Vec<f32> {
        let classes = labels.classes();
        let rows: Vec<usize> = (0..self.train.len()).collect();
        let mut scores = vec![-1e3_f32; self.test.len() * classes];
        for class in 0..classes {
            let positive: Vec<bool> =
                self.train.iter().map(|&drug| labels.of(drug).contains(&(class as u32))).collect();
            if positive.iter().all(|&side| side == positive[0]) {
                continue;
            }
            for (drug, decision) in self.decisions(&rows, &positive, setting).into_iter().enumerate() {
                scores[drug * classes + class] = decision as f32;
            }
        }
        scores
    }

    /// Trains one machine on some rows of the training side and asks it about all test drugs.
    fn decisions(&self, rows: &[usize], positive: &[bool], setting: Setting) -> Vec<f64> {
        let known: Vec<f32> =
            rows.iter().flat_map(|&row| &self.known[row * self.dim..][..self.dim]).copied().collect();
        let gram = vectorised(|| products(&known, &known, self.dim, setting));
        let machine = Machine::fit(&gram, positive, setting.c);
        let asked = vectorised(|| products(&self.asked, &known, self.dim, setting));
        asked.chunks_exact(rows.len()).map(|row| machine.decide(row.iter().copied())).collect()
    }

    /// Places in the training side, by class.
    fn places_by_class(&self, labels: &Labeling) -> Vec<Vec<usize>> {
        let mut places = vec![Vec::new(); labels.classes()];
        let drugs = self.train.iter().enumerate();
        drugs.for_each(|(place, &drug)| places[labels.first(drug) as usize].push(place));
        places
    }
}

/// The kernel between all rows of `a` and all of `b`, row-major.
#[inline(always)]
fn products(a: &[f32], b: &[f32], dim: usize, setting: Setting) -> Vec<f32> {
    let gamma = (setting.gamma / dim as f64) as f32;
    let mut values = Vec::with_capacity(a.len() / dim * (b.len() / dim));
    for a in a.chunks_exact(dim) {
        for b in b.chunks_exact(dim) {
            values.push(match setting.kernel {
                Kernel::Linear => sum_over(a, b, |a, b| a * b),
                Kernel::Rbf => (-gamma * sum_over(a, b, |a, b| (a - b) * (a - b))).exp(),
                Kernel::Polynomial => (gamma * sum_over(a, b, |a, b| a * b) + 1.0).powi(3),
            });
        }
    }
    values
}

/// A sum over pairs of values in eight lanes, which are added up in one order whatever the processor.
#[inline(always)]
fn sum_over(a: &[f32], b: &[f32], term: impl Fn(f32, f32) -> f32) -> f32 {
    let mut lanes = [0.0_f32; 8];
    let (a8, a_rest) = a.as_chunks::<8>();
    let (b8, b_rest) = b.as_chunks::<8>();
    for (a, b) in a8.iter().zip(b8) {
        for lane in 0..8 {
            lanes[lane] += term(a[lane], b[lane]);
        }
    }
    lanes.iter().sum::<f32>() + a_rest.iter().zip(b_rest).map(|(a, b)| term(*a, *b)).sum::<f32>()
}
