//! Gene sets: files of names and gene ids in, sets of genes of a universe out.
//!
//! | file | responsibility |
//! |---|---|
//! | `rows`, `format` | lines and cells between tabs; which format they are, or what they are instead |
//! | `gmt`, `gmx`, `grp` | sets by line, by column, and one set by file |
//! | `set`, `file` | a set as a file writes it; a whole file |
//! | `pairs` | which down set belongs to which up set |
//! | `mapped` | pairs of sets as genes of a universe |

mod file;
mod format;
mod gmt;
mod gmx;
mod grp;
mod mapped;
mod pairs;
mod rows;
mod set;

pub use file::SetFile;
pub use format::SetFormat;
pub use mapped::{GeneSet, SetSide};
pub use pairs::{SetPair, SetPairs};
pub use set::NamedSet;
