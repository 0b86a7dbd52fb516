//! Parts of the pairs that share a property: in one cell line or two, at one dose, ...

use std::collections::BTreeMap;

use super::RECALL_AT;

/// Appends the numbers of the strata that a pair is in, given by the rows of query and positive.
pub type StrataOf<'a> = dyn Fn(usize, usize, &mut Vec<u16>) + Sync + 'a;

/// Sums over some pairs: enough for means and recalls, and for weighing drugs anew.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Sums {
    /// Pairs.
    pub pairs: f64,
    /// Their quantiles, summed.
    pub quantiles: f64,
    /// Pairs below each of [`RECALL_AT`], ties half.
    pub below: [f64; RECALL_AT.len()],
}

impl Sums {
    pub(super) fn add(&mut self, quantile: f64) {
        self.pairs += 1.0;
        self.quantiles += quantile;
        for (below, x) in self.below.iter_mut().zip(RECALL_AT) {
            *below += if quantile < x { 1.0 } else { 0.5 * f64::from(u8::from(quantile == x)) };
        }
    }

    /// Adds `weight` times another sum.
    pub(super) fn add_times(&mut self, weight: f64, other: &Self) {
        self.pairs += weight * other.pairs;
        self.quantiles += weight * other.quantiles;
        self.below.iter_mut().zip(other.below).for_each(|(below, other)| *below += weight * other);
    }

    /// `1 - mean quantile`.
    pub fn auc_quantile(&self) -> f64 {
        1.0 - self.quantiles / self.pairs
    }

    /// Returns the shares of pairs below each of [`RECALL_AT`].
    pub fn recall(&self) -> [f64; RECALL_AT.len()] {
        self.below.map(|below| below / self.pairs)
    }
}

/// Sums by stratum.
pub(super) type ByStratum = BTreeMap<u16, Sums>;
