//! Counts of the similarities of one query above each of its thresholds, and right on one.

use super::bins::{BINS, Bins};
use super::thresholds::Thresholds;

/// Of the counter of a bin the bit that tells of a threshold in it; the others count, in steps of [`STEP`]. That leaves
/// room for as many rows as there may be.
const MARK: u32 = 1;
const STEP: u32 = 2;

/// Of a [`Counter::up_to`] one similarity that is right on the threshold; one that is not is 1.
const TIE: u64 = 1 << 32;

/// Similarities of which the bins are found before they are counted.
const PART: usize = 512;
/// Similarities whose marks fill one word.
const WORD: usize = u64::BITS as usize;

/// Counts of the similarities that the thresholds of one query are compared with.
///
/// Nearly every similarity is only counted in its bin. Those that share their bin with a threshold, one in a
/// hundred, are compared one by one, so that the answer is exact.
pub(super) struct Counter {
    thresholds: Thresholds,
    /// How many similarities lie in a bin, and whether a threshold does: one look tells both. Of 32 bits, for processors
    /// store fewer more slowly.
    counters: Box<[u32; BINS]>,
    /// Of the similarities in marked bins, those up to a threshold and above the one before it, in the upper half those
    /// right on it; last those above all.
    up_to: Vec<u64>,
}

/// The bins of some similarities: a buffer that serves one counter after another.
pub(super) struct Scratch(Box<[u16; PART]>);

impl Scratch {
    pub(super) fn new() -> Self {
        Self(Box::new([0; PART]))
    }
}

impl Counter {
    pub(super) fn new() -> Self {
        Self { thresholds: Thresholds::new(), counters: Box::new([0; BINS]), up_to: Vec::new() }
    }

    /// Begins a query with these thresholds, in any order.
    pub(super) fn begin(&mut self, bins: Bins, thresholds: &[f32]) {
        self.thresholds.set(bins, thresholds);
        self.counters.fill(0);
        self.thresholds.bins().for_each(|(bin, _)| self.counters[bin] = MARK);
        self.up_to.clear();
        self.up_to.resize(self.thresholds.len() + 1, 0);
    }

    /// Counts some similarities.
    #[inline(always)]
    pub(super) fn add(&mut self, bins: Bins, similarities: &[f32], scratch: &mut Scratch) {
        for part in similarities.chunks(PART) {
            let places = &mut scratch.0[..part.len()];
            for (place, &similarity) in places.iter_mut().zip(part) {
                *place = bins.of(similarity);
            }
            let ((words, rest), (similarities, left)) =
                (places.as_chunks::<WORD>(), part.as_chunks::<WORD>());
            for (places, similarities) in words.iter().zip(similarities) {
                let marks = self.count(places);
                self.compare(marks, places, similarities);
            }
            let marks = self.count(rest);
            self.compare(marks, rest, left);
        }
    }

    /// Counts up to 64 similarities in their bins; tells which lie in marked ones, the last of them in the lowest bit.
    /// Without a branch: one in fifty would be guessed wrong.
    #[inline(always)]
    fn count(&mut self, places: &[u16]) -> u64 {
        let (eights, rest) = places.as_chunks::<8>();
        let mut marks = 0;
        for eight in eights {
            for &place in eight {
                marks = 2 * marks + self.count_one(place);
            }
        }
        for &place in rest {
            marks = 2 * marks + self.count_one(place);
        }
        marks
    }

    /// Counts one similarity; 1 when it lies in a marked bin.
    #[inline(always)]
    fn count_one(&mut self, place: u16) -> u64 {
        let counter = &mut self.counters[usize::from(place) % BINS];
        let count = *counter;
        *counter = count.wrapping_add(STEP);
        u64::from(count & MARK)
    }

    /// Compares the similarities that are marked with the thresholds of their bins.
    #[inline(always)]
    fn compare(&mut self, mut marks: u64, places: &[u16], similarities: &[f32]) {
        while marks != 0 {
            let at = places.len() - 1 - marks.trailing_zeros() as usize;
            marks &= marks - 1;
            let similarity = similarities[at];
            let place = self.thresholds.place(usize::from(places[at]), similarity);
            self.up_to[place] += self.worth(place, similarity);
        }
    }

    #[inline(always)]
    fn worth(&self, place: usize, similarity: f32) -> u64 {
        1 + if self.thresholds.value(place) == similarity { TIE } else { 0 }
    }

