//! The two sides of a similarity.

use std::fmt;

/// Whose genes contribute, and whose profile is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Side {
    /// The query's: which of its genes make the hit similar.
    #[default]
    Query,
    /// The hit's.
    Hit,
}

impl Side {
    /// Returns the other side.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Query => Self::Hit,
            Self::Hit => Self::Query,
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Query => "query",
            Self::Hit => "hit",
        })
    }
}
