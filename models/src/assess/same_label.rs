//! Does a profile find the others of its drug?

use l1kdb::eval::{
    EvalError, RECALL_AT, Relation, RetrievalResults, RetrievalSet, Similarity, Space, Strata,
};
use l1kdb::progress::Quiet;

use crate::network::to_unit_length;

/// How well profiles of one drug find each other. Pooled figures weigh every (query, positive) pair alike, so a drug
/// of n profiles weighs n (n - 1); macro figures weigh every drug alike.
#[derive(Debug, Clone, PartialEq)]
pub struct SameLabel {
    /// `1 - mean quantile` over all pairs; 0.5 is chance, 1 is perfect.
    pub auc_quantile: f64,
    /// Median quantile over all pairs; 0 is best.
    pub median_q: f64,
    /// Mean over queries of the median quantile of the query's positives.
    pub mean_query_median_q: f64,
    /// Mean over drugs of the drug's own `1 - mean quantile`.
    pub macro_auc: f64,
    /// Mean over drugs of the drug's own median quantile.
    pub macro_median_q: f64,
    /// `(x, share of pairs with quantile <= x, ties half)` for [`RECALL_AT`], leaving out every `x` finer than
    /// `1 / negatives_mean`: with so few negatives such a share means nothing.
    pub recall: Vec<(f64, f64)>,
    /// Queries that have a positive and a negative.
    pub queries: usize,
    /// (query, positive) pairs.
    pub positives: usize,
    /// Drugs with at least one query.
    pub labels: usize,
    /// Mean number of negatives of a query: the N that ranks refer to.
    pub negatives_mean: f64,
}

impl SameLabel {
    /// The figures of all queries of `tally`.
    ///
    /// # Errors
    /// [`EvalError::NoPositive`] when nothing was added to it.
    pub fn of(tally: &RetrievalResults) -> Result<Self, EvalError> {
        let (figures, counts) = (tally.figures()?, tally.counts());
        let shares = RECALL_AT.into_iter().zip(figures.micro.recall);
        Ok(Self {
            auc_quantile: figures.micro.auc_quantile,
            median_q: figures.micro.median_q,
            mean_query_median_q: figures.mean_query_median_q,
            macro_auc: figures.per_label.auc_quantile,
            macro_median_q: figures.per_label.median_q,
            recall: shares.filter(|(x, _)| x * counts.negatives_mean >= 1.0).collect(),
            queries: counts.queries as usize,
            positives: counts.positives as usize,
            labels: counts.labels,
            negatives_mean: counts.negatives_mean,
        })
    }
}

/// What the rows of `embeddings` (`drugs.len()` x `dimension`, row-major) find among each other by cosine.
///
/// A network may die and map a profile to zeros. Such a row is as near to one row as to another: it costs the network
/// its figures, and does not end the training.
pub(crate) fn retrieve(
    embeddings: &[f32],
    dimension: usize,
    drugs: &[u32],
    strata: Option<Strata<'_>>,
) -> Result<RetrievalResults, EvalError> {
    let mut unit = embeddings.to_vec();
    unit.chunks_mut(dimension.max(1)).for_each(|row| {
        bring_near_one(row);
        to_unit_length(row);
    });
    let space = Space::new(&unit, dimension, drugs.len(), Similarity::Dot)?;
    let relation = Relation::of_labels(drugs);
    let mut tally = RetrievalResults::default();
    tally
        .add(&RetrievalSet { space: &space, relation: &relation, drugs, candidates: None, strata }, &Quiet)?;
    Ok(tally)
}

