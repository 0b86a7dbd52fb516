//! Sorts the values of a profile by radix, and gives their ranks.
//!
//! A profile is sorted for each score by ranks, so this is most of their time. Keys are integers in the order of the
//! values. Values that were half floats have zeros in the 13 lowest bits of the key, so that two of four passes are
//! enough.

/// A value in sorted order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Entry {
    /// Ascends while the value falls; equal for equal values, 0.0 and -0.0 among them.
    key: u32,
    /// Number of the gene.
    pub gene: u32,
}

/// Memory for sorting, used again for each profile.
#[derive(Debug, Default)]
pub(super) struct Order {
    entries: Vec<Entry>,
    spare: Vec<Entry>,
}

/// The key of zero, and the bit that is set in keys of what is not positive.
const ZERO: u32 = 1 << 31;

/// The least magnitude that is not finite.
const INFINITE: u32 = f32::INFINITY.to_bits();

/// Some bits of a key.
#[derive(Debug, Clone, Copy)]
struct Digit {
    first_bit: u32,
    bits: u32,
}

/// The digits that only keys of single precision differ in, the lower first.
const BELOW_HALVES: [Digit; 2] = [Digit { first_bit: 0, bits: 7 }, Digit { first_bit: 7, bits: 6 }];

/// The digits that keys of half floats differ in, the lower first.
const OF_HALVES: [Digit; 2] = [Digit { first_bit: 13, bits: 9 }, Digit { first_bit: 22, bits: 10 }];

/// Values of the longest digit.
const BUCKETS: usize = 1 << 10;

impl Order {
    /// Returns the values from the largest to the smallest, those that are equal by gene; `None` where one is not finite.
    pub fn descending(&mut self, values: &[f32]) -> Option<&[Entry]> {
        self.sort(values, |value| {
            let magnitude = value.to_bits() & !ZERO;
            if value.is_sign_negative() { ZERO + magnitude } else { ZERO - magnitude }
        })
    }

    /// Returns the values from the largest magnitude to the smallest, those that are equal by gene; `None` where one is not
    /// finite.
    pub fn by_magnitude(&mut self, values: &[f32]) -> Option<&[Entry]> {
        self.sort(values, |value| ZERO - (value.to_bits() & !ZERO))
    }

    #[inline]
    fn sort(&mut self, values: &[f32], key: impl Fn(f32) -> u32) -> Option<&[Entry]> {
        let (mut bits, mut largest) = (0, 0);
        self.entries.clear();
        self.entries.extend(values.iter().zip(0..).map(|(&value, gene)| {
            let key = key(value);
            bits |= key;
            largest = largest.max(value.to_bits() & !ZERO);
            Entry { key, gene }
        }));
        self.spare.resize(values.len(), Entry::default());
        if bits & ((1 << OF_HALVES[0].first_bit) - 1) != 0 {
            self.sort_by(BELOW_HALVES);
        }
        self.sort_by(OF_HALVES);
        (largest < INFINITE).then_some(&self.entries)
    }

    /// Sorts by two digits, the lower first, entries that are equal in both as they were.
    fn sort_by(&mut self, [low, high]: [Digit; 2]) {
        let (mut of_low, mut of_high) = ([0; BUCKETS], [0; BUCKETS]);
        for entry in &self.entries {
            of_low[low.of(entry)] += 1;
            of_high[high.of(entry)] += 1;
        }
        low.distribute(of_low, &self.entries, &mut self.spare);
        high.distribute(of_high, &self.spare, &mut self.entries);
    }
}

impl Digit {
    #[inline]
    fn of(self, entry: &Entry) -> usize {
        (entry.key >> self.first_bit) as usize & ((1 << self.bits) - 1) & (BUCKETS - 1)
    }

    /// Writes entries in the order of this digit, of which `counts` has how often each value is there.
    fn distribute(self, counts: [u32; BUCKETS], from: &[Entry], to: &mut [Entry]) {
        let (mut places, mut start) = (counts, 0);
        for place in &mut places[..1 << self.bits] {
            (*place, start) = (start, start + *place);
        }
        for entry in from {
            let place = &mut places[self.of(entry)];
            to[*place as usize] = *entry;
            *place += 1;
        }
    }
}

