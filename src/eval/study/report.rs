//! What is reported of a retrieval, in the shape of its JSON.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::outcome::Outcome;
use super::run::Run;
use crate::eval::{DrugTally, RECALL_AT, Tally};

/// A retrieval with its baselines.
#[derive(Debug, Clone, PartialEq, Serialize)]
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
    /// The division, where there is one.
    pub split: Option<SplitNote>,
    /// Rows that were evaluated.
    pub rows: usize,
    /// Rows left out since their label is not known.
    pub rows_without_label: usize,
    /// What it says.
    #[serde(flatten)]
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
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Baseline {
    /// What it is.
    pub name: String,
    /// Whether it is the embedding itself, among the candidates of the baselines.
    pub is_embedding: bool,
    /// Candidates that ranks were estimated on, where not all.
    pub candidates: Option<usize>,
    /// What it says.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// The embedding's figure minus the baseline's, and the 95 % interval of that over drugs.
    pub difference: BTreeMap<String, [f64; 3]>,
}

/// Where a split came from.
#[derive(Debug, Clone, PartialEq, Serialize)]
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
#[derive(Debug, Clone, PartialEq, Serialize)]
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

impl Run<'_> {
    pub(super) fn report(&self, tally: &Tally, outcome: Outcome, baselines: Vec<Baseline>) -> Retrieval {
        let protocol = self.protocol;
        let evaluated: BTreeSet<u32> =
            self.parts.iter().flat_map(|part| part.members.iter().flatten().copied()).collect();
        Retrieval {
            embedding: self.study.embedding.name.clone(),
            dim: self.study.embedding.dim,
            label: protocol.label.to_string(),
            level: protocol.level.as_str(),
            similarity: protocol.similarity.as_str(),
            candidates: self.candidates(),
            excluded: protocol.too_easy.names(),
            split: protocol.split.as_ref().map(|split| SplitNote {
                by: split.by().join(" x "),
                design: split.design().to_string(),
                seed: split.seed(),
                digest: split.digest_of_folds(),
                sets: self.parts.len(),
                sets_without_pair: self.sets_without_pair,
                rows_outside: split.outside(),
            }),
            rows: evaluated.len(),
            rows_without_label: self.labels.unknown(),
            warnings: self.warnings(&outcome, &baselines),
            per_drug: tally.drugs().map(|(drug, found)| self.drug(drug, found)).collect(),
            outcome,
            baselines,
        }
    }

    fn drug(&self, number: u32, found: &DrugTally) -> DrugFigures {
        let mut name = self.drug_names.get(number as usize).cloned();
        let name = name.get_or_insert_with(|| "(unknown)".to_owned());
        let recall = RECALL_AT;
        let pairs = found.ranks.pairs() as f64;
        DrugFigures {
            drug: std::mem::take(name),
            queries: found.queries,
            positives: found.ranks.pairs(),
            auc_quantile: 1.0 - found.ranks.sum() / pairs,
            median_q: found.ranks.median().unwrap_or(f64::NAN),
            recall: recall.iter().map(|&x| (x.to_string(), found.ranks.below(x) / pairs)).collect(),
        }
    }
}
