//! How similar positives and negatives are, over all queries.

use super::bins::{BINS, Bins};

/// How many similarities of positives and of negatives fell in each bin, over all queries.
#[derive(Debug, Clone, PartialEq)]
pub struct Overlap {
    /// Middle of every bin, ascending.
    pub similarity: Vec<f64>,
    /// (query, positive) pairs.
    pub positives: Vec<u64>,
    /// (query, negative) pairs.
    pub negatives: Vec<u64>,
}

impl Overlap {
    /// Adds the counts of other queries of the same scan.
    pub fn add(&mut self, other: &Self) {
        add_counts(&mut self.positives, &other.positives);
        add_counts(&mut self.negatives, &other.negatives);
    }
}

fn add_counts(sums: &mut [u64], counts: &[u64]) {
    sums.iter_mut().zip(counts).for_each(|(sum, &count)| *sum += count);
}

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

    pub(super) fn named(self, bins: Bins, unit: f64) -> Overlap {
        let similarity = (0..BINS).map(|bin| bins.middle(bin) / unit).collect();
        Overlap { similarity, positives: self.positives, negatives: self.negatives }
    }
}
