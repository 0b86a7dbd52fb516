//! A bound on a drug's score that takes a fraction of the time of the score.

use std::cmp::Ordering;

use l1kdb_index::simd::{Simd, Work, with_vectors};

use super::score::DrugScore;

impl DrugScore {
    /// Whether the score of some similarities, `most` the largest, may be `score` or more. Says yes now and then where it is
    /// not, never no where it is, and takes a fraction of the time. `most` is not below `score`.
    pub(super) fn may_reach(self, score: f32, most: f32, similarities: &[f32]) -> bool {
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
    values: f32,
    /// Values that are not below the floor by more than each of [`DEPTHS`].
    counts: [f32; DEPTHS.len()],
    step: f32,
}

/// In steps, of which the largest value is one above the floor.
const DEPTHS: [f32; 4] = [0.5, 1.0, 2.0, 4.0];

impl Above {
    fn new(floor: f32, step: f32, values: &[f32]) -> Self {
        with_vectors(Look { values, floor, step })
    }

    /// Whether the best quarter may have its mean at the floor. Of those values, as many as are not counted at a depth lie
    /// deeper than it: what they lack at least has to be made up by the excess.
    fn may_have_mean(&self) -> bool {
        let quarter = (self.values / 4.0).ceil();
        let (mut lack, mut above) = (0.0, 0.0);
        for (depth, &count) in DEPTHS.into_iter().zip(&self.counts) {
            lack += (depth - above) * self.step * (quarter - count).max(0.0);
            above = depth;
        }
        // Room for rounding: what is summed has seven digits. Damaged similarities may make either side no number.
        let made_up = self.excess + 1e-5 * quarter;
        lack.partial_cmp(&made_up) != Some(Ordering::Greater)
    }
}

/// Looks how values lie.
struct Look<'a> {
    values: &'a [f32],
    floor: f32,
    step: f32,
}

/// The most numbers that a vector of any processor has.
const LANES: usize = 16;

impl Work for Look<'_> {
    type Output = Above;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Above {
        let (floor, most, one) =
            (simd.splat_f32s(self.floor), simd.splat_f32s(f32::MAX), simd.splat_f32s(1.0));
        let depths = DEPTHS.map(|depth| simd.splat_f32s(self.floor - depth * self.step));
        let zero = simd.splat_f32s(0.0);
        let (mut excess, mut finite, mut counts) = (zero, zero, [zero; DEPTHS.len()]);
        let (whole, rest) = S::as_simd_f32s(self.values);
        let mut padded = [f32::NAN; LANES];
        padded[..rest.len()].copy_from_slice(rest);
        for &values in whole.iter().chain(S::as_simd_f32s(&padded).0) {
            // Counts are of the values' own type, which takes no step from one to another.
            let worth = |is: S::m32s, worth| simd.select_f32s(is, worth, zero);
            let over = simd.sub_f32s(values, floor);
            excess = simd.add_f32s(excess, worth(simd.less_than_f32s(floor, values), over));
            let is_finite = simd.less_than_or_equal_f32s(simd.abs_f32s(values), most);
            finite = simd.add_f32s(finite, worth(is_finite, one));
            for (count, &depth) in counts.iter_mut().zip(&depths) {
                *count = simd.add_f32s(*count, worth(simd.less_than_or_equal_f32s(depth, values), one));
            }
        }
        Above {
            excess: simd.reduce_sum_f32s(excess),
            values: simd.reduce_sum_f32s(finite),
            counts: counts.map(|count| simd.reduce_sum_f32s(count)),
            step: self.step,
        }
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
                prop_assert!(score.may_reach(reached, most, &values));
                let (one, other) = values.split_at(part.min(values.len()));
                prop_assert!(score.may_reach(reached, most, &[one, &[f32::NAN; 9], other].concat()));
            }
            values.sort_by(f32::total_cmp);
            let most = values[values.len() - 1];
            if values.len() > 8 {
                // All but one of the best quarter lie far below it.
                values.iter_mut().rev().skip(1).for_each(|value| *value = most - 1.0);
                prop_assert!(!DrugScore::BestQuarter.may_reach(most - 0.01, most, &values));
            }
        }
    }
}
