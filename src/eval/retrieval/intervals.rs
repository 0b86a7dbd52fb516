//! Intervals over drugs: how far a figure would move with other drugs of the same kind.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::accumulator::RetrievalResults;
use super::figures::{Figures, Parts};
use super::strata::Sums;
use crate::eval::EvalError;
use crate::stats::{Bootstrap, Interval, intervals};

/// Pairs that the steps of the table are found on, about.
const SAMPLE: f64 = 500_000.0;
/// Doubles that the table of pooled quantiles may hold.
const TABLE: usize = 4 << 20;

/// Results in a stratum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StratumFound {
    /// Its number.
    pub stratum: u16,
    /// Drugs with a pair in it.
    pub drugs: usize,
    /// The pairs.
    pub sums: Sums,
    /// `1 - mean quantile` of them.
    pub auc: Interval,
    /// The same for each drug, averaged over drugs.
    pub auc_per_drug: Interval,
}

impl RetrievalResults {
    /// Returns the intervals of all figures, in the order of [`Figures::names`].
    ///
    /// # Errors
    /// [`EvalError::NoPositive`] without a pair, and as [`Bootstrap::check`].
    pub fn intervals(&self, bootstrap: Bootstrap) -> Result<Vec<Interval>, EvalError> {
        let values = self.figures()?.values();
        let replicates = self.resamples(bootstrap)?;
        Ok(intervals(&values, self.drugs().len(), &replicates))
    }

    /// Returns the intervals of these figures minus those of `other`, paired by drug.
    ///
    /// # Errors
    /// [`EvalError::NoPositive`] without a pair, [`EvalError::Unpaired`] when the drugs are not the same, and as
    /// [`Bootstrap::check`].
    pub fn differences(&self, other: &Self, bootstrap: Bootstrap) -> Result<Vec<Interval>, EvalError> {
        if !self.drugs().map(|(drug, _)| drug).eq(other.drugs().map(|(drug, _)| drug)) {
            return Err(EvalError::Unpaired { drugs: self.drugs().len(), others: other.drugs().len() });
        }
        let (values, others) = (self.figures()?.values(), other.figures()?.values());
        let (ours, theirs) = (self.resamples(bootstrap)?, other.resamples(bootstrap)?);
        let difference = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a - b).collect::<Vec<f64>>();
        let replicates: Vec<Vec<f64>> = ours.iter().zip(&theirs).map(|(a, b)| difference(a, b)).collect();
        Ok(intervals(&difference(&values, &others), self.drugs().len(), &replicates))
    }

    /// Returns the AUC of every stratum that has a pair, over all pairs and over drugs.
    pub(crate) fn strata(&self, bootstrap: Bootstrap) -> Vec<StratumFound> {
        let mut strata: BTreeMap<u16, Vec<(usize, Sums)>> = BTreeMap::new();
        for (place, (_, drug)) in self.drugs().enumerate() {
            for (&stratum, &sums) in &drug.strata {
                strata.entry(stratum).or_default().push((place, sums));
            }
        }
        let ones = vec![1.0; self.drugs().len()];
        let aucs = |weights: &[f64]| -> Vec<[f64; 2]> {
            strata
                .values()
                .map(|drugs| [weighed(drugs, weights).auc_quantile(), per_drug(drugs, weights)])
                .collect()
        };
        let replicates = bootstrap.replicate(ones.len(), aucs);
        let found = |at: usize, stratum: u16, drugs: &[(usize, Sums)]| {
            let sums = weighed(drugs, &ones);
            let interval = |value, which: usize| {
                Interval::of(value, drugs.len(), &replicates, |aucs: &Vec<[f64; 2]>| aucs[at][which])
            };
            let (auc, auc_per_drug) = (interval(sums.auc_quantile(), 0), interval(per_drug(drugs, &ones), 1));
            StratumFound { stratum, drugs: drugs.len(), sums, auc, auc_per_drug }
        };
        strata.iter().enumerate().map(|(at, (&stratum, drugs))| found(at, stratum, drugs)).collect()
    }

    /// Returns the recall of all pairs at each of `xs`.
    pub(crate) fn curve(&self, xs: &[f64], bootstrap: Bootstrap) -> Vec<Interval> {
        let below: Vec<Vec<f64>> =
            xs.par_iter().map(|&x| self.drugs().map(|(_, drug)| drug.ranks.below(x)).collect()).collect();
        let pairs: Vec<f64> = self.drugs().map(|(_, drug)| drug.ranks.pairs() as f64).collect();
        let curve = |weights: &[f64]| -> Vec<f64> {
            let all = dot(weights, &pairs);
            below.iter().map(|below| dot(weights, below) / all).collect()
        };
        let replicates = bootstrap.replicate(pairs.len(), curve);
        let whole = curve(&vec![1.0; pairs.len()]);
        intervals(&whole, pairs.len(), &replicates)
    }

    /// Returns all figures of every resample.
    fn resamples(&self, bootstrap: Bootstrap) -> Result<Vec<Vec<f64>>, EvalError> {
        bootstrap.check()?;
        let parts = Parts::new(self)?;
        let table = Table::new(self);
        Ok(bootstrap.replicate(parts.drugs.len(), |weights| {
            let mut figures: Figures = parts.figures(weights);
            figures.micro.median_q = table.median(weights);
            figures.values()
        }))
    }
}

