//! Scores of signed ranks (Zhang and Gant 2008).

use super::error::ConnectivityError;
use super::gene_sets::GeneSets;
use super::known::Known;
use super::order::{Order, mid_ranks, ties};
use super::score::{Score, Scratch};

/// The sum of a profile's signed ranks over the genes of a query, each times what the query gives it, over the largest sum that
/// so many genes can reach: from -1 to 1.
///
/// The signed rank of a value is the mid-rank of its magnitude among all magnitudes, with its sign; 0 for a value of 0.
#[derive(Debug, Clone, PartialEq)]
pub struct ZhangQuery {
    weights: Vec<f64>,
    /// The magnitudes of the weights of all genes that the query has, the largest first, as sums from the first on.
    largest: Vec<f64>,
}

impl ZhangQuery {
    /// Prepares gene sets: 1 for each gene of the up set, -1 for each of the down set.
    pub fn of_sets(sets: &GeneSets) -> Self {
        let genes = sets.up().len() + sets.down().len();
        Self { weights: sets.signs(), largest: running_sums(std::iter::repeat_n(1.0, genes)) }
    }

    /// Prepares a query: its own signed ranks among the genes that it has. NaN is a missing value.
    ///
    /// # Errors
    /// A query without a value, or with an infinite one.
    pub fn of_profile(query: &[f32]) -> Result<Self, ConnectivityError> {
        let (known, values) = Known::of(query)?;
        let mut order = Order::default();
        let ranks = mid_ranks(order.by_magnitude(&values).unwrap_or_default());
        let mut weights = vec![0.0; query.len()];
        for ((gene, value), rank) in known.genes().zip(values).zip(ranks) {
            weights[gene] = sign(value) * rank;
        }
        let mut magnitudes: Vec<f64> = known.genes().map(|gene| weights[gene].abs()).collect();
        magnitudes.sort_by(|a, b| b.total_cmp(a));
        Ok(Self { weights, largest: running_sums(magnitudes) })
    }

    /// Returns the sum of the largest weights at places `from` to `to` less one.
    fn sum_between(&self, from: usize, to: usize) -> f64 {
        let last = self.largest.len() - 1;
        self.largest[to.min(last)] - self.largest[from.min(last)]
    }
}

impl Score for ZhangQuery {
    fn genes(&self) -> usize {
        self.weights.len()
    }

    fn score(&self, profile: &[f32], scratch: &mut Scratch) -> Option<f64> {
        assert_eq!(profile.len(), self.weights.len(), "values of a profile");
        let sorted = scratch.order.by_magnitude(profile)?;
        let (mut sum, mut best, mut place) = (0.0, 0.0, 0);
        for (rank, tied) in ties(sorted) {
            // Zeros come last.
            if profile[tied[0].gene as usize] == 0.0 {
                break;
            }
            let genes = tied.iter().map(|entry| entry.gene as usize);
            sum += rank * genes.map(|gene| self.weights[gene] * sign(profile[gene])).sum::<f64>();
            best += rank * self.sum_between(place, place + tied.len());
            place += tied.len();
        }
        (best > 0.0).then(|| (sum / best).clamp(-1.0, 1.0))
    }
}

/// Returns the sums of the first 0, 1, 2 and so on.
fn running_sums(values: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let sums = values.into_iter().scan(0.0, |sum, value| {
        *sum += value;
        Some(*sum)
    });
    std::iter::once(0.0).chain(sums).collect()
}

/// -1, 0 or 1.
fn sign(value: f32) -> f64 {
    if value == 0.0 { 0.0 } else { f64::from(value.signum()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PROFILE: [f32; 8] = [3.0, 2.0, 0.5, 0.0, -0.5, -1.0, -2.0, -4.0];

    fn sets(up: &[u32], down: &[u32], profile: &[f32]) -> Option<f64> {
        let sets = GeneSets::new(up, down, profile.len()).unwrap();
        ZhangQuery::of_sets(&sets).score(profile, &mut Scratch::default())
    }

    fn ordered(query: &[f32], profile: &[f32]) -> Option<f64> {
        ZhangQuery::of_profile(query).unwrap().score(profile, &mut Scratch::default())
    }

    #[test]
    fn the_largest_sum_that_so_many_genes_can_reach_is_one() {
        assert_eq!(sets(&[0, 1], &[6, 7], &PROFILE), Some(1.0));
        assert_eq!(sets(&[0, 7], &[], &[4.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 3.0]), Some(1.0));
        assert_eq!(sets(&[6, 7], &[0, 1], &PROFILE), Some(-1.0));
        assert_eq!(ordered(&PROFILE, &PROFILE), Some(1.0));
        assert_eq!(ordered(&PROFILE, &PROFILE.map(|value| -value)), Some(-1.0));
    }

    #[test]
    fn zeros_and_values_that_are_no_numbers_have_no_score() {
        assert_eq!(sets(&[0], &[], &[0.0, -0.0]), None);
        assert_eq!(ordered(&[0.0, 0.0], &[1.0, 2.0]), None);
        assert_eq!(ordered(&[1.0, 2.0], &[1.0, f32::NAN]), None);
    }

    proptest! {
        #[test]
        fn a_set_is_an_ordered_query_of_equal_magnitudes(
            values in prop::collection::vec(-3_i8..3, 12), up in 0_u32..5, down in 5_u32..10,
        ) {
            let values: Vec<f32> = values.into_iter().map(f32::from).collect();
            let (ups, downs): (Vec<u32>, Vec<u32>) = ((0..up).collect(), (5..down).collect());
            prop_assume!(up > 0 || down > 5);
            let mut query = [f32::NAN; 12];
            ups.iter().for_each(|&gene| query[gene as usize] = 2.0);
            downs.iter().for_each(|&gene| query[gene as usize] = -2.0);
            let (found, expected) = (sets(&ups, &downs, &values), ordered(&query, &values));
            prop_assert_eq!(found.is_some(), expected.is_some());
            prop_assert!((found.unwrap_or(0.0) - expected.unwrap_or(0.0)).abs() < 1e-12);
        }
    }
}
