//! Ranks of many positives, kept exactly and in little space.

use crate::eval::QueryRanks;

/// HalfRanks ranks among one number of negatives.
///
/// A list of them while there are few; a count of each possible rank once that is smaller. A label of n rows has
/// n (n - 1) pairs, but never more than 2 N + 1 different ranks: this is why memory does not grow with rows squared.
#[derive(Debug, Clone, PartialEq)]
struct RankHistogram {
    negatives: u32,
    doubled: HalfRanks,
}

#[derive(Debug, Clone, PartialEq)]
enum HalfRanks {
    Listed(Vec<u32>),
    /// How often each doubled rank occurs.
    Counted(Vec<u64>),
}

/// The quantiles of a set of (query, positive) pairs, exact.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ranks {
    piles: Vec<RankHistogram>,
}

impl Ranks {
    /// Adds the positives of one query.
    pub fn add(&mut self, negatives: u32, doubled: impl ExactSizeIterator<Item = u32>) {
        let place = self.piles.iter().rposition(|pile| pile.negatives == negatives);
        let place = place.unwrap_or_else(|| {
            self.piles.push(RankHistogram { negatives, doubled: HalfRanks::Listed(Vec::new()) });
            self.piles.len() - 1
        });
        self.piles[place].extend(doubled);
    }

    /// Adds what one query found.
    pub fn add_query(&mut self, found: &QueryRanks) {
        self.add(found.negatives, found.doubled.iter().copied());
    }

    /// Takes in the pairs of another set.
    pub fn absorb(&mut self, other: Self) {
        for pile in other.piles {
            match (self.piles.iter_mut().find(|own| own.negatives == pile.negatives), pile.doubled) {
                (None, doubled) => self.piles.push(RankHistogram { negatives: pile.negatives, doubled }),
                (Some(own), HalfRanks::Listed(list)) => own.extend(list.into_iter()),
                (Some(own), HalfRanks::Counted(counts)) => own.add_counts(&counts),
            }
        }
    }

    /// Brings the ranks in order; the questions below are asked afterwards.
    pub fn sort(&mut self) {
        for pile in &mut self.piles {
            if let HalfRanks::Listed(list) = &mut pile.doubled {
                list.sort_unstable();
            }
        }
    }

    /// Returns the number of pairs.
    pub fn pairs(&self) -> u64 {
        self.piles.iter().map(RankHistogram::pairs).sum()
    }

    /// Sum of the quantiles.
    pub fn sum(&self) -> f64 {
        self.piles.iter().map(|pile| pile.sum() as f64 / pile.doubled_negatives()).sum()
    }

    /// Pairs with a quantile below `x`, those right at `x` counting one half.
    pub fn below(&self, x: f64) -> f64 {
        let counts = self.piles.iter().map(|pile| pile.count(|q| q < x) + pile.count(|q| q <= x));
        0.5 * counts.sum::<u64>() as f64
    }

    /// Pairs with a quantile of at most `x`.
    pub fn up_to(&self, x: f64) -> u64 {
        self.piles.iter().map(|pile| pile.count(|q| q <= x)).sum()
    }

    /// One quantile in `stride`, evenly spread over the order.
    pub(super) fn thinned(&self, stride: u64) -> impl Iterator<Item = f64> {
        self.piles.iter().flat_map(move |pile| {
            let negatives = pile.doubled_negatives();
            pile.thinned(stride).into_iter().map(move |rank| f64::from(rank) / negatives)
        })
    }

    /// Returns the median quantile; `None` without a pair.
    pub fn median(&self) -> Option<f64> {
        pooled_median(&std::iter::once(self))
    }
}

impl RankHistogram {
    fn doubled_negatives(&self) -> f64 {
        2.0 * f64::from(self.negatives)
    }

    fn extend(&mut self, doubled: impl ExactSizeIterator<Item = u32>) {
        let possible = 2 * self.negatives as usize + 1;
        if let HalfRanks::Listed(list) = &mut self.doubled {
            if list.len() + doubled.len() <= 2 * possible {
                list.extend(doubled);
                return;
            }
            let mut counts = vec![0; possible];
            list.iter().for_each(|&rank| counts[rank as usize] += 1);
            self.doubled = HalfRanks::Counted(counts);
        }
        if let HalfRanks::Counted(counts) = &mut self.doubled {
            doubled.for_each(|rank| counts[rank as usize] += 1);
        }
    }

    fn add_counts(&mut self, other: &[u64]) {
        let counts = match &mut self.doubled {
            HalfRanks::Counted(counts) => counts,
            HalfRanks::Listed(list) => {
                let mut counts = vec![0; other.len()];
                list.iter().for_each(|&rank| counts[rank as usize] += 1);
                self.doubled = HalfRanks::Counted(counts);
                let HalfRanks::Counted(counts) = &mut self.doubled else { return };
                counts
            }
        };
        counts.iter_mut().zip(other).for_each(|(count, other)| *count += other);
    }