/// Returns the sums of a stratum when drug `i` counts `weights[i]` times.
fn weighed(drugs: &[(usize, Sums)], weights: &[f64]) -> Sums {
    let mut sums = Sums::default();
    drugs.iter().for_each(|(place, of)| sums.add_times(weights[*place], of));
    sums
}

/// Returns the mean over drugs of their AUC in a stratum when drug `i` counts `weights[i]` times.
fn per_drug(drugs: &[(usize, Sums)], weights: &[f64]) -> f64 {
    let weight: f64 = drugs.iter().map(|(place, _)| weights[*place]).sum();
    drugs.iter().map(|(place, of)| weights[*place] * of.auc_quantile()).sum::<f64>() / weight
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Numbers of pairs of each drug up to each of many quantiles: medians of reweighted drugs, to within a step.
struct Table {
    quantiles: Vec<f64>,
    /// Of each quantile the pairs of every drug.
    up_to: Vec<Vec<f64>>,
    pairs: Vec<f64>,
}

impl Table {
    /// Steps of equal shares of the pairs, found on a sample of them.
    fn new(tally: &RetrievalResults) -> Self {
        let drugs: Vec<&super::Ranks> = tally.drugs().map(|(_, drug)| &drug.ranks).collect();
        let pairs: Vec<f64> = drugs.iter().map(|ranks| ranks.pairs() as f64).collect();
        let steps = (TABLE / drugs.len().max(1)).clamp(64, 1024);
        let stride = (pairs.iter().sum::<f64>() / SAMPLE) as u64 + 1;
        let mut sample: Vec<f64> = drugs.iter().flat_map(|ranks| ranks.thinned(stride)).collect();
        sample.sort_unstable_by(f64::total_cmp);
        let mut quantiles: Vec<f64> = (0..=steps)
            .filter_map(|step| sample.get((sample.len().max(1) - 1) * step / steps))
            .copied()
            .collect();
        quantiles.dedup();
        let row = |&q: &f64| drugs.iter().map(|ranks| ranks.up_to(q) as f64).collect();
        let up_to = quantiles.par_iter().map(row).collect();
        Self { quantiles, up_to, pairs }
    }

    fn median(&self, weights: &[f64]) -> f64 {
        let half = 0.5 * dot(weights, &self.pairs);
        let at = self.up_to.partition_point(|row| dot(weights, row) < half);
        self.quantiles.get(at).or(self.quantiles.last()).copied().unwrap_or(f64::NAN)
    }
}
