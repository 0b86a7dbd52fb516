//! The best k of a stream of similarities.

use crate::neighbour::Neighbour;

/// Keeps the best `k` neighbours of rows that are offered in ascending order.
///
/// Candidates are gathered up to twice `k` and then cut to `k` by selection: a constant amount of work
/// for each, whatever their order. Because rows ascend, a row that only equals the worst one kept loses the
/// tie, so "better than the threshold" is all a scan has to ask.
pub(crate) struct TopK {
    k: usize,
    kept: Vec<Neighbour>,
    threshold: f32,
}

impl TopK {
    /// `rows` bounds the memory: no more than that many will be offered.
    pub(crate) fn new(k: usize, rows: usize) -> Self {
        let k = k.min(rows);
        // Nothing is better than infinity: with k = 0 nothing is taken.
        let threshold = if k == 0 { f32::INFINITY } else { f32::NEG_INFINITY };
        Self { k, kept: Vec::with_capacity(room(k).min(rows)), threshold }
    }

    /// Offers the similarities of consecutive rows; those that `wanted` refuses are left out.
    pub(crate) fn offer(&mut self, first: u32, similarities: &[f32], wanted: impl Fn(u32) -> bool) {
        const STEP: usize = BLOCK * u64::BITS as usize;
        for (some, row) in similarities.chunks(STEP).zip((first..).step_by(STEP)) {
            let mut blocks = blocks_above(some, self.threshold);
            while blocks != 0 {
                let start = blocks.trailing_zeros() as usize * BLOCK;
                blocks &= blocks - 1;
                for (&similarity, row) in some[start..].iter().take(BLOCK).zip(row + start as u32..) {
                    if similarity > self.threshold && wanted(row) {
                        self.push(Neighbour { row, similarity });
                    }
                }
            }
        }
    }

    /// Offers one row.
    pub(crate) fn push(&mut self, neighbour: Neighbour) {
        if neighbour.similarity > self.threshold {
            self.kept.push(neighbour);
            if self.kept.len() >= room(self.k) {
                self.cut();
            }
        }
    }

    fn cut(&mut self) {
        if self.kept.len() < self.k || self.k == 0 {
            return;
        }
        let (_, worst, _) = self.kept.select_nth_unstable_by(self.k - 1, Neighbour::nearest_first);
        self.threshold = worst.similarity;
        self.kept.truncate(self.k);
    }

    /// The best, nearest first.
    pub(crate) fn finish(mut self) -> Vec<Neighbour> {
        self.cut();
        self.kept.sort_unstable_by(Neighbour::nearest_first);
        self.kept
    }
}

/// Similarities that are asked together.
const BLOCK: usize = 16;

/// The blocks of similarities that hold one above the threshold, a bit for each of at most 64: nearly all hold none.
fn blocks_above(similarities: &[f32], threshold: f32) -> u64 {
    let (whole, rest) = similarities.as_chunks::<BLOCK>();
    let mut bits = if any_above(rest, threshold) { 1 << whole.len() } else { 0 };
    for (at, block) in whole.iter().enumerate() {
        bits |= u64::from(any_above(block, threshold)) << at;
    }
    bits
}

/// Inlined for blocks of a known length.
#[inline(always)]
fn any_above(similarities: &[f32], threshold: f32) -> bool {
    similarities.iter().fold(false, |any, &similarity| any | (similarity > threshold))
}

/// How many are gathered before a cut.
fn room(k: usize) -> usize {
    k.saturating_mul(2).saturating_add(32)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_best_k_are_those_of_a_full_sort(values in prop::collection::vec(-3i8..3, 0..300), k in 0usize..40) {
            let values: Vec<f32> = values.into_iter().map(f32::from).collect();
            let mut all: Vec<_> =
                (0..).zip(&values).map(|(row, &similarity)| Neighbour { row, similarity }).collect();
            all.sort_by(Neighbour::nearest_first);
            all.truncate(k);
            let mut top = TopK::new(k, values.len());
            top.offer(0, &values, |_| true);
            prop_assert_eq!(top.finish(), all);
        }
    }
}
