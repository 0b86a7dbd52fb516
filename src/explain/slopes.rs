//! Slopes of a network on the way from 0 to a standardised profile, and whether it is linear.

use super::error::ExplainError;
use super::quadrature::gauss_legendre;
use crate::embed::Parts;
use crate::profile::GENES;

/// Points on the way: more where fewer do not add up.
const POINTS: [usize; 3] = [3, 8, 32];
/// What may be missing of the change of the vector, as a share of its length, before more points are taken: half of what is
/// allowed of a similarity.
const ENOUGH: f64 = 0.005;
/// A step, as a share of the root mean square of a standardised profile: its differences stand out from rounding, and the
/// network is nearly straight along it.
const STEP: f64 = 0.25;
/// What sums of single precision may differ by, as a share of their length.
const LINEAR: f64 = 1e-5;

/// Mean slopes of the vector that becomes an embedding: of each gene, as many as the vector has numbers.
pub(super) struct Slopes {
    dim: usize,
    values: Vec<f64>,
}

impl Slopes {
    /// Finds the mean slopes on the way from 0 to `to`, whose vector is `end`; that of 0 is `start`. Genes that are 0 there have none.
    pub(super) fn on_the_way(
        parts: &Parts,
        to: &[f32],
        start: &[f32],
        end: &[f32],
    ) -> Result<Self, ExplainError> {
        let change: Vec<f64> = end.iter().zip(start).map(|(&e, &s)| f64::from(e) - f64::from(s)).collect();
        let mut slopes = Self::at_points(parts, to, POINTS[0])?;
        for points in &POINTS[1..] {
            let missing: f64 = change.iter().zip(slopes.sums(to)).map(|(c, sum)| (c - sum).powi(2)).sum();
            if missing.sqrt() <= ENOUGH * length(change.iter().copied()) {
                break;
            }
            slopes = Self::at_points(parts, to, *points)?;
        }
        Ok(slopes)
    }

    /// Asks a linear map for its slopes, which are the same everywhere.
    pub(super) fn of_linear(parts: &Parts) -> Result<Self, ExplainError> {
        Self::between_steps(parts, &[0.0; GENES], &(0..GENES).collect::<Vec<_>>(), 1.0, 1.0)
    }

    fn at_points(parts: &Parts, to: &[f32], points: usize) -> Result<Self, ExplainError> {
        let genes: Vec<usize> = (0..GENES).filter(|&gene| to[gene] != 0.0).collect();
        let step = STEP * length(to.iter().map(|&value| f64::from(value))) / (GENES as f64).sqrt();
        let mut mean: Option<Self> = None;
        for [share, weight] in gauss_legendre(points) {
            let at: Vec<f32> = to.iter().map(|&value| (share * f64::from(value)) as f32).collect();
            let here = Self::between_steps(parts, &at, &genes, step as f32, weight)?;
            match &mut mean {
                Some(mean) => mean.values.iter_mut().zip(here.values).for_each(|(sum, more)| *sum += more),
                None => mean = Some(here),
            }
        }
        Ok(mean.unwrap_or(Self { dim: 0, values: Vec::new() }))
    }

    /// `weight` times the slopes at a point, by a step of each gene up and one down.
    fn between_steps(
        parts: &Parts,
        at: &[f32],
        genes: &[usize],
        step: f32,
        weight: f64,
    ) -> Result<Self, ExplainError> {
        let mut rows = at.repeat(2 * genes.len());
        for (pair, &gene) in rows.chunks_exact_mut(2 * GENES).zip(genes) {
            pair[gene] += step;
            pair[GENES + gene] -= step;
        }
        let vectors = parts.map(&rows)?;
        let dim = vectors.len() / (2 * genes.len()).max(1);
        let mut values = vec![0.0; GENES * dim];
        for (position, &gene) in genes.iter().enumerate() {
            let (up, down) = vectors[2 * position * dim..][..2 * dim].split_at(dim);
            // The step that was made: what it was rounded to beside the value.
            let made = f64::from(at[gene] + step) - f64::from(at[gene] - step);
            for ((slope, &up), &down) in values[gene * dim..][..dim].iter_mut().zip(up).zip(down) {
                *slope = weight * (f64::from(up) - f64::from(down)) / made;
            }
        }
        Ok(Self { dim, values })
    }

    /// Returns the slope of the product of the vector with `direction`, by `gene`.
    pub(super) fn along(&self, gene: usize, direction: &[f64]) -> f64 {
        let slopes = &self.values[gene * self.dim..][..self.dim];
        slopes.iter().zip(direction).map(|(slope, along)| slope * along).sum()
    }

    /// What the slopes make of the change of each number of the vector.
    fn sums(&self, to: &[f32]) -> Vec<f64> {
        let mut sums = vec![0.0; self.dim];
        for (slopes, &value) in self.values.chunks_exact(self.dim.max(1)).zip(to) {
            sums.iter_mut().zip(slopes).for_each(|(sum, slope)| *sum += slope * f64::from(value));
        }
        sums
    }
}

/// Tells whether a network is linear behind its standardisation, but for a bias: whether y(a) + y(b) = y(a + b) + y(0), of some
/// vectors of the size of standardised profiles and larger ones.
pub(super) fn is_linear(parts: &Parts) -> Result<bool, ExplainError> {
    let part = |turn: usize, scale: f64| -> Vec<f32> {
        (0..GENES).map(|gene| (scale * ((turn * GENES + gene + 1) as f64 * 1.3).sin()) as f32).collect()
    };
    let mut rows = vec![0.0; GENES];
    for (turn, scale) in [(0, 1.5), (1, -1.5), (2, 6.0), (3, 0.3)] {
        let (a, b) = (part(2 * turn, scale), part(2 * turn + 1, scale));
        let sum: Vec<f32> = a.iter().zip(&b).map(|(a, b)| a + b).collect();
        rows.extend(a.into_iter().chain(b).chain(sum));
    }
    let vectors = parts.map(&rows)?;
    let dim = vectors.len() / (rows.len() / GENES);
    let (zero, others) = vectors.split_at(dim);
    Ok(others.chunks_exact(3 * dim).all(|three| {
        let value = |row: usize, at: usize| f64::from(three[row * dim + at]);
        let off = |at: usize| value(0, at) + value(1, at) - value(2, at) - f64::from(zero[at]);
        let size = length((0..3 * dim).map(|at| f64::from(three[at])));
        length((0..dim).map(off)) <= LINEAR * size // false for what is no number
    }))
}

/// The length of a vector.
pub(super) fn length(values: impl Iterator<Item = f64>) -> f64 {
    values.map(|value| value * value).sum::<f64>().sqrt()
}
