//! Percent replicating: of how many labels are the rows more alike than as many rows of different labels?
//!
//! The median cosine of all pairs of a label's rows is held against the same median of many sets of as many rows, each
//! of another label. A label replicates when it lies above the 95th percentile of those (Way et al., Cell Syst. 13, 911,
//! 2022, who give the share of such labels). By chance one label in twenty does.
//!
//! A median of few pairs spreads more than one of many, so every number of rows has a null of its own; labels of one
//! number share it.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::{EvalError, PreparedRows, Similarity};
use crate::random::{Purpose, Stream};
use crate::simd::{Simd, Work, with_vectors};
use crate::stats::{Interval, check_runs};
use crate::{Rows, SettingError};

/// Options of the test for labels that replicate.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ReplicatingOptions {
    /// Sets of rows of different labels, for every number of rows; at most a million.
    pub null_sets: usize,
    /// The percentile of these sets that a label has to exceed, above 0 and below 100.
    pub percentile: f64,
    /// Decides which rows are drawn.
    pub seed: u64,
    /// Of a larger label so many rows are looked at, at least 2. No set of rows of different labels is larger than the
    /// number of labels, so never more than that.
    pub largest_group: usize,
}

impl Default for ReplicatingOptions {
    /// 1,000 sets, the 95th percentile, up to 50 rows.
    fn default() -> Self {
        Self { null_sets: 1000, percentile: 95.0, seed: 1, largest_group: 50 }
    }
}

impl ReplicatingOptions {
    /// Sets the number of sets of rows of different labels.
    #[must_use]
    pub fn null_sets(self, null_sets: usize) -> Self {
        Self { null_sets, ..self }
    }

    /// Sets the percentile that a label has to exceed.
    #[must_use]
    pub fn percentile(self, percentile: f64) -> Self {
        Self { percentile, ..self }
    }

    /// Sets the seed.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Sets how many rows of a label are looked at.
    #[must_use]
    pub fn largest_group(self, largest_group: usize) -> Self {
        Self { largest_group, ..self }
    }
}

/// The labels that replicate.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Replicating {
    /// Labels of at least two rows.
    pub labels: usize,
    /// The percentage of them that replicates, with its interval over labels, of which there must be five.
    pub percent: Interval,
    /// Mean over these labels of their median cosine.
    pub mean_median: f64,
    /// Mean over these labels of the median of their null: what unrelated rows give.
    pub null_median: f64,
    /// Mean over these labels of what they have to exceed.
    pub threshold: f64,
    /// Every such label, ascending.
    pub by_label: Vec<Replicates>,
}

/// The rows of one label.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Replicates {
    /// The label.
    pub label: u32,
    /// Its rows.
    pub rows: usize,
    /// How many of them were looked at.
    pub looked_at: usize,
    /// Median cosine of their pairs.
    pub median: f64,
    /// Median of the null of so many rows.
    pub null_median: f64,
    /// The percentile of that null.
    pub threshold: f64,
}

impl Replicates {
    /// Tells whether these rows are more alike than nearly all sets of unrelated ones.
    pub fn replicates(&self) -> bool {
        self.median > self.threshold
    }
}

/// Resamples of the labels.
const RESAMPLES: u64 = 1000;
/// The most sets of a null: their medians are kept until the percentile is known.
const MAX_NULL_SETS: usize = 1_000_000;

