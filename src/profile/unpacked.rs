//! A temporary copy of a gzipped file, for formats that are not read from front to back.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use super::ProfileError;
use super::text::Source;

/// Bytes behind the end of a file that are still read.
const SURPLUS: u64 = 1 << 24;

/// The copy, removed when dropped.
#[derive(Debug)]
pub(super) struct Unpacked(PathBuf);

impl Unpacked {
    /// Writes what `source` holds beside the system's other temporary files. `end` is the size that it states itself:
    /// no more is copied, however much a few packed bytes claim to be.
    pub(super) fn new(path: &Path, source: &mut Source, end: Option<u64>) -> Result<Self, ProfileError> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("l1kdb-{}-{}.gctx", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir();
        let copy = folder.join(name);
        let failed = |source| ProfileError::Unpack { path: path.to_owned(), folder: folder.clone(), source };
        let mut file = File::create_new(&copy).map_err(failed)?;
        let unpacked = Self(copy);
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
        Ok(unpacked)
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Unpacked {
    fn drop(&mut self) {
        // What cannot be removed is the system's to clean: it lies among its temporary files.
        let _ = fs::remove_file(&self.0);
    }
}
