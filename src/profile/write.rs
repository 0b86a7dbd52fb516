//! Writers: GCTX, GCT, TSV and NPY. Each writes a new file beside its target and renames it at the end, so that a
//! file under the given name is always whole, and an error leaves nothing behind.

mod atomic;
mod gctx;
mod hdf5;
mod matrix;
mod npy;
mod text;

pub use atomic::AtomicFile;
pub(crate) use atomic::sync_folder;
pub use gctx::{GctxContent, GctxWriter, write_gctx};
pub use matrix::MatrixWriter;
pub use npy::write_npy;
pub use text::{write_gct, write_tsv};

use std::path::Path;

use super::ProfileError;

/// Refuses a content of which two parts do not fit.
fn check_count(path: &Path, what: &'static str, expected: usize, found: usize) -> Result<(), ProfileError> {
    if expected == found {
        return Ok(());
    }
    Err(ProfileError::Content { path: path.to_owned(), what, expected, found })
}
