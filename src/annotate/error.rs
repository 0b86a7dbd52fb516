use std::path::PathBuf;

use crate::profile::ProfileError;

/// What can be wrong with an annotation.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AnnotateError {
    /// Text that is no ATC code.
    #[error(
        "{text:?} is not an ATC code: expected a letter, two digits, two letters, two digits, or the start of it (C, C10, C10A, C10AA, C10AA05)"
    )]
    NotAtc {
        /// The text as found.
        text: String,
    },
    /// A table without a column that it needs.
    #[error("{}: no column {expected}; found the columns {}", .path.display(), .found.join(", "))]
    MissingColumn {
        /// The table.
        path: PathBuf,
        /// The column, with its accepted spellings.
        expected: &'static str,
        /// The columns of the table.
        found: Vec<String>,
    },
    /// A table that could not be read.
    #[error(transparent)]
    Table(#[from] ProfileError),
}
