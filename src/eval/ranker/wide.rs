//! Ranks by similarities in double precision.

use super::overlap::Bin;
use super::{ExactRanker, QueryRanks};
use crate::eval::wide::Wide;

impl ExactRanker<'_> {
    /// As single precision does it, for rows of which that would rank some wrongly.
    pub(super) fn ranks_in_double(&self, rows: &Wide, queries: &[u32]) -> (Vec<QueryRanks>, Bin) {
        let mut bins = Bin::none();
        let mut is_own = vec![false; self.prepared.rows()];
        let (mut positives, mut left_out) = (Vec::new(), Vec::new());
        let mut found = Vec::new();
        for &query in queries {
            self.positives.sort(query as usize, &mut positives, &mut left_out);
            left_out.push(query);
            let own = || positives.iter().chain(&left_out);
            own().for_each(|&row| is_own[row as usize] = true);
            found.extend(self.ranks_of(rows, query, &positives, &is_own, &mut bins));
            own().for_each(|&row| is_own[row as usize] = false);
        }
        (found, bins)
    }

    fn ranks_of(
        &self,
        rows: &Wide,
        query: u32,
        positives: &[u32],
        is_own: &[bool],
        bins: &mut Bin,
    ) -> Option<QueryRanks> {
        let row = query as usize;
        let thresholds = rows.compare(row, positives);
        let compared = rows.compare(row, &self.candidates);
        let negatives = self.candidates.iter().zip(compared).filter(|(row, _)| !is_own[**row as usize]);
        let negatives: Vec<f64> = negatives.map(|(_, compared)| compared).collect();
        if positives.is_empty() || negatives.is_empty() {
            return None;
        }
        let bin = |&compared: &f64| usize::from(self.bins.of(rows.shown(row, compared)));
        thresholds.iter().for_each(|threshold| bins.positives[bin(threshold)] += 1);
        negatives.iter().for_each(|negative| bins.negatives[bin(negative)] += 1);
        Some(QueryRanks {
            query: row,
            negatives: negatives.len() as u32,
            doubled: doubled_ranks(&thresholds, &negatives),
            positives: positives.to_vec(),
        })
    }
}

/// For every threshold twice the negatives above it plus those equal to it.
fn doubled_ranks(thresholds: &[f64], negatives: &[f64]) -> Vec<u32> {
    let mut sorted = thresholds.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted.dedup_by(|a, b| a == b);
    // Of each threshold the negatives up to it and above the one before it, and those right on it.
    let mut up_to = vec![0_u32; sorted.len() + 1];
    let mut ties = vec![0_u32; sorted.len()];
    for &negative in negatives {
        let at = sorted.partition_point(|&threshold| threshold < negative);
        up_to[at] += 1;
        if sorted.get(at) == Some(&negative) {
            ties[at] += 1;
        }
    }
    for at in (1..up_to.len()).rev() {
        up_to[at - 1] += up_to[at];
    }
    // Now each holds the negatives above the threshold before it.
    let rank = |threshold: &f64| {
        let at = sorted.partition_point(|other| other < threshold);
        2 * up_to[at + 1] + ties[at]
    };
    thresholds.iter().map(rank).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn ranks_are_those_of_comparing_one_by_one(
            thresholds in prop::collection::vec(-4_i8..4, 0..20), negatives in prop::collection::vec(-5_i8..5, 0..60),
        ) {
            let wide = |values: &[i8]| values.iter().map(|&value| f64::from(value)).collect::<Vec<f64>>();
            let (thresholds, negatives) = (wide(&thresholds), wide(&negatives));
            let rank = |threshold: &f64| {
                let count = |keep: &dyn Fn(f64) -> bool| negatives.iter().filter(|&&n| keep(n)).count() as u32;
                2 * count(&|negative| negative > *threshold) + count(&|negative| negative == *threshold)
            };
            let expected: Vec<u32> = thresholds.iter().map(rank).collect();
            prop_assert_eq!(doubled_ranks(&thresholds, &negatives), expected);
        }
    }
}
