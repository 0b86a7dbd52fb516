//! How many similarities of one query lie above each of its thresholds, and how many lie right on one.

use super::bins::{BINS, Bins};
use super::tile::TILE;

/// Similarities after which the narrow counters of a histogram are emptied into wide ones.
const WIDE_AFTER: usize = u16::MAX as usize / TILE * TILE;

/// What the thresholds of one query are compared with, tile by tile.
///
/// Nearly every similarity is only counted in its bin. Those that share their bin with a threshold, one in a
/// hundred, are compared one by one, so that the answer is exact.
pub(super) struct Counter {
    /// Ascending, each once.
    thresholds: Vec<f32>,
    /// Where the thresholds of a bin begin; one more than there are bins.
    first: Vec<u32>,
    marked: Box<[u8; BINS]>,
    narrow: Box<[u16; BINS]>,
    wide: Vec<u64>,
    since: usize,
    /// Of the similarities in a threshold's bin, those up to it and above the threshold before it.
    up_to: Vec<u64>,
    ties: Vec<u64>,
}

/// Buffers that serve one counter after another.
pub(super) struct Scratch {
    bins: Vec<u16>,
    close: Box<[f32; 2 * TILE]>,
}

impl Scratch {
    pub(super) fn new() -> Self {
        Self { bins: vec![0; TILE], close: Box::new([0.0; 2 * TILE]) }
    }
}

impl Counter {
    pub(super) fn new() -> Self {
        Self {
            thresholds: Vec::new(),
            first: vec![0; BINS + 1],
            marked: Box::new([0; BINS]),
            narrow: Box::new([0; BINS]),
            wide: vec![0; BINS],
            since: 0,
            up_to: Vec::new(),
            ties: Vec::new(),
        }
    }

    /// Begins a query with these thresholds, in any order.
    pub(super) fn begin(&mut self, bins: Bins, thresholds: &[f32]) {
        self.thresholds.clear();
        self.thresholds.extend_from_slice(thresholds);
        self.thresholds.sort_unstable_by(f32::total_cmp);
        self.thresholds.dedup_by(|a, b| a == b);
        self.first.fill(0);
        self.marked.fill(0);
        for &threshold in &self.thresholds {
            let bin = usize::from(bins.of(threshold));
            self.marked[bin] = 1;
            self.first[bin + 1] += 1;
        }
        for bin in 0..BINS {
            self.first[bin + 1] += self.first[bin];
        }
        self.narrow.fill(0);
        self.wide.fill(0);
        self.since = 0;
        self.up_to.clear();
        self.up_to.resize(self.thresholds.len(), 0);
        self.ties.clear();
        self.ties.resize(self.thresholds.len(), 0);
    }

    /// Counts one tile, at most [`TILE`] similarities.
    #[inline(always)]
    pub(super) fn add(&mut self, bins: Bins, similarities: &[f32], scratch: &mut Scratch) {
        let places = &mut scratch.bins[..similarities.len()];
        for (place, &similarity) in places.iter_mut().zip(similarities) {
            *place = bins.of(similarity);
        }
        let close = self.count_and_keep(places, similarities, &mut scratch.close);
        self.compare(bins, &scratch.close[..close]);
        self.since += TILE;
        if self.since >= WIDE_AFTER {
            self.widen();
        }
    }

    /// Counts every similarity in its bin, and gathers those in marked bins at the front of `close`. Without a branch:
    /// one in fifty would be guessed wrong.
    #[inline(always)]
    fn count_and_keep(&mut self, places: &[u16], similarities: &[f32], close: &mut [f32; 2 * TILE]) -> usize {
        let mut kept = 0;
        for (&place, &similarity) in places.iter().zip(similarities) {
            let bin = usize::from(place) % BINS;
            self.narrow[bin] += 1;
            close[kept % (2 * TILE)] = similarity;
            kept += usize::from(self.marked[bin]);
        }
        kept
    }

