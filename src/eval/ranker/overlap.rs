//! Similarities of positives and negatives, over all queries.

use super::bins::{BINS, Bins};
use crate::stats::{SimilarityHistogram, add_counts};

/// Counts of positives and negatives by bin.
pub(super) struct Bin {
    pub(super) positives: Vec<u64>,
    pub(super) negatives: Vec<u64>,
}

impl Bin {
    pub(super) fn none() -> Self {
        Self { positives: vec![0; BINS], negatives: vec![0; BINS] }
    }

    /// Adds the negatives of a query, counted by bin, and its positives.
    #[inline(always)]
    pub(super) fn add_query(&mut self, bins: Bins, negatives: &[u32; BINS], positives: &[f32]) {
        self.negatives.iter_mut().zip(negatives).for_each(|(sum, &count)| *sum += u64::from(count));
        positives.iter().for_each(|&positive| self.positives[usize::from(bins.of(positive))] += 1);
    }

    pub(super) fn add(&mut self, other: &Self) {
        add_counts(&mut self.positives, &other.positives);
        add_counts(&mut self.negatives, &other.negatives);
    }

    pub(super) fn named(self, bins: Bins, unit: f64) -> SimilarityHistogram {
        let similarity = (0..BINS).map(|bin| bins.middle(bin) / unit).collect();
        SimilarityHistogram { similarity, positives: self.positives, negatives: self.negatives }
    }
}
