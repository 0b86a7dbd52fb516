//! The thresholds of one query, and where a similarity lies among them.

use super::bins::{BINS, Bins};

/// As many thresholds are compared with a similarity at once.
const WINDOW: usize = 8;

/// The bins of one word of marks.
const WORD: usize = u64::BITS as usize;

/// The similarities of a query's positives, in order, and which bins they lie in. What is asked for while counting takes
/// up a kilobyte, so that those of many queries stay in the cache.
pub(super) struct Thresholds {
    /// Ascending, each once; then a window of infinity.
    values: Vec<f32>,
    /// Where each of those that were given lies among them.
    places: Vec<u32>,
    /// A bit for every bin with a threshold.
    marks: Box<[u64; BINS / WORD]>,
    /// The marks before each word of them.
    before: Box<[u32; BINS / WORD]>,
    /// The marked bins, ascending.
    bins: Vec<u16>,
    /// The first threshold of each, and last the number of thresholds.
    first: Vec<u32>,
    keys: Vec<u64>,
}

impl Thresholds {
    pub(super) fn new() -> Self {
        Self {
            values: Vec::new(),
            places: Vec::new(),
            marks: Box::new([0; BINS / WORD]),
            before: Box::new([0; BINS / WORD]),
            bins: Vec::new(),
            first: Vec::new(),
            keys: Vec::new(),
        }
    }

    /// Takes thresholds, in any order, in place of those before.
    pub(super) fn set(&mut self, bins: Bins, given: &[f32]) {
        self.sort(given);
        self.bins.clear();
        self.first.clear();
        self.marks.fill(0);
        for (&threshold, at) in self.values.iter().zip(0..) {
            let bin = bins.of(threshold);
            if self.bins.last() != Some(&bin) {
                self.bins.push(bin);
                self.first.push(at);
                self.marks[usize::from(bin) / WORD] |= 1 << (usize::from(bin) % WORD);
            }
        }
        self.first.push(self.values.len() as u32);
        let mut marks = 0;
        for (before, word) in self.before.iter_mut().zip(self.marks.iter()) {
            *before = marks;
            marks += word.count_ones();
        }
        self.values.extend([f32::INFINITY; WINDOW]);
    }

    fn sort(&mut self, given: &[f32]) {
        self.keys.clear();
        self.keys.extend(given.iter().zip(0_u64..).map(|(&value, at)| u64::from(ordered(value)) << 32 | at));
        self.keys.sort_unstable();
        self.places.clear();
        self.places.resize(given.len(), 0);
        self.values.clear();
        for key in &self.keys {
            let at = *key as u32 as usize;
            if self.values.last() != Some(&given[at]) {
                self.values.push(given[at]);
            }
            self.places[at] = self.values.len() as u32 - 1;
        }
    }

    /// Returns the number of different thresholds.
    pub(super) fn len(&self) -> usize {
        self.values.len() - WINDOW
    }

    pub(super) fn value(&self, place: usize) -> f32 {
        self.values[place]
    }

    /// For every threshold that was given its place among the different ones, ascending.
    pub(super) fn places(&self) -> &[u32] {
        &self.places
    }

    /// Returns the bins with thresholds, ascending, and the first place of each.
    pub(super) fn bins(&self) -> impl DoubleEndedIterator<Item = (usize, usize)> {
        self.bins.iter().zip(&self.first).map(|(&bin, &first)| (usize::from(bin), first as usize))
    }

    /// Tells whether a threshold lies in `bin`.
    #[inline(always)]
    pub(super) fn is_marked(&self, bin: usize) -> bool {
        self.marks[bin / WORD % (BINS / WORD)] >> (bin % WORD) & 1 != 0
    }

    /// Returns the place of the first threshold that is no less than `similarity`, which lies in `bin`, as a threshold
    /// does; one more than there are when it is above all.
    #[inline(always)]
    pub(super) fn place(&self, bin: usize, similarity: f32) -> usize {
        let word = bin / WORD % (BINS / WORD);
        let below = self.marks[word] & ((1 << (bin % WORD)) - 1);
        let number = (self.before[word] + below.count_ones()) as usize;
        let (first, end) = (self.first[number] as usize, self.first[number + 1] as usize);
        if end - first > WINDOW {
            return first + self.values[first..end].partition_point(|&threshold| threshold < similarity);
        }
        // Those beyond the bin are larger than all that is in it.
        let mut below = 0;
        for &threshold in &self.values[first..first + WINDOW] {
            below += usize::from(threshold < similarity);
        }
        first + below
    }
}

/// Returns a number in the order of the similarities.
fn ordered(similarity: f32) -> u32 {
    let bits = similarity.to_bits();
    bits ^ if similarity.is_sign_negative() { u32::MAX } else { 1 << 31 }
}
