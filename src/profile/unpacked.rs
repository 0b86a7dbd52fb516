//! A temporary copy of a gzipped file, for formats that are not read from front to back.

use std::io::Write;
use std::path::Path;

use tempfile::NamedTempFile;

use super::ProfileError;
use super::text::Source;

/// Bytes behind the end of a file that are still read.
const SURPLUS: u64 = 1 << 24;

/// The copy, removed when dropped.
#[derive(Debug)]
pub(super) struct Unpacked(NamedTempFile);

impl Unpacked {
    /// Writes what `source` holds beside the system's other temporary files. `end` is the size that it states itself:
    /// no more is copied, however much a few packed bytes claim to be.
    pub(super) fn new(path: &Path, source: &mut Source, end: Option<u64>) -> Result<Self, ProfileError> {
        let folder = std::env::temp_dir();
        let failed = |source| ProfileError::Unpack { path: path.to_owned(), folder: folder.clone(), source };
        let mut file =
            tempfile::Builder::new().prefix("l1kdb-").suffix(".gctx").tempfile().map_err(failed)?;
        let (mut read, end) = (0, end.unwrap_or(u64::MAX));
        while let bytes @ [_, ..] = source.fill()? {
            // What stands behind the end is read for the sake of the checksum that closes the stream.
            if read >= end.saturating_add(SURPLUS) {
                break;
            }
            let length = bytes.len();
            let inside = length.min(usize::try_from(end.saturating_sub(read)).unwrap_or(usize::MAX));
            file.write_all(&bytes[..inside]).map_err(failed)?;
            source.consume(length);
            read += length as u64;
        }
        Ok(Self(file))
    }

    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }
}
