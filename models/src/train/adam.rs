//! Adam with decoupled weight decay (Kingma and Ba 2015; Loshchilov and Hutter 2019).

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::network::vector::vectorised;

const FIRST: f32 = 0.9;
const SECOND: f32 = 0.999;
const SMALLEST: f32 = 1e-8;
/// Weights that one thread takes at a time.
const PORTION: usize = 16_384;

/// The moments of every weight's slope, and how many slopes they have seen.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Adam {
    pub(crate) first: Vec<f32>,
    pub(crate) second: Vec<f32>,
    pub(crate) steps: u64,
}

impl Adam {
    pub(crate) fn new(weights: usize) -> Self {
        Self { first: vec![0.0; weights], second: vec![0.0; weights], steps: 0 }
    }

    /// Moves `weights` against their `slope` by about `rate`, and towards 0 by the share `rate * decay`.
    pub(crate) fn step(&mut self, weights: &mut [f32], slope: &[f32], rate: f64, decay: f32) {
        self.steps += 1;
        let corrected = |beta: f32| 1.0 - f64::from(beta).powf(self.steps as f64);
        let rate_of_mean = (rate / corrected(FIRST)) as f32;
        let root = corrected(SECOND).sqrt() as f32;
        let kept = 1.0 - rate as f32 * decay;
        let weights = weights.par_chunks_mut(PORTION).zip(slope.par_chunks(PORTION));
        let moments = self.first.par_chunks_mut(PORTION).zip(self.second.par_chunks_mut(PORTION));
        weights.zip(moments).for_each(|((weights, slope), (first, second))| {
            vectorised(|| {
                let moments = first.iter_mut().zip(second);
                for ((weight, slope), (first, second)) in weights.iter_mut().zip(slope).zip(moments) {
                    *first = FIRST * *first + (1.0 - FIRST) * slope;
                    *second = SECOND * *second + (1.0 - SECOND) * slope * slope;
                    *weight = kept * *weight - rate_of_mean * *first / (second.sqrt() / root + SMALLEST);
                }
            });
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_step_is_of_the_rate_whatever_the_slope() {
        let mut weights = [1.0, 1.0, 1.0];
        Adam::new(3).step(&mut weights, &[100.0, -1e-3, 0.0], 0.1, 0.0);
        assert!((weights[0] - 0.9).abs() < 1e-5 && (weights[1] - 1.1).abs() < 1e-5);
        assert_eq!(weights[2], 1.0);
    }

    #[test]
    fn it_finds_the_lowest_point_of_a_bowl() {
        let mut weights = vec![3.0, -2.0];
        let mut adam = Adam::new(2);
        for _ in 0..2000 {
            let slope = [2.0 * (weights[0] - 1.0), 20.0 * (weights[1] - 0.5)];
            adam.step(&mut weights, &slope, 0.01, 0.0);
        }
        assert!((weights[0] - 1.0).abs() < 1e-2 && (weights[1] - 0.5).abs() < 1e-2, "{weights:?}");
    }

    #[test]
    fn decay_shrinks_weights_that_have_no_slope() {
        let mut weights = [2.0];
        Adam::new(1).step(&mut weights, &[0.0], 0.1, 0.5);
        assert!((weights[0] - 1.9).abs() < 1e-6);
    }
}
