//! The covariance of unit rows and its eigenvalues.
//!
//! The covariance is brought to three diagonals by Householder's reflections; each eigenvalue is then found by itself, by
//! halving, since the signs of Sturm's sequence tell how many lie below any number (Golub and Van Loan, *Matrix
//! Computations*, 8.3 and 8.4). Nothing is iterated until it settles, so every matrix ends in a known time.

use rayon::prelude::*;

use crate::eval::PreparedRows;
use crate::eval::ranker::tile::{self, Blocks, Queries, Similarities, TILE, TOGETHER};
use crate::simd::{Simd, Work, sum_over, vectorised, with_vectors};

/// Dimensions up to which eigenvalues are computed: time grows with their cube.
pub const SPECTRUM_MAX_DIM: usize = 1_024;

/// Rows whose products are summed in single precision before they are added in double.
const CHUNK: usize = 512;
/// The mean squared distance to the mean that rounding leaves of unit rows which all point one way.
const NO_SPREAD: f64 = 1e-12;

/// How many directions rows use.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Spectrum {
    pub(super) effective_rank: f64,
    pub(super) participation_ratio: f64,
}

impl Spectrum {
    /// `None` beyond [`SPECTRUM_MAX_DIM`] dimensions and for rows without any spread.
    pub(super) fn of(prepared: &PreparedRows) -> Option<Self> {
        let dim = prepared.dim();
        if dim > SPECTRUM_MAX_DIM {
            return None;
        }
        let mut sums = covariance(prepared);
        let trace: f64 = sums.iter().step_by(dim + 1).sum();
        if trace < NO_SPREAD * prepared.rows() as f64 {
            return None;
        }
        sums.iter_mut().for_each(|sum| *sum /= trace);
        let squares: f64 = sums.iter().map(|sum| sum * sum).sum();
        let shares = eigenvalues(sums, dim);
        let entropy: f64 = shares.iter().filter(|share| **share > 0.0).map(|share| -share * share.ln()).sum();
        Some(Self { effective_rank: entropy.exp(), participation_ratio: 1.0 / squares })
    }
}

/// Products of the centred columns with each other, summed over the rows (dim x dim): the covariance times the number of
/// rows, which cancels out of every figure.
fn covariance(prepared: &PreparedRows) -> Vec<f64> {
    let (rows, dim) = (prepared.rows(), prepared.dim());
    let mean = mean(prepared);
    let mut sums = vec![0.0; dim * dim];
    for first in (0..rows).step_by(CHUNK) {
        let chunk: Vec<usize> = (first..rows.min(first + CHUNK)).collect();
        let columns = PreparedRows::single(columns(prepared, &chunk, &mean), chunk.len(), dim);
        let blocks = Blocks::new(&columns, &(0..dim as u32).collect::<Vec<_>>());
        let groups = sums.par_chunks_mut(TOGETHER * dim).enumerate();
        groups.for_each_init(Similarities::new, |products, (group, sums)| {
            with_vectors(Products {
                columns: &columns,
                blocks: &blocks,
                first: group * TOGETHER,
                products,
                sums,
            });
        });
    }
    sums
}

fn mean(prepared: &PreparedRows) -> Vec<f64> {
    let mut mean = vec![0.0; prepared.dim()];
    for row in 0..prepared.rows() {
        mean.iter_mut().zip(prepared.query(row)).for_each(|(sum, &value)| *sum += f64::from(value));
    }
    mean.iter_mut().for_each(|sum| *sum /= prepared.rows() as f64);
    mean
}

/// Column by column the centred values of some rows.
fn columns(prepared: &PreparedRows, rows: &[usize], mean: &[f64]) -> Vec<f32> {
    let mut columns = vec![0.0; mean.len() * rows.len()];
    for (at, &row) in rows.iter().enumerate() {
        let values = prepared.query(row).iter().zip(mean);
        let places = columns.iter_mut().skip(at).step_by(rows.len());
        places.zip(values).for_each(|(place, (&value, mean))| *place = (f64::from(value) - mean) as f32);
    }
    columns
}

/// Adds the products of up to [`TOGETHER`] columns, from `first` on, with all columns.
struct Products<'a> {
    columns: &'a PreparedRows,
    blocks: &'a Blocks,
    first: usize,
    products: &'a mut Similarities,
    sums: &'a mut [f64],
}

impl Work for Products<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let (length, dim) = (self.columns.dim(), self.columns.rows());
        let group = self.first..dim.min(self.first + TOGETHER);
        let queries = Queries::new(length, group.map(|column| self.columns.query(column)));
        for (number, (tile, count)) in self.blocks.tiles().enumerate() {
            tile::product(simd, &queries, tile, length, self.products);
            for (sums, products) in self.sums.chunks_exact_mut(dim).zip(self.products.rows()) {
                let sums = &mut sums[number * TILE..][..count];
                sums.iter_mut().zip(products).for_each(|(sum, &product)| *sum += f64::from(product));
            }
        }
    }
}

