//! Leading edges of gene sets as contributions.

use super::error::ExplainError;
use super::explanation::{Explanation, GeneTerm, Method};
use super::profile::{check_genes, check_values};
use super::side::Side;
use crate::connectivity::{EnrichmentScores, GeneSets, GeneWeights, Scratch, SetEnrichment, WtcsQuery};

/// Divides CMap's connectivity of gene sets with a profile among the leading genes of both sets.
///
/// An enrichment score is the running sum at its peak; the set's genes up to the peak, or from it on where the score is negative,
/// are its leading edge. The score is divided among them by what they weigh, and counts half where there are two sets, so that
/// contributions sum to the connectivity. Genes of the down set contribute what their score takes off. Where both sets are
/// enriched alike, the connectivity is 0 by definition, and no gene carries it: there are no terms.
///
/// ```
/// use l1kdb::connectivity::{GeneSets, GeneWeights};
/// use l1kdb::explain::leading_edge;
///
/// let profile = [5.0, 4.0, 1.0, 0.5, -0.2, -1.0, -3.0, -4.0];
/// let sets = GeneSets::new(&[0, 1], &[6, 7], profile.len())?;
/// let explanation = leading_edge(&sets, GeneWeights::Magnitude, &profile)?;
/// let genes: Vec<usize> = explanation.terms.iter().map(|term| term.gene).collect();
/// assert_eq!((genes, explanation.similarity), (vec![7, 0, 1, 6], 1.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`ExplainError::Genes`] for a profile of other genes than the sets, [`ExplainError::NotFinite`] for one with missing values,
/// which cannot be ranked.
pub fn leading_edge(sets: &GeneSets, weights: GeneWeights, hit: &[f32]) -> Result<Explanation, ExplainError> {
    check_genes(Side::Hit, hit, sets.universe())?;
    check_values(Side::Hit, hit, |value| !value.is_finite())?;
    let details = WtcsQuery::new(sets, weights).details(hit, &mut Scratch::default());
    let (up, down) = details.map_or((None, None), |details| (details.up, details.down));
    let score = |set: &Option<SetEnrichment>| set.as_ref().map(|set| set.score);
    let similarity = EnrichmentScores { up: score(&up), down: score(&down) }.connectivity();
    let share = if up.is_some() && down.is_some() { 0.5 } else { 1.0 };
    let mut terms = Vec::new();
    if similarity != 0.0 {
        for (set, sign) in [(up, 1.0), (down, -1.0)] {
            set.into_iter().for_each(|set| terms.extend(of_set(&set, sign, share, weights, hit)));
        }
    }
    Ok(Explanation::new(terms, similarity, 0.0, Method::LeadingEdge))
}

/// The leading genes of a set; `sign` is 1 for the up set, -1 for the down set.
fn of_set(set: &SetEnrichment, sign: f32, share: f64, weights: GeneWeights, hit: &[f32]) -> Vec<GeneTerm> {
    let weight = |gene: u32| match weights {
        GeneWeights::Magnitude => f64::from(hit[gene as usize].abs()),
        GeneWeights::Equal => 1.0,
    };
    let total: f64 = set.leading_genes.iter().map(|&gene| weight(gene)).sum();
    let term = |&gene: &u32| GeneTerm {
        gene: gene as usize,
        contribution: f64::from(sign) * share * set.score * weight(gene) / total,
        query: sign,
        hit: hit[gene as usize],
        is_cut: false,
    };
    set.leading_genes.iter().map(term).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connectivity::Score;
    use proptest::prelude::*;

    #[test]
    fn sets_that_are_enriched_alike_have_no_leading_genes() {
        let profile = [5.0, 4.0, 1.0, 0.5, -0.2, -1.0, -3.0, -4.0];
        let sets = GeneSets::new(&[0], &[1], 8).unwrap();
        let explained = leading_edge(&sets, GeneWeights::Magnitude, &profile).unwrap();
        assert_eq!((explained.similarity, explained.terms.len()), (0.0, 0));
    }

    #[test]
    fn profiles_that_cannot_be_ranked_are_refused() {
        let sets = GeneSets::new(&[0], &[], 3).unwrap();
        let refused = |hit: &[f32]| leading_edge(&sets, GeneWeights::Equal, hit).unwrap_err();
        assert!(matches!(refused(&[1.0; 2]), ExplainError::Genes { side: Side::Hit, expected: 3, found: 2 }));
        assert!(matches!(refused(&[1.0, f32::NAN, 1.0]), ExplainError::NotFinite { gene: 1, .. }));
    }

    proptest! {
        #[test]
        fn contributions_sum_to_the_connectivity_in_any_order_of_genes(
            values in prop::collection::hash_set(-400_i16..400, 30), equal in any::<bool>(), sides in 1..4_u8,
            order in Just((0..30_u32).collect::<Vec<_>>()).prop_shuffle(),
        ) {
            let values: Vec<f32> = values.into_iter().map(|value| f32::from(value) / 50.0).collect();
            let weights = if equal { GeneWeights::Equal } else { GeneWeights::Magnitude };
            let up: &[u32] = if sides & 1 > 0 { &[0, 1, 2, 3] } else { &[] };
            let down: &[u32] = if sides & 2 > 0 { &[4, 5, 6] } else { &[] };
            let sets = GeneSets::new(up, down, 30).unwrap();
            let there = leading_edge(&sets, weights, &values).unwrap();
            let score = WtcsQuery::new(&sets, weights).score(&values, &mut Scratch::default()).unwrap();
            prop_assert!((there.sum - score).abs() < 1e-9 && (there.similarity - score).abs() < 1e-12);
            // Gene g moves to order[g].
            let to = |genes: &[u32]| genes.iter().map(|&gene| order[gene as usize]).collect::<Vec<_>>();
            let mut moved = vec![0.0; 30];
            values.iter().zip(&order).for_each(|(&value, &to)| moved[to as usize] = value);
            let back =
                leading_edge(&GeneSets::new(&to(up), &to(down), 30).unwrap(), weights, &moved).unwrap();
            prop_assert_eq!(there.terms.len(), back.terms.len());
            for term in &there.terms {
                let same = back.terms.iter().find(|other| other.gene == order[term.gene] as usize).unwrap();
                prop_assert!((same.contribution - term.contribution).abs() < 1e-9);
            }
        }
    }
}
