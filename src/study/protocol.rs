//! How an embedding is asked: what counts as alike, among whom, beside what.

use super::exclude::ExcludedPairs;
use super::label::Label;
use super::level::Level;
use crate::SettingError;
use crate::eval::Similarity;
use crate::split::Split;
use crate::stats::check_resamples;

/// A retrieval to be done.
#[derive(Debug, Clone)]
pub struct Protocol {
    /// What makes two rows alike.
    pub label: Label,
    /// Whether signatures or drugs are compared.
    pub level: Level,
    /// How alike two rows are; baselines have their own.
    pub similarity: Similarity,
    /// Held-out sets, each evaluated by itself; `None`: all rows together.
    pub split: Option<Split>,
    /// Lets labels stand on both sides of the split, such as known drugs in unseen cell lines.
    pub allow_shared_labels: bool,
    /// Number of randomly sampled candidates of each set that ranks are estimated on, at least 1 (Donner et al. 2018); on all where
    /// there are no more, and for `None`.
    pub candidates: Option<usize>,
    /// Positives that are left out.
    pub excluded: ExcludedPairs,
    /// Whether raw profiles and permuted labels are evaluated too.
    pub baselines: bool,
    /// Among more rows than this the 978 genes are compared with 10,000 randomly sampled candidates, since in full they take
    /// many minutes; the embedding is then ranked among the same ones too, so that like stands beside like.
    pub sample_baselines_beyond: usize,
    /// Resamples of the drugs for the intervals; 0 for none. See [`Bootstrap`](crate::stats::Bootstrap).
    pub bootstrap: usize,
    /// Seed of all random choices.
    pub seed: u64,
}

impl Protocol {
    /// Refuses settings that are out of their range whatever the data.
    pub(super) fn check(&self) -> Result<(), SettingError> {
        let candidates = self.candidates.unwrap_or(1);
        SettingError::check("the number of candidates", candidates, "at least 1", candidates > 0)?;
        check_resamples(self.bootstrap)
    }

    /// The usual one: everything against everything, with baselines and 1,000 resamples.
    pub fn new(label: Label) -> Self {
        let level = if label.is_of_drugs() { Level::Drug } else { Level::Signature };
        Self {
            label,
            level,
            similarity: Similarity::Cosine,
            split: None,
            allow_shared_labels: false,
            candidates: None,
            excluded: ExcludedPairs::default(),
            baselines: true,
            sample_baselines_beyond: 30_000,
            bootstrap: 1000,
            seed: 1,
        }
    }
}
