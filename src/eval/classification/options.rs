//! What to ask: classifier, validation, sampling.

use std::fmt;

use crate::SettingError;
use crate::stats::{check_resamples, check_runs};

/// The most permutations.
const MOST_PERMUTATIONS: usize = 10_000;
/// The most draws of folds.
const MOST_REPEATS: usize = 1_000;
/// Scores that are kept until the end, of all drugs, classes, repeats and permutations: 4 GB.
const MOST_SCORES: usize = 1_000_000_000;

/// How far two drugs lie apart. Every metric orders neighbours by its distance, smallest first; its *similarity* weighs
/// votes and breaks ties.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Metric {
    /// `1 - cos`; similarity is the cosine, 0 for a row of zeros.
    Cosine,
    /// The Euclidean distance d; similarity `1 / (1 + d)`.
    Euclid,
    /// The sum of `|a - b| / (|a| + |b|)`, where 0 / 0 is 0; similarity `1 / (1 + d)`.
    Canberra,
    /// `1 - r` with Pearson's r; similarity is r, 0 for a constant row.
    Correlation,
}

impl Metric {
    /// All of them, in the order of their figures in reports.
    pub const ALL: [Self; 4] = [Self::Cosine, Self::Euclid, Self::Canberra, Self::Correlation];
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cosine => "cosine",
            Self::Euclid => "euclid",
            Self::Canberra => "canberra",
            Self::Correlation => "correlation",
        })
    }
}

/// The inner product of a support vector machine, between standardised features.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kernel {
    /// `a b`
    Linear,
    /// `exp(-gamma |a - b|^2)`
    Rbf,
    /// `(gamma a b + 1)^3`
    Polynomial,
}

impl fmt::Display for Kernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Linear => "linear",
            Self::Rbf => "rbf",
            Self::Polynomial => "polynomial",
        })
    }
}

/// How drugs are grouped without looking at their classes. Both see directions only: rows are brought to length 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClusterMethod {
    /// Lloyd's k-means from ten k-means++ starts, the one with the least within-cluster squares.
    KMeans,
    /// Average linkage on cosine distance, cut where the wanted number of clusters is left. Needs room for all pairs of
    /// drugs, so it takes at most 20,000.
    Hierarchical,
}

impl fmt::Display for ClusterMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::KMeans => "k-means",
            Self::Hierarchical => "hierarchical",
        })
    }
}

/// Who predicts. Every combination of the lists is a configuration of its own in the report.
#[derive(Debug, Clone, PartialEq)]
pub enum Classifier {
    /// The k nearest drugs vote. A tie goes to the class with the larger summed similarity, then to the class of the
    /// nearer neighbour; of neighbours at one distance the one that comes first among the drugs is taken.
    Knn {
        /// Numbers of neighbours.
        k: Vec<usize>,
        /// Metrics.
        metrics: Vec<Metric>,
        /// Whether a vote weighs the similarity of the neighbour (0 where it is negative), and not 1.
        weighted: bool,
    },
    /// Support vector machines, one against one as in LIBSVM, or one against all others for drugs of several classes.
    /// `c` and `gamma` are chosen by the accuracy in three folds inside the training side; of equals the first wins.
    Svm {
        /// Kernels.
        kernels: Vec<Kernel>,
        /// What a violation of the margin costs.
        c: Vec<f64>,
        /// Widths of the kernel, in units of 1 / dimension. A linear kernel has none.
        gamma: Vec<f64>,
    },
    /// A network of one hidden layer, with a softmax over classes. It is trained by Adam and stopped when its loss on a
    /// seventh of the training drugs stops to fall.
    Ann {
        /// Units of the hidden layer.
        hidden: usize,
        /// Most passes over the training drugs.
        epochs: usize,
    },
    /// The class whose mean unit vector has the largest cosine with the drug.
    Centroid,
    /// Clusters, made without classes and compared with them.
    Cluster {
        /// Methods.
        methods: Vec<ClusterMethod>,
        /// Number of clusters; that of classes where `None`.
        clusters: Option<usize>,
    },
}

impl Classifier {
    /// k = 7, 8, 9, 10 with all four metrics, as in the literature on L1000 embeddings.
    pub fn knn() -> Self {
        Self::Knn { k: vec![7, 8, 9, 10], metrics: Metric::ALL.to_vec(), weighted: false }
    }

    /// Three kernels, C from 0.1 to 100, gamma from 0.1 to 1 over the dimension.
    pub fn svm() -> Self {
        Self::Svm {
            kernels: vec![Kernel::Linear, Kernel::Rbf, Kernel::Polynomial],
            c: vec![0.1, 1.0, 10.0, 100.0],
            gamma: vec![0.1, 0.3, 1.0],
        }
    }

    /// 64 hidden units, at most 200 epochs.
    pub fn ann() -> Self {
        Self::Ann { hidden: 64, epochs: 200 }
    }

    /// Both methods, with as many clusters as classes.
    pub fn cluster() -> Self {
        Self::Cluster { methods: vec![ClusterMethod::KMeans, ClusterMethod::Hierarchical], clusters: None }
    }
}

