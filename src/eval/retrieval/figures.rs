//! From a tally to the figures that are read.

use super::RECALL_AT;
use super::accumulator::{HITS_AT, RetrievalResults};
use super::rank_histogram::pooled_median;
use super::strata::Sums;
use crate::eval::EvalError;

/// Figures of the ranks of positives, over some pairs.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Measures {
    /// The share of positives with a quantile below each of 0.0001, 0.001, 0.01, 0.05, 0.1, 0.2 and 0.3, ties half.
    pub recall: [f64; RECALL_AT.len()],
    /// Median quantile; 0 is best, 0.5 is chance.
    pub median_q: f64,
    /// `1 - mean quantile`, the area under recall over quantiles: 1 is perfect, 0.5 is chance.
    pub auc_quantile: f64,
}

/// The figures of a retrieval.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Figures {
    /// Over all (query, positive) pairs alike, so that a drug of n signatures weighs n (n - 1).
    pub micro: Measures,
    /// The mean over labels of each label's own figures.
    pub per_label: Measures,
    /// Mean over queries of the median quantile of the query's positives.
    pub mean_query_median_q: f64,
    /// Mean over queries of 1 / rank of the best positive among the negatives.
    pub mrr: f64,
    /// Share of queries whose best positive is among the first 1, 10 and 100.
    pub hits: [f64; HITS_AT.len()],
}

/// Numbers that figures rest on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Counts {
    /// Queries with a positive and a negative.
    pub queries: u64,
    /// (query, positive) pairs.
    pub positives: u64,
    /// Mean number of negatives of a query: what a rank refers to.
    pub negatives_mean: f64,
    /// Drugs with a query.
    pub drugs: usize,
    /// Labels with a query: the drugs themselves, or classes.
    pub labels: usize,
}

impl Figures {
    /// Names of all figures, as in the JSON, in the order of [`values`](Self::values).
    pub fn names() -> Vec<String> {
        let mut names = Vec::new();
        for part in ["micro", "macro"] {
            names.extend(RECALL_AT.map(|x| format!("{part}.recall.{x}")));
            names.extend([format!("{part}.median_q"), format!("{part}.auc_quantile")]);
        }
        names.extend(["mean_query_median_q".to_owned(), "mrr".to_owned()]);
        names.extend(HITS_AT.map(|k| format!("hits.{k}")));
        names
    }

    /// Returns all figures as numbers.
    pub fn values(&self) -> Vec<f64> {
        let mut values = Vec::new();
        for part in [self.micro, self.per_label] {
            values.extend(part.recall);
            values.extend([part.median_q, part.auc_quantile]);
        }
        values.extend([self.mean_query_median_q, self.mrr]);
        values.extend(self.hits);
        values
    }
}

impl RetrievalResults {
    /// Returns the figures.
    ///
    /// # Errors
    /// [`EvalError::NoPositive`] when nothing was added.
    pub fn figures(&self) -> Result<Figures, EvalError> {
        let parts = Parts::new(self)?;
        let mut figures = parts.figures(&vec![1.0; parts.drugs.len()]);
        figures.micro.median_q =
            pooled_median(&self.drugs.values().map(|drug| &drug.ranks)).unwrap_or(f64::NAN);
        Ok(figures)
    }

    /// Returns the number of queries that have a positive and a negative.
    pub fn queries(&self) -> u64 {
        self.counts().queries
    }

    /// Returns the number of (query, positive) pairs.
    pub fn positives(&self) -> u64 {
        self.counts().positives
    }

    /// Returns the numbers that figures rest on.
    pub(crate) fn counts(&self) -> Counts {
        let sum = |of: &dyn Fn(&super::DrugResults) -> u64| self.drugs.values().map(of).sum::<u64>();
        let queries = sum(&|drug| drug.queries);
        let negatives: u128 = self.drugs.values().map(|drug| drug.negatives).sum();
        Counts {
            queries,
            positives: sum(&|drug| drug.ranks.pairs()),
            negatives_mean: negatives as f64 / queries.max(1) as f64,
            drugs: self.drugs.len(),
            labels: if self.single { self.drugs.len() } else { self.classes.len() },
        }
    }

    /// Returns the share of pairs with a quantile of at most `x`.
    pub(crate) fn up_to(&self, x: f64) -> f64 {
        let pairs: u64 = self.drugs.values().map(|drug| drug.ranks.up_to(x)).sum();
        pairs as f64 / self.counts().positives.max(1) as f64
    }
}

