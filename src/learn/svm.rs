//! Support vector machines for many classes, their hyperparameters chosen inside the training side.

use super::kernel::Kernel;
use super::smo::Machine;
use super::standardizer::Standardizer;
use super::stratified::stratified;
use super::{Classifier, Fitted, Labels, LearnError, Predictions, Training};
use crate::random::Purpose;
use crate::simd::vectorised;
use crate::{Rows, SettingError};

/// Folds of the choice inside the training side.
const INNER_FOLDS: usize = 3;

/// Support vector machines on standardised features, one configuration for each kernel: one against one as in LIBSVM, or
/// one against all others where rows may have several classes. `C` and gamma are chosen by the accuracy in three folds
/// inside the training side; of equals the first wins.
///
/// A class scores the share of its machines that decide for it, or the decision of its machine.
#[derive(Debug, Clone)]
pub struct Svm {
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

    #[inline(always)]
    fn products(self, a: &[f32], b: &[f32], dim: usize) -> Vec<f32> {
        self.kernel.products(a, b, dim, (self.gamma / dim as f64) as f32)
    }
}

impl Svm {
    /// Takes kernels, what a violation of the margin costs, and widths of the kernel in units of 1 / dimension; a linear
    /// kernel has none.
    ///
    /// # Errors
    /// [`SettingError`] for an empty list, or a number that is not positive.
    pub fn new(kernels: &[Kernel], c: &[f64], gamma: &[f64]) -> Result<Self, SettingError> {
        let positive =
            |list: &[f64]| !list.is_empty() && list.iter().all(|&value| value > 0.0 && value.is_finite());
        let check = |name, list: &[f64]| {
            let expected = "a list of positive numbers";
            SettingError::check(name, SettingError::listed(list), expected, positive(list))
        };
        SettingError::check("kernels", "empty", "at least one", !kernels.is_empty())?;
        check("C", c)?;
        check("gamma", gamma)?;
        Ok(Self { kernels: kernels.to_vec(), c: c.to_vec(), gamma: gamma.to_vec() })
    }

    fn grid(&self, kernel: Kernel) -> Vec<Setting> {
        let gamma = if kernel == Kernel::Linear { &self.gamma[..1] } else { &self.gamma };
        let of_gamma = |&gamma: &f64| self.c.iter().map(move |&c| Setting { kernel, c, gamma });
        gamma.iter().flat_map(of_gamma).collect()
    }

    /// Returns the setting with the most right answers in folds of the training side, the first of equals.
    fn chosen(&self, kernel: Kernel, training: &Training<'_>) -> Result<Setting, LearnError> {
        let grid = self.grid(kernel);
        if grid.len() == 1 {
            return Ok(grid[0]);
        }
        let all: Vec<u32> = (0..training.rows().len() as u32).collect();
        let mut stream = training.stream(Purpose::ClassChoice);
        // By the training side alone, which may hold no row of several classes though the question is about such.
        let single = training.labels().sizes().iter().sum::<usize>() == all.len();
        let mut right = vec![0_usize; grid.len()];
        for fold in stratified(training.labels(), &all, INNER_FOLDS, &mut stream) {
            let others: Vec<u32> =
                all.iter().copied().filter(|row| fold.binary_search(row).is_err()).collect();
            let known = Known::new(training, training.sample_of(&others))?;
            let asked = known.standardizer.training(training.rows(), &fold)?;
            for (setting, right) in grid.iter().zip(&mut right) {
                let scores = known.machines(*setting, single).scores(&asked);
                let predicted = Predictions::new(scores, known.labels.classes()).predicted;
                let pairs = fold.iter().zip(&predicted);
                *right += pairs.filter(|(row, class)| known.labels.of(**row).contains(class)).count();
            }
        }
        let most = right.iter().max().copied().unwrap_or(0);
        Ok(grid[right.iter().position(|&right| right == most).unwrap_or(0)])
    }
}

impl Classifier for Svm {
    fn configurations(&self) -> Vec<String> {
        self.kernels.iter().map(|kernel| format!("svm {kernel}")).collect()
    }

    fn fit<'a>(
        &'a self,
        configuration: usize,
        training: &Training<'a>,
    ) -> Result<Box<dyn Fitted + 'a>, LearnError> {
        let setting = self.chosen(self.kernels[configuration], training)?;
        let known = Known::new(training, training.sample())?;
        let machines = known.machines(setting, training.labels().is_single());
        Ok(Box::new(Decisions { standardizer: known.standardizer, machines }))
    }
}

struct Decisions {
    standardizer: Standardizer,
    machines: Machines,
}

impl Fitted for Decisions {
    fn predict(&self, rows: Rows<'_>) -> Result<Predictions, LearnError> {
        let scores = self.machines.scores(&self.standardizer.test(rows)?);
        Ok(Predictions::new(scores, self.machines.classes).chosen(self.machines.setting.text()))
    }
}

/// Rows to learn from, standardised.
struct Known<'a> {
    standardizer: Standardizer,
    labels: &'a Labels,
    dim: usize,
    /// The number of each row; one may stand there repeatedly.
    sample: Vec<u32>,
    values: Vec<f32>,
}

impl<'a> Known<'a> {
    fn new(training: &Training<'a>, sample: Vec<u32>) -> Result<Self, LearnError> {
        let (rows, labels) = (training.rows(), training.labels());
        let standardizer = Standardizer::fit(rows, &sample);
        let values = standardizer.training(rows, &sample)?;
        Ok(Self { standardizer, labels, dim: rows.dim(), sample, values })
    }

