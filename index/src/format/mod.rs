//! The segment file: `FORMAT.md` describes every byte of it.
//!
//! ```text
//! 0        64                      1024
//! | header | section table, 30 x 32 | section | padding | section | padding | ... end
//! ```
//!
//! | file | responsibility |
//! |---|---|
//! | `header` | the 64 bytes at the start |
//! | `table` | kinds, places and checksums of the sections |
//! | `links` | the section that holds the graph |
//! | `write` | [`SegmentWriter`](crate::SegmentWriter) |
//! | `verify` | everything that `open` takes on trust |

pub(crate) mod header;
pub(crate) mod links;
pub(crate) mod table;
pub(crate) mod verify;
pub(crate) mod write;

#[cfg(target_endian = "big")]
compile_error!(
    "segment files are little-endian and are read in place: big-endian machines are not supported"
);

/// Sections start on a multiple of this, and files end on one.
pub(crate) const ALIGNMENT: u64 = 64;

/// Where the first section starts: header and table lie before it.
pub(crate) const FIRST_SECTION: u64 = 1024;

/// Sections that fit into the table.
pub const MAX_SECTIONS: usize = 30;

/// The section of vectors.
pub(crate) const VECTORS: [u8; 4] = *b"VECS";

/// The section of the graph.
pub(crate) const LINKS: [u8; 4] = *b"LINK";

/// The next multiple of [`ALIGNMENT`]; none past the end of the numbers.
pub(crate) fn aligned(length: u64) -> Option<u64> {
    length.checked_next_multiple_of(ALIGNMENT)
}

/// A kind as text, for messages.
pub(crate) fn name(kind: [u8; 4]) -> String {
    kind.escape_ascii().to_string()
}

#[cfg(test)]
mod tests;
