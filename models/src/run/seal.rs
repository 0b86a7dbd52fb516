//! What an unfinished run keeps, sealed: whole, and of this run and no other.
//!
//! ```text
//! …  what is kept
//! 8  xxh3-64 of the settings of the run (the bytes of run.toml)
//! 8  xxh3-64 of everything before
//! ```
//! Little-endian.

use std::path::Path;

use xxhash_rust::xxh3::xxh3_64;

use crate::TrainError;

/// Seals what a run with these settings keeps.
pub(super) fn sealed(mut bytes: Vec<u8>, settings: &str) -> Vec<u8> {
    bytes.extend(xxh3_64(settings.as_bytes()).to_le_bytes());
    bytes.extend(xxh3_64(&bytes).to_le_bytes());
    bytes
}

/// What was kept in `path`, whose bytes these are, by a run with these settings.
///
/// # Errors
/// [`TrainError::BadCheckpoint`] for bytes that are damaged, or of another run.
pub(super) fn unsealed<'a>(bytes: &'a [u8], settings: &str, path: &Path) -> Result<&'a [u8], TrainError> {
    let (rest, checksum) = bytes.split_last_chunk::<8>().ok_or_else(|| bad(path, "it is too short"))?;
    if xxh3_64(rest) != u64::from_le_bytes(*checksum) {
        return Err(bad(path, "its checksum does not fit"));
    }
    let (kept, run) = rest.split_last_chunk::<8>().ok_or_else(|| bad(path, "it is too short"))?;
    if xxh3_64(settings.as_bytes()) != u64::from_le_bytes(*run) {
        return Err(bad(path, "it belongs to a run with other settings or data"));
    }
    Ok(kept)
}

pub(super) fn bad(path: &Path, cause: &str) -> TrainError {
    TrainError::BadCheckpoint { path: path.to_owned(), cause: cause.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cause(bytes: &[u8], settings: &str) -> String {
        unsealed(bytes, settings, Path::new("0-1.f32")).unwrap_err().to_string()
    }

    #[test]
    fn damage_anywhere_and_another_run_are_told_apart() {
        let bytes = sealed(b"embeddings".to_vec(), "margin = 1\n");
        assert_eq!(unsealed(&bytes, "margin = 1\n", Path::new("x")).unwrap(), b"embeddings");
        assert!(cause(&bytes, "margin = 2\n").contains("other settings"));
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert!(cause(&damaged, "margin = 1\n").contains("0-1.f32 is no checkpoint"), "{at}");
            assert!(unsealed(&bytes[..at], "margin = 1\n", Path::new("x")).is_err(), "cut at {at}");
        }
    }
}
