//! Results of one way of embedding on all held-out sets.

use std::collections::BTreeMap;

use super::strata::{CELL_LINE_OF_PAIR, SAME_OR_OTHER, SOURCE};
use crate::eval::EvalError;
use crate::eval::{Figures, HITS_AT, Measures, RECALL_AT, RetrievalResults, StratumFound};
use crate::stats::{Bootstrap, Interval, Roc};

/// Bins of the histogram of quantiles.
const HISTOGRAM: usize = 50;

/// The figures of one embedding on one question. Field names are those of the plain reference where it has the figure.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Outcome {
    /// Queries with a positive and a negative.
    pub queries: u64,
    /// (query, positive) pairs.
    pub positives: u64,
    /// Mean number of negatives of a query.
    pub negatives_mean: f64,
    /// Drugs with a query, which intervals resample.
    pub drugs: usize,
    /// Labels with a query: what macro figures are averaged over.
    pub labels: usize,
    /// Figures over all pairs alike.
    pub micro: Means,
    /// Means over labels.
    pub per_label: Means,
    /// Area under the ROC of one threshold for all queries.
    pub auc_roc: Option<f64>,
    /// How far that may be off.
    pub auc_roc_error: Option<f64>,
    /// Matthews correlation coefficient at the median similarity.
    pub mcc: Option<f64>,
    /// Mean over queries of the median quantile of their positives.
    pub mean_query_median_q: f64,
    /// Mean reciprocal rank of the best positive.
    pub mrr: f64,
    /// Share of queries whose best positive is among the first k.
    pub hits: BTreeMap<String, f64>,
    /// `x` of `recall` that are finer than one negative, where a recall means little.
    pub finer_than_one_negative: Vec<f64>,
    /// 95 % intervals over drugs, by the name of the figure (`micro.recall.0.01`); no numbers (null) where there is none.
    pub intervals: BTreeMap<String, [f64; 2]>,
    /// Recall, with its interval, by quantile.
    pub curve: Vec<(f64, Interval)>,
    /// (false positive rate, true positive rate) of one threshold for all queries.
    pub roc: Vec<(f64, f64)>,
    /// Share of positives in each of 50 equal ranges of the quantile.
    pub histogram: Vec<f64>,
    /// Parts of the pairs.
    pub strata: Vec<Stratum>,
}

/// Recall, median and mean of quantiles.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Means {
    /// Share of positives with a quantile below x, by x.
    pub recall: BTreeMap<String, f64>,
    /// Median quantile.
    pub median_q: f64,
    /// 1 - mean quantile.
    pub auc_quantile: f64,
}

/// A part of the pairs.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Stratum {
    /// What is divided.
    pub of: String,
    /// Which part.
    pub part: String,
    /// Pairs in it.
    pub positives: u64,
    /// Drugs with a pair in it.
    pub drugs: usize,
    /// 1 - mean quantile of them.
    pub auc_quantile: f64,
    /// Its interval; no numbers (null) over fewer than five drugs.
    pub interval: [f64; 2],
    /// 1 - mean quantile of the pairs of each drug, averaged over drugs: every drug weighs alike.
    pub auc_per_drug: f64,
    /// Its interval.
    pub interval_per_drug: [f64; 2],
    /// Recall by x.
    pub recall: BTreeMap<String, f64>,
}

impl Outcome {
    /// Works out everything that a tally says.
    ///
    /// # Errors
    /// [`EvalError::NoPositive`] for an empty tally.
    pub fn new(
        tally: &RetrievalResults,
        names: &[(String, String)],
        bootstrap: Bootstrap,
    ) -> Result<Self, EvalError> {
        let (counts, figures) = (tally.counts(), tally.figures()?);
        let intervals = tally.intervals(bootstrap)?;
        let roc = Roc::new(tally.overlaps());
        let curve = curve(tally, bootstrap);
        Ok(Self {
            queries: counts.queries,
            positives: counts.positives,
            negatives_mean: counts.negatives_mean,
            drugs: counts.drugs,
            labels: counts.labels,
            micro: Means::from(figures.micro),
            per_label: Means::from(figures.per_label),
            auc_roc: roc.as_ref().map(|roc| roc.auc),
            auc_roc_error: roc.as_ref().map(|roc| roc.auc_error),
            mcc: roc.as_ref().map(|roc| roc.mcc),
            mean_query_median_q: figures.mean_query_median_q,
            mrr: figures.mrr,
            hits: HITS_AT.iter().zip(figures.hits).map(|(k, share)| (k.to_string(), share)).collect(),
            finer_than_one_negative: RECALL_AT
                .into_iter()
                .filter(|x| x * counts.negatives_mean < 1.0)
                .collect(),
            intervals: named(&intervals)
                .map(|(name, interval)| (name, [interval.low, interval.high]))
                .collect(),
            curve,
            roc: roc.map(|roc| roc.points).unwrap_or_default(),
            histogram: histogram(tally),
            strata: strata(tally, names, bootstrap),
        })
    }

