//! Scores over the genes that a profile changes most: XSum of gene sets and XCos of a profile (Cheng et al. 2014).

use super::cosine::over_lengths;
use super::error::ConnectivityError;
use super::gene_sets::GeneSets;
use super::known::Known;
use super::order::Entry;
use super::score::{Score, Scratch};
use crate::SettingError;

/// Genes that a query and the extremes of a profile share at least: a cosine over one gene is 1 or -1.
pub const MIN_SHARED: usize = 10;

/// The sum of a profile over the up genes among its `n` largest and `n` smallest values, less that over the down genes.
///
/// It has no bounds, and grows with the strength of a profile and with the size of the sets: compare within one query.
#[derive(Debug, Clone, PartialEq)]
pub struct XSumQuery {
    signs: Vec<f64>,
    n: usize,
}

impl XSumQuery {
    /// Prepares gene sets.
    ///
    /// # Errors
    /// `n` of 0, or of more than half of the genes.
    pub fn new(sets: &GeneSets, n: usize) -> Result<Self, ConnectivityError> {
        check(n, sets.universe())?;
        Ok(Self { signs: sets.signs(), n })
    }
}

impl Score for XSumQuery {
    fn genes(&self) -> usize {
        self.signs.len()
    }

    fn score(&self, profile: &[f32], scratch: &mut Scratch) -> Option<f64> {
        assert_eq!(profile.len(), self.signs.len(), "values of a profile");
        let sorted = scratch.order.descending(profile)?;
        let genes = extremes(sorted, self.n);
        Some(genes.map(|gene| self.signs[gene] * f64::from(profile[gene])).sum())
    }
}

/// The cosine over the genes among the `n` largest and `n` smallest values of a profile that the query has. Undefined where
/// there are fewer than [`MIN_SHARED`].
#[derive(Debug, Clone, PartialEq)]
pub struct XCosQuery {
    values: Vec<Option<f64>>,
    n: usize,
}

/// A score, and over how many genes it is.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct XCos {
    /// The cosine over them, where it is defined.
    pub score: Option<f64>,
    /// Genes that the query and the extremes of the profile share.
    pub shared: usize,
}

impl XCosQuery {
    /// Prepares a query; NaN is a missing value.
    ///
    /// # Errors
    /// A query without a value, or with an infinite one; `n` of 0, or of more than half of the genes.
    pub fn new(query: &[f32], n: usize) -> Result<Self, ConnectivityError> {
        check(n, query.len())?;
        let (known, found) = Known::of(query)?;
        let mut values = vec![None; query.len()];
        known.genes().zip(found).for_each(|(gene, value)| values[gene] = Some(f64::from(value)));
        Ok(Self { values, n })
    }

    /// Computes the score and the number of genes that it is over; `None` for a profile with values that are not finite.
    ///
    /// # Panics
    /// When the profile is not of [`genes`](Score::genes) values.
    pub fn details(&self, profile: &[f32], scratch: &mut Scratch) -> Option<XCos> {
        assert_eq!(profile.len(), self.values.len(), "values of a profile");
        let sorted = scratch.order.descending(profile)?;
        let (mut shared, mut product, mut square, mut own_square) = (0, 0.0, 0.0, 0.0);
        for gene in extremes(sorted, self.n) {
            let Some(query) = self.values[gene] else { continue };
            let value = f64::from(profile[gene]);
            shared += 1;
            product += query * value;
            own_square += query * query;
            square += value * value;
        }
        let score = over_lengths(product, own_square, square).filter(|_| shared >= MIN_SHARED);
        Some(XCos { score, shared })
    }
}

impl Score for XCosQuery {
    fn genes(&self) -> usize {
        self.values.len()
    }

    fn score(&self, profile: &[f32], scratch: &mut Scratch) -> Option<f64> {
        self.details(profile, scratch)?.score
    }
}