    /// Ends the query: hands out what was counted, without the similarities `left_out`, which were all counted.
    #[inline(always)]
    pub(super) fn finish(&mut self, bins: Bins, left_out: &[f32]) -> Counted<'_> {
        self.counters.iter_mut().for_each(|counter| *counter /= STEP);
        for &similarity in left_out {
            let bin = usize::from(bins.of(similarity));
            self.counters[bin] = self.counters[bin].wrapping_sub(1);
            if self.thresholds.is_marked(bin) {
                let place = self.thresholds.place(bin, similarity);
                self.up_to[place] = self.up_to[place].wrapping_sub(self.worth(place, similarity));
            }
        }
        self.sum_up();
        Counted { places: self.thresholds.places(), doubled: &self.up_to, histogram: &self.counters }
    }

    /// Turns what lies up to each threshold into twice what lies above it plus what lies right on it.
    #[inline(always)]
    fn sum_up(&mut self) {
        let mut end = self.thresholds.len();
        let (mut above, mut beyond) = (self.up_to[end] % TIE, BINS);
        for (bin, first) in self.thresholds.bins().rev() {
            above += self.counters[bin + 1..beyond].iter().map(|&count| u64::from(count)).sum::<u64>();
            for up_to in self.up_to[first..end].iter_mut().rev() {
                let (new, ties) = (*up_to % TIE, *up_to / TIE);
                *up_to = 2 * above + ties;
                above += new;
            }
            (beyond, end) = (bin, first);
        }
    }
}

/// Counts for one query.
pub(super) struct Counted<'a> {
    places: &'a [u32],
    doubled: &'a [u64],
    /// Similarities in every bin.
    pub(super) histogram: &'a [u32; BINS],
}

impl Counted<'_> {
    /// For every threshold, in the order in which they were given, twice the similarities above it plus those right on it.
    pub(super) fn doubled(&self) -> impl Iterator<Item = u64> {
        self.places.iter().map(|&place| self.doubled[place as usize])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::ranker::tile::TILE;
    use proptest::prelude::*;

    fn counted(similarities: &[f32], thresholds: &[f32], sample: &[f32], left_out: &[f32]) -> Vec<u64> {
        let bins = Bins::over(sample.to_vec());
        let (mut counter, mut scratch) = (Counter::new(), Scratch::new());
        counter.begin(bins, &[0.5; 3]);
        counter.add(bins, &[0.25; 7], &mut scratch);
        counter.begin(bins, thresholds);
        similarities.chunks(TILE).for_each(|tile| counter.add(bins, tile, &mut scratch));
        let counted = counter.finish(bins, left_out);
        let all: u64 = counted.histogram.iter().map(|&count| u64::from(count)).sum();
        assert_eq!(all as usize, similarities.len() - left_out.len());
        counted.doubled().collect()
    }

    fn one_by_one(similarities: &[f32], thresholds: &[f32]) -> Vec<u64> {
        let count = |keep: &dyn Fn(f32) -> bool| similarities.iter().filter(|&&s| keep(s)).count() as u64;
        thresholds.iter().map(|&t| 2 * count(&|s| s > t) + count(&|s| s == t)).collect()
    }

    proptest! {
        #[test]
        fn every_threshold_gets_the_counts_of_comparing_one_by_one(
            similarities in prop::collection::vec((-64i8..64).prop_map(|v| f32::from(v) / 32.0), 1..600),
            thresholds in prop::collection::vec((-70i8..70).prop_map(|v| f32::from(v) / 32.0), 0..300),
            sample in prop::collection::vec(-1.0_f32..1.0, 0..20),
            left_out in 0_usize..600,
        ) {
            let left_out = left_out % similarities.len();
            let found = counted(&similarities, &thresholds, &sample, &similarities[..left_out]);
            prop_assert_eq!(found, one_by_one(&similarities[left_out..], &thresholds));
        }
    }

    #[test]
    fn counts_beyond_sixteen_bits_are_kept() {
        let similarities: Vec<f32> = (0..200_000).map(|i| if i % 3 == 0 { 0.5 } else { 0.1 }).collect();
        for thresholds in [vec![0.5, 0.1, 0.2], (0..1000).map(|i| i as f32 / 1000.0).collect()] {
            assert_eq!(
                counted(&similarities, &thresholds, &[0.0, 1.0], &[]),
                one_by_one(&similarities, &thresholds)
            );
        }
    }

    #[test]
    fn many_thresholds_in_one_bin_and_both_zeros_are_told_apart() {
        let at = |number: u32| f32::from_bits(0.5_f32.to_bits() + number);
        let similarities: Vec<f32> = (0..700).map(|number| at(number % 97)).chain([0.0, -0.0, 0.0]).collect();
        let thresholds: Vec<f32> = (0..90).rev().step_by(2).map(at).chain([-0.0, 0.0]).collect();
        assert_eq!(
            counted(&similarities, &thresholds, &[-1.0, 1.0], &similarities[5..9]),
            one_by_one(&[&similarities[..5], &similarities[9..]].concat(), &thresholds)
        );
    }
}
