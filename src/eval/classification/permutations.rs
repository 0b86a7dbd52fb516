//! Labels permuted among the drugs, to see what chance gives.

use crate::learn::Labels;
use crate::random::{Purpose, Stream};

/// `labels`, followed by `runs` permutations of them: the same lists of classes, assigned to the drugs at random.
pub(super) fn with_permutations(labels: &Labels, seed: u64, runs: usize) -> Vec<Labels> {
    let permuted = (0..runs as u64).map(|run| {
        let mut order: Vec<u32> = (0..labels.len() as u32).collect();
        Stream::new(seed, Purpose::ClassPermutation, run).shuffle(&mut order);
        labels.select(&order)
    });
    std::iter::once(labels.clone()).chain(permuted).collect()
}
