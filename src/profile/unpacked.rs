//! A temporary copy of a gzipped file, for formats that are not read from front to back.

use std::fs::{self, File};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use super::ProfileError;
use super::records::Text;

/// The copy, removed when dropped.
#[derive(Debug)]
pub(super) struct Unpacked(PathBuf);

impl Unpacked {
    /// Writes what is left of `text` beside the system's other temporary files.
    pub(super) fn new(text: &mut Text) -> Result<Self, ProfileError> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("l1kdb-{}-{}.gctx", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        let write_error = |source| ProfileError::Write { path: path.clone(), source };
        let mut file = File::create_new(&path).map_err(write_error)?;
        let copy = Self(path.clone());
        while let bytes @ [_, ..] = text.peek()? {
            std::io::Write::write_all(&mut file, bytes).map_err(write_error)?;
            let done = bytes.len();
            text.consume(done);
        }
        Ok(copy)
    }

    pub(super) fn path(&self) -> &std::path::Path {
        &self.0
    }
}

impl Drop for Unpacked {
    fn drop(&mut self) {
        // What cannot be removed is the system's to clean: it lies among its temporary files.
        let _ = fs::remove_file(&self.0);
    }
}
