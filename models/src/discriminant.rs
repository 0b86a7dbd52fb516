//! A start for the weights: the directions in which drugs differ most for their within-drug scatter.
//!
//! Regularised linear discriminant analysis. With `W` the within-drug covariance shrunk towards a multiple of the
//! identity and `B` the between-drug scatter, the directions span the leading generalised eigenvectors of
//! `B v = l W v`, so that within a drug every direction varies alike. Only the span matters for cosines, so
//! orthogonal iteration in the whitened space suffices and no eigenvalue is needed.

use l1kdb::profile::GENES;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

/// Enough for a span that changes no cosine by more than 1e-3; the leading directions settle first.
const ITERATIONS: usize = 60;

/// The leading `count` directions, 978 x `count`, row-major, scaled so that a projected coordinate of the training
/// profiles has variance 1 on average. `standard` is n x 978, standardised; `drugs` labels its rows.
///
/// Without any drug of two profiles the scatter is the identity, and the directions are principal components.
pub fn directions(standard: &[f32], drugs: &[u32], count: usize, shrinkage: f32) -> Vec<f32> {
    let groups = Groups::new(standard, drugs);
    let within = groups.shrunk_within(shrinkage);
    let factor = cholesky(within);
    let means: Vec<Vec<f32>> = groups.means.par_iter().map(|mean| forward(&factor, mean)).collect();
    let mut basis = random_basis(count);
    for _ in 0..ITERATIONS {
        basis = basis.par_iter().map(|v| scatter_times(&means, v)).collect();
        orthonormalise(&mut basis);
    }
    let columns: Vec<Vec<f32>> = basis.par_iter().map(|v| backward(&factor, v)).collect();
    scaled(&columns, standard)
}

/// Deviations of every profile from its drug's mean, and those means, each times the root of its profiles.
struct Groups {
    deviations: Vec<f32>,
    degrees: usize,
    means: Vec<Vec<f32>>,
}

impl Groups {
    fn new(standard: &[f32], drugs: &[u32]) -> Self {
        let number = drugs.iter().max().map_or(0, |&drug| drug as usize + 1);
        let mut sums = vec![vec![0.0_f32; GENES]; number];
        let mut sizes = vec![0_usize; number];
        for (profile, &drug) in standard.chunks_exact(GENES).zip(drugs) {
            sizes[drug as usize] += 1;
            add(&mut sums[drug as usize], profile, 1.0);
        }
        let mut deviations = standard.to_vec();
        for (profile, &drug) in deviations.chunks_exact_mut(GENES).zip(drugs) {
            add(profile, &sums[drug as usize], -1.0 / sizes[drug as usize] as f32);
        }
        let present = sizes.iter().filter(|&&size| size > 0).count();
        let scale = |(mut sum, &size): (Vec<f32>, &usize)| {
            sum.iter_mut().for_each(|value| *value /= (size as f32).sqrt());
            (size > 0).then_some(sum)
        };
        let means = sums.into_iter().zip(&sizes).filter_map(scale).collect();
        Self { deviations, degrees: drugs.len() - present, means }
    }

    /// `(1 - s) W + s mean(diagonal of W) I`, row-major.
    fn shrunk_within(&self, shrinkage: f32) -> Vec<f32> {
        let mut within = vec![0.0_f32; GENES * GENES];
        if self.degrees > 0 {
            let weight = 1.0 / self.degrees as f32;
            within.par_chunks_mut(GENES).enumerate().for_each(|(gene, row)| {
                for profile in self.deviations.chunks_exact(GENES) {
                    add(row, profile, weight * profile[gene]);
                }
            });
        }
        let mean = (0..GENES).map(|gene| within[gene * GENES + gene]).sum::<f32>() / GENES as f32;
        let mean = if mean > 0.0 { mean } else { 1.0 };
        let shrinkage = if self.degrees > 0 { shrinkage } else { 1.0 };
        within.iter_mut().for_each(|value| *value *= 1.0 - shrinkage);
        (0..GENES).for_each(|gene| within[gene * GENES + gene] += shrinkage * mean);
        within
    }
}

/// `target += factor * source`
fn add(target: &mut [f32], source: &[f32], factor: f32) {
    target.iter_mut().zip(source).for_each(|(target, source)| *target += factor * source);
}

fn dot(a: &[f32], b: &[f32]) -> f64 {
    let mut lanes = [0.0_f64; 8];
    let (a8, a_rest) = a.as_chunks::<8>();
    let (b8, b_rest) = b.as_chunks::<8>();
    for (x, y) in a8.iter().zip(b8) {
        for lane in 0..8 {
            lanes[lane] += f64::from(x[lane]) * f64::from(y[lane]);
        }
    }
    lanes.iter().sum::<f64>() + a_rest.iter().zip(b_rest).map(|(x, y)| f64::from(x * y)).sum::<f64>()
}

/// The lower factor of a positive definite matrix, row-major; the upper triangle is left over and never read.
fn cholesky(mut matrix: Vec<f32>) -> Vec<f32> {
    for row in 0..GENES {
        let (done, rest) = matrix.split_at_mut(row * GENES);
        let current = &mut rest[..GENES];
        for column in 0..row {
            let known = &done[column * GENES..][..=column];
            let value = f64::from(current[column]) - dot(&current[..column], &known[..column]);
            current[column] = (value / f64::from(known[column])) as f32;
        }
        let diagonal = f64::from(current[row]) - dot(&current[..row], &current[..row]);
        // Shrinkage keeps the matrix well away from singular; rounding must not bring a root of a negative number.
        current[row] = diagonal.max(1e-12).sqrt() as f32;
    }
    matrix
}

