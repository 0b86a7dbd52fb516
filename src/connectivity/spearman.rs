//! Spearman's rank correlation of two profiles.

use super::cosine::over_lengths;
use super::error::ConnectivityError;
use super::known::Known;
use super::order::{Order, mid_ranks, ties};
use super::score::{Score, Scratch};

/// Spearman's correlation with a query: Pearson's, of mid-ranks among the genes that the query has. Undefined where either is
/// constant over them.
#[derive(Debug, Clone, PartialEq)]
pub struct SpearmanQuery {
    known: Known,
    /// Mid-ranks less their mean.
    centred: Vec<f64>,
    square: f64,
}

impl SpearmanQuery {
    /// Prepares a query; NaN is a missing value.
    ///
    /// # Errors
    /// A query without a value, or with an infinite one.
    pub fn new(query: &[f32]) -> Result<Self, ConnectivityError> {
        let (known, values) = Known::of(query)?;
        let mut order = Order::default();
        let mut centred = mid_ranks(order.descending(&values).unwrap_or_default());
        let mean = (values.len() + 1) as f64 / 2.0;
        centred.iter_mut().for_each(|rank| *rank -= mean);
        let square = centred.iter().map(|rank| rank * rank).sum();
        Ok(Self { known, centred, square })
    }
}

impl Score for SpearmanQuery {
    fn genes(&self) -> usize {
        self.known.universe()
    }

    fn score(&self, profile: &[f32], scratch: &mut Scratch) -> Option<f64> {
        let values = self.known.matched(profile, &mut scratch.matched);
        let sorted = scratch.order.descending(values)?;
        // The ranks of the query have sum 0, so those of the profile need not be centred; n^3 - n is 12 times the sum of their
        // squares, and each group of ties takes its own from it.
        let (mut product, mut cubes) = (0.0, cube(sorted.len()));
        for (rank, tied) in ties(sorted) {
            product += rank * tied.iter().map(|entry| self.centred[entry.gene as usize]).sum::<f64>();
            cubes -= cube(tied.len());
        }
        over_lengths(product, self.square, cubes / 12.0)
    }
}

/// `n^3 - n`
fn cube(n: usize) -> f64 {
    let n = n as f64;
    n * n * n - n
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connectivity::PearsonQuery;
    use proptest::prelude::*;

    fn of(query: &[f32], profile: &[f32]) -> Option<f64> {
        SpearmanQuery::new(query).unwrap().score(profile, &mut Scratch::default())
    }

    #[test]
    fn only_the_order_counts() {
        assert_eq!(of(&[1.0, 2.0, 3.0, 40.0], &[-9.0, 0.0, 0.1, 0.2]), Some(1.0));
        assert_eq!(of(&[1.0, 2.0, 3.0, 40.0], &[5.0, 4.0, 1.0, -7.0]), Some(-1.0));
    }

    #[test]
    fn constants_and_values_that_are_no_numbers_have_no_score() {
        assert_eq!(of(&[1.0, 2.0], &[0.0, -0.0]), None);
        assert_eq!(of(&[1.0, 1.0], &[1.0, 2.0]), None);
        assert_eq!(of(&[1.0, 2.0], &[1.0, f32::NAN]), None);
        assert_eq!(of(&[3.0], &[1.0]), None);
    }

    proptest! {
        #[test]
        fn it_is_pearsons_correlation_of_mid_ranks_of_the_genes_that_match(
            pairs in prop::collection::vec((-4_i8..4, -4_i8..4, 0_u8..4), 1..40),
        ) {
            let query: Vec<f32> =
                pairs.iter().map(|&(q, _, known)| if known > 0 { f32::from(q) } else { f32::NAN }).collect();
            let profile: Vec<f32> = pairs.iter().map(|pair| f32::from(pair.1)).collect();
            let known = || pairs.iter().filter(|pair| pair.2 > 0);
            let few: (Vec<f32>, Vec<f32>) = known().map(|&(q, p, _)| (f32::from(q), f32::from(p))).unzip();
            prop_assume!(!few.0.is_empty());
            let ranks = |values: &[f32]| -> Vec<f32> {
                let mut order = Order::default();
                mid_ranks(order.descending(values).unwrap()).into_iter().map(|rank| rank as f32).collect()
            };
            let pearson = PearsonQuery::new(&ranks(&few.0)).unwrap();
            let expected = pearson.score(&ranks(&few.1), &mut Scratch::default());
            let found = of(&query, &profile);
            prop_assert_eq!(found.is_some(), expected.is_some());
            if let (Some(found), Some(expected)) = (found, expected) {
                prop_assert!((found - expected).abs() < 1e-12);
            }
        }
    }
}