/// What becomes of drugs with several classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Labels {
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
        /// How often the folds are drawn anew, 1 to 1,000.
        repeats: usize,
    },
}

/// How classes of unequal size are levelled, on the training side only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sampling {
    /// Not at all.
    AsIs,
    /// Drugs of small classes are repeated until all classes are as large as the largest.
    Up,
    /// Drugs of large classes are left out at random until all are as small as the smallest.
    Down,
}

/// Everything that [`classify`](super::classify) can be told.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassOptions {
    /// Who predicts.
    pub classifier: Classifier,
    /// Drugs of one class only, or all.
    pub labels: Labels,
    /// Only the classes with the most drugs, this many; of equals, the one with the smaller id.
    pub top: Option<usize>,
    /// On which drugs to test. Folds that come with the data go before it.
    pub validation: Validation,
    /// How classes are levelled.
    pub sampling: Sampling,
    /// How often labels are permuted to see what chance gives: 0 for not at all, at most 10,000. Of fewer than five
    /// nothing is reported.
    pub permutations: usize,
    /// How often drugs are drawn with replacement for an interval; 0 for none. See
    /// [`FEWEST_RESAMPLES`](crate::eval::FEWEST_RESAMPLES).
    pub bootstrap: usize,
    /// Same seed, same report.
    pub seed: u64,
}

impl Default for ClassOptions {
    /// Leave-one-out with neighbours, drugs of one class, 20 permutations, 1,000 draws of the bootstrap.
    fn default() -> Self {
        Self {
            classifier: Classifier::knn(),
            labels: Labels::SingleOnly,
            top: None,
            validation: Validation::LeaveOneOut,
            sampling: Sampling::AsIs,
            permutations: 20,
            bootstrap: 1_000,
            seed: 1,
        }
    }
}

impl ClassOptions {
    /// Checks every setting that can be wrong whatever the data.
    ///
    /// # Errors
    /// [`SettingError`] names the first one that is out of its range.
    pub fn check(&self) -> Result<(), SettingError> {
        if let Validation::KFold { k, repeats } = self.validation {
            SettingError::check("folds", k, "at least 2", k >= 2)?;
            SettingError::check("repeats", repeats, "1 to 1000", (1..=MOST_REPEATS).contains(&repeats))?;
        }
        check_runs("permutations", self.permutations, MOST_PERMUTATIONS)?;
        check_resamples(self.bootstrap)?;
        if let Some(top) = self.top {
            SettingError::check("top", top, "at least 2 classes", top >= 2)?;
        }
        if self.labels == Labels::Multi {
            let levelled = self.sampling != Sampling::AsIs;
            SettingError::check("sampling", "up or down", "none for drugs of several classes", !levelled)?;
        }
        self.check_classifier()
    }

    /// Refuses what together asks for more memory than there may be.
    pub(super) fn check_size(
        &self,
        drugs: usize,
        classes: usize,
        repeats: usize,
    ) -> Result<(), SettingError> {
        let a_run = drugs.saturating_mul(classes).saturating_mul(repeats);
        let most = MOST_SCORES / a_run.max(1);
        let expected = format!("at most {most} for {drugs} drugs, {classes} classes and {repeats} repeats");
        SettingError::check("permutations", self.permutations, &expected, self.permutations <= most)
    }

    fn check_classifier(&self) -> Result<(), SettingError> {
        match &self.classifier {
            Classifier::Knn { k, metrics, .. } => {
                let fits = !k.is_empty() && k.iter().all(|&k| k >= 1);
                SettingError::check("k", listed(k), "a list of numbers from 1", fits)?;
                SettingError::check("metrics", "empty", "at least one", !metrics.is_empty())
            }
            Classifier::Svm { kernels, c, gamma } => {
                let positive = |list: &[f64]| {
                    !list.is_empty() && list.iter().all(|&value| value > 0.0 && value.is_finite())
                };
                SettingError::check("kernels", "empty", "at least one", !kernels.is_empty())?;
                SettingError::check("C", listed(c), "a list of positive numbers", positive(c))?;
                SettingError::check("gamma", listed(gamma), "a list of positive numbers", positive(gamma))
            }
            Classifier::Ann { hidden, epochs } => {
                SettingError::check("hidden units", hidden, "1 to 65536", (1..=65_536).contains(hidden))?;
                SettingError::check("epochs", epochs, "at least 1", *epochs >= 1)
            }
            Classifier::Centroid => Ok(()),
            Classifier::Cluster { methods, clusters } => {
                let single = self.labels == Labels::SingleOnly;
                SettingError::check(
                    "labels",
                    "several classes a drug",
                    "one class a drug for clusters",
                    single,
                )?;
                SettingError::check("methods", "empty", "at least one", !methods.is_empty())?;
                let clusters = clusters.unwrap_or(2);
                SettingError::check("clusters", clusters, "at least 2", clusters >= 2)
            }
        }
    }
}

fn listed(values: &[impl fmt::Display]) -> String {
    let texts: Vec<String> = values.iter().map(ToString::to_string).collect();
    if texts.is_empty() { "empty".to_owned() } else { texts.join(", ") }
}