/// Brings a row of absurd size to about 1 by a power of two, which moves no digit: its squares would overflow or vanish.
fn bring_near_one(row: &mut [f32]) {
    const USUAL: std::ops::Range<f32> = 1e-6..1e12;
    let most = row.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
    if most > 0.0 && most.is_finite() && !USUAL.contains(&most) {
        let factor = 2.0_f64.powi(-(f64::from(most).log2().floor() as i32));
        row.iter_mut().for_each(|value| *value = (f64::from(*value) * factor) as f32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use l1kdb::stats::{Quantiles, quantiles_of_positives};
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn mean(values: impl Iterator<Item = f64>) -> f64 {
        let values: Vec<f64> = values.collect();
        values.iter().sum::<f64>() / values.len() as f64
    }

    /// Drug, quantiles and number of negatives of every query, by sorting its negatives.
    fn sorted((embeddings, drugs): &(Vec<f32>, Vec<u32>)) -> Vec<(u32, Vec<f64>, usize)> {
        let unit: Vec<[f32; 2]> = embeddings.as_chunks::<2>().0.iter().map(|&row| scaled(row)).collect();
        let ask = |query: usize| {
            let others = (0..drugs.len()).filter(|&row| row != query);
            let (same, other): (Vec<usize>, Vec<usize>) = others.partition(|&row| drugs[row] == drugs[query]);
            let similarity = |row: &usize| {
                let (one, other) = (unit[query], unit[*row]);
                one[1].mul_add(other[1], one[0] * other[0])
            };
            let same: Vec<f32> = same.iter().map(similarity).collect();
            let mut other: Vec<f32> = other.iter().map(similarity).collect();
            (drugs[query], quantiles_of_positives(&same, &mut other), other.len())
        };
        (0..drugs.len()).map(ask).filter(|(_, quantiles, _)| !quantiles.is_empty()).collect()
    }

    /// The figures of several sets straight from their definitions.
    fn by_definition(sets: &[(Vec<f32>, Vec<u32>)]) -> SameLabel {
        let of = |quantiles: &Vec<f64>| Quantiles::new(quantiles.clone()).unwrap();
        let queries: Vec<(u32, Vec<f64>, usize)> = sets.iter().flat_map(sorted).collect();
        let mut by_drug = BTreeMap::<u32, Vec<f64>>::new();
        queries.iter().for_each(|(drug, quantiles, _)| by_drug.entry(*drug).or_default().extend(quantiles));
        let pooled = of(&by_drug.values().flatten().copied().collect());
        let negatives_mean = mean(queries.iter().map(|query| query.2 as f64));
        let resolved = RECALL_AT.into_iter().filter(|x| x * negatives_mean >= 1.0);
        SameLabel {
            auc_quantile: pooled.auc(),
            median_q: pooled.median(),
            mean_query_median_q: mean(queries.iter().map(|query| of(&query.1).median())),
            macro_auc: mean(by_drug.values().map(|quantiles| of(quantiles).auc())),
            macro_median_q: mean(by_drug.values().map(|quantiles| of(quantiles).median())),
            recall: resolved.map(|x| (x, pooled.recall(x))).collect(),
            queries: queries.len(),
            positives: pooled.as_slice().len(),
            labels: by_drug.len(),
            negatives_mean,
        }
    }

    fn scaled(mut row: [f32; 2]) -> [f32; 2] {
        to_unit_length(&mut row);
        row
    }

    fn numbers(of: &SameLabel) -> Vec<f64> {
        let mut numbers = vec![of.auc_quantile, of.median_q, of.mean_query_median_q, of.macro_auc];
        numbers.extend([of.macro_median_q, of.negatives_mean]);
        numbers.extend(of.recall.iter().flat_map(|&(x, recall)| [x, recall]));
        numbers.extend([of.queries, of.positives, of.labels].map(|count| count as f64));
        numbers
    }

    /// Coarse rows, so that ties and rows of zeros are common, of drugs that come back in the next set.
    fn set() -> impl Strategy<Value = (Vec<f32>, Vec<u32>)> {
        prop::collection::vec(([-2i8..3, -2i8..3], 0u32..6), 12..40).prop_map(|rows| {
            let values = rows.iter().flat_map(|(row, _)| row.map(f32::from)).collect();
            (values, rows.iter().map(|&(_, drug)| drug).collect())
        })
    }

    proptest! {
        #[test]
        fn pooled_figures_are_those_of_sorting_every_query(sets in prop::collection::vec(set(), 1..4)) {
            prop_assume!(sets.iter().any(|set| !sorted(set).is_empty()));
            let mut pooled = RetrievalResults::default();
            for (embeddings, drugs) in &sets {
                if let Ok(found) = retrieve(embeddings, 2, drugs, None) {
                    pooled.absorb(found);
                }
            }
            let [found, expected] = [SameLabel::of(&pooled).unwrap(), by_definition(&sets)].map(|of| numbers(&of));
            prop_assert_eq!(found.len(), expected.len());
            for (found, expected) in found.iter().zip(&expected) {
                prop_assert!((found - expected).abs() < 1e-9, "{:?} {:?}", found, expected);
            }
        }
    }

    #[test]
    fn a_dead_network_scores_chance() {
        let found = SameLabel::of(&retrieve(&[0.0; 8], 2, &[0, 0, 1, 1], None).unwrap()).unwrap();
        assert_eq!((found.auc_quantile, found.median_q, found.queries), (0.5, 0.5, 4));
    }

    #[test]
    fn the_size_of_values_changes_no_figure() {
        let rows: Vec<f32> = (0..60).map(|at| ((at * 7919 + at * at) % 101) as f32 - 50.0).collect();
        let drugs: Vec<u32> = (0..30).map(|row| row / 3).collect();
        let of = |power: i32| {
            let scaled: Vec<f32> =
                rows.iter().map(|&value| (f64::from(value) * 2.0_f64.powi(power)) as f32).collect();
            SameLabel::of(&retrieve(&scaled, 2, &drugs, None).unwrap()).unwrap()
        };
        for power in [63, 121, -83, -149] {
            assert_eq!(of(power), of(0), "2^{power}");
        }
    }

    #[test]
    fn a_value_that_is_no_number_is_refused() {
        let found = retrieve(&[1.0, 0.0, f32::NAN, 0.0], 2, &[0, 0], None).unwrap_err();
        assert_eq!(found, EvalError::NotFinite { row: 1.into() });
    }
}
