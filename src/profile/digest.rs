//! Digests of files, so that a report can say what it was made from.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::ProfileError;
use crate::digest::Digest;

/// Returns `sha256:` and the SHA-256 of a file's bytes.
///
/// # Errors
/// [`ProfileError::Read`].
pub fn file_digest(path: impl AsRef<Path>) -> Result<String, ProfileError> {
    let path = path.as_ref();
    let failed = |source| ProfileError::Read { path: path.to_owned(), source };
    let mut file = File::open(path).map_err(failed)?;
    let (mut digest, mut buffer) = (Digest::default(), vec![0; 1 << 20]);
    loop {
        let read = file.read(&mut buffer).map_err(failed)?;
        if read == 0 {
            break;
        }
        digest.add(&buffer[..read]);
    }
    Ok(digest.text())
}
