//! A training between two steps as bytes: a header in TOML, then numbers.
//!
//! ```text
//! 0   8  magic "L1KTRAIN"
//! 8   8  length of the header
//! 16  …  header: format, step, steps, losses, looks, numbers of weights and optimisers
//!     …  weights; for every optimiser first and second moments; best weights: f32
//! ```
//! All little-endian. On disk it is sealed, which guards it against damage.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::seal::bad;
use crate::TrainError;
use crate::train::{Adam, Look, State};

const MAGIC: &[u8; 8] = b"L1KTRAIN";
const FORMAT: u32 = 2;

#[derive(Serialize, Deserialize)]
struct Header {
    format: u32,
    step: u64,
    steps: u64,
    weights: usize,
    best: usize,
    /// Steps of every optimiser.
    optimisers: Vec<u64>,
    loss_sum: f64,
    loss_count: u64,
    seconds: f64,
    looks: Vec<Look>,
}

pub(super) fn encode(state: &State) -> Vec<u8> {
    let header = Header {
        format: FORMAT,
        step: state.step,
        steps: state.steps,
        weights: state.weights.len(),
        best: state.best.len(),
        optimisers: state.optimisers.iter().map(|adam| adam.steps).collect(),
        loss_sum: state.losses.0,
        loss_count: state.losses.1,
        seconds: state.seconds_before,
        looks: state.looks.clone(),
    };
    let header = toml::to_string(&header).expect("a header has only numbers, tables last");
    let mut bytes = MAGIC.to_vec();
    bytes.extend((header.len() as u64).to_le_bytes());
    bytes.extend(header.as_bytes());
    let mut put = |values: &[f32]| bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    put(&state.weights);
    for adam in &state.optimisers {
        put(&adam.first);
        put(&adam.second);
    }
    put(&state.best);
    bytes
}

/// # Errors
/// [`TrainError::BadCheckpoint`] for bytes that no checkpoint of this format has.
pub(super) fn decode(bytes: &[u8], path: &Path) -> Result<State, TrainError> {
    let bad = |cause: &str| bad(path, cause);
    let rest = bytes.strip_prefix(MAGIC).ok_or_else(|| bad("it does not begin like one"))?;
    let (length, rest) = rest.split_first_chunk::<8>().ok_or_else(|| bad("it is too short"))?;
    let length = usize::try_from(u64::from_le_bytes(*length)).unwrap_or(usize::MAX);
    let (header, numbers) = rest.split_at_checked(length).ok_or_else(|| bad("its header is cut"))?;
    let header = std::str::from_utf8(header).map_err(|_| bad("its header is no text"))?;
    let header: Header = toml::from_str(header).map_err(|_| bad("its header is of another version"))?;
    if header.format != FORMAT {
        return Err(bad("it is of another version"));
    }
    state(header, numbers).ok_or_else(|| bad("its numbers do not fit its header"))
}

fn state(header: Header, numbers: &[u8]) -> Option<State> {
    let mut left = numbers;
    let mut take = |count: usize| {
        let (taken, rest) = left.split_at_checked(count.checked_mul(4)?)?;
        left = rest;
        Some(taken.as_chunks::<4>().0.iter().map(|value| f32::from_le_bytes(*value)).collect::<Vec<f32>>())
    };
    let weights = take(header.weights)?;
    let mut optimisers = Vec::new();
    for &steps in &header.optimisers {
        optimisers.push(Adam { first: take(header.weights)?, second: take(header.weights)?, steps });
    }
    let best = take(header.best)?;
    left.is_empty().then_some(State {
        step: header.step,
        steps: header.steps,
        looks: header.looks,
        weights,
        optimisers,
        best,
        losses: (header.loss_sum, header.loss_count),
        seconds_before: header.seconds,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::Validation;

    fn saved() -> State {
        let adam = |steps| Adam { first: vec![0.5, -0.1, 0.0], second: vec![1e-30, 2.0, 3.0], steps };
        let validation = Some(Validation { auc: 0.7, macro_auc: 0.6, queries: 12 });
        State {
            step: 7,
            steps: 20,
            looks: vec![
                Look { step: 5, loss: 1.0 / 3.0, validation, seconds: 0.1, rate: 3.0 },
                Look { step: 7, loss: 0.25, validation: None, seconds: 0.2, rate: 4.0 },
            ],
            weights: vec![1.0, f32::MIN_POSITIVE, -3.25],
            optimisers: vec![adam(7), adam(6)],
            best: vec![9.0],
            losses: (0.1 + 0.2, 3),
            seconds_before: 1.5,
        }
    }

    #[test]
    fn a_state_survives_to_the_last_bit() {
        assert_eq!(decode(&encode(&saved()), Path::new("x")).unwrap(), saved());
    }

    #[test]
    fn what_is_cut_or_of_another_version_is_an_error() {
        let bytes = encode(&saved());
        for at in 0..bytes.len() {
            assert!(
                matches!(decode(&bytes[..at], Path::new("x")), Err(TrainError::BadCheckpoint { .. })),
                "{at}"
            );
        }
        let text = String::from_utf8_lossy(&bytes).replace("format = 2", "format = 1");
        assert!(decode(text.as_bytes(), Path::new("x")).is_err());
    }
}
