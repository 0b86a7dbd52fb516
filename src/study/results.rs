//! Results of a retrieval.

use std::collections::BTreeMap;

use super::outcome::Outcome;

/// A retrieval with its baselines.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Retrieval {
    /// What was evaluated.
    pub embedding: String,
    /// Numbers a row.
    pub dim: usize,
    /// What makes two rows alike.
    pub label: String,
    /// What was compared: `signature` or `drug`.
    pub level: &'static str,
    /// `cosine`, `dot` or `euclid`.
    pub similarity: &'static str,
    /// Candidates that ranks were estimated on, where not all.
    pub candidates: Option<usize>,
    /// Positives that were left out.
    pub excluded: Vec<&'static str>,
    /// Whether a query looked in the rows of other sources only.
    pub across_sources: bool,
    /// The division, where there is one.
    pub split: Option<SplitNote>,
    /// Rows that were evaluated.
    pub rows: usize,
    /// Rows left out since their label is not known.
    pub rows_without_label: usize,
    /// What it says.
    pub outcome: Outcome,
    /// Beside it, on the same sets.
    pub baselines: Vec<Baseline>,
    /// What a reader has to know.
    pub warnings: Vec<String>,
    /// Every drug by itself.
    pub per_drug: Vec<DrugFigures>,
}

/// A baseline and how far the embedding is from it.
///
/// Where baselines are ranked among fewer candidates than the embedding, the embedding itself is among them, ranked as
/// they are ([`is_embedding`](Self::is_embedding)): like then stands beside like.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Baseline {
    /// What it is.
    pub name: String,
    /// Whether it is the embedding itself, among the candidates of the baselines.
    pub is_embedding: bool,
    /// Candidates that ranks were estimated on, where not all.
    pub candidates: Option<usize>,
    /// What it says.
    pub outcome: Outcome,
    /// The embedding's figure minus the baseline's, and the 95 % interval of that over drugs.
    pub difference: BTreeMap<String, [f64; 3]>,
}

/// The origin of a split.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SplitNote {
    /// What rows were held together by.
    pub by: String,
    /// Folds and repeats.
    pub design: String,
    /// The seed.
    pub seed: u64,
    /// Digest of the division, rows in no fold left out.
    pub digest: String,
    /// Held-out sets that were evaluated.
    pub sets: usize,
    /// Held-out sets without two rows of one label.
    pub sets_without_pair: usize,
    /// Rows in none of them.
    pub rows_outside: usize,
}

/// The figures of one drug.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct DrugFigures {
    /// Its name.
    pub drug: String,
    /// Its queries.
    pub queries: u64,
    /// Their positives.
    pub positives: u64,
    /// 1 - mean quantile.
    pub auc_quantile: f64,
    /// Median quantile.
    pub median_q: f64,
    /// Share of positives below each x.
    pub recall: BTreeMap<String, f64>,
}
