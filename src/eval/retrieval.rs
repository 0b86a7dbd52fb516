//! Same-label retrieval: does a signature find the others of its drug?

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{EvalError, Quantiles, quantiles_of_positives};

/// The quantiles at which recall is reported, those of the literature on L1000 embeddings.
pub const RECALL_AT: [f64; 7] = [1e-4, 1e-3, 1e-2, 5e-2, 0.1, 0.2, 0.3];

/// The shortest a row may be before it counts as zero, and its similarities as 0.
const SMALLEST_NORM: f32 = 1e-12;

/// What one query found.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryQuantiles {
    /// Row of the query.
    pub query: usize,
    /// Its label.
    pub label: u32,
    /// Rows of its positives, ascending.
    pub positives: Vec<usize>,
    /// The quantile of every positive, in the same order.
    pub quantiles: Vec<f64>,
    /// Number of negatives that the positives were ranked among.
    pub negatives: usize,
}

/// How well same-label signatures find each other. Pooled figures weigh every (query, positive) pair alike, so a drug
/// of n signatures weighs n (n - 1); macro figures weigh every drug alike.
#[derive(Debug, Clone, PartialEq)]
pub struct SameLabel {
    /// `1 - mean quantile` over all pairs; 0.5 is chance, 1 is perfect.
    pub auc_quantile: f64,
    /// Median quantile over all pairs; 0 is best.
    pub median_q: f64,
    /// Mean over queries of the median quantile of the query's positives.
    pub mean_query_median_q: f64,
    /// Mean over labels of the label's own `1 - mean quantile`.
    pub macro_auc: f64,
    /// Mean over labels of the label's own median quantile.
    pub macro_median_q: f64,
    /// `(x, share of pairs with quantile <= x, ties half)` for [`RECALL_AT`], leaving out every `x` finer than
    /// `1 / negatives_mean`: with so few negatives such a share means nothing.
    pub recall: Vec<(f64, f64)>,
    /// Queries that have a positive and a negative.
    pub queries: usize,
    /// (query, positive) pairs.
    pub positives: usize,
    /// Labels with at least one query.
    pub labels: usize,
    /// Mean number of negatives of a query: the N that ranks refer to.
    pub negatives_mean: f64,
}

/// Evaluates same-label retrieval over all rows.
///
/// `embeddings` is row-major, `labels.len()` x `dim`; rows are normalised here, and similarity is the cosine. Every
/// row is a query against all others, itself left out; a row that is alone with its label is no query but remains a
/// negative. Time grows with rows squared; all processors are used, and the result does not depend on their number.
///
/// # Errors
/// [`EvalError`] when the shape does not fit, a value is not finite, or no quantile exists.
pub fn same_label_retrieval(embeddings: &[f32], dim: usize, labels: &[u32]) -> Result<SameLabel, EvalError> {
    summarise(&query_quantiles(embeddings, dim, labels)?)
}

/// The quantiles of every query, for pooling over folds or splitting into strata; see [`same_label_retrieval`].
///
/// # Errors
/// As [`same_label_retrieval`].
pub fn query_quantiles(
    embeddings: &[f32],
    dim: usize,
    labels: &[u32],
) -> Result<Vec<QueryQuantiles>, EvalError> {
    let unit = unit_rows(embeddings, dim, labels.len())?;
    let members = members_by_label(labels);
    if members.values().all(|rows| rows.len() < 2) {
        return Err(EvalError::NoPositive { labels: members.len() });
    }
    if members.len() == 1 {
        return Err(EvalError::NoNegative { rows: labels.len() });
    }
    let queries: Vec<usize> = (0..labels.len()).filter(|&row| members[&labels[row]].len() > 1).collect();
    let rank = |scratch: &mut Scratch, query| scratch.rank(&unit, dim, labels, query);
    Ok(queries.into_par_iter().map_init(Scratch::default, rank).collect())
}

