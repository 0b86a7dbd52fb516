//! What can be wrong with packed or encoded bytes. Travels inside the errors of readers.

use std::io;
use std::path::Path;

use crate::profile::ProfileError;

/// Why bytes could not be unpacked or decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Fault {
    #[error("its gzip stream is cut off: the download or copy stopped early; fetch the file again")]
    CutOff,
    #[error("its gzip stream is damaged; download or copy the file again")]
    Damaged,
    #[error(
        "its gzip stream is whole, but something that is no gzip follows it; if the file is to be trusted, unpack it with \
         `gzip -dc`, which leaves that out, and give the result"
    )]
    Trailing,
    #[error("it is gzipped more than four times over; unpack it first")]
    Layers,
    #[error(
        "its UTF-16 or UTF-32 text ends in the middle of a character: the file is cut off; fetch it again"
    )]
    CutCharacter,
    #[error("it begins as UTF-16 or UTF-32 text, but is not sound; save it as UTF-8")]
    NoCharacter,
    #[error("a NUL byte, which no text holds: the file is damaged or binary; export it anew as text")]
    Nul,
}

impl Fault {
    /// The fault inside an error of a reader, if there is one.
    pub(super) fn within(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref().copied()
    }

    /// As an error about the file.
    pub(super) fn of(self, path: &Path) -> ProfileError {
        ProfileError::Damaged { path: path.to_owned(), cause: self.to_string() }
    }
}

impl From<Fault> for io::Error {
    fn from(fault: Fault) -> Self {
        Self::new(io::ErrorKind::InvalidData, fault)
    }
}
