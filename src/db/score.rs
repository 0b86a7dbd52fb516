//! From the similarities of a drug's signatures to one score of the drug.

use std::cmp::{Ordering, Reverse};

use l1kdb_index::simd::{Simd, Work, with_vectors};

/// How the similarities of a drug's signatures become its score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum DrugScore {
    /// The mean of the best quarter, rounded up to at least one signature. A drug that acts in some of its cell lines
    /// and doses is found, and one lucky signature among many does not carry it.
    #[default]
    BestQuarter,
    /// The most similar signature.
    Max,
    /// The mean over all signatures.
    Mean,
    /// The quantile at 67 % or at 33 %, whichever is larger in magnitude (Subramanian et al. 2017, maximum quantile).
    MaxQuantile,
}

impl DrugScore {
    /// Returns the score, or `None` of no similarity. The order of `similarities` is not kept.
    ///
    /// ```
    /// use l1kdb::db::DrugScore;
    ///
    /// let mut similarities = [0.1, 0.9, 0.3, 0.5, 0.2];
    /// assert_eq!(DrugScore::BestQuarter.of(&mut similarities), Some((0.9 + 0.5) / 2.0));
    /// assert_eq!(DrugScore::Max.of(&mut similarities), Some(0.9));
    /// ```
    pub fn of(self, similarities: &mut [f32]) -> Option<f32> {
        if similarities.is_empty() {
            return None;
        }
        Some(match self {
            Self::BestQuarter => mean(best_quarter(similarities)),
            Self::Max => similarities.iter().copied().fold(f32::NEG_INFINITY, f32::max),
            Self::Mean => {
                similarities.sort_unstable_by(f32::total_cmp);
                mean(similarities)
            }
            Self::MaxQuantile => max_quantile(similarities),
        })
    }
}

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

/// The best quarter, in descending order, so that the mean does not depend on the order of rows or segments.
fn best_quarter(similarities: &mut [f32]) -> &[f32] {
    let quarter = similarities.len().div_ceil(4);
    if quarter < similarities.len() {
        similarities.select_nth_unstable_by_key(quarter - 1, |&similarity| Reverse(ordered(similarity)));
    }
    let best = &mut similarities[..quarter];
    best.sort_unstable_by_key(|&similarity| Reverse(ordered(similarity)));
    best
}

fn mean(values: &[f32]) -> f32 {
    (values.iter().map(|value| f64::from(*value)).sum::<f64>() / values.len() as f64) as f32
}

fn max_quantile(similarities: &mut [f32]) -> f32 {
    similarities.sort_unstable_by(f32::total_cmp);
    let (low, high) = (quantile(similarities, 0.33), quantile(similarities, 0.67));
    if low.abs() > high.abs() { low } else { high }
}

/// The quantile of ascending values, with linear interpolation between the two nearest.
fn quantile(ascending: &[f32], share: f64) -> f32 {
    let place = share * (ascending.len() - 1) as f64;
    let (below, above) = (ascending[place.floor() as usize], ascending[place.ceil() as usize]);
    (f64::from(below) + (f64::from(above) - f64::from(below)) * place.fract()) as f32
}

/// Keeps the `top` of `items` by descending score and all that tie with the last of them, best first.
pub(super) fn keep_best<T>(items: &mut Vec<T>, top: usize, score: impl Fn(&T) -> f32) {
    let order = |item: &T| Reverse(ordered(score(item)));
    if let Some(last) = top.checked_sub(1).filter(|last| *last < items.len()) {
        let (_, threshold, _) = items.select_nth_unstable_by_key(last, order);
        let threshold = score(threshold);
        items.retain(|item| score(item) >= threshold);
    } else if top == 0 {
        items.clear();
    }
    items.sort_by_key(order);
}

/// A key that orders as the score does. Scores are finite.
pub(super) fn ordered(score: f32) -> i32 {
    flipped(score.to_bits().cast_signed())
}

/// The score of a key.
pub(super) fn in_order(key: i32) -> f32 {
    f32::from_bits(flipped(key).cast_unsigned())
}

/// The order of floats and that of the same bits as integers differ where they are negative.
fn flipped(bits: i32) -> i32 {
    bits ^ (((bits >> 31).cast_unsigned() >> 1).cast_signed())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{DrugScore, keep_best, quantile};

    #[test]
    fn a_quarter_is_at_least_one_signature() {
        assert_eq!(DrugScore::BestQuarter.of(&mut [0.2]), Some(0.2));
        assert_eq!(DrugScore::BestQuarter.of(&mut [0.2, 0.4, 0.1]), Some(0.4));
        assert_eq!(DrugScore::BestQuarter.of(&mut []), None);
    }

    #[test]
    fn max_quantile_takes_the_side_with_the_larger_magnitude() {
        assert_eq!(
            DrugScore::MaxQuantile.of(&mut [-0.9, -0.8, -0.7, 0.1]),
            Some(quantile(&[-0.9, -0.8, -0.7, 0.1], 0.33))
        );
        assert!((quantile(&[0.0, 1.0, 2.0, 3.0], 0.67) - 2.01).abs() < 1e-6);
    }

    proptest! {
        #[test]
        fn scores_do_not_depend_on_the_order(mut values in prop::collection::vec(-1.0f32..1.0, 1..40), seed in 0usize..40) {
            for score in [DrugScore::BestQuarter, DrugScore::Max, DrugScore::Mean, DrugScore::MaxQuantile] {
                let before = score.of(&mut values.clone());
                let place = seed % values.len();
                values.rotate_left(place);
                prop_assert_eq!(before, score.of(&mut values.clone()));
            }
        }

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

        #[test]
        fn the_best_are_kept_with_their_ties(values in prop::collection::vec(-3i8..3, 0..40), top in 0usize..10) {
            let mut kept: Vec<i8> = values.clone();
            keep_best(&mut kept, top, |value| f32::from(*value));
            let mut sorted = values;
            sorted.sort_by(|a, b| b.cmp(a));
            let ties = sorted.iter().filter(|v| top > 0 && sorted.get(top - 1).is_none_or(|last| **v >= *last));
            prop_assert_eq!(kept, ties.copied().collect::<Vec<_>>());
        }
    }
}
