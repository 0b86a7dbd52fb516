//! Options: classifier, validation, sampling.

use super::method::Method;
use crate::SettingError;
use crate::learn::Sampling;
use crate::stats::{check_resamples, check_runs};

/// The most permutations.
const MAX_PERMUTATIONS: usize = 10_000;
/// The most draws of folds.
const MAX_REPEATS: usize = 1_000;
/// Scores that are kept until the end, of all drugs, classes, repeats and permutations: 4 GB.
const MAX_SCORES: usize = 1_000_000_000;

/// The treatment of drugs with several classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LabelMode {
    /// They are left out, and counted.
    SingleOnly,
    /// They count for each of their classes, and classes are scored one by one.
    Multi,
}

/// On which drugs a classifier is tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validation {
    /// Each drug in turn, with all others to learn from.
    LeaveOneOut,
    /// Stratified folds, in each of which the classes are as frequent as they are among all drugs (up to one drug).
    /// A class may be smaller than the number of folds: some folds then hold none of it.
    KFold {
        /// Number of folds, at least 2.
        k: usize,
        /// How many times the folds are made anew, 1 to 1,000.
        repeats: usize,
    },
}

/// Everything that [`classify`](super::classify) can be told.
///
/// ```
/// use l1kdb::eval::classification::{ClassOptions, Method, Validation};
///
/// let folds = Validation::KFold { k: 5, repeats: 10 };
/// let options = ClassOptions::new(Method::Centroid).validation(folds).permutations(100);
/// assert!(options.check().is_ok());
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ClassOptions {
    /// The classifier and its hyperparameter grid.
    pub method: Method,
    /// Drugs of one class only, or all.
    pub labels: LabelMode,
    /// Only the classes with the most drugs, this many; of equals, the one with the smaller id.
    pub top: Option<usize>,
    /// On which drugs to test. Folds that come with the data go before it.
    pub validation: Validation,
    /// How classes are balanced.
    pub sampling: Sampling,
    /// How often labels are permuted to see what chance gives: 0 for not at all, at most 10,000. Of fewer than five
    /// nothing is reported.
    pub permutations: usize,
    /// How often drugs are drawn with replacement for an interval; 0 for none. Fewer than
    /// 40 give no interval.
    pub bootstrap: usize,
    /// Same seed, same report.
    pub seed: u64,
}

impl Default for ClassOptions {
    /// Neighbours, as [`ClassOptions::new`] asks of them.
    fn default() -> Self {
        Self::new(Method::knn())
    }
}

impl ClassOptions {
    /// Leave-one-out, drugs of one class, classes as they are, 20 permutations, 1,000 draws of the bootstrap, seed 1.
    pub fn new(method: Method) -> Self {
        Self {
            method,
            labels: LabelMode::SingleOnly,
            top: None,
            validation: Validation::LeaveOneOut,
            sampling: Sampling::AsIs,
            permutations: 20,
            bootstrap: 1_000,
            seed: 1,
        }
    }

    /// Sets the classifier and its hyperparameter grid.
    #[must_use]
    pub fn method(self, method: Method) -> Self {
        Self { method, ..self }
    }

    /// Sets what becomes of drugs with several classes.
    #[must_use]
    pub fn labels(self, labels: LabelMode) -> Self {
        Self { labels, ..self }
    }

    /// Sets how many classes take part, those with the most drugs; all where `None`.
    #[must_use]
    pub fn top(self, top: impl Into<Option<usize>>) -> Self {
        Self { top: top.into(), ..self }
    }

    /// Sets on which drugs to test.
    #[must_use]
    pub fn validation(self, validation: Validation) -> Self {
        Self { validation, ..self }
    }

    /// Sets how classes are balanced.
    #[must_use]
    pub fn sampling(self, sampling: Sampling) -> Self {
        Self { sampling, ..self }
    }

    /// Sets how often labels are permuted.
    #[must_use]
    pub fn permutations(self, permutations: usize) -> Self {
        Self { permutations, ..self }
    }

    /// Sets how often drugs are drawn with replacement.
    #[must_use]
    pub fn bootstrap(self, bootstrap: usize) -> Self {
        Self { bootstrap, ..self }
    }

    /// Sets the seed.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Checks every setting that can be wrong whatever the data.
    ///
    /// # Errors
    /// [`SettingError`] names the first one that is out of its range.
    pub fn check(&self) -> Result<(), SettingError> {
        if let Validation::KFold { k, repeats } = self.validation {
            SettingError::check("folds", k, "at least 2", k >= 2)?;
            SettingError::check("repeats", repeats, "1 to 1000", (1..=MAX_REPEATS).contains(&repeats))?;
        }
        check_runs("permutations", self.permutations, MAX_PERMUTATIONS)?;
        check_resamples(self.bootstrap)?;
        if let Some(top) = self.top {
            SettingError::check("top", top, "at least 2 classes", top >= 2)?;
        }
        if self.labels == LabelMode::Multi {
            let balanced = self.sampling != Sampling::AsIs;
            SettingError::check("sampling", "up or down", "none for drugs of several classes", !balanced)?;
        }
        self.check_method()
    }

    /// Refuses what together asks for more memory than there may be.
    pub(super) fn check_size(
        &self,
        drugs: usize,
        classes: usize,
        repeats: usize,
    ) -> Result<(), SettingError> {
        let a_run = drugs.saturating_mul(classes).saturating_mul(repeats);
        let most = MAX_SCORES / a_run.max(1);
        let expected = format!("at most {most} for {drugs} drugs, {classes} classes and {repeats} repeats");
        SettingError::check("permutations", self.permutations, &expected, self.permutations <= most)
    }

    fn check_method(&self) -> Result<(), SettingError> {
        let Method::Cluster { methods, clusters } = &self.method else {
            return self.method.classifier().map(drop);
        };
        let single = self.labels == LabelMode::SingleOnly;
        let expected = "one class a drug for clusters";
        SettingError::check("labels", "several classes a drug", expected, single)?;
        SettingError::check("methods", "empty", "at least one", !methods.is_empty())?;
        let clusters = clusters.unwrap_or(2);
        SettingError::check("clusters", clusters, "at least 2", clusters >= 2)
    }
}
