//! Cosine and Pearson correlation of two profiles, in double precision.

use super::error::ConnectivityError;
use super::known::Known;
use super::score::{Score, Scratch};
use crate::simd::vectorised;

/// The cosine with a query, over the genes that the query has: the others are left out of both lengths. Undefined where either
/// has length 0.
#[derive(Debug, Clone, PartialEq)]
pub struct CosineQuery {
    known: Known,
    values: Vec<f64>,
    square: f64,
}

/// Sums that are added side by side: four registers of the widest vectors, for as many as a processor adds at once.
const LANES: usize = 16;

impl CosineQuery {
    /// Prepares a query; NaN is a missing value.
    ///
    /// # Errors
    /// A query without a value, or with an infinite one.
    pub fn new(query: &[f32]) -> Result<Self, ConnectivityError> {
        let (known, values) = Known::of(query)?;
        let wide: Vec<f64> = values.iter().map(|&value| f64::from(value)).collect();
        let square = products(&wide, &values, 0.0).1;
        Ok(Self { known, values: wide, square })
    }
}

impl Score for CosineQuery {
    fn genes(&self) -> usize {
        self.known.universe()
    }

    fn score(&self, profile: &[f32], scratch: &mut Scratch) -> Option<f64> {
        let profile = self.known.matched(profile, &mut scratch.matched);
        let (product, square) = vectorised(|| products(&self.values, profile, 0.0));
        over_lengths(product, self.square, square)
    }
}

/// Pearson's correlation with a query, over the genes that the query has. Undefined where either is constant over them.
#[derive(Debug, Clone, PartialEq)]
pub struct PearsonQuery {
    known: Known,
    centred: Vec<f64>,
    square: f64,
}

impl PearsonQuery {
    /// Prepares a query; NaN is a missing value.
    ///
    /// # Errors
    /// A query without a value, or with an infinite one.
    pub fn new(query: &[f32]) -> Result<Self, ConnectivityError> {
        let (known, values) = Known::of(query)?;
        let mean = mean(&values);
        let centred: Vec<f64> = values.iter().map(|&value| f64::from(value) - mean).collect();
        let square = products(&centred, &values, mean).1;
        Ok(Self { known, centred, square })
    }
}

impl Score for PearsonQuery {
    fn genes(&self) -> usize {
        self.known.universe()
    }

    fn score(&self, profile: &[f32], scratch: &mut Scratch) -> Option<f64> {
        let profile = self.known.matched(profile, &mut scratch.matched);
        // From the mean, not from the sum of squares: a constant profile has to come out as one.
        let (product, square) = vectorised(|| products(&self.centred, profile, mean(profile)));
        over_lengths(product, self.square, square)
    }
}

/// Returns a product over both lengths; `None` where a length is 0 or something was not finite.
pub(super) fn over_lengths(product: f64, square: f64, other_square: f64) -> Option<f64> {
    let cosine = product / (square * other_square).sqrt();
    cosine.is_finite().then(|| cosine.clamp(-1.0, 1.0))
}

/// Returns the product of a query with a profile less `shift`, and the square of the profile less `shift`.
#[inline(always)]
fn products(query: &[f64], profile: &[f32], shift: f64) -> (f64, f64) {
    let ((query, query_rest), (profile, profile_rest)) =
        (query.as_chunks::<LANES>(), profile.as_chunks::<LANES>());
    let (mut product, mut square) = ([0.0; LANES], [0.0; LANES]);
    for (query, profile) in query.iter().zip(profile) {
        for lane in 0..LANES {
            let value = f64::from(profile[lane]) - shift;
            product[lane] += query[lane] * value;
            square[lane] += value * value;
        }
    }
    for (lane, (query, &value)) in query_rest.iter().zip(profile_rest).enumerate() {
        let value = f64::from(value) - shift;
        product[lane] += query * value;
        square[lane] += value * value;
    }
    (product.iter().sum(), square.iter().sum())
}

#[inline(always)]
fn mean(values: &[f32]) -> f64 {
    let (chunks, rest) = values.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for chunk in chunks {
        for lane in 0..LANES {
            sums[lane] += f64::from(chunk[lane]);
        }
    }
    for (sum, &value) in sums.iter_mut().zip(rest) {
        *sum += f64::from(value);
    }
    sums.iter().sum::<f64>() / values.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of<S: Score>(query: Result<S, ConnectivityError>, profile: &[f32]) -> Option<f64> {
        query.unwrap().score(profile, &mut Scratch::default())
    }

    #[test]
    fn a_query_and_its_like_are_one_and_its_opposite_is_minus_one() {
        let query = [1.0, -2.0, 0.5, 4.0];
        let (twice, opposite) = (query.map(|v| 2.0 * v), query.map(|v| -v));
        for (found, expected) in [
            (of(CosineQuery::new(&query), &twice), 1.0),
            (of(CosineQuery::new(&query), &opposite), -1.0),
            (of(PearsonQuery::new(&query), &twice.map(|v| v + 7.0)), 1.0),
            (of(PearsonQuery::new(&query), &opposite), -1.0),
        ] {
            assert!((found.unwrap() - expected).abs() < 1e-12);
        }
    }

    #[test]
    fn zeros_constants_and_values_that_are_no_numbers_have_no_score() {
        let query = [1.0, -2.0, f32::NAN];
        for profile in [[0.0, -0.0, 5.0], [f32::NAN, 1.0, 1.0], [1.0, f32::INFINITY, 1.0]] {
            assert_eq!(of(CosineQuery::new(&query), &profile), None);
        }
        for profile in [[0.1, 0.1, 5.0], [f32::NAN, 1.0, 1.0], [f32::MAX, f32::NEG_INFINITY, 1.0]] {
            assert_eq!(of(PearsonQuery::new(&query), &profile), None);
        }
        assert_eq!(of(CosineQuery::new(&[0.0, 0.0]), &[1.0, 2.0]), None);
        assert_eq!(of(PearsonQuery::new(&[0.1; 11]), &[1.0; 11]), None);
        assert_eq!(of(PearsonQuery::new(&[3.0]), &[1.0]), None);
        // What the query does not have is not looked at.
        assert!(of(CosineQuery::new(&query), &[1.0, 1.0, f32::NAN]).is_some());
    }

    #[test]
    fn the_largest_and_the_smallest_values_neither_overflow_nor_vanish() {
        for scale in [f32::MAX, f32::MIN_POSITIVE, 1.0] {
            let found = of(CosineQuery::new(&[scale, 0.0]), &[scale, scale]).unwrap();
            assert!((found - 0.5_f64.sqrt()).abs() < 1e-12, "{scale}: {found}");
        }
    }

    proptest! {
        #[test]
        fn a_missing_gene_is_as_a_gene_that_neither_has(
            pairs in prop::collection::vec((-9.0_f32..9.0, -9.0_f32..9.0, any::<bool>()), 1..40),
        ) {
            let query: Vec<f32> = pairs.iter().map(|&(q, _, known)| if known { q } else { f32::NAN }).collect();
            let profile: Vec<f32> = pairs.iter().map(|pair| pair.1).collect();
            let known = || pairs.iter().filter(|pair| pair.2);
            let few: (Vec<f32>, Vec<f32>) = known().map(|&(q, p, _)| (q, p)).unzip();
            prop_assume!(!few.0.is_empty());
            prop_assert_eq!(of(CosineQuery::new(&query), &profile), of(CosineQuery::new(&few.0), &few.1));
            prop_assert_eq!(of(PearsonQuery::new(&query), &profile), of(PearsonQuery::new(&few.0), &few.1));
        }
    }
}
