/// Numbers of positives and negatives with a similarity in each bin, over all queries.
#[derive(Debug, Clone, PartialEq)]
pub struct SimilarityHistogram {
    /// Middle of every bin, ascending.
    pub similarity: Vec<f64>,
    /// (query, positive) pairs.
    pub positives: Vec<u64>,
    /// (query, negative) pairs.
    pub negatives: Vec<u64>,
}

impl SimilarityHistogram {
    /// Adds the counts of other queries in the same bins.
    pub fn add(&mut self, other: &Self) {
        add_counts(&mut self.positives, &other.positives);
        add_counts(&mut self.negatives, &other.negatives);
    }
}

pub(crate) fn add_counts(sums: &mut [u64], counts: &[u64]) {
    sums.iter_mut().zip(counts).for_each(|(sum, &count)| *sum += count);
}
