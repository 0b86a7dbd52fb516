//! The protocol of a retrieval: what counts as alike, among which rows, beside which baselines.

use super::exclude::ExcludedPairs;
use super::label::Label;
use super::level::Level;
use crate::SettingError;
use crate::eval::Similarity;
use crate::split::Split;
use crate::stats::check_resamples;

/// The protocol of a retrieval.
///
/// ```
/// use l1kdb::study::{ExcludedPairs, Protocol};
///
/// let protocol = Protocol::new("moa".parse()?).excluded(ExcludedPairs::default().plate(true)).bootstrap(0);
/// # Ok::<(), l1kdb::eval::EvalError>(())
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
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
    /// A query looks in the rows of other sources only, each source by itself: no positive and no negative is of its own. Of
    /// signatures, not of drugs.
    pub across_sources: bool,
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

    /// Asks for everything against everything, with baselines and 1,000 resamples.
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
            across_sources: false,
            baselines: true,
            sample_baselines_beyond: 30_000,
            bootstrap: 1000,
            seed: 1,
        }
    }

    /// Sets whether signatures or drugs are compared.
    #[must_use]
    pub fn level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    /// Sets how alike two rows are.
    #[must_use]
    pub fn similarity(mut self, similarity: Similarity) -> Self {
        self.similarity = similarity;
        self
    }

    /// Sets the held-out sets; all rows together where `None`.
    #[must_use]
    pub fn split(mut self, split: impl Into<Option<Split>>) -> Self {
        self.split = split.into();
        self
    }

    /// Sets whether labels may be on both sides of the split.
    #[must_use]
    pub fn allow_shared_labels(mut self, allow_shared_labels: bool) -> Self {
        self.allow_shared_labels = allow_shared_labels;
        self
    }

    /// Sets the number of randomly sampled candidates; all where `None`.
    #[must_use]
    pub fn candidates(mut self, candidates: impl Into<Option<usize>>) -> Self {
        self.candidates = candidates.into();
        self
    }

    /// Sets which positives are excluded.
    #[must_use]
    pub fn excluded(mut self, excluded: ExcludedPairs) -> Self {
        self.excluded = excluded;
        self
    }

    /// Sets whether a query looks in the rows of other sources only.
    #[must_use]
    pub fn across_sources(mut self, across_sources: bool) -> Self {
        self.across_sources = across_sources;
        self
    }

    /// Sets whether raw profiles and permuted labels are evaluated too.
    #[must_use]
    pub fn baselines(mut self, baselines: bool) -> Self {
        self.baselines = baselines;
        self
    }

    /// Sets the number of rows beyond which baselines are ranked among sampled candidates.
    #[must_use]
    pub fn sample_baselines_beyond(mut self, sample_baselines_beyond: usize) -> Self {
        self.sample_baselines_beyond = sample_baselines_beyond;
        self
    }

    /// Sets the number of resamples for the intervals.
    #[must_use]
    pub fn bootstrap(mut self, bootstrap: usize) -> Self {
        self.bootstrap = bootstrap;
        self
    }

    /// Sets the seed of all random choices.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }
}
