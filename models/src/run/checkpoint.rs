//! A training between two steps as bytes: a mark with the version of the format, then the [`State`] as postcard writes it
//! (<https://postcard.jamesmunns.com/wire-format>). On disk it is sealed, which guards it against damage.

use std::path::Path;

use super::seal::bad;
use crate::TrainError;
use crate::train::State;

/// The last byte is the version: it rises with every change of the fields of [`State`].
const MARK: &[u8; 8] = b"L1KTRAI\x03";

pub(super) fn encode(state: &State) -> Vec<u8> {
    postcard::to_extend(state, MARK.to_vec())
        .expect("a state has only numbers, and memory for a copy is there")
}

/// # Errors
/// [`TrainError::BadCheckpoint`] for bytes that no checkpoint of this format has.
pub(super) fn decode(bytes: &[u8], path: &Path) -> Result<State, TrainError> {
    let state =
        bytes.strip_prefix(MARK).ok_or_else(|| bad(path, "it does not begin like one of this version"))?;
    postcard::from_bytes(state).map_err(|error| bad(path, &format!("its state cannot be read ({error})")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::{Adam, Look, Validation};

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
        let mut other = bytes;
        other[MARK.len() - 1] += 1;
        assert!(decode(&other, Path::new("x")).unwrap_err().to_string().contains("version"));
    }
}