    fn pairs(&self) -> u64 {
        match &self.doubled {
            HalfRanks::Listed(list) => list.len() as u64,
            HalfRanks::Counted(counts) => counts.iter().sum(),
        }
    }

    /// In whole numbers, so that the order of adding does not matter.
    fn sum(&self) -> u128 {
        match &self.doubled {
            HalfRanks::Listed(list) => list.iter().map(|&rank| u128::from(rank)).sum(),
            HalfRanks::Counted(counts) => {
                (0_u128..).zip(counts).map(|(rank, &count)| rank * u128::from(count)).sum()
            }
        }
    }

    fn thinned(&self, stride: u64) -> Vec<u32> {
        match &self.doubled {
            HalfRanks::Listed(list) => {
                let stride = stride as usize;
                list.iter().skip(stride / 2).step_by(stride).copied().collect()
            }
            HalfRanks::Counted(counts) => {
                let (mut thinned, mut before) = (Vec::new(), 0);
                for (rank, &count) in (0..).zip(counts) {
                    let places = (before + stride / 2) / stride..(before + count + stride / 2) / stride;
                    thinned.extend(places.map(|_| rank));
                    before += count;
                }
                thinned
            }
        }
    }

    /// Pairs whose quantile passes `test`, which larger quantiles never pass if a smaller one fails.
    fn count(&self, test: impl Fn(f64) -> bool) -> u64 {
        let negatives = self.doubled_negatives();
        match &self.doubled {
            HalfRanks::Listed(list) => list.partition_point(|&rank| test(f64::from(rank) / negatives)) as u64,
            HalfRanks::Counted(counts) => {
                let (mut low, mut high) = (0, counts.len());
                while low < high {
                    let middle = usize::midpoint(low, high);
                    if test(middle as f64 / negatives) { low = middle + 1 } else { high = middle }
                }
                counts[..low].iter().sum()
            }
        }
    }
}

/// Returns the median of pooled sets; `None` where there is no pair. Of an even number, the
/// middle of the two in the middle.
pub fn pooled_median<'a>(sets: &(impl Iterator<Item = &'a Ranks> + Clone)) -> Option<f64> {
    let total: u64 = sets.clone().map(Ranks::pairs).sum();
    let (low, high) = (total.checked_sub(1)? / 2, total / 2);
    let first = nth(sets, low);
    let second = if high == low { first } else { nth(sets, high) };
    Some((first + second) / 2.0)
}

/// Returns the quantile at place `n` from 0 in ascending order: the least double with more than `n` pairs up to it, found
/// by halving. Doubles from 0 to 1 are in the order of their bits.
fn nth<'a>(sets: &(impl Iterator<Item = &'a Ranks> + Clone), n: u64) -> f64 {
    let (mut low, mut high) = (0, 1.0_f64.to_bits());
    while low < high {
        let middle = low + (high - low) / 2;
        let x = f64::from_bits(middle);
        if sets.clone().map(|set| set.up_to(x)).sum::<u64>() > n { high = middle } else { low = middle + 1 }
    }
    f64::from_bits(low)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Quantiles;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn listed_or_counted_the_answers_are_those_of_sorted_quantiles(
            queries in prop::collection::vec((1u32..6, prop::collection::vec(0u32..100, 1..30)), 1..12),
            x in 0.0_f64..1.0,
        ) {
            let (mut ranks, mut parts, mut all) = (Ranks::default(), Vec::new(), Vec::new());
            for (negatives, doubled) in queries {
                let doubled: Vec<u32> = doubled.iter().map(|rank| rank % (2 * negatives + 1)).collect();
                all.extend(doubled.iter().map(|&rank| f64::from(rank) / (2.0 * f64::from(negatives))));
                ranks.add(negatives, doubled.iter().copied());
                let mut part = Ranks::default();
                part.add(negatives, doubled.into_iter());
                parts.push(part);
            }
            let mut absorbed = Ranks::default();
            parts.iter().for_each(|part| absorbed.absorb(part.clone()));
            parts.iter_mut().for_each(Ranks::sort);
            let expected = Quantiles::new(all.clone()).unwrap();
            for mut ranks in [ranks, absorbed] {
                ranks.sort();
                prop_assert_eq!(ranks.pairs(), all.len() as u64);
                prop_assert!((ranks.sum() - all.iter().sum::<f64>()).abs() < 1e-9);
                for x in [x, 0.0, 0.5, 1.0] {
                    prop_assert_eq!(ranks.below(x) / all.len() as f64, expected.recall(x));
                }
                prop_assert_eq!(pooled_median(&[&ranks].into_iter()), Some(expected.median()));
            }
            prop_assert_eq!(pooled_median(&parts.iter()), Some(expected.median()));
        }
    }

    #[test]
    fn without_a_pair_there_is_no_median() {
        assert_eq!(pooled_median(&[&Ranks::default()].into_iter()), None);
    }
}
