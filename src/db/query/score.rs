//! From the similarities of a drug's signatures to one score of the drug.

use std::cmp::Reverse;

use crate::connectivity::max_quantile;

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
    /// The quantile at 67 % or at 33 %, whichever is larger in magnitude; of equal ones that at 33 % (Subramanian et al. 2017,
    /// maximum quantile). Of n ascending values, the i-th is the quantile at (i - 1/2) / n, as in CMap's own program.
    MaxQuantile,
}

impl DrugScore {
    /// Returns its name: `best-quarter` and so on.
    pub fn name(self) -> &'static str {
        match self {
            Self::BestQuarter => "best-quarter",
            Self::Max => "max",
            Self::Mean => "mean",
            Self::MaxQuantile => "max-quantile",
        }
    }

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
            Self::Mean => mean(similarities),
            Self::MaxQuantile => max_quantile(similarities.iter().map(|&value| f64::from(value)))? as f32,
        })
    }
}

/// A drug's score, and what it was made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Scored {
    pub score: f32,
    /// The largest similarity, and the place of the first signature that has it.
    pub most: f32,
    pub place: usize,
    /// Signatures that have a similarity.
    pub signatures: usize,
}

impl DrugScore {
    /// Returns the score of the similarities that are finite, `None` where none is. Their order is not kept. `most` is the
    /// largest, or not finite where that is not known.
    pub(crate) fn scored(self, most: f32, similarities: &mut [f32]) -> Option<Scored> {
        let most = if most.is_finite() { most } else { largest_finite(similarities) };
        let place = similarities.iter().position(|&similarity| similarity == most)?;
        let similarities = finite(similarities);
        let signatures = similarities.len();
        Some(Scored { score: self.of(similarities)?, most, place, signatures })
    }
}

fn largest_finite(values: &[f32]) -> f32 {
    values.iter().copied().filter(|value| value.is_finite()).fold(f32::NEG_INFINITY, f32::max)
}

/// Those that are finite.
fn finite(values: &mut [f32]) -> &mut [f32] {
    let mut count = 0;
    for at in 0..values.len() {
        if values[at].is_finite() {
            values.swap(count, at);
            count += 1;
        }
    }
    &mut values[..count]
}

/// The best quarter, in any order.
fn best_quarter(similarities: &mut [f32]) -> &mut [f32] {
    let quarter = similarities.len().div_ceil(4);
    if quarter < similarities.len() {
        similarities.select_nth_unstable_by_key(quarter - 1, |&similarity| Reverse(ordered(similarity)));
    }
    &mut similarities[..quarter]
}

/// The mean, which does not depend on the order of rows or segments: where a sum might, it is that of descending order.
fn mean(values: &mut [f32]) -> f32 {
    if !sums_exactly(values) {
        values.sort_unstable_by_key(|&value| Reverse(ordered(value)));
    }
    (values.iter().map(|value| f64::from(*value)).sum::<f64>() / values.len() as f64) as f32
}

/// Whether no sum in double precision of some of the values, in whatever order, is rounded.
///
/// A value of magnitude 2^e or more is a multiple of 2^(e - 23), and so is each sum; double precision has all multiples of that
/// below 2^53 of them, which is 2^(e + 30). Half of it is allowed, for the smallest magnitude may be nearly 2^(e + 1).
fn sums_exactly(values: &[f32]) -> bool {
    let (mut least, mut most) = (f32::INFINITY, 0.0_f32);
    for &value in values {
        let magnitude = value.abs();
        least = if magnitude > 0.0 { least.min(magnitude) } else { least };
        most = most.max(magnitude);
    }
    f64::from(most) * values.len() as f64 <= f64::from(least) * f64::from(1 << 29)
}

/// Keeps the `top` of `items` by descending score and all that tie with the last of them, best first.
pub(crate) fn keep_best<T>(items: &mut Vec<T>, top: usize, score: impl Fn(&T) -> f32) {
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
pub(crate) fn ordered(score: f32) -> i32 {
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

    use super::{DrugScore, keep_best, mean};

    #[test]
    fn a_quarter_is_at_least_one_signature() {
        assert_eq!(DrugScore::BestQuarter.of(&mut [0.2]), Some(0.2));
        assert_eq!(DrugScore::BestQuarter.of(&mut [0.2, 0.4, 0.1]), Some(0.4));
        assert_eq!(DrugScore::BestQuarter.of(&mut []), None);
    }

    #[test]
    fn max_quantile_takes_the_side_with_the_larger_magnitude() {
        // MATLAB: prctile([0 1 2 3], [33 67]) is 0.82 and 2.18, those of the negated values are -2.18 and -0.82.
        let of = |values: &mut [f32]| DrugScore::MaxQuantile.of(values).unwrap();
        assert!((of(&mut [0.0, 1.0, 2.0, 3.0]) - 2.18).abs() < 1e-6);
        assert!((of(&mut [0.0, -1.0, -2.0, -3.0]) + 2.18).abs() < 1e-6);
        assert!((of(&mut [-0.9, -0.8, -0.7, 0.1]) + 0.818).abs() < 1e-6);
        assert_eq!((of(&mut [0.3]), of(&mut [1.0, -1.0, 1.0, -1.0])), (0.3, -1.0));
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
        fn a_mean_is_that_of_descending_order(
            values in prop::collection::vec((-1.0f32..1.0, 0i32..60).prop_map(|(value, down)| value * 0.5f32.powi(down)), 1..300),
            depth in 0i32..60,
        ) {
            let mut values: Vec<f32> = values.into_iter().filter(|value| value.abs() >= 0.5f32.powi(depth)).collect();
            prop_assume!(!values.is_empty());
            let found = mean(&mut values.clone());
            values.sort_by(|a, b| b.total_cmp(a));
            let sum: f64 = values.iter().map(|&value| f64::from(value)).sum();
            prop_assert_eq!(found.to_bits(), ((sum / values.len() as f64) as f32).to_bits());
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
