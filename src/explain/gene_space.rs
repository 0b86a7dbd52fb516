//! Terms of the cosine and of Pearson's correlation.

use super::error::ExplainError;
use super::explanation::{Explanation, GeneTerm, Method};
use super::profile::{check_genes, check_values};
use super::side::Side;

/// Splits the cosine of two profiles of the same genes into its terms: q_g h_g / (|q| |h|) of each gene. Genes that are NaN
/// in either take no part, in the lengths neither.
///
/// # Errors
/// [`ExplainError::Genes`] for profiles of other genes, [`ExplainError::NotFinite`] for an infinite value,
/// [`ExplainError::NoSharedGene`], and [`ExplainError::Zero`] for a profile without a value but 0 among the shared genes.
pub fn cosine_terms(query: &[f32], hit: &[f32]) -> Result<Explanation, ExplainError> {
    let genes = shared_genes(query, hit)?;
    terms(query, hit, &genes, [0.0; 2], |side| ExplainError::Zero { side })
}

/// Splits Pearson's correlation of two profiles of the same genes into its terms: as [`cosine_terms`], with the mean over the
/// shared genes taken off each profile.
///
/// ```
/// use l1kdb::explain::pearson_terms;
///
/// let explanation = pearson_terms(&[1.0, 2.0, 3.0], &[10.0, 20.0, 30.0])?;
/// assert!((explanation.similarity - 1.0).abs() < 1e-12);
/// assert_eq!(explanation.terms[2].gene, 1); // the mean of both, which says nothing
/// # Ok::<(), l1kdb::explain::ExplainError>(())
/// ```
///
/// # Errors
/// As [`cosine_terms`], and [`ExplainError::Constant`] in place of [`ExplainError::Zero`].
pub fn pearson_terms(query: &[f32], hit: &[f32]) -> Result<Explanation, ExplainError> {
    let genes = shared_genes(query, hit)?;
    let mean = |profile: &[f32]| {
        genes.iter().map(|&gene| f64::from(profile[gene])).sum::<f64>() / genes.len() as f64
    };
    terms(query, hit, &genes, [mean(query), mean(hit)], |side| ExplainError::Constant { side })
}

/// Positions of the genes of which both have a value.
fn shared_genes(query: &[f32], hit: &[f32]) -> Result<Vec<usize>, ExplainError> {
    check_genes(Side::Hit, hit, query.len())?;
    check_values(Side::Query, query, f32::is_infinite)?;
    check_values(Side::Hit, hit, f32::is_infinite)?;
    let is_shared = |&gene: &usize| !query[gene].is_nan() && !hit[gene].is_nan();
    let genes: Vec<usize> = (0..query.len()).filter(is_shared).collect();
    if genes.is_empty() { Err(ExplainError::NoSharedGene) } else { Ok(genes) }
}

