//! Intervals over drugs: how far a figure would move with other drugs of the same kind.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::figures::{Figures, Parts};
use super::strata::Sums;
use super::tally::Tally;
use crate::eval::EvalError;
use crate::simulate::random::{Purpose, Stream};

/// Pairs that the steps of the table are found on, about.
const SAMPLE: f64 = 500_000.0;
/// Doubles that the table of pooled quantiles may hold.
const TABLE: usize = 4 << 20;

/// A figure with the middle 95 % of what it was over resampled drugs.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Interval {
    /// The figure itself.
    pub value: f64,
    /// 2.5 % of resamples are below.
    pub low: f64,
    /// 2.5 % of resamples are above.
    pub high: f64,
}

/// What was found in a stratum.
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
}

/// Fewer drugs than this give no interval.
const FEWEST_DRUGS: usize = 5;

/// Resamples of the drugs of an evaluation, the same for every embedding that is asked, so that differences are paired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bootstrap {
    /// How often drugs are drawn anew.
    pub replicates: usize,
    /// Decides which.
    pub seed: u64,
}

impl Bootstrap {
    /// Intervals of all figures, in the order of [`Figures::names`].
    ///
    /// # Errors
    /// [`EvalError::NoPositive`] for an empty tally.
    pub fn intervals(self, tally: &Tally) -> Result<Vec<Interval>, EvalError> {
        let values = tally.figures()?.values();
        let replicates = self.values(tally)?;
        Ok(values
            .iter()
            .enumerate()
            .map(|(at, &value)| Interval::of(value, &replicates, |r| r[at]))
            .collect())
    }

    /// Intervals of `tally`'s figures minus those of `other`, drug drawn with drug.
    ///
    /// # Errors
    /// [`EvalError::NoPositive`] for an empty tally, [`EvalError::Unpaired`] when the drugs are not the same.
    pub fn differences(self, tally: &Tally, other: &Tally) -> Result<Vec<Interval>, EvalError> {
        if !tally.drugs().map(|(drug, _)| drug).eq(other.drugs().map(|(drug, _)| drug)) {
            return Err(EvalError::Unpaired { drugs: tally.drugs().len(), others: other.drugs().len() });
        }
        let (values, others) = (tally.figures()?.values(), other.figures()?.values());
        let (ours, theirs) = (self.values(tally)?, self.values(other)?);
        let difference = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a - b).collect::<Vec<f64>>();
        let replicates: Vec<Vec<f64>> = ours.iter().zip(&theirs).map(|(a, b)| difference(a, b)).collect();
        let values = difference(&values, &others);
        Ok(values
            .iter()
            .enumerate()
            .map(|(at, &value)| Interval::of(value, &replicates, |r| r[at]))
            .collect())
    }

    /// The AUC of every stratum that has a pair. Over fewer than five drugs there is no interval (NaN): resampling two
    /// or three says nothing of the others.
    pub fn strata(self, tally: &Tally) -> Vec<StratumFound> {
        let mut strata: BTreeMap<u16, Vec<(usize, Sums)>> = BTreeMap::new();
        for (place, (_, drug)) in tally.drugs().enumerate() {
            for (&stratum, &sums) in &drug.strata {
                strata.entry(stratum).or_default().push((place, sums));
            }
        }
        let ones = vec![1.0; tally.drugs().len()];
        let aucs = |weights: &[f64]| -> Vec<f64> {
            strata.values().map(|drugs| weighed(drugs, weights).auc_quantile()).collect()
        };
        let replicates = self.replicate(ones.len(), aucs);
        let found = |at: usize, stratum: u16, drugs: &[(usize, Sums)]| {
            let sums = weighed(drugs, &ones);
            let replicates = if drugs.len() < FEWEST_DRUGS { &[] } else { &replicates[..] };
            let auc = Interval::of(sums.auc_quantile(), replicates, |aucs| aucs[at]);
            StratumFound { stratum, drugs: drugs.len(), sums, auc }
        };
        strata.iter().enumerate().map(|(at, (&stratum, drugs))| found(at, stratum, drugs)).collect()
    }

    /// The recall of all pairs at each of `xs`.
    pub fn curve(self, tally: &Tally, xs: &[f64]) -> Vec<Interval> {
        let below: Vec<Vec<f64>> =
            xs.par_iter().map(|&x| tally.drugs().map(|(_, drug)| drug.ranks.below(x)).collect()).collect();
        let pairs: Vec<f64> = tally.drugs().map(|(_, drug)| drug.ranks.pairs() as f64).collect();
        let curve = |weights: &[f64]| -> Vec<f64> {
            let all = dot(weights, &pairs);
            below.iter().map(|below| dot(weights, below) / all).collect()
        };
        let replicates = self.replicate(pairs.len(), curve);
        let whole = curve(&vec![1.0; pairs.len()]);
        whole.iter().enumerate().map(|(at, &recall)| Interval::of(recall, &replicates, |r| r[at])).collect()
    }

    /// All figures of every resample.
    fn values(self, tally: &Tally) -> Result<Vec<Vec<f64>>, EvalError> {
        let parts = Parts::new(tally)?;
        let table = Table::new(tally);
        Ok(self.replicate(parts.drugs.len(), |weights| {
            let mut figures: Figures = parts.figures(weights);
            figures.micro.median_q = table.median(weights);
            figures.values()
        }))
    }

    /// What `of` makes of how often each drug is drawn, for every resample.
    pub(crate) fn replicate<T: Send>(self, drugs: usize, of: impl Fn(&[f64]) -> T + Sync) -> Vec<T> {
        let draw = |replicate: usize| {
            let mut stream = Stream::new(self.seed, Purpose::Bootstrap, replicate as u64);
            let mut weights = vec![0.0; drugs];
            (0..drugs).for_each(|_| weights[stream.below(drugs as u64) as usize] += 1.0);
            of(&weights)
        };
        (0..self.replicates).into_par_iter().map(draw).collect()
    }
}

/// The sums of a stratum when drug `i` counts `weights[i]` times.
fn weighed(drugs: &[(usize, Sums)], weights: &[f64]) -> Sums {
    let mut sums = Sums::default();
    drugs.iter().for_each(|(place, of)| sums.add_times(weights[*place], of));
    sums
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

impl Interval {
    /// The percentiles of what `of` takes out of each replicate; those that are not numbers are left out.
    pub(crate) fn of<T>(value: f64, replicates: &[T], of: impl Fn(&T) -> f64) -> Self {
        let mut values: Vec<f64> = replicates.iter().map(of).filter(|value| value.is_finite()).collect();
        values.sort_unstable_by(f64::total_cmp);
        let at = |share: f64| {
            let place = share * (values.len().checked_sub(1)? as f64);
            let (low, part) = (place.floor() as usize, place.fract());
            Some(values[low] + part * (values[(low + 1).min(values.len() - 1)] - values[low]))
        };
        Self { value, low: at(0.025).unwrap_or(f64::NAN), high: at(0.975).unwrap_or(f64::NAN) }
    }
}

/// How many pairs of each drug lie up to each of many quantiles: medians of reweighted drugs, to within a step.
struct Table {
    quantiles: Vec<f64>,
    /// Of each quantile the pairs of every drug.
    up_to: Vec<Vec<f64>>,
    pairs: Vec<f64>,
}

impl Table {
    /// Steps of equal shares of the pairs, found on a sample of them.
    fn new(tally: &Tally) -> Self {
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
