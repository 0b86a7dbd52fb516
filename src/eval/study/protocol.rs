//! How an embedding is asked: what counts as alike, among whom, beside what.

use super::part::Level;
use super::question::Label;
use crate::eval::Similarity;
use crate::eval::split::Split;

/// Positives that are too easy to count, being neither positives nor negatives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TooEasyPairs {
    /// Of one plate.
    pub plate: bool,
    /// Of one cell line.
    pub cell: bool,
    /// Of one dose and time.
    pub treatment: bool,
}

impl TooEasyPairs {
    /// Whether any pair is left out.
    pub fn any(self) -> bool {
        self.plate || self.cell || self.treatment
    }

    /// What is left out, for people.
    pub fn names(self) -> Vec<&'static str> {
        let all = [
            (self.plate, "same plate"),
            (self.cell, "same cell line"),
            (self.treatment, "same dose and time"),
        ];
        all.into_iter().filter_map(|(is_out, name)| is_out.then_some(name)).collect()
    }
}

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
    /// Ranks are estimated on so many candidates, drawn by lot (Donner et al. 2018); `None`: on all.
    pub candidates: Option<usize>,
    /// Positives that are left out.
    pub too_easy: TooEasyPairs,
    /// Whether raw profiles and permuted labels are evaluated too.
    pub baselines: bool,
    /// Among more rows than this the 978 genes are compared with 10,000 candidates drawn by lot, since in full they take
    /// many minutes; the embedding is then ranked among the same ones too, so that like stands beside like.
    pub sample_baselines_beyond: usize,
    /// Resamples of the drugs for the intervals.
    pub bootstrap: usize,
    /// Decides whatever is drawn by lot.
    pub seed: u64,
}

impl Protocol {
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
            too_easy: TooEasyPairs::default(),
            baselines: true,
            sample_baselines_beyond: 30_000,
            bootstrap: 1000,
            seed: 1,
        }
    }
}
