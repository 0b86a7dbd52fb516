//! Weights as one flat row of numbers, and the blocks it is made of.

use std::ops::Range;

use rand::RngExt;
use rand_distr::StandardNormal;

use super::tape::stream;

/// A matrix of weights, row-major, inputs x outputs; a bias has one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
}

impl Block {
    pub(super) fn weights(rows: usize, columns: usize) -> Self {
        Self { rows, columns }
    }

    pub(super) fn bias(columns: usize) -> Self {
        Self { rows: 1, columns }
    }

    pub(crate) fn len(&self) -> usize {
        self.rows * self.columns
    }
}

/// How the weights of a block start.
#[derive(Debug, Clone)]
pub(super) enum Start {
    /// At 0.
    Zero,
    /// Normal with this deviation.
    Normal(f32),
    /// Every column in its own way.
    Columns(Vec<Start>),
}

impl Start {
    /// LeCun et al. (1998): variance 1 / inputs, as SELU networks need.
    pub(super) fn normal(inputs: usize) -> Self {
        Self::Normal(1.0 / (inputs as f32).sqrt())
    }

    fn draw(&self, column: usize, rng: &mut impl RngExt) -> f32 {
        match self {
            Self::Zero => 0.0,
            Self::Normal(sd) => sd * rng.sample::<f32, _>(StandardNormal),
            Self::Columns(starts) => starts[column].draw(column, rng),
        }
    }
}

/// The first weights, block after block; the same for the same seed.
pub(super) fn random(blocks: &[Block], starts: &[Start], seed: u64) -> Vec<f32> {
    let mut weights = Vec::with_capacity(blocks.iter().map(Block::len).sum());
    for ((block, start), number) in blocks.iter().zip(starts).zip(0..) {
        let mut rng = stream([seed, u64::MAX], number);
        weights.extend((0..block.len()).map(|at| start.draw(at % block.columns, &mut rng)));
    }
    weights
}

/// Where every block lies in the flat row.
pub(super) fn ranges(blocks: &[Block]) -> Vec<Range<usize>> {
    let mut end = 0;
    let range = |block: &Block| {
        end += block.len();
        end - block.len()..end
    };
    blocks.iter().map(range).collect()
}

pub(super) fn split<'a>(weights: &'a [f32], blocks: &[Block]) -> Vec<&'a [f32]> {
    ranges(blocks).into_iter().map(|range| &weights[range]).collect()
}

pub(super) fn split_mut<'a>(mut weights: &'a mut [f32], blocks: &[Block]) -> Vec<&'a mut [f32]> {
    let block = |block: &Block| weights.split_off_mut(..block.len()).unwrap_or_default();
    blocks.iter().map(block).collect()
}

/// Adds a bias to every row.
pub(super) fn add_to_rows(rows: &mut [f32], bias: &[f32]) {
    for row in rows.chunks_exact_mut(bias.len()) {
        row.iter_mut().zip(bias).for_each(|(value, bias)| *value += bias);
    }
}

/// Adds the sum of every column to `sums`.
pub(super) fn add_column_sums(sums: &mut [f32], rows: &[f32]) {
    for row in rows.chunks_exact(sums.len()) {
        sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
    }
}