/// Solves `L x = b`.
fn forward(factor: &[f32], right: &[f32]) -> Vec<f32> {
    let mut solution = right.to_vec();
    for row in 0..GENES {
        let line = &factor[row * GENES..][..=row];
        let value = f64::from(solution[row]) - dot(&line[..row], &solution[..row]);
        solution[row] = (value / f64::from(line[row])) as f32;
    }
    solution
}

/// Solves `L^T x = b`.
fn backward(factor: &[f32], right: &[f32]) -> Vec<f32> {
    let mut solution = right.to_vec();
    for row in (0..GENES).rev() {
        let line = &factor[row * GENES..][..=row];
        solution[row] /= line[row];
        let value = solution[row];
        add(&mut solution[..row], &line[..row], -value);
    }
    solution
}

/// `sum over drugs of m (m . v)`
fn scatter_times(means: &[Vec<f32>], vector: &[f32]) -> Vec<f32> {
    let mut product = vec![0.0; GENES];
    means.iter().for_each(|mean| add(&mut product, mean, dot(mean, vector) as f32));
    product
}

fn random_basis(count: usize) -> Vec<Vec<f32>> {
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let mut uniform = || (rng.next_u32() >> 8) as f32 / (1 << 23) as f32 - 1.0;
    (0..count).map(|_| (0..GENES).map(|_| uniform()).collect()).collect()
}

/// Gram-Schmidt, twice for precision. A vector that depends on those before it, which happens when there are fewer
/// drugs than directions, is replaced by a gene's own axis.
fn orthonormalise(basis: &mut [Vec<f32>]) {
    for index in 0..basis.len() {
        let (before, rest) = basis.split_at_mut(index);
        let vector = &mut rest[0];
        if !unit_beside(vector, before) {
            let axes = (0..GENES).map(|gene| (index + gene) % GENES);
            for gene in axes {
                vector.fill(0.0);
                vector[gene] = 1.0;
                if unit_beside(vector, before) {
                    break;
                }
            }
        }
    }
}

/// Takes the parts along `before` away and scales to length 1; whether enough was left for that.
fn unit_beside(vector: &mut [f32], before: &[Vec<f32>]) -> bool {
    let length = dot(vector, vector).sqrt();
    for _ in 0..2 {
        for other in before {
            let along = dot(vector, other) as f32;
            add(vector, other, -along);
        }
    }
    let left = dot(vector, vector).sqrt();
    vector.iter_mut().for_each(|value| *value /= left.max(f64::MIN_POSITIVE) as f32);
    left > 1e-5 * length
}

/// Row-major 978 x columns, of unit average variance over the profiles.
fn scaled(columns: &[Vec<f32>], standard: &[f32]) -> Vec<f32> {
    let profiles: Vec<&[f32]> = standard.chunks_exact(GENES).collect();
    let squares: f64 = columns
        .par_iter()
        .map(|column| profiles.iter().map(|profile| dot(profile, column).powi(2)).sum::<f64>())
        .collect::<Vec<_>>()
        .iter()
        .sum();
    let variance = squares / (profiles.len() * columns.len()).max(1) as f64;
    let factor = if variance > 0.0 { (1.0 / variance.sqrt()) as f32 } else { 1.0 };
    (0..GENES).flat_map(|gene| columns.iter().map(move |column| factor * column[gene])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten drugs apart along gene 5 only, with within-drug noise that is loud along gene 7.
    fn planted() -> (Vec<f32>, Vec<u32>) {
        let mut rng = ChaCha8Rng::seed_from_u64(4);
        let mut noise = || (rng.next_u32() >> 8) as f32 / (1 << 23) as f32 - 1.0;
        let drugs: Vec<u32> = (0..60).map(|row| row / 6).collect();
        let mut values: Vec<f32> = (0..60 * GENES).map(|_| 0.3 * noise()).collect();
        for (profile, &drug) in values.chunks_exact_mut(GENES).zip(&drugs) {
            profile[5] += drug as f32 - 4.5;
            profile[7] += 20.0 * noise();
        }
        (values, drugs)
    }

    #[test]
    fn the_first_direction_is_the_one_that_separates_drugs_and_not_the_loudest() {
        let (values, drugs) = planted();
        let direction = directions(&values, &drugs, 1, 0.1);
        let length = dot(&direction, &direction).sqrt();
        assert!(f64::from(direction[5].abs()) > 0.9 * length, "{} of {length}", direction[5]);
        assert!(f64::from(direction[7].abs()) < 0.05 * length);
    }

    #[test]
    fn a_factor_times_its_transpose_is_the_matrix_and_solves_undo_it() {
        let (values, drugs) = planted();
        let within = Groups::new(&values, &drugs).shrunk_within(0.5);
        let factor = cholesky(within.clone());
        for (row, column) in [(0, 0), (7, 7), (900, 5), (977, 976)] {
            let product = dot(&factor[row * GENES..][..=column], &factor[column * GENES..][..=column]);
            assert!((product - f64::from(within[row * GENES + column])).abs() < 1e-4, "{row} {column}");
        }
        let solved = backward(&factor, &forward(&factor, &values[..GENES]));
        for row in [0, 7, 500, 977] {
            let product = dot(&within[row * GENES..][..GENES], &solved);
            assert!((product - f64::from(values[row])).abs() < 1e-3 * f64::from(values[7].abs()).max(1.0));
        }
    }

    #[test]
    fn more_directions_than_drugs_or_no_repeated_drug_still_give_numbers() {
        let (values, drugs) = planted();
        let many = directions(&values[..3 * GENES], &drugs[..3], 8, 0.5);
        assert!(many.len() == GENES * 8 && many.iter().all(|value| value.is_finite()));
        let lone = directions(&values[..2 * GENES], &[0, 1], 4, 0.5);
        assert!(lone.iter().all(|value| value.is_finite()) && lone.iter().any(|&value| value != 0.0));
    }
}