/// A tally in sums, so that drugs can be weighed anew without looking at a rank again.
pub(super) struct Parts {
    pub(super) drugs: Vec<Part>,
    /// Of every class the (place in `drugs`, sums) of its drugs, and the class's own median; empty where drugs are the
    /// labels.
    classes: Vec<(Vec<(usize, Sums)>, f64)>,
}

/// One drug.
pub(super) struct Part {
    pub(super) number: u32,
    pub(super) sums: Sums,
    median_q: f64,
    queries: f64,
    query_medians: f64,
    reciprocal_ranks: f64,
    hits: [f64; HITS_AT.len()],
}

impl Parts {
    pub(super) fn new(tally: &RetrievalResults) -> Result<Self, EvalError> {
        if tally.drugs.is_empty() {
            return Err(EvalError::NoPositive { labels: 0 });
        }
        let drugs: Vec<Part> = tally.drugs.iter().map(|(&number, drug)| Part::new(number, drug)).collect();
        let place = |drug: &u32| drugs.partition_point(|part| part.number < *drug);
        let classes = tally.classes.values().map(|class| {
            let sums = class.iter().map(|(drug, ranks)| (place(drug), sums(ranks))).collect();
            (sums, pooled_median(&class.values()).unwrap_or(f64::NAN))
        });
        Ok(Self { classes: classes.collect(), drugs })
    }

    /// Returns the figures when drug `i` counts `weights[i]` times. The pooled median is left to the caller (NaN).
    pub(super) fn figures(&self, weights: &[f64]) -> Figures {
        let mut sums = Sums::default();
        let (mut queries, mut medians, mut reciprocal) = (0.0, 0.0, 0.0);
        let mut hits = [0.0; HITS_AT.len()];
        for (drug, &weight) in self.drugs.iter().zip(weights) {
            sums.add_times(weight, &drug.sums);
            queries += weight * drug.queries;
            medians += weight * drug.query_medians;
            reciprocal += weight * drug.reciprocal_ranks;
            hits.iter_mut().zip(drug.hits).for_each(|(sum, hits)| *sum += weight * hits);
        }
        Figures {
            micro: Measures { recall: sums.recall(), median_q: f64::NAN, auc_quantile: sums.auc_quantile() },
            per_label: self.per_label(weights),
            mean_query_median_q: medians / queries,
            mrr: reciprocal / queries,
            hits: hits.map(|hits| hits / queries),
        }
    }

    fn per_label(&self, weights: &[f64]) -> Measures {
        let mut mean = Mean::default();
        if self.classes.is_empty() {
            for (drug, &weight) in self.drugs.iter().zip(weights).filter(|(_, weight)| **weight > 0.0) {
                mean.add(weight, &drug.sums, drug.median_q);
            }
        }
        for (drugs, median) in &self.classes {
            let mut sums = Sums::default();
            drugs.iter().for_each(|(place, of_drug)| sums.add_times(weights[*place], of_drug));
            if sums.pairs > 0.0 {
                mean.add(1.0, &sums, *median);
            }
        }
        mean.measures()
    }
}

impl Part {
    fn new(number: u32, drug: &super::DrugResults) -> Self {
        Self {
            number,
            sums: sums(&drug.ranks),
            median_q: drug.ranks.median().unwrap_or(f64::NAN),
            queries: drug.queries as f64,
            query_medians: drug.query_medians,
            reciprocal_ranks: drug.reciprocal_ranks,
            hits: drug.hits.map(|hits| hits as f64),
        }
    }
}

pub(super) fn sums(ranks: &super::Ranks) -> Sums {
    let below = RECALL_AT.map(|x| ranks.below(x));
    Sums { pairs: ranks.pairs() as f64, quantiles: ranks.sum(), below }
}

/// The weighted mean of the figures of labels.
#[derive(Default)]
struct Mean {
    weight: f64,
    recall: [f64; RECALL_AT.len()],
    median_q: f64,
    auc_quantile: f64,
}

impl Mean {
    fn add(&mut self, weight: f64, sums: &Sums, median_q: f64) {
        self.weight += weight;
        self.recall.iter_mut().zip(sums.recall()).for_each(|(sum, recall)| *sum += weight * recall);
        self.median_q += weight * median_q;
        self.auc_quantile += weight * sums.auc_quantile();
    }

    fn measures(&self) -> Measures {
        Measures {
            recall: self.recall.map(|recall| recall / self.weight),
            median_q: self.median_q / self.weight,
            auc_quantile: self.auc_quantile / self.weight,
        }
    }
}