    #[inline(always)]
    fn compare(&mut self, bins: Bins, close: &[f32]) {
        for &similarity in close {
            let bin = usize::from(bins.of(similarity));
            let (first, end) = (self.first[bin] as usize, self.first[bin + 1] as usize);
            let here = &self.thresholds[first..end];
            let below = here.partition_point(|&threshold| threshold < similarity);
            if let Some(&next) = here.get(below) {
                self.up_to[first + below] += 1;
                self.ties[first + below] += u64::from(next == similarity);
            }
        }
    }

    fn widen(&mut self) {
        self.wide.iter_mut().zip(self.narrow.iter()).for_each(|(wide, &narrow)| *wide += u64::from(narrow));
        self.narrow.fill(0);
        self.since = 0;
    }

    /// Ends the query: hands out what was counted.
    pub(super) fn finish(&mut self) -> Counted<'_> {
        self.widen();
        let mut above = vec![0; self.thresholds.len()];
        let mut in_higher_bins = 0;
        for bin in (0..BINS).rev() {
            let mut left = self.wide[bin];
            let here = self.first[bin] as usize..self.first[bin + 1] as usize;
            for (above, up_to) in above[here.clone()].iter_mut().zip(&self.up_to[here]) {
                left -= up_to;
                *above = in_higher_bins + left;
            }
            in_higher_bins += self.wide[bin];
        }
        Counted { thresholds: &self.thresholds, above, ties: &self.ties, histogram: &self.wide }
    }
}

/// What was counted for one query.
pub(super) struct Counted<'a> {
    thresholds: &'a [f32],
    above: Vec<u64>,
    ties: &'a [u64],
    /// Similarities in every bin.
    pub(super) histogram: &'a [u64],
}

impl Counted<'_> {
    /// Similarities above `threshold` and right on it. It must be one of those that the query began with.
    pub(super) fn at(&self, threshold: f32) -> (u64, u64) {
        let at = self.thresholds.partition_point(|&other| other < threshold);
        (self.above[at], self.ties[at])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn counted(similarities: &[f32], thresholds: &[f32], sample: &[f32]) -> Vec<(u64, u64)> {
        let bins = Bins::over(sample.to_vec());
        let (mut counter, mut scratch) = (Counter::new(), Scratch::new());
        counter.begin(bins, &[0.5; 3]);
        counter.add(bins, &[0.25; 7], &mut scratch);
        counter.begin(bins, thresholds);
        similarities.chunks(TILE).for_each(|tile| counter.add(bins, tile, &mut scratch));
        let counted = counter.finish();
        assert_eq!(counted.histogram.iter().sum::<u64>(), similarities.len() as u64);
        thresholds.iter().map(|&threshold| counted.at(threshold)).collect()
    }

    fn one_by_one(similarities: &[f32], thresholds: &[f32]) -> Vec<(u64, u64)> {
        let count = |keep: &dyn Fn(f32) -> bool| similarities.iter().filter(|&&s| keep(s)).count() as u64;
        thresholds.iter().map(|&t| (count(&|s| s > t), count(&|s| s == t))).collect()
    }

    proptest! {
        #[test]
        fn every_threshold_gets_the_counts_of_comparing_one_by_one(
            similarities in prop::collection::vec((-64i8..64).prop_map(|v| f32::from(v) / 32.0), 1..600),
            thresholds in prop::collection::vec((-70i8..70).prop_map(|v| f32::from(v) / 32.0), 0..300),
            sample in prop::collection::vec(-1.0_f32..1.0, 0..20),
        ) {
            let found = counted(&similarities, &thresholds, &sample);
            prop_assert_eq!(found, one_by_one(&similarities, &thresholds));
        }
    }

    #[test]
    fn counts_beyond_sixteen_bits_are_kept() {
        let similarities: Vec<f32> = (0..200_000).map(|i| if i % 3 == 0 { 0.5 } else { 0.1 }).collect();
        for thresholds in [vec![0.5, 0.1, 0.2], (0..1000).map(|i| i as f32 / 1000.0).collect()] {
            assert_eq!(
                counted(&similarities, &thresholds, &[0.0, 1.0]),
                one_by_one(&similarities, &thresholds)
            );
        }
    }
}
