//! What can go wrong with vectors, a graph or a segment file.

use std::io;
use std::path::PathBuf;

/// An error of this crate.
///
/// Messages carry what was expected and what was found. The cause, where there is one, is in
/// [`source`](std::error::Error::source) and not repeated in the text.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IndexError {
    /// A file could not be created, read, written, renamed or synced.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// The operation, as a verb: `create`, `map`, `write` ...
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },

    /// The named file is at fault; the cause says how.
    #[error("{}", path.display())]
    File {
        /// The segment file.
        path: PathBuf,
        /// What is wrong with it.
        source: Box<IndexError>,
    },

    /// The bytes are not a segment file at all, or one whose writer never finished.
    #[error(
        "not a segment file: expected the signature 89 4C 31 4B 0D 0A 1A 0A, found {found:02X?}; build it again if its writer was interrupted"
    )]
    NotASegment {
        /// The first bytes, up to eight.
        found: Vec<u8>,
    },

    /// The file was written in another version of the format.
    #[error("segment format version {found}, expected {expected}: {}", version_way_out(*.expected, *.found))]
    Version {
        /// The version this library reads.
        expected: u32,
        /// The version in the file.
        found: u32,
    },

    /// The file is shorter or longer than its header says.
    #[error(
        "segment of {found} bytes, expected {expected}: the file was cut or appended to; copy or build it again"
    )]
    Length {
        /// Bytes according to the header, or the least a segment can have.
        expected: u64,
        /// Bytes found.
        found: u64,
    },

    /// The memory does not start on a multiple of 8.
    #[error("bytes at an address that is not a multiple of 8: read the file through Mapped or AlignedBytes")]
    Misaligned,

    /// A checksum does not agree with the bytes it covers.
    #[error(
        "checksum of {part} is {found:016x}, expected {expected:016x}: the file is damaged; copy or build it again"
    )]
    Checksum {
        /// `header and table`, or the kind of a section.
        part: String,
        /// The sum in the file.
        expected: u64,
        /// The sum of the bytes.
        found: u64,
    },

    /// A field of the file is out of its range.
    #[error("damaged segment: {what} is {found}, expected {expected}; copy or build it again")]
    Corrupt {
        /// The field.
        what: &'static str,
        /// The values it may have.
        expected: String,
        /// Its value.
        found: String,
    },

    /// Vectors, queries or parameters that cannot be used; the text says which and why.
    #[error("{what} is {found}, expected {expected}")]
    Invalid {
        /// The argument or the row at fault.
        what: String,
        /// What it may be.
        expected: String,
        /// What it is.
        found: String,
    },

    /// A query of another dimension than the rows.
    #[error("query of dimension {found}, expected {expected}")]
    Dimension {
        /// The dimension of the rows.
        expected: usize,
        /// The dimension of the query.
        found: usize,
    },

    /// Approximate search was asked of a segment that holds no graph.
    #[error("the segment holds no graph: search it exactly, or build it with a graph")]
    NoGraph,

    /// A segment cannot hold this section, or not here.
    #[error("section {kind}: {reason}")]
    Section {
        /// The kind, as text.
        kind: String,
        /// Why it is refused.
        reason: &'static str,
    },
}

fn version_way_out(expected: u32, found: u32) -> &'static str {
    if found > expected { "it needs a newer release" } else { "build it again with this release" }
}

impl IndexError {
    #[expect(clippy::needless_pass_by_value, reason = "numbers and literals, made into text here")]
    pub(crate) fn corrupt(what: &'static str, expected: impl ToString, found: impl ToString) -> Self {
        Self::Corrupt { what, expected: expected.to_string(), found: found.to_string() }
    }

    #[expect(clippy::needless_pass_by_value, reason = "numbers and literals, made into text here")]
    pub(crate) fn invalid(what: impl ToString, expected: impl ToString, found: impl ToString) -> Self {
        Self::Invalid { what: what.to_string(), expected: expected.to_string(), found: found.to_string() }
    }
}

/// A result of this crate.
pub type Result<T> = std::result::Result<T, IndexError>;