/// Pools queries, of one set or of several folds, into figures.
///
/// # Errors
/// [`EvalError::NoPositive`] when there is no query with a positive.
pub fn summarise(queries: &[QueryQuantiles]) -> Result<SameLabel, EvalError> {
    let by_label = quantiles_by_label(queries);
    let none = EvalError::NoPositive { labels: by_label.len() };
    let pooled = queries.iter().flat_map(|query| query.quantiles.iter().copied()).collect();
    let pooled = Quantiles::new(pooled).ok_or(none)?;
    let negatives_mean = mean(queries.iter().map(|query| query.negatives as f64));
    let resolved = RECALL_AT.iter().filter(|&&x| x * negatives_mean >= 1.0);
    let medians = queries.iter().filter_map(|query| Quantiles::new(query.quantiles.clone()));
    Ok(SameLabel {
        auc_quantile: pooled.auc(),
        median_q: pooled.median(),
        mean_query_median_q: mean(medians.map(|quantiles| quantiles.median())),
        macro_auc: mean(by_label.iter().map(Quantiles::auc)),
        macro_median_q: mean(by_label.iter().map(Quantiles::median)),
        recall: resolved.map(|&x| (x, pooled.recall(x))).collect(),
        queries: queries.len(),
        positives: pooled.as_slice().len(),
        labels: by_label.len(),
        negatives_mean,
    })
}

fn quantiles_by_label(queries: &[QueryQuantiles]) -> Vec<Quantiles> {
    let mut by_label: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
    for query in queries {
        by_label.entry(query.label).or_default().extend(&query.quantiles);
    }
    by_label.into_values().filter_map(Quantiles::new).collect()
}

/// The mean of a sequence that is known not to be empty.
fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0_usize), |(sum, count), value| (sum + value, count + 1));
    sum / count as f64
}

fn members_by_label(labels: &[u32]) -> BTreeMap<u32, Vec<usize>> {
    let mut members: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (row, &label) in labels.iter().enumerate() {
        members.entry(label).or_default().push(row);
    }
    members
}

pub(super) fn unit_rows(embeddings: &[f32], dim: usize, rows: usize) -> Result<Vec<f32>, EvalError> {
    if dim == 0 {
        return Err(EvalError::NoDimension);
    }
    let expected = rows.saturating_mul(dim);
    if embeddings.len() != expected {
        return Err(EvalError::Shape { labels: rows, dim, expected, found: embeddings.len() });
    }
    if let Some(at) = embeddings.iter().position(|value| !value.is_finite()) {
        return Err(EvalError::NotFinite { row: at / dim });
    }
    let mut unit = embeddings.to_vec();
    unit.chunks_exact_mut(dim).for_each(normalise);
    Ok(unit)
}

fn normalise(row: &mut [f32]) {
    let norm = row.iter().map(|&value| f64::from(value).powi(2)).sum::<f64>().sqrt() as f32;
    row.iter_mut().for_each(|value| *value /= norm.max(SMALLEST_NORM));
}

/// Buffers that one thread keeps from query to query.
#[derive(Default)]
struct Scratch {
    positives: Vec<f32>,
    negatives: Vec<f32>,
}

impl Scratch {
    fn rank(&mut self, unit: &[f32], dim: usize, labels: &[u32], query: usize) -> QueryQuantiles {
        self.positives.clear();
        self.negatives.clear();
        let mut rows = Vec::new();
        let profile = &unit[query * dim..][..dim];
        for (row, other) in unit.chunks_exact(dim).enumerate().filter(|&(row, _)| row != query) {
            let similarity = dot(profile, other);
            if labels[row] == labels[query] {
                rows.push(row);
                self.positives.push(similarity);
            } else {
                self.negatives.push(similarity);
            }
        }
        QueryQuantiles {
            query,
            label: labels[query],
            positives: rows,
            quantiles: quantiles_of_positives(&self.positives, &mut self.negatives),
            negatives: self.negatives.len(),
        }
    }
}

/// The dot product in eight lanes, which the compiler turns into vector instructions.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; 8];
    let (a8, a_rest) = a.as_chunks::<8>();
    let (b8, b_rest) = b.as_chunks::<8>();
    for (x, y) in a8.iter().zip(b8) {
        for lane in 0..8 {
            lanes[lane] += x[lane] * y[lane];
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(x, y)| x * y).sum();
    lanes.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests;