/// Returns the genes of the `n` largest and the `n` smallest values. Of equal values the first are the larger ones.
fn extremes(sorted: &[Entry], n: usize) -> impl Iterator<Item = usize> {
    let (largest, smallest) = (&sorted[..n], &sorted[sorted.len() - n..]);
    largest.iter().chain(smallest).map(|entry| entry.gene as usize)
}

fn check(n: usize, universe: usize) -> Result<(), SettingError> {
    let expected = || format!("at least 1, and at most half of {universe} genes");
    SettingError::check("number of extreme genes a side", n, expected(), n >= 1 && n <= universe / 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connectivity::CosineQuery;

    const PROFILE: [f32; 8] = [2.0, 3.0, -0.5, 0.5, 0.0, -2.0, -1.0, -3.0];

    fn xsum(up: &[u32], down: &[u32], profile: &[f32], n: usize) -> Option<f64> {
        let sets = GeneSets::new(up, down, profile.len()).unwrap();
        XSumQuery::new(&sets, n).unwrap().score(profile, &mut Scratch::default())
    }

    #[test]
    fn xsum_adds_the_genes_of_the_sets_that_are_among_the_extremes() {
        assert_eq!(xsum(&[0, 1], &[6, 7], &PROFILE, 2), Some(8.0));
        assert_eq!(xsum(&[0, 1], &[5, 6], &PROFILE.map(|value| -value), 1), Some(-3.0));
        assert_eq!(xsum(&[2], &[3], &PROFILE, 1), Some(0.0));
        assert_eq!(xsum(&[0], &[], &[1.0, f32::NAN], 1), None);
    }

    #[test]
    fn at_the_cut_the_first_of_equal_values_are_the_larger_ones() {
        assert_eq!(xsum(&[0, 1], &[], &[1.0, 1.0, 1.0, -1.0, 1.0, 1.0], 1), Some(1.0));
        assert_eq!(xsum(&[], &[2, 3], &[9.0, 9.0, -1.0, -1.0], 1), Some(1.0));
    }

    #[test]
    fn xcos_is_the_cosine_over_the_extremes_that_the_query_has() {
        // Of 14 extremes the query lacks one; what lies between them does not count.
        let profile: Vec<f32> = (0..20).map(|at| 9.5 - at as f32).collect();
        let mut query: Vec<f32> = (0..20).map(|at| ((at * 7) % 11) as f32 - 4.0).collect();
        query[3] = f32::NAN;
        let found = XCosQuery::new(&query, 7).unwrap().details(&profile, &mut Scratch::default()).unwrap();
        query[7..13].fill(f32::NAN);
        let cosine = CosineQuery::new(&query).unwrap().score(&profile, &mut Scratch::default());
        assert_eq!(found.shared, 13);
        assert!((found.score.unwrap() - cosine.unwrap()).abs() < 1e-12);
    }

    #[test]
    fn xcos_over_few_genes_is_undefined_and_says_how_many() {
        let profile: Vec<f32> = (0..20).map(|at| at as f32 - 9.5).collect();
        let mut query = profile.clone();
        let shared = |query: &[f32]| {
            let found = XCosQuery::new(query, 5).unwrap().details(&profile, &mut Scratch::default()).unwrap();
            (found.shared, found.score.is_some())
        };
        assert_eq!(shared(&query), (10, true));
        query[0] = f32::NAN;
        assert_eq!(shared(&query), (9, false));
        assert_eq!(shared(&[0.0; 20]), (10, false));
    }

    #[test]
    fn more_extremes_than_genes_are_refused() {
        let sets = GeneSets::new(&[0], &[], 5).unwrap();
        assert_eq!(
            XSumQuery::new(&sets, 3).unwrap_err().to_string(),
            "number of extreme genes a side is 3, expected at least 1, and at most half of 5 genes"
        );
        assert!(XCosQuery::new(&[1.0; 5], 0).is_err() && XCosQuery::new(&[], 1).is_err());
    }
}
