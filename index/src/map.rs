//! Files mapped into memory. The only file that names `memmap2`.

use std::fs::File;
use std::path::Path;

use memmap2::Mmap;

use crate::error::{IndexError, Result};

/// A file mapped into memory, read-only: pages are read when they are touched, and all processes share them.
///
/// A segment is written once, under a name of its own, and afterwards only replaced or removed, never changed in
/// place. Another process that breaks this rule and *shortens* a mapped file makes the system end this one (`SIGBUS`)
/// when it touches what is gone; where that cannot be excluded, [`AlignedBytes::read`](crate::AlignedBytes::read)
/// is the other way.
#[derive(Debug)]
pub struct Mapped(Mmap);

impl Mapped {
    /// Opens and maps a file.
    ///
    /// # Errors
    /// The file cannot be opened or mapped.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let file = File::open(path).map_err(|source| IndexError::Io {
            action: "open",
            path: path.to_owned(),
            source,
        })?;
        Self::of(&file, path)
    }

    /// Maps a file that is open already, however it was found; `path` names it in errors.
    ///
    /// The mapping outlives `file`, and the file's name.
    ///
    /// # Errors
    /// Anything but an ordinary file; or it cannot be mapped.
    pub fn of(file: &File, path: &Path) -> Result<Self> {
        let failed = |source| IndexError::Io { action: "map", path: path.to_owned(), source };
        if !file.metadata().map_err(failed)?.is_file() {
            return Err(failed(std::io::Error::new(
                std::io::ErrorKind::InvalidInput,
                "it is no ordinary file",
            )));
        }
        #[expect(unsafe_code, reason = "a mapping can be changed from outside; the argument is below")]
        // SAFETY: the mapping is read-only and private to this value. Its bytes could change under a `&[u8]` only if
        // someone wrote into the file in place. No writer of this crate does: segments are created new and
        // replaced by rename. Against writers that are not ours nothing in a process can help; all
        // that is read from a segment is checked before it is used as an index, so changed bytes give wrong
        // numbers or an error.
        let map = unsafe { Mmap::map(file) };
        map.map(Self).map_err(failed)
    }
}

impl AsRef<[u8]> for Mapped {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}
