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
    /// Maps a file.
    ///
    /// # Errors
    /// The file cannot be opened or mapped.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let failed = |action| move |source| IndexError::Io { action, path: path.to_owned(), source };
        let file = File::open(path).map_err(failed("open"))?;
        if file.metadata().map_err(failed("open"))?.is_dir() {
            return Err(failed("map")(std::io::ErrorKind::IsADirectory.into()));
        }
        #[expect(unsafe_code, reason = "a mapping can be changed from outside; the argument is below")]
        // SAFETY: the mapping is read-only and private to this value. Its bytes could change under a `&[u8]` only if
        // someone wrote into the file in place. No writer of this crate does: segments are created new and
        // replaced by rename. Against writers that are not ours nothing in a process can help; all
        // that is read from a segment is checked before it is used as an index, so changed bytes give wrong
        // numbers or an error.
        let map = unsafe { Mmap::map(&file) };
        map.map(Self).map_err(failed("map"))
    }
}

impl AsRef<[u8]> for Mapped {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}
