//! How far a training has come: all that is needed to go on with it.

use serde::{Deserialize, Serialize};

use super::adam::Adam;

/// What a look at a training in progress shows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Look {
    /// Steps done.
    pub step: u64,
    /// Mean loss since the look before.
    pub loss: f64,
    /// Figures on the validation drugs; `None` without any.
    pub validation: Option<Validation>,
    /// Seconds of training so far.
    pub seconds: f64,
    /// Profiles, or triplets, a second since the look before.
    pub rate: f64,
}

/// Same-drug retrieval among the validation drugs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Validation {
    /// `1 - mean quantile`.
    pub auc: f64,
    /// Mean over drugs.
    pub macro_auc: f64,
    /// Queries.
    pub queries: usize,
}

/// A training between two steps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// Steps done.
    pub step: u64,
    /// Steps in all.
    pub steps: u64,
    /// What has been seen so far.
    pub looks: Vec<Look>,
    /// The network's weights, then the classes'.
    pub(crate) weights: Vec<f32>,
    pub(crate) optimisers: Vec<Adam>,
    /// The network's weights at the best look so far; empty before any with validation.
    pub(crate) best: Vec<f32>,
    /// Sum and number of losses since the last look.
    pub(crate) losses: (f64, u64),
    /// Seconds before this process took over.
    pub(crate) seconds_before: f64,
}

impl State {
    /// Returns which look was the best one, by the validation drugs.
    pub fn best_look(&self) -> Option<&Look> {
        let auc = |look: &&Look| look.validation.map(|validation| validation.auc);
        let mut best: Option<&Look> = None;
        for look in self.looks.iter().filter(|look| look.validation.is_some()) {
            if best.is_none_or(|best| auc(&look) > auc(&best)) {
                best = Some(look);
            }
        }
        best
    }

    /// Looks since the best one.
    pub(crate) fn looks_without_gain(&self) -> usize {
        let Some(best) = self.best_look() else { return 0 };
        self.looks.iter().filter(|look| look.step > best.step).count()
    }
}