    /// `single` says whether a row has one class.
    fn machines(&self, setting: Setting, single: bool) -> Machines {
        let of_class = if single { self.one_against_one(setting) } else { self.one_against_rest(setting) };
        Machines { setting, dim: self.dim, classes: self.labels.classes(), single, of_class }
    }

    /// Returns a machine for every two classes that have rows.
    fn one_against_one(&self, setting: Setting) -> Vec<Decider> {
        let places = self.places_by_class();
        let held: Vec<usize> = (0..places.len()).filter(|&class| !places[class].is_empty()).collect();
        let mut machines = Vec::new();
        for (at, &a) in held.iter().enumerate() {
            for &b in &held[at + 1..] {
                let rows: Vec<usize> = places[a].iter().chain(&places[b]).copied().collect();
                let positive: Vec<bool> = (0..rows.len()).map(|row| row < places[a].len()).collect();
                machines.push(self.decider([a, b], &rows, &positive, setting));
            }
        }
        machines
    }

    /// Returns a machine for every class that some rows have and others have not.
    fn one_against_rest(&self, setting: Setting) -> Vec<Decider> {
        let rows: Vec<usize> = (0..self.sample.len()).collect();
        let has =
            |class: usize| self.sample.iter().map(move |&row| self.labels.of(row).contains(&(class as u32)));
        let sides = (0..self.labels.classes()).map(|class| (class, has(class).collect::<Vec<bool>>()));
        sides
            .filter(|(_, positive)| positive.iter().any(|&side| side != positive[0]))
            .map(|(class, positive)| self.decider([class, class], &rows, &positive, setting))
            .collect()
    }

    /// Trains one machine on some of the rows.
    fn decider(&self, sides: [usize; 2], rows: &[usize], positive: &[bool], setting: Setting) -> Decider {
        let gather = |rows: &mut dyn Iterator<Item = usize>| -> Vec<f32> {
            rows.flat_map(|row| &self.values[row * self.dim..][..self.dim]).copied().collect()
        };
        let known = gather(&mut rows.iter().copied());
        let gram = vectorised(|| setting.products(&known, &known, self.dim));
        let mut machine = Machine::fit(&gram, positive, setting.c);
        let used = rows.iter().zip(&machine.weights).filter(|(_, weight)| **weight != 0.0);
        let support = gather(&mut used.map(|(&row, _)| row));
        machine.weights.retain(|&weight| weight != 0.0);
        Decider { sides, support, machine }
    }

    /// Places in the sample, by class.
    fn places_by_class(&self) -> Vec<Vec<usize>> {
        let mut places = vec![Vec::new(); self.labels.classes()];
        let rows = self.sample.iter().enumerate();
        rows.for_each(|(place, &row)| places[self.labels.first(row) as usize].push(place));
        places
    }
}

/// A machine, its support vectors, and the two classes it decides between: a class and itself for it and all others.
struct Decider {
    sides: [usize; 2],
    support: Vec<f32>,
    machine: Machine,
}

/// All machines of one setting.
struct Machines {
    setting: Setting,
    dim: usize,
    classes: usize,
    single: bool,
    of_class: Vec<Decider>,
}

impl Machines {
    /// One score a class for every row that is asked about.
    fn scores(&self, asked: &[f32]) -> Vec<f32> {
        if self.single { self.shares(asked) } else { self.decisions_for(asked) }
    }

    /// Returns the share of machines for a class that decide for it. Where shares are equal, the sum of decisions parts
    /// them: it moves a share by less than half a machine, as in scikit-learn's `break_ties`.
    fn shares(&self, asked: &[f32]) -> Vec<f32> {
        let mut votes = vec![0.0_f64; asked.len() / self.dim * self.classes];
        let mut sums = votes.clone();
        for decider in &self.of_class {
            let [a, b] = decider.sides;
            for (row, decision) in self.decisions(decider, asked).into_iter().enumerate() {
                votes[row * self.classes + if decision > 0.0 { a } else { b }] += 1.0;
                sums[row * self.classes + a] += decision;
                sums[row * self.classes + b] -= decision;
            }
        }
        let machines = (self.classes - 1) as f64;
        let share =
            |(votes, sum): (&f64, &f64)| ((votes + sum / (3.0 * (sum.abs() + 1.0))) / machines) as f32;
        votes.iter().zip(&sums).map(share).collect()
    }

    /// Returns the decision of each class's machine; a class that no training row has, or each, stays below all others.
    fn decisions_for(&self, asked: &[f32]) -> Vec<f32> {
        let mut scores = vec![-1e3_f32; asked.len() / self.dim * self.classes];
        for decider in &self.of_class {
            for (row, decision) in self.decisions(decider, asked).into_iter().enumerate() {
                scores[row * self.classes + decider.sides[0]] = decision as f32;
            }
        }
        scores
    }

    fn decisions(&self, decider: &Decider, asked: &[f32]) -> Vec<f64> {
        let Decider { support, machine, .. } = decider;
        let products = vectorised(|| self.setting.products(asked, support, self.dim));
        let decide = |row: usize| {
            let of_row = &products[row * machine.weights.len()..][..machine.weights.len()];
            machine.decide(of_row.iter().copied())
        };
        (0..asked.len() / self.dim).map(decide).collect()
    }
}