impl Replicating {
    /// Asks which labels replicate, one a row; rows may be of any length but 0.
    ///
    /// A label may be a drug, or stricter: drug, cell line, dose and time as one. Rows that are alone with their label are
    /// drawn for the null. A set of the null takes its labels with equal chances, then a row of each, so that a label of many
    /// rows is no likelier to be there than one of few. By strict labels a set may hold one drug at two doses, which raises
    /// the bar a little.
    ///
    /// ```
    /// use l1kdb::Rows;
    /// use l1kdb::eval::Replicating;
    ///
    /// // The two rows of label 0 are alike; those of label 1 are opposite, as no two rows of different labels are.
    /// let embeddings = Rows::new(&[1.0, 0.0, 0.99, 0.1, 0.0, 1.0, 0.0, -1.0], 2)?;
    /// let found = Replicating::of(embeddings, &[0, 0, 1, 1], &Default::default())?;
    /// assert_eq!((found.labels, found.percent.value), (2, 50.0));
    /// # Ok::<(), l1kdb::eval::EvalError>(())
    /// ```
    ///
    /// # Errors
    /// [`EvalError`] when there are not as many labels as rows, a value is not finite, a row is zero, a setting is out of its
    /// range, no label has two rows ([`EvalError::NoPositive`]), or there is one label only ([`EvalError::NoNegative`]).
    pub fn of(embeddings: Rows<'_>, labels: &[u32], options: &ReplicatingOptions) -> Result<Self, EvalError> {
        options.check()?;
        if embeddings.len() != labels.len() {
            return Err(EvalError::Rows { embeddings: embeddings.len(), labels: labels.len() });
        }
        let prepared = PreparedRows::new(embeddings, Similarity::Cosine)?;
        let groups = Groups::new(&prepared, labels);
        if groups.rows.iter().all(|rows| rows.len() < 2) {
            return Err(EvalError::NoPositive { labels: groups.rows.len() });
        }
        if groups.rows.len() < 2 {
            return Err(EvalError::NoNegative { rows: labels.len() });
        }
        let by_label = groups.replicates(options);
        let mean = |of: fn(&Replicates) -> f64| by_label.iter().map(of).sum::<f64>() / by_label.len() as f64;
        Ok(Self {
            labels: by_label.len(),
            percent: percent(&by_label, options.seed),
            mean_median: mean(|label| label.median),
            null_median: mean(|label| label.null_median),
            threshold: mean(|label| label.threshold),
            by_label,
        })
    }
}

impl ReplicatingOptions {
    fn check(&self) -> Result<(), SettingError> {
        let refuse = |name, found: String, expected: &str| Err(SettingError::new(name, found, expected));
        if self.null_sets == 0 {
            return refuse("the number of null sets", "0".to_owned(), "at least 1");
        }
        check_runs("the number of null sets", self.null_sets, MAX_NULL_SETS)?;
        if !(self.percentile > 0.0 && self.percentile < 100.0) {
            return refuse("the percentile", self.percentile.to_string(), "a number above 0 and below 100");
        }
        if self.largest_group < 2 {
            return refuse("the largest group", self.largest_group.to_string(), "at least 2");
        }
        Ok(())
    }
}

/// Returns the share of labels that replicate, and how far it would move with other labels.
fn percent(by_label: &[Replicates], seed: u64) -> Interval {
    let points: Vec<f64> =
        by_label.iter().map(|label| f64::from(u8::from(label.replicates())) * 100.0).collect();
    let number = points.len();
    let resampled = |resample: u64| {
        let mut stream = Stream::new(seed, Purpose::ReplicateBootstrap, resample);
        (0..number).map(|_| points[stream.below(number as u64) as usize]).sum::<f64>() / number as f64
    };
    let resamples: Vec<f64> = (0..RESAMPLES).into_par_iter().map(resampled).collect();
    Interval::of(points.iter().sum::<f64>() / number as f64, number, &resamples, |&percent| percent)
}

/// Rows by label.
struct Groups<'a> {
    prepared: &'a PreparedRows,
    labels: Vec<u32>,
    /// The rows of each of `labels`.
    rows: Vec<Vec<usize>>,
}

/// Figures of unrelated rows.
#[derive(Clone, Copy)]
struct Null {
    median: f64,
    threshold: f64,
}

impl<'a> Groups<'a> {
    fn new(prepared: &'a PreparedRows, labels: &[u32]) -> Self {
        let mut groups: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        labels.iter().enumerate().for_each(|(row, &label)| groups.entry(label).or_default().push(row));
        let (labels, rows) = groups.into_iter().unzip();
        Self { prepared, labels, rows }
    }

    fn replicates(&self, options: &ReplicatingOptions) -> Vec<Replicates> {
        let most = options.largest_group.min(self.labels.len());
        let looked_at = |rows: &Vec<usize>| rows.len().min(most);
        let sizes: BTreeSet<usize> = self.rows.iter().map(looked_at).filter(|&size| size > 1).collect();
        let nulls: BTreeMap<usize, Null> =
            sizes.iter().map(|&size| (size, self.null(size, options))).collect();
        let replicates = |(&label, rows): (&u32, &Vec<usize>)| {
            let looked_at = looked_at(rows);
            let null = nulls.get(&looked_at)?;
            let mut stream = Stream::new(options.seed, Purpose::ReplicateRows, u64::from(label));
            let chosen = choose(rows.len(), looked_at, &mut stream).into_iter().map(|at| rows[at]).collect();
            let median = median_cosine(self.prepared, chosen);
            let (null_median, threshold) = (null.median, null.threshold);
            Some(Replicates { label, rows: rows.len(), looked_at, median, null_median, threshold })
        };
        self.labels.par_iter().zip(&self.rows).filter_map(replicates).collect()
    }

