//! Resampling with replacement (Efron's bootstrap).

use rayon::prelude::*;

use super::Interval;
use super::interval::{check_resamples, worth_drawing};
use crate::SettingError;
use crate::random::{Purpose, Stream};

/// Resamples of the drugs of an evaluation, the same for every embedding that is asked, so that differences are paired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Bootstrap {
    /// Number of resamples; fewer than 40 give no interval.
    pub replicates: usize,
    /// Seed of the resamples.
    pub seed: u64,
}

impl Bootstrap {
    /// Asks for `replicates` resamples.
    pub fn new(replicates: usize, seed: u64) -> Self {
        Self { replicates, seed }
    }

    /// Refuses more resamples than can be kept.
    ///
    /// # Errors
    /// [`SettingError`] with the limit.
    pub fn check(self) -> Result<(), SettingError> {
        check_resamples(self.replicates)
    }

    /// Evaluates `of` on every resample, given as the number of times that each drug is in it. Empty where resamples would
    /// give no interval.
    pub(crate) fn replicate<T: Send>(self, drugs: usize, of: impl Fn(&[f64]) -> T + Sync) -> Vec<T> {
        resampled(drugs, self.replicates, self.seed, Purpose::Bootstrap, |places| {
            let mut weights = vec![0.0; drugs];
            places.iter().for_each(|&place| weights[place as usize] += 1.0);
            of(&weights)
        })
    }
}

/// Evaluates `of` on the places of every resample of `drawn` things. Empty where resamples would give no interval.
pub(crate) fn resampled<T: Send>(
    drawn: usize,
    resamples: usize,
    seed: u64,
    purpose: Purpose,
    of: impl Fn(&[u32]) -> T + Sync,
) -> Vec<T> {
    let draw = |resample: usize| {
        let mut stream = Stream::new(seed, purpose, resample as u64);
        let places: Vec<u32> = (0..drawn).map(|_| stream.below(drawn as u64) as u32).collect();
        of(&places)
    };
    (0..worth_drawing(drawn, resamples)).into_par_iter().map(draw).collect()
}

/// Intervals of figures that every resample has in the same order.
pub(crate) fn intervals(values: &[f64], drugs: usize, replicates: &[Vec<f64>]) -> Vec<Interval> {
    let interval = |(at, &value)| Interval::of(value, drugs, replicates, |figures: &Vec<f64>| figures[at]);
    values.iter().enumerate().map(interval).collect()
}
