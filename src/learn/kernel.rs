//! Kernels: inner products of rows, as a support vector machine sees them.

use std::fmt;

/// The inner product of a support vector machine, between standardised features.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kernel {
    /// `a b`
    Linear,
    /// `exp(-gamma |a - b|^2)`
    Rbf,
    /// `(gamma a b + 1)^3`
    Polynomial,
}

impl fmt::Display for Kernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Linear => "linear",
            Self::Rbf => "rbf",
            Self::Polynomial => "polynomial",
        })
    }
}

impl Kernel {
    /// Returns the kernel between all rows of `a` and all of `b`, row-major.
    #[inline(always)]
    pub(super) fn products(self, a: &[f32], b: &[f32], dim: usize, gamma: f32) -> Vec<f32> {
        let mut values = Vec::with_capacity(a.len() / dim * (b.len() / dim));
        for a in a.chunks_exact(dim) {
            for b in b.chunks_exact(dim) {
                values.push(match self {
                    Self::Linear => sum_over(a, b, |a, b| a * b),
                    Self::Rbf => (-gamma * sum_over(a, b, |a, b| (a - b) * (a - b))).exp(),
                    Self::Polynomial => (gamma * sum_over(a, b, |a, b| a * b) + 1.0).powi(3),
                });
            }
        }
        values
    }
}

/// Returns a sum over pairs of values in eight lanes, which are added up in one order whatever the processor.
#[inline(always)]
fn sum_over(a: &[f32], b: &[f32], term: impl Fn(f32, f32) -> f32) -> f32 {
    let mut lanes = [0.0_f32; 8];
    let (a8, a_rest) = a.as_chunks::<8>();
    let (b8, b_rest) = b.as_chunks::<8>();
    for (a, b) in a8.iter().zip(b8) {
        for lane in 0..8 {
            lanes[lane] += term(a[lane], b[lane]);
        }
    }
    lanes.iter().sum::<f32>() + a_rest.iter().zip(b_rest).map(|(a, b)| term(*a, *b)).sum::<f32>()
}
