//! Batches of standardised profiles with noise, the same for the same seed whatever the number of threads.

use l1kdb::profile::GENES;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use rayon::prelude::*;

/// An endless stream of batches: the profiles in a new random order each pass, cut into equal batches.
pub(crate) struct Batches<'a> {
    standard: &'a [f32],
    labels: &'a [u32],
    batch: usize,
    noise: f32,
    seed: u64,
    order: Vec<usize>,
    next: usize,
    given: u64,
    rng: ChaCha8Rng,
}

/// Profiles (n x 978) and the class of each.
pub(crate) struct Batch {
    pub(crate) values: Vec<f32>,
    pub(crate) labels: Vec<u32>,
}

impl<'a> Batches<'a> {
    /// Of `standard` (n x 978) with the classes `labels`; a set smaller than `batch` is one batch.
    pub(crate) fn new(standard: &'a [f32], labels: &'a [u32], batch: usize, noise: f32, seed: u64) -> Self {
        let order: Vec<usize> = (0..labels.len()).collect();
        let (next, rng) = (order.len(), ChaCha8Rng::seed_from_u64(seed));
        let batch = batch.min(labels.len());
        Self { standard, labels, batch, noise, seed, order, next, given: 0, rng }
    }

    pub(crate) fn next(&mut self) -> Batch {
        let rows: Vec<usize> = (0..self.batch).map(|_| self.next_row()).collect();
        let mut values = vec![0.0; rows.len() * GENES];
        let (standard, noise, seed, first) = (self.standard, self.noise, self.seed, self.given);
        values.par_chunks_mut(GENES).zip(&rows).enumerate().for_each(|(i, (target, &row))| {
            target.copy_from_slice(&standard[row * GENES..][..GENES]);
            add_noise(target, noise, seed, first + i as u64);
        });
        self.given += rows.len() as u64;
        Batch { values, labels: rows.iter().map(|&row| self.labels[row]).collect() }
    }

    fn next_row(&mut self) -> usize {
        if self.next == self.order.len() {
            self.order.shuffle(&mut self.rng);
            self.next = 0;
        }
        self.next += 1;
        self.order[self.next - 1]
    }
}

/// Noise of a profile's own stream, so that it does not matter which thread draws it, or when.
fn add_noise(profile: &mut [f32], noise: f32, seed: u64, stream: u64) {
    if noise == 0.0 {
        return;
    }
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(stream + 1);
    for value in profile {
        *value += noise * rng.sample::<f32, _>(StandardNormal);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pass_gives_every_profile_once_with_its_own_label() {
        let labels: Vec<u32> = (0..6).collect();
        let standard: Vec<f32> = labels.iter().flat_map(|&label| vec![label as f32; GENES]).collect();
        let mut batches = Batches::new(&standard, &labels, 3, 0.0, 1);
        let mut seen = Vec::new();
        for batch in [batches.next(), batches.next()] {
            for (profile, &label) in batch.values.chunks_exact(GENES).zip(&batch.labels) {
                assert!(profile.iter().all(|&value| value == label as f32));
            }
            seen.extend(batch.labels);
        }
        seen.sort_unstable();
        assert_eq!(seen, labels);
    }

    #[test]
    fn noise_has_the_deviation_asked_for_and_differs_between_profiles() {
        let (standard, labels) = (vec![0.0; 20 * GENES], vec![0; 20]);
        let values = Batches::new(&standard, &labels, 20, 0.3, 1).next().values;
        let variance = values.iter().map(|value| value * value).sum::<f32>() / values.len() as f32;
        assert!((variance.sqrt() - 0.3).abs() < 0.01, "{variance}");
        assert_ne!(values[..GENES], values[GENES..2 * GENES]);
    }

    #[test]
    fn the_same_seed_gives_the_same_batches_on_any_number_of_threads() {
        let (standard, labels) = (vec![0.0; 20 * GENES], (0..20).collect::<Vec<_>>());
        let drawn = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                let mut batches = Batches::new(&standard, &labels, 7, 1.0, 5);
                (0..4).flat_map(|_| batches.next().values).collect::<Vec<_>>()
            })
        };
        assert_eq!(drawn(1), drawn(3));
    }
}