/// Goes through the groups of equal values of a sorted profile, each with its mid-rank: the smallest value has rank 1, equal
/// values share the mean of their ranks.
pub(super) fn ties(sorted: &[Entry]) -> impl Iterator<Item = (f64, &[Entry])> {
    let mut left = sorted.len();
    sorted.chunk_by(|a, b| a.key == b.key).map(move |tied| {
        let rank = left as f64 - (tied.len() - 1) as f64 / 2.0;
        left -= tied.len();
        (rank, tied)
    })
}

/// Returns the mid-rank of each value, as `sorted` has them.
pub(super) fn mid_ranks(sorted: &[Entry]) -> Vec<f64> {
    let mut ranks = vec![0.0; sorted.len()];
    for (rank, tied) in ties(sorted) {
        tied.iter().for_each(|entry| ranks[entry.gene as usize] = rank);
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;
    use half::f16;
    use proptest::prelude::*;

    fn genes(sorted: &[Entry]) -> Vec<u32> {
        sorted.iter().map(|entry| entry.gene).collect()
    }

    /// The mid-rank by its definition: those below, half of those that are equal, and a half.
    fn defined(values: &[f32]) -> Vec<f64> {
        let count = |holds: &dyn Fn(&f32) -> bool| values.iter().filter(|value| holds(value)).count() as f64;
        let rank = |value: &f32| count(&|other| other < value) + count(&|other| other == value) / 2.0 + 0.5;
        values.iter().map(rank).collect()
    }

    /// Values of any size, many of them equal, zeros of both signs among them.
    fn values() -> impl Strategy<Value = Vec<f32>> {
        let small = (-3_i8..=3).prop_map(|value| f32::from(value) * 0.5);
        let zero = any::<bool>().prop_map(|negative| if negative { -0.0 } else { 0.0 });
        let whatever = any::<f32>().prop_filter("finite", |value| value.is_finite());
        let half = any::<u16>().prop_map(|bits| f16::from_bits(bits).to_f32());
        let half = half.prop_filter("finite", |value| value.is_finite());
        let halves = prop_oneof![small.clone(), zero.clone(), half];
        prop_oneof![
            prop::collection::vec(prop_oneof![small, zero, whatever], 1..60),
            prop::collection::vec(halves, 1..60)
        ]
    }

    proptest! {
        #[test]
        fn values_come_in_falling_order_and_equal_ones_by_gene(values in values()) {
            let mut by_value: Vec<u32> = (0..values.len() as u32).collect();
            let mut by_magnitude = by_value.clone();
            let value = |gene: &u32| values[*gene as usize];
            by_value.sort_by(|a, b| value(b).partial_cmp(&value(a)).unwrap());
            by_magnitude.sort_by(|a, b| value(b).abs().partial_cmp(&value(a).abs()).unwrap());
            let mut order = Order::default();
            prop_assert_eq!(genes(order.descending(&values).unwrap()), by_value);
            prop_assert_eq!(genes(order.by_magnitude(&values).unwrap()), by_magnitude);
        }

        #[test]
        fn mid_ranks_are_those_of_the_definition(values in values()) {
            let magnitudes: Vec<f32> = values.iter().map(|value| value.abs()).collect();
            let mut order = Order::default();
            prop_assert_eq!(mid_ranks(order.descending(&values).unwrap()), defined(&values));
            prop_assert_eq!(mid_ranks(order.by_magnitude(&values).unwrap()), defined(&magnitudes));
        }
    }

    #[test]
    fn values_that_are_not_finite_have_no_order_and_leave_nothing_behind() {
        let mut order = Order::default();
        for value in [f32::NAN, -f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            assert_eq!(order.descending(&[1.0, value, 2.0]), None);
            assert_eq!(order.by_magnitude(&[value]), None);
        }
        assert_eq!(order.descending(&[]), Some(&[][..]));
        assert_eq!(genes(order.descending(&[1.0, f32::MAX, -f32::MAX]).unwrap()), [1, 0, 2]);
    }
}
