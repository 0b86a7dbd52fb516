//! Results of a classification. The names of the fields are those of the JSON.

use std::collections::BTreeMap;

use super::data::{LeftOut, Selected};
use super::intervals::{Estimate, MIN_RUNS, Spread};
use super::method::Method;
use super::options::ClassOptions;
use super::scores::Scores;
use crate::stats::why_none;

/// All figures of one run of [`classify`](super::classify). Of `configurations`, `multi_label` and `clusterings`, one is
/// filled.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ClassReport {
    /// Drugs that took part.
    pub drugs: usize,
    /// Drugs that did not.
    pub left_out: LeftOut,
    /// The classes, by id.
    pub classes: Vec<ClassSize>,
    /// How it was validated, such as `leave-one-out` or `5-fold, 10 times`.
    pub validation: String,
    /// Test folds in a repeat.
    pub folds: usize,
    /// How often the folds were drawn.
    pub repeats: usize,
    /// What has to be beaten, where drugs have one class.
    pub baselines: Option<Baselines>,
    /// Every configuration of the classifier, where drugs have one class.
    pub configurations: Vec<Configuration>,
    /// Every configuration of the classifier and its baselines, where drugs may have several classes.
    pub multi_label: Option<MultiLabel>,
    /// Every method, where drugs were clustered.
    pub clusterings: Vec<Clustering>,
    /// Why intervals, or permuted classes, are not there although they were asked for.
    pub not_shown: Vec<String>,
}

impl ClassReport {
    /// A report without results.
    pub(super) fn of(data: &Selected, options: &ClassOptions) -> Self {
        let sizes = data.names.iter().zip(data.labels.sizes());
        Self {
            drugs: data.len(),
            left_out: data.left_out,
            classes: sizes.map(|(name, drugs)| ClassSize { name: name.clone(), drugs }).collect(),
            validation: String::new(),
            folds: 0,
            repeats: 0,
            baselines: None,
            configurations: Vec::new(),
            multi_label: None,
            clusterings: Vec::new(),
            not_shown: not_shown(data.len(), options),
        }
    }

    /// Returns the configuration with the highest accuracy, the first of equals. It was picked by the figure it shows, so
    /// that figure flatters it the more, the more configurations there are.
    pub fn best(&self) -> Option<&Configuration> {
        let better = |best, other| if accuracy(other) > accuracy(best) { other } else { best };
        self.configurations.iter().reduce(better)
    }
}

fn not_shown(drugs: usize, options: &ClassOptions) -> Vec<String> {
    let runs = options.permutations;
    let few_runs = (1..MIN_RUNS).contains(&runs).then(|| {
        format!("no permuted classes: {runs} permutations tell nothing of chance; {MIN_RUNS} are the fewest")
    });
    // Clusters have no intervals.
    let is_clusters = matches!(options.method, Method::Cluster { .. });
    let intervals = why_none(drugs, "drugs", options.bootstrap).filter(|_| !is_clusters);
    intervals.into_iter().chain(few_runs).collect()
}

fn accuracy(configuration: &Configuration) -> f64 {
    configuration.accuracy.value
}

/// A class that took part.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClassSize {
    /// Its name.
    pub name: String,
    /// Drugs that have it.
    pub drugs: usize,
}

/// Scores of classifiers that know nothing.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Baselines {
    /// Always the class with the most drugs.
    pub majority: Scores,
    /// Classes assigned at random; absent where no permutations were asked for.
    pub permuted: Option<Permuted>,
}

/// The scores of the first configuration with permuted classes, in the same folds and repeats. Each run goes through
/// everything, choices inside the training side included.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Permuted {
    /// Number of permutations.
    pub runs: usize,
    /// The configuration.
    pub configuration: String,
    /// As in [`Scores`].
    pub accuracy: Spread,
    /// As in [`Scores`].
    pub balanced_accuracy: Spread,
    /// As in [`Scores`].
    pub macro_f1: Spread,
    /// As in [`Scores`].
    pub weighted_f1: Spread,
}