    /// Returns recall by x, leaving out every x that is finer than one negative.
    pub fn resolved_recall(&self) -> impl Iterator<Item = (f64, f64)> {
        let is_coarse = |x: &f64| !self.finer_than_one_negative.contains(x);
        let recall = |x: f64| Some((x, *self.micro.recall.get(&x.to_string())?));
        RECALL_AT.into_iter().filter(is_coarse).filter_map(recall)
    }

    /// Returns the pairs within a cell line and those across two, where there are any.
    pub fn by_cell_line(&self) -> [Option<&Stratum>; 2] {
        SAME_OR_OTHER.map(|part| {
            self.strata.iter().find(|stratum| stratum.of == CELL_LINE_OF_PAIR && stratum.part == part)
        })
    }

    /// Returns the same part of the pairs as one of another outcome, where there are any.
    pub fn part_like(&self, other: &Stratum) -> Option<&Stratum> {
        self.strata.iter().find(|stratum| (&stratum.of, &stratum.part) == (&other.of, &other.part))
    }

    /// Returns a figure and its interval, by name.
    pub fn interval(&self, name: &str) -> Option<[f64; 2]> {
        self.intervals.get(name).copied()
    }
}

impl Stratum {
    /// Tells whether pairs are divided by the sources that they are from.
    pub fn is_by_source(&self) -> bool {
        self.of.starts_with(SOURCE)
    }
}

/// Intervals with the names of their figures.
pub(super) fn named(intervals: &[Interval]) -> impl Iterator<Item = (String, &Interval)> {
    Figures::names().into_iter().zip(intervals)
}

impl From<Measures> for Means {
    fn from(measures: Measures) -> Self {
        let Measures { recall, median_q, auc_quantile } = measures;
        Self { recall: by_x(recall), median_q, auc_quantile }
    }
}

fn by_x(recall: [f64; RECALL_AT.len()]) -> BTreeMap<String, f64> {
    RECALL_AT.iter().zip(recall).map(|(x, recall)| (x.to_string(), recall)).collect()
}

/// Quantiles from one negative to all, evenly spread on a log axis.
fn curve(tally: &RetrievalResults, bootstrap: Bootstrap) -> Vec<(f64, Interval)> {
    const PER_DECADE: f64 = 20.0;
    let finest = 0.5 / tally.counts().negatives_mean.max(1.0);
    let steps = (-finest.log10() * PER_DECADE).ceil() as i32;
    let xs: Vec<f64> = (0..=steps).rev().map(|step| 10_f64.powf(-f64::from(step) / PER_DECADE)).collect();
    let curve = tally.curve(&xs, bootstrap);
    xs.into_iter().zip(curve).collect()
}

fn histogram(tally: &RetrievalResults) -> Vec<f64> {
    let edges: Vec<f64> = (0..=HISTOGRAM).map(|at| tally.up_to(at as f64 / HISTOGRAM as f64)).collect();
    let inner = edges.windows(2).map(|edge| edge[1] - edge[0]);
    let mut shares: Vec<f64> = inner.collect();
    // Those right at 0 belong to the first.
    shares[0] += edges[0];
    shares
}

fn strata(tally: &RetrievalResults, names: &[(String, String)], bootstrap: Bootstrap) -> Vec<Stratum> {
    let found = tally.strata(bootstrap).into_iter();
    let stratum = |found: StratumFound| {
        let (of, part) = names.get(usize::from(found.stratum))?.clone();
        Some(Stratum {
            of,
            part,
            positives: found.sums.pairs as u64,
            drugs: found.drugs,
            auc_quantile: found.auc.value,
            interval: [found.auc.low, found.auc.high],
            auc_per_drug: found.auc_per_drug.value,
            interval_per_drug: [found.auc_per_drug.low, found.auc_per_drug.high],
            recall: by_x(found.sums.recall()),
        })
    };
    found.filter_map(stratum).collect()
}
