use std::fmt;

use thiserror::Error;

use crate::{Rows, RowsError};

/// Why a classifier cannot learn or predict.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum LearnError {
    /// Values are no rows.
    #[error(transparent)]
    Rows(#[from] RowsError),
    /// Rows of another dimension than those that were learned from.
    #[error("rows of {found} values, expected {expected} as in the training rows")]
    Dimension {
        /// Values in a training row.
        expected: usize,
        /// Values in a row to predict for.
        found: usize,
    },
    /// There are as many lists of classes as rows, or there should be.
    #[error("classes of {labels} rows, expected those of {rows}")]
    Labels {
        /// Number of rows.
        rows: usize,
        /// Number of lists.
        labels: usize,
    },
    /// A row without a class.
    #[error("row {} has no class: leave it out", .row + 1)]
    NoClass {
        /// The first such row, from 0.
        row: usize,
    },
    /// A class id that is too large.
    #[error("row {} has class {class}, expected one of 0 to {}", .row + 1, .classes - 1)]
    UnknownClass {
        /// The first such row, from 0.
        row: usize,
        /// Its class.
        class: u32,
        /// Number of classes, at least 1.
        classes: usize,
    },
    /// A row lies so far from those that are learned from that nothing can be computed.
    #[error(
        "{side} row {} lies more than {most:e} standard deviations from the rows that are learned from: leave it out, or \
         take a classifier of neighbours or of class means",
        .row + 1
    )]
    FarOut {
        /// Where the row stands.
        side: Side,
        /// Its number on that side, from 0.
        row: usize,
        /// The most that are computed with.
        most: f64,
    },
    /// More neighbours are asked for than there are rows to learn from.
    #[error("{k} neighbours were asked for, but only {rows} rows are there to learn from: use a smaller k")]
    TooManyNeighbours {
        /// The number of neighbours.
        k: usize,
        /// Rows to learn from.
        rows: usize,
    },
    /// A classifier gave predictions that are not those that were asked for.
    #[error("a classifier gave {found}, expected {expected}")]
    Predictions {
        /// What was given.
        found: String,
        /// What was asked for.
        expected: String,
    },
    /// Why a classifier of another crate cannot learn or predict.
    #[error("{0}")]
    Other(String),
}

/// Refuses rows of another dimension than those that were learned from.
pub(super) fn check_dim(rows: Rows<'_>, expected: usize) -> Result<(), LearnError> {
    let found = rows.dim();
    if found == expected { Ok(()) } else { Err(LearnError::Dimension { expected, found }) }
}

/// A side of a fold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Among the rows that a classifier is fitted to.
    Training,
    /// Among the rows that it predicts for.
    Test,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Training => "training",
            Self::Test => "test",
        })
    }
}