/// The eigenvalues of a symmetric matrix (n x n), ascending, each to within 1e-15 of the largest one or so.
fn eigenvalues(matrix: Vec<f64>, n: usize) -> Vec<f64> {
    Tridiagonal::of(matrix, n).eigenvalues()
}

/// A symmetric matrix of three diagonals.
struct Tridiagonal {
    diagonal: Vec<f64>,
    /// Squares of the numbers beside the diagonal.
    squares: Vec<f64>,
}

/// Rows that one thread takes at a time.
const SLAB: usize = 32;
/// Numbers computed side by side.
const LANES: usize = 8;

impl Tridiagonal {
    /// Reflects column after column, so that only the number beside the diagonal is left of it.
    fn of(mut matrix: Vec<f64>, n: usize) -> Self {
        let (mut diagonal, mut squares) = (Vec::with_capacity(n), Vec::with_capacity(n));
        for column in 0..n {
            diagonal.push(matrix[column * n + column]);
            let mut mirror = matrix[column * n..][column + 1..n].to_vec();
            let square = dot(&mirror, &mirror);
            if column + 1 < n {
                squares.push(square);
            }
            if square > 0.0 && mirror.len() > 1 {
                mirror[0] += square.sqrt().copysign(mirror[0]);
                reflect(&mut matrix[(column + 1) * n..], n, &mirror);
            }
        }
        Self { diagonal, squares }
    }

    fn eigenvalues(&self) -> Vec<f64> {
        // Beyond the sum of the absolute values of a row no eigenvalue lies (Gershgorin).
        let beside = |at: usize| self.squares.get(at).map_or(0.0, |square| square.sqrt());
        let reach = |at: usize| self.diagonal[at].abs() + beside(at) + at.checked_sub(1).map_or(0.0, beside);
        let bound = (0..self.diagonal.len()).map(reach).fold(0.0, f64::max);
        let numbers: Vec<usize> = (0..self.diagonal.len()).collect();
        let found = numbers.par_chunks(LANES).map(|numbers| vectorised(|| self.halve(numbers, bound)));
        found.flat_map_iter(|found| found).collect()
    }

    /// The eigenvalues of these numbers, counted from the smallest.
    #[inline(always)]
    fn halve(&self, numbers: &[usize], bound: f64) -> Vec<f64> {
        const TURNS: usize = 52;
        let (mut low, mut high) = ([-bound; LANES], [bound; LANES]);
        for _ in 0..TURNS {
            let middle = std::array::from_fn(|lane| 0.5 * (low[lane] + high[lane]));
            let below = self.below(middle);
            for (lane, &number) in numbers.iter().enumerate() {
                let side = if below[lane] > number as f64 { &mut high } else { &mut low };
                side[lane] = middle[lane];
            }
        }
        numbers.iter().enumerate().map(|(lane, _)| 0.5 * (low[lane] + high[lane])).collect()
    }

    /// How many eigenvalues lie below each of these numbers.
    #[inline(always)]
    fn below(&self, numbers: [f64; LANES]) -> [f64; LANES] {
        let (mut pivots, mut below) = ([1.0; LANES], [0.0; LANES]);
        let squares = std::iter::once(&0.0).chain(&self.squares);
        for (&diagonal, &square) in self.diagonal.iter().zip(squares) {
            for lane in 0..LANES {
                let pivot = diagonal - numbers[lane] - square / pivots[lane];
                // A pivot of 0 may count on either side, but the next one is divided by it.
                pivots[lane] = if pivot.abs() < f64::MIN_POSITIVE { -f64::MIN_POSITIVE } else { pivot };
                below[lane] += if pivots[lane] < 0.0 { 1.0 } else { 0.0 };
            }
        }
        below
    }
}

/// Reflects the lower right part of a matrix, as wide as `mirror` is long, from both sides at the plane that `mirror`
/// stands on. `rows` are the matrix's last rows, `n` numbers each.
fn reflect(rows: &mut [f64], n: usize, mirror: &[f64]) {
    let left = n - mirror.len();
    let half = 0.5 * dot(mirror, mirror);
    let mut image = vec![0.0; mirror.len()];
    image.par_chunks_mut(SLAB).zip(rows.par_chunks(SLAB * n)).for_each(|(image, rows)| {
        vectorised(|| {
            for (image, row) in image.iter_mut().zip(rows.chunks_exact(n)) {
                *image = dot(&row[left..], mirror) / half;
            }
        });
    });
    let along = dot(&image, mirror) / (2.0 * half);
    image.iter_mut().zip(mirror).for_each(|(image, mirror)| *image -= along * mirror);
    let slabs = rows.par_chunks_mut(SLAB * n).zip(image.par_chunks(SLAB)).zip(mirror.par_chunks(SLAB));
    slabs.for_each(|((rows, images), mirrors)| {
        vectorised(|| {
            for ((row, by_image), by_mirror) in rows.chunks_exact_mut(n).zip(images).zip(mirrors) {
                for ((value, image), mirror) in row[left..].iter_mut().zip(&image).zip(mirror) {
                    *value -= by_image * mirror + by_mirror * image;
                }
            }
        });
    });
}

