//! What a forward pass leaves behind for the backward pass.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The values of one pass over a few profiles; its buffers serve pass after pass.
#[derive(Debug, Default)]
pub(crate) struct Tape {
    /// Standardised profiles, rows x 978.
    pub(crate) input: Vec<f32>,
    /// Unit embeddings, rows x dimension.
    pub(crate) embedding: Vec<f32>,
    /// The length of every embedding before it was brought to 1.
    pub(crate) lengths: Vec<f32>,
    /// Share of neurons to drop; 0 outside of training.
    pub(crate) dropout: f32,
    /// What the dropped neurons are drawn by.
    pub(crate) key: [u64; 2],
    /// Whatever the network keeps of its hidden layers, and room for their slopes.
    pub(super) hidden: Vec<Vec<f32>>,
    pub(super) rows: usize,
}

impl Tape {
    /// One buffer of rows x width for every width, and an empty one after them.
    pub(super) fn resize_hidden(&mut self, widths: &[usize]) {
        self.hidden.resize_with(widths.len() + 1, Vec::new);
        for (buffer, width) in self.hidden.iter_mut().zip(widths) {
            buffer.resize(self.rows * width, 0.0);
        }
    }
}

/// A generator of its own for every key and purpose.
pub(crate) fn stream(key: [u64; 2], purpose: u64) -> ChaCha8Rng {
    let mut seed = [0; 32];
    for (bytes, part) in seed.chunks_exact_mut(8).zip([key[0], key[1], purpose]) {
        bytes.copy_from_slice(&part.to_le_bytes());
    }
    ChaCha8Rng::from_seed(seed)
}

/// Calls `each` with 0 to `count` and whether an event of probability `share` happened, to 1 in 65,536.
pub(crate) fn coin_flips(
    key: [u64; 2],
    purpose: u64,
    share: f32,
    count: usize,
    mut each: impl FnMut(usize, bool),
) {
    const FLIPS: usize = 128;
    let threshold = (share * 65_536.0) as u32;
    let mut rng = stream(key, purpose);
    let mut bytes = [0; 2 * FLIPS];
    for first in (0..count).step_by(FLIPS) {
        rng.fill_bytes(&mut bytes);
        for (at, pair) in (first..count.min(first + FLIPS)).zip(bytes.as_chunks::<2>().0) {
            each(at, u32::from(u16::from_le_bytes(*pair)) < threshold);
        }
    }
}
