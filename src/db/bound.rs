//! A bound on a drug's score that takes a fraction of the time of the score.

use std::cmp::Ordering;

use l1kdb_index::simd::{Simd, Work, with_vectors};

use super::score::DrugScore;

impl DrugScore {
    /// Whether the score of some similarities, `most` the largest, may be `score` or more. Says yes now and then where it is
    /// not, never no where it is, and takes a fraction of the time. `most` is not below `score`.
    pub(super) fn may_reach<'a>(
        self,
        score: f32,
        most: f32,
        similarities: impl Iterator<Item = &'a [f32]>,
    ) -> bool {
        match self {
            Self::BestQuarter => Above::new(score, most - score, similarities).may_have_mean(),
            // Another way to look is as long as the score itself.
            Self::Max | Self::Mean | Self::MaxQuantile => true,
        }
    }
}

/// How values lie about a floor: enough to bound the mean of the largest of them from above.
struct Above {
    /// By how much values are above the floor, summed.
    excess: f32,
    /// Values that are numbers.
    values: u32,
    /// Values that are not below the floor by more than each of [`DEPTHS`].
    counts: [u32; DEPTHS.len()],
    step: f32,
}

/// In steps, of which the largest value is one above the floor.
const DEPTHS: [f32; 4] = [0.5, 1.0, 2.0, 4.0];

impl Above {
    fn new<'a>(floor: f32, step: f32, values: impl Iterator<Item = &'a [f32]>) -> Self {
        let mut above = Self { excess: 0.0, values: 0, counts: [0; DEPTHS.len()], step };
        let depths = DEPTHS.map(|depth| floor - depth * step);
        for values in values {
            with_vectors(Add { above: &mut above, values, floor, depths });
        }
        above
    }

    /// Whether the best quarter may have its mean at the floor. Of those values, as many as are not counted at a depth lie
    /// deeper than it: what they lack at least has to be made up by the excess.
    fn may_have_mean(&self) -> bool {
        let quarter = self.values.div_ceil(4);
        let (mut lack, mut above) = (0.0, 0.0);
        for (depth, &count) in DEPTHS.into_iter().zip(&self.counts) {
            lack += (depth - above) * self.step * quarter.saturating_sub(count) as f32;
            above = depth;
        }
        // Room for rounding: what is summed has seven digits. Damaged similarities may make either side no number.
        let made_up = self.excess + 1e-5 * quarter as f32;
        lack.partial_cmp(&made_up) != Some(Ordering::Greater)
    }
}

/// Adds values to what is known of how they lie. Lane by lane, so that it takes as many at once as the processor does.
struct Add<'a> {
    above: &'a mut Above,
    values: &'a [f32],
    floor: f32,
    depths: [f32; DEPTHS.len()],
}

impl Work for Add<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let (mut excess, mut finite) = ([0.0_f32; 8], [0_u32; 8]);
        let mut counts = [[0_u32; 8]; DEPTHS.len()];
        let mut rest = [f32::NAN; 8];
        let (whole, part) = self.values.as_chunks::<8>();
        rest[..part.len()].copy_from_slice(part);
        for lane in whole.iter().chain([&rest]) {
            for (excess, value) in excess.iter_mut().zip(lane) {
                let over = value - self.floor;
                *excess += if over > 0.0 { over } else { 0.0 };
            }
            count(&mut finite, lane, |value| value.abs() <= f32::MAX);
            for (counts, &depth) in counts.iter_mut().zip(&self.depths) {
                count(counts, lane, |value| value >= depth);
            }
        }
        self.above.excess += excess.iter().sum::<f32>();
        self.above.values += finite.iter().sum::<u32>();
        for (total, count) in self.above.counts.iter_mut().zip(counts) {
            *total += count.iter().sum::<u32>();
        }
    }
}

#[inline(always)]
fn count(counts: &mut [u32; 8], lane: &[f32; 8], wanted: impl Fn(f32) -> bool) {
    for (count, &value) in counts.iter_mut().zip(lane) {
        *count += u32::from(wanted(value));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::DrugScore;

    proptest! {
        #[test]
        fn a_score_that_is_reached_is_never_ruled_out(mut values in prop::collection::vec(-1.0f32..1.0, 1..200), part in 0usize..200) {
            for score in [DrugScore::BestQuarter, DrugScore::Max, DrugScore::Mean, DrugScore::MaxQuantile] {
                let most = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                let reached = score.of(&mut values.clone()).unwrap();
                let (one, other) = values.split_at(part.min(values.len()));
                prop_assert!(score.may_reach(reached, most, [one, other].into_iter()));
                let with_gaps = [one, &[f32::NAN; 9], other];
                prop_assert!(score.may_reach(reached, most, with_gaps.into_iter()));
            }
            values.sort_by(f32::total_cmp);
            let most = values[values.len() - 1];
            if values.len() > 8 {
                // All but one of the best quarter lie far below it.
                values.iter_mut().rev().skip(1).for_each(|value| *value = most - 1.0);
                prop_assert!(!DrugScore::BestQuarter.may_reach(most - 0.01, most, [&values[..]].into_iter()));
            }
        }
    }
}