    /// Returns the medians of sets of `size` rows of different labels.
    fn null(&self, size: usize, options: &ReplicatingOptions) -> Null {
        let median = |set: usize| {
            let stream = (size as u64) << 40 | set as u64;
            let mut stream = Stream::new(options.seed, Purpose::Replicates, stream);
            let labels = choose(self.labels.len(), size, &mut stream);
            let row = |label: usize| self.rows[label][stream.below(self.rows[label].len() as u64) as usize];
            median_cosine(self.prepared, labels.into_iter().map(row).collect())
        };
        let mut medians: Vec<f64> = (0..options.null_sets).into_par_iter().map(median).collect();
        medians.sort_unstable_by(f64::total_cmp);
        Null { median: percentile(&medians, 50.0), threshold: percentile(&medians, options.percentile) }
    }
}

/// `size` different ones of `0..all`, every choice being as likely as any other (Floyd's algorithm), in no random order.
fn choose(all: usize, size: usize, stream: &mut Stream) -> Vec<usize> {
    if size == all {
        return (0..all).collect();
    }
    let mut chosen = Vec::with_capacity(size);
    for last in all - size..all {
        let drawn = stream.below(last as u64 + 1) as usize;
        chosen.push(if chosen.contains(&drawn) { last } else { drawn });
    }
    chosen
}

/// Returns the median cosine of all pairs of at least two rows; the order of rows does not matter.
fn median_cosine(prepared: &PreparedRows, mut rows: Vec<usize>) -> f64 {
    rows.sort_unstable();
    let mut cosines: Vec<f64> = match prepared.wide() {
        None => with_vectors(Pairs { prepared, rows: &rows }).into_iter().map(f64::from).collect(),
        Some(wide) => {
            let pairs = (0..rows.len()).flat_map(|at| (0..at).map(move |other| (at, other)));
            pairs.map(|(at, other)| wide.cosine(rows[at], rows[other])).collect()
        }
    };
    let (middle, odd) = (cosines.len() / 2, !cosines.len().is_multiple_of(2));
    let (below, &mut high, _) = cosines.select_nth_unstable_by(middle, f64::total_cmp);
    let low = if odd { high } else { below.iter().copied().fold(f64::NEG_INFINITY, f64::max) };
    f64::midpoint(low, high)
}

/// All pairs of rows.
struct Pairs<'a> {
    prepared: &'a PreparedRows,
    rows: &'a [usize],
}

impl Work for Pairs<'_> {
    /// Their cosines.
    type Output = Vec<f32>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Self::Output {
        let mut cosines = Vec::with_capacity(self.rows.len() * (self.rows.len() - 1) / 2);
        for (at, &one) in self.rows.iter().enumerate() {
            for &other in &self.rows[..at] {
                cosines.push(dot::<S>(self.prepared.query(one), self.prepared.query(other)));
            }
        }
        cosines
    }
}

/// Returns the dot product, summed in lanes.
#[inline(always)]
fn dot<S: Simd>(a: &[f32], b: &[f32]) -> f32 {
    const LANES: usize = 16;
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    let mut lanes = [0.0_f32; LANES];
    for (a, b) in a.iter().zip(b) {
        for lane in 0..LANES {
            lanes[lane] = multiply_add::<S>(a[lane], b[lane], lanes[lane]);
        }
    }
    let mut sum = lanes.iter().sum();
    for (&a, &b) in a_rest.iter().zip(b_rest) {
        sum = multiply_add::<S>(a, b, sum);
    }
    sum
}

/// `a * b + c`, fused where the processor has instructions for it: without them it would be a call of a library.
#[inline(always)]
fn multiply_add<S: Simd>(a: f32, b: f32, c: f32) -> f32 {
    if S::IS_SCALAR { a * b + c } else { a.mul_add(b, c) }
}

/// Returns a percentile of ascending values, of which there is one at least, interpolated between two.
fn percentile(sorted: &[f64], percent: f64) -> f64 {
    let place = percent / 100.0 * (sorted.len() - 1) as f64;
    let (low, high) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    low + place.fract() * (high - low)
}

#[cfg(test)]
mod tests;