/// One configuration. Figures are made of all predictions of all repeats together.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Configuration {
    /// Its name, such as `cosine, k=7`.
    pub name: String,
    /// As in [`Scores`], with its interval over drugs.
    pub accuracy: Estimate,
    /// As in [`Scores`].
    pub balanced_accuracy: Estimate,
    /// As in [`Scores`].
    pub macro_f1: Estimate,
    /// As in [`Scores`].
    pub weighted_f1: Estimate,
    /// Each class.
    pub classes: Vec<ClassFigures>,
    /// `confusion[truth][prediction]`, by class id. A row sums to the drugs of the class, times the repeats.
    pub confusion: Vec<Vec<u64>>,
    /// How accuracy differs between repeats, where there are several. It says how much the draw of folds matters, not
    /// how sure the figure is.
    pub over_repeats: Option<OverRepeats>,
    /// The settings chosen inside training sides, and in how many of them.
    pub chosen: BTreeMap<String, usize>,
}

/// A mean and the standard deviation about it.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct OverRepeats {
    /// Mean accuracy.
    pub mean: f64,
    /// Its standard deviation, by n - 1.
    pub sd: f64,
}

/// One class in one configuration.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ClassFigures {
    /// Its name.
    pub name: String,
    /// Drugs that have it.
    pub support: usize,
    /// The share of them that is predicted as it, also called recall.
    pub accuracy: f64,
    /// The share of drugs predicted as it that have it; 0 where none is.
    pub precision: f64,
    /// The harmonic mean of both.
    pub f1: f64,
}

/// Results where a drug may have several classes. Scores are pooled over the folds of a repeat, and figures averaged
/// over repeats.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct MultiLabel {
    /// How many classes are predicted for a drug where F1 needs it: the mean number that drugs have, rounded. It does
    /// not depend on the drug.
    pub classes_a_drug: usize,
    /// The hit rate of always naming the class with the most drugs.
    pub majority_hit_rate: f64,
    /// The first configuration with permuted lists of classes, in the same folds and repeats.
    pub permuted: Option<MultiLabelPermuted>,
    /// Every configuration.
    pub results: Vec<MultiLabelResult>,
}

/// Figures over all classes.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct MultiLabelScores {
    /// The share of drugs whose best-scored class is one of their own.
    pub hit_rate: f64,
    /// The mean over classes of the area under the ROC curve; chance is 0.5. Absent where every class has all drugs.
    pub macro_auc: Option<f64>,
    /// The mean over classes of the average precision; chance is the mean share of drugs in a class.
    pub macro_average_precision: Option<f64>,
    /// The mean over classes of F1, every drug being given its `classes_a_drug` best classes.
    pub macro_f1: f64,
}

/// One configuration.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct MultiLabelResult {
    /// Its name.
    pub configuration: String,
    /// The hit rate with its interval over drugs.
    pub hit_rate: Estimate,
    /// All figures.
    pub scores: MultiLabelScores,
    /// Each class.
    pub classes: Vec<MultiLabelClass>,
    /// The settings chosen inside training sides, and in how many of them.
    pub chosen: BTreeMap<String, usize>,
}

/// One class in one configuration.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct MultiLabelClass {
    /// Its name.
    pub name: String,
    /// Drugs that have it.
    pub support: usize,
    /// Area under the ROC curve; absent where all drugs have it.
    pub auc: Option<f64>,
    /// Average precision.
    pub average_precision: Option<f64>,
    /// F1, as in [`MultiLabelScores::macro_f1`].
    pub f1: f64,
}

/// Figures under permuted labels.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct MultiLabelPermuted {
    /// Number of permutations.
    pub runs: usize,
    /// The configuration.
    pub configuration: String,
    /// As in [`MultiLabelScores`].
    pub hit_rate: Spread,
    /// As in [`MultiLabelScores`].
    pub macro_auc: Option<Spread>,
    /// As in [`MultiLabelScores`].
    pub macro_average_precision: Option<Spread>,
    /// As in [`MultiLabelScores`].
    pub macro_f1: Spread,
}

/// One way to cluster.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Clustering {
    /// Its name.
    pub method: String,
    /// Drugs in each cluster, largest first.
    pub sizes: Vec<usize>,
    /// Adjusted Rand index against the classes: 1 for the same groups, 0 for chance.
    pub ari: f64,
    /// The same with permuted classes.
    pub permuted_ari: Option<Spread>,
    /// Mutual information with the classes over the mean of both entropies: 1 for the same groups. Chance is above 0,
    /// see the permutations.
    pub nmi: f64,
    /// The same with permuted classes.
    pub permuted_nmi: Option<Spread>,
}
