//! Networks from a standardised profile to a unit embedding: what they compute, and the slope of it.
//!
//! | file | what |
//! |---|---|
//! | `densenet.rs`, `mlp.rs` | the two architectures |
//! | `weights.rs` | their weights, as one flat row of numbers |
//! | `tape.rs` | what a pass leaves for the way back |
//! | `algebra.rs`, `vector.rs` | products of matrices; arithmetic on rows |

pub(crate) mod algebra;
mod densenet;
mod mlp;
pub(crate) mod tape;
pub(crate) mod vector;
mod weights;

use l1kdb::profile::GENES;
use rayon::prelude::*;

pub use densenet::DenseNet;
pub use mlp::Layered;

use tape::Tape;
use vector::dot;
pub(crate) use weights::Block;

/// Vectors shorter than this are divided by it instead of by their length.
pub(crate) const SMALLEST_LENGTH: f32 = 1e-12;

/// Profiles that are taken through a network together: enough for fast products, few enough for a processor's cache.
pub(crate) const SLAB: usize = 128;

/// A network's kind and sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Architecture {
    /// Densely connected; linear at depth 0.
    Dense(DenseNet),
    /// Fully connected layers.
    Layered(Layered),
}

impl Architecture {
    /// Coordinates of an embedding.
    pub fn dim(&self) -> usize {
        match self {
            Self::Dense(net) => net.dim,
            Self::Layered(net) => net.dim,
        }
    }

    /// Returns all trained numbers of the exported network: weights and biases.
    pub fn parameters(&self) -> usize {
        self.blocks().iter().map(Block::len).sum()
    }

    /// Hidden weights without biases and the embedding layer; of a densely connected network, P(d, k).
    pub fn hidden_weights(&self) -> usize {
        match self {
            Self::Dense(net) => net.hidden_weights(),
            Self::Layered(net) => net.hidden_weights(),
        }
    }

    pub(crate) fn blocks(&self) -> Vec<Block> {
        match self {
            Self::Dense(net) => net.blocks(),
            Self::Layered(net) => net.blocks(),
        }
    }

    /// Returns a network with random weights: LeCun normal before SELU, He normal before ReLU, no bias.
    pub fn start(self, seed: u64) -> Network {
        let starts = match self {
            Self::Dense(net) => net.starts(),
            Self::Layered(net) => net.starts(),
        };
        let weights = weights::random(&self.blocks(), &starts, seed);
        Network { architecture: self, weights }
    }
}

/// A network and its weights.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    /// Kind and sizes.
    pub architecture: Architecture,
    /// All weights, block after block; see the architectures for their order.
    pub weights: Vec<f32>,
}

impl Network {
    /// The weights by block.
    pub(crate) fn blocks(&self) -> Vec<&[f32]> {
        weights::split(&self.weights, &self.architecture.blocks())
    }

    /// The weights by block, to be changed.
    pub(crate) fn blocks_mut(&mut self) -> Vec<&mut [f32]> {
        weights::split_mut(&mut self.weights, &self.architecture.blocks())
    }

    /// Returns unit embeddings (n x dimension) of standardised profiles (n x 978), on all threads.
    pub fn embed(&self, standard: &[f32]) -> Vec<f32> {
        self.embed_with_lengths(standard).0
    }

    /// Unit embeddings, and the length of each before it was brought to 1.
    pub(crate) fn embed_with_lengths(&self, standard: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let (rows, dim) = (standard.len() / GENES, self.architecture.dim());
        let (mut embeddings, mut lengths) = (vec![0.0; rows * dim], vec![0.0; rows]);
        let slabs = embeddings.par_chunks_mut(SLAB * dim).zip(lengths.par_chunks_mut(SLAB));
        let slabs = slabs.zip(standard.par_chunks(SLAB * GENES));
        slabs.for_each_init(Tape::default, |tape, ((embeddings, lengths), profiles)| {
            tape.input.clear();
            tape.input.extend_from_slice(profiles);
            forward(self.architecture, &self.weights, tape);
            embeddings.copy_from_slice(&tape.embedding);
            lengths.copy_from_slice(&tape.lengths);
        });
        (embeddings, lengths)
    }
}

/// Takes `tape.input` through the network to `tape.embedding`.
pub(crate) fn forward(architecture: Architecture, weights: &[f32], tape: &mut Tape) {
    let dim = architecture.dim();
    tape.rows = tape.input.len() / GENES;
    tape.embedding.resize(tape.rows * dim, 0.0);
    let blocks = weights::split(weights, &architecture.blocks());
    match architecture {
        Architecture::Dense(net) => net.forward(&blocks, tape),
        Architecture::Layered(net) => net.forward(&blocks, tape),
    }
    tape.lengths.clear();
    for row in tape.embedding.chunks_exact_mut(dim) {
        tape.lengths.push(to_unit_length(row));
    }
}

/// Takes the slope of the loss by the unit embeddings back to the weights and adds it to `gradient`.
pub(crate) fn backward(
    architecture: Architecture,
    weights: &[f32],
    tape: &mut Tape,
    slope: &mut [f32],
    gradient: &mut [f32],
) {
    let dim = architecture.dim();
    let rows = slope.chunks_exact_mut(dim).zip(tape.embedding.chunks_exact(dim));
    for ((slope, unit), &length) in rows.zip(&tape.lengths) {
        before_unit_length(slope, unit, length);
    }
    let layout = architecture.blocks();
    let (blocks, mut gradient) = (weights::split(weights, &layout), weights::split_mut(gradient, &layout));
    match architecture {
        Architecture::Dense(net) => net.backward(&blocks, tape, slope, &mut gradient),
        Architecture::Layered(net) => net.backward(&blocks, tape, slope, &mut gradient),
    }
}

/// Divides by the length, or by [`SMALLEST_LENGTH`] if that is larger, and returns the divisor.
pub(crate) fn to_unit_length(row: &mut [f32]) -> f32 {
    let length = dot(row, row).sqrt().max(SMALLEST_LENGTH);
    row.iter_mut().for_each(|value| *value /= length);
    length
}

/// From the slope by a unit vector to that by the vector that had `length`: what points along it changes nothing.
pub(crate) fn before_unit_length(slope: &mut [f32], unit: &[f32], length: f32) {
    let along = dot(slope, unit);
    slope.iter_mut().zip(unit).for_each(|(slope, unit)| *slope = (*slope - along * unit) / length);
}

#[cfg(test)]
mod tests;