/// The terms over `genes`, with what is taken off both profiles; `empty` is the error for one of which nothing is left.
fn terms(
    query: &[f32],
    hit: &[f32],
    genes: &[usize],
    off: [f64; 2],
    empty: impl Fn(Side) -> ExplainError,
) -> Result<Explanation, ExplainError> {
    let value = |profile: &[f32], gene: usize, off: f64| f64::from(profile[gene]) - off;
    let length = |profile: &[f32], off: f64, side: Side| {
        let length = genes.iter().map(|&gene| value(profile, gene, off).powi(2)).sum::<f64>().sqrt();
        if length > 0.0 { Ok(length) } else { Err(empty(side)) }
    };
    let lengths = [length(query, off[0], Side::Query)?, length(hit, off[1], Side::Hit)?];
    let term = |&gene: &usize| {
        let (q, h) = (value(query, gene, off[0]), value(hit, gene, off[1]));
        let contribution = q / lengths[0] * (h / lengths[1]);
        GeneTerm { gene, contribution, query: query[gene], hit: hit[gene], is_cut: false }
    };
    let terms: Vec<GeneTerm> = genes.iter().map(term).collect();
    let similarity = terms.iter().map(|term| term.contribution).sum::<f64>().clamp(-1.0, 1.0);
    Ok(Explanation::new(terms, similarity, 0.0, Method::CosineTerms))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connectivity::{CosineQuery, PearsonQuery, Score, Scratch};
    use proptest::prelude::*;

    #[test]
    fn profiles_that_cannot_be_compared_are_refused_with_the_side() {
        let refused = |query: &[f32], hit: &[f32]| cosine_terms(query, hit).unwrap_err().to_string();
        assert_eq!(
            refused(&[1.0, 2.0], &[1.0]),
            "the hit has 1 values, expected 2: take both profiles of the same genes"
        );
        assert_eq!(
            refused(&[1.0, 0.0], &[0.0, f32::INFINITY]),
            "gene 1 of the hit is inf, expected a finite value"
        );
        assert!(
            refused(&[0.0, f32::NAN], &[1.0, 1.0]).starts_with("all values of the query that count are 0")
        );
        assert!(refused(&[1.0, 1.0], &[0.0, 0.0]).starts_with("all values of the hit"));
        assert!(refused(&[1.0, f32::NAN], &[f32::NAN, 1.0]).contains("no gene in common"));
        assert!(cosine_terms(&[], &[]).is_err());
        let constant = pearson_terms(&[2.0, 2.0], &[1.0, 3.0]).unwrap_err();
        assert!(matches!(constant, ExplainError::Constant { side: Side::Query }));
    }

    /// Values of query and hit, some missing, in an order of their own.
    fn pairs() -> impl Strategy<Value = (Vec<(f32, f32)>, Vec<usize>)> {
        let value = || prop_oneof![9 => -9.0_f32..9.0, 1 => Just(f32::NAN)];
        prop::collection::vec((value(), value()), 3..60).prop_flat_map(|pairs| {
            let order = Just((0..pairs.len()).collect::<Vec<_>>()).prop_shuffle();
            (Just(pairs), order)
        })
    }

    proptest! {
        #[test]
        fn terms_sum_to_the_scores_of_gene_space((pairs, _) in pairs()) {
            let (query, hit): (Vec<f32>, Vec<f32>) = pairs.iter().copied().unzip();
            // A gene that the hit lacks is one that the query lacks.
            let asked: Vec<f32> = pairs.iter().map(|&(q, h)| if h.is_nan() { h } else { q }).collect();
            let filled: Vec<f32> = pairs.iter().map(|&(_, h)| if h.is_nan() { 0.0 } else { h }).collect();
            let mut scratch = Scratch::default();
            if let Ok(explained) = cosine_terms(&query, &hit) {
                let cosine = CosineQuery::new(&asked).unwrap().score(&filled, &mut scratch).unwrap();
                prop_assert!((explained.sum - cosine).abs() < 1e-9 && explained.completeness < 1e-9);
            }
            if let Ok(explained) = pearson_terms(&query, &hit) {
                let pearson = PearsonQuery::new(&asked).unwrap().score(&filled, &mut scratch).unwrap();
                prop_assert!((explained.sum - pearson).abs() < 1e-9);
            }
        }

        #[test]
        fn the_order_of_genes_does_not_matter((pairs, order) in pairs()) {
            let (query, hit): (Vec<f32>, Vec<f32>) = pairs.iter().copied().unzip();
            let turned = |values: &[f32]| order.iter().map(|&gene| values[gene]).collect::<Vec<_>>();
            for explain in [cosine_terms, pearson_terms] {
                let Ok(there) = explain(&query, &hit) else { continue };
                let Ok(back) = explain(&turned(&query), &turned(&hit)) else { continue };
                prop_assert!((there.similarity - back.similarity).abs() < 1e-9);
                prop_assert_eq!(there.terms.len(), back.terms.len());
                for term in &back.terms {
                    let same = there.terms.iter().find(|other| other.gene == order[term.gene]).unwrap();
                    prop_assert!((same.contribution - term.contribution).abs() < 1e-9);
                    prop_assert_eq!((same.query, same.hit), (term.query, term.hit));
                }
            }
        }
    }
}