#[inline(always)]
fn dot(a: &[f64], b: &[f64]) -> f64 {
    sum_over(a, b, |a, b| a * b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::Similarity;
    use crate::random::{Purpose, Stream};
    use proptest::prelude::*;

    /// Turns every pair of axes until nothing stands beside the diagonal.
    fn by_jacobi(mut a: Vec<f64>, n: usize) -> Vec<f64> {
        for (p, q) in (0..60).flat_map(|_| (0..n).flat_map(|p| (p + 1..n).map(move |q| (p, q)))) {
            if a[p * n + q] == 0.0 {
                continue;
            }
            let angle = 0.5 * (2.0 * a[p * n + q]).atan2(a[q * n + q] - a[p * n + p]);
            let (sin, cos) = angle.sin_cos();
            for k in 0..n {
                let (x, y) = (a[k * n + p], a[k * n + q]);
                (a[k * n + p], a[k * n + q]) = (cos * x - sin * y, sin * x + cos * y);
            }
            for k in 0..n {
                let (x, y) = (a[p * n + k], a[q * n + k]);
                (a[p * n + k], a[q * n + k]) = (cos * x - sin * y, sin * x + cos * y);
            }
        }
        let mut found: Vec<f64> = a.iter().step_by(n + 1).copied().collect();
        found.sort_by(f64::total_cmp);
        found
    }

    fn symmetric(n: usize, values: &[f64]) -> Vec<f64> {
        (0..n * n).map(|at| values[(at / n).max(at % n) * n + (at / n).min(at % n)]).collect()
    }

    proptest! {
        #[test]
        fn eigenvalues_are_those_of_turning_axis_by_axis(
            n in 1_usize..12, values in prop::collection::vec((-4i8..5).prop_map(f64::from), 144),
        ) {
            let matrix = symmetric(n, &values);
            let (found, expected) = (eigenvalues(matrix.clone(), n), by_jacobi(matrix, n));
            prop_assert_eq!(found.len(), n);
            for (found, expected) in found.iter().zip(&expected) {
                prop_assert!((found - expected).abs() < 1e-9, "{} {}", found, expected);
            }
        }

        #[test]
        fn the_covariance_is_that_of_its_definition(
            rows in 2_usize..40, dim in 1_usize..20, seed in any::<u64>(),
        ) {
            let (found, expected) = covariances(rows, dim, seed);
            prop_assert!(differ(&found, &expected) < 1e-6 * rows as f64);
        }
    }

    #[test]
    fn the_covariance_of_many_rows_is_that_of_its_definition() {
        let (found, expected) = covariances(2 * CHUNK + 3, 9, 1);
        assert!(differ(&found, &expected) < 1e-4);
    }

    /// Of random rows: as found, and column by column.
    fn covariances(rows: usize, dim: usize, seed: u64) -> (Vec<f64>, Vec<f64>) {
        let mut values = vec![0.0; rows * dim];
        Stream::new(seed, Purpose::Signature, 0).fill_normal(&mut values);
        let prepared =
            PreparedRows::new(crate::eval::fixture::matrix(&values, dim), Similarity::Cosine).unwrap();
        let column = |at: usize| -> Vec<f64> {
            let column: Vec<f64> = (0..rows).map(|row| f64::from(prepared.query(row)[at])).collect();
            let mean = column.iter().sum::<f64>() / rows as f64;
            column.iter().map(|value| value - mean).collect()
        };
        let product = |at: usize| column(at / dim).iter().zip(column(at % dim)).map(|(a, b)| a * b).sum();
        (covariance(&prepared), (0..dim * dim).map(product).collect())
    }

    fn differ(found: &[f64], expected: &[f64]) -> f64 {
        assert_eq!(found.len(), expected.len());
        found.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
    }

    #[test]
    fn a_large_matrix_keeps_the_sums_of_its_eigenvalues_and_of_their_squares() {
        let n = 150;
        let mut stream = Stream::new(1, Purpose::Signature, 0);
        let values: Vec<f64> = (0..n * n).map(|_| f64::from(stream.normal())).collect();
        let matrix = symmetric(n, &values);
        let found = eigenvalues(matrix.clone(), n);
        let (trace, squares): (f64, f64) =
            (matrix.iter().step_by(n + 1).sum(), matrix.iter().map(|value| value * value).sum());
        assert!(found.is_sorted());
        assert!((found.iter().sum::<f64>() - trace).abs() < 1e-9);
        assert!((found.iter().map(|value| value * value).sum::<f64>() / squares - 1.0).abs() < 1e-12);
    }
}
