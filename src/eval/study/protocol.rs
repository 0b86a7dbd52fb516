//! How an embedding is asked: what counts as alike, among whom, beside what.

use super::Row;
use super::part::Level;
use super::question::Label;
use super::strata::treatment;
use crate::eval::interval::check_resamples;
use crate::eval::split::Split;
use crate::eval::{EvalError, Similarity};

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

/// What a user calls a kind of pairs.
pub(super) struct Easy {
    pub(super) is_out: bool,
    /// As it is typed.
    pub(super) option: &'static str,
    pub(super) what: &'static str,
    /// Where it would be known from.
    pub(super) known_from: &'static str,
    pub(super) of: fn(&Row) -> Option<String>,
}

impl TooEasyPairs {
    pub(super) fn kinds(self) -> [Easy; 3] {
        [
            Easy {
                is_out: self.plate,
                option: "plate",
                what: "same plate",
                known_from: "a sig_id such as PLATE:WELL",
                of: |row| row.plate.clone(),
            },
            Easy {
                is_out: self.cell,
                option: "cell",
                what: "same cell line",
                known_from: "a column cell_id",
                of: |row| row.cell.clone(),
            },
            Easy {
                is_out: self.treatment,
                option: "treatment",
                what: "same dose and time",
                known_from: "columns pert_idose and pert_itime",
                of: treatment,
            },
        ]
    }

    /// Whether any pair is left out.
    pub fn any(self) -> bool {
        self.plate || self.cell || self.treatment
    }

    /// What is left out, for people.
    pub fn names(self) -> Vec<&'static str> {
        self.kinds().into_iter().filter(|kind| kind.is_out).map(|kind| kind.what).collect()
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
    /// Ranks are estimated on so many candidates of a set, drawn by lot, at least 1 (Donner et al. 2018); on all where
    /// there are no more, and for `None`.
    pub candidates: Option<usize>,
    /// Positives that are left out.
    pub too_easy: TooEasyPairs,
    /// Whether raw profiles and permuted labels are evaluated too.
    pub baselines: bool,
    /// Among more rows than this the 978 genes are compared with 10,000 candidates drawn by lot, since in full they take
    /// many minutes; the embedding is then ranked among the same ones too, so that like stands beside like.
    pub sample_baselines_beyond: usize,
    /// Resamples of the drugs for the intervals; 0 for none. See [`Bootstrap`](crate::eval::Bootstrap).
    pub bootstrap: usize,
    /// Decides whatever is drawn by lot.
    pub seed: u64,
}

impl Protocol {
    /// Refuses settings that are out of their range whatever the data.
    pub(super) fn check(&self) -> Result<(), EvalError> {
        if self.candidates == Some(0) {
            let (found, expected) = ("0".to_owned(), "at least 1".to_owned());
            return Err(EvalError::Setting { name: "the number of candidates", found, expected });
        }
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
            too_easy: TooEasyPairs::default(),
            baselines: true,
            sample_baselines_beyond: 30_000,
            bootstrap: 1000,
            seed: 1,
        }
    }
}
