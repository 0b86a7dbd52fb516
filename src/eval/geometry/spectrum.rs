//! The covariance of unit rows and its eigenvalues.

use nalgebra::DMatrix;
use rayon::prelude::*;

use crate::eval::PreparedRows;
use crate::eval::ranker::tile::{self, Blocks, Queries, Similarities, TILE, TOGETHER};
use crate::simd::{Simd, Work, with_vectors};

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
        let shares = DMatrix::from_vec(dim, dim, sums).symmetric_eigenvalues();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::Similarity;
    use crate::random::{Purpose, Stream};
    use proptest::prelude::*;

    proptest! {
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
}
