//! What decides an answer beside the query itself.

use super::score::DrugScore;

/// How to search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Search {
    /// A scan of up to a million rows, the graph beyond that where there is one.
    #[default]
    Auto,
    /// A scan of every row: the answer is exact.
    Exact,
    /// The graph: the recall that was measured when it was built is in [`Db::info`](crate::db::Db::info).
    Ann,
}

/// How many hits, by which score, found in which way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terms {
    pub top: usize,
    pub score: DrugScore,
    pub search: Search,
}
