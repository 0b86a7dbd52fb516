//! A navigable graph over rows: levels of links, an entry row, and the audit of what it finds.
//!
//! | file | responsibility |
//! |---|---|
//! | `mod` | the graph in memory, [`Graph`], and the borrowed form that is searched, [`GraphView`] |
//! | `search` | the walk: greedy on the upper levels, a beam on level 0 |
//! | `build` | the steps of a construction |
//! | `hierarchy` | the upper levels; the only file that names `hnsw_rs` |
//! | `cells` | rows gathered around centres |
//! | `near` | the rows near to each row, found cell by cell |
//! | `choose` | which of them a row links to |
//! | `links` | adjacency lists while they are still changed |
//! | `repair` | every row reachable, every row found by its own vector |
//! | `audit` | recall against the exact search |

pub(crate) mod audit;
mod build;
mod cells;
mod choose;
mod hierarchy;
mod links;
mod near;
mod repair;
pub(crate) mod search;

pub use audit::Audit;
pub use build::build_graph;

use crate::error::{IndexError, Result};
use crate::params::BuildParams;

/// Levels a graph may have, level 0 included.
pub const MAX_LEVELS: usize = 16;

/// A graph over `rows` rows, and the audit made when it was built.
///
/// Level 0 holds all rows. A search walks down the upper levels to a good start and then spreads over level 0,
/// from that start and from the entry row; every row can be reached from the entry row on level 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Graph {
    pub(crate) rows: usize,
    /// The row a search starts from; none in an empty graph.
    pub(crate) entry: Option<u32>,
    /// From level 0 upwards; at least level 0.
    pub(crate) levels: Vec<Level>,
    pub(crate) params: BuildParams,
    pub(crate) audit: Audit,
}

/// The links of one level. Row `members[i]` links to `links[offsets[i]..offsets[i + 1]]`.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Level {
    /// Rows of the level, ascending; left empty on level 0, which holds all rows.
    pub(crate) members: Vec<u32>,
    pub(crate) offsets: Vec<u64>,
    pub(crate) links: Vec<u32>,
}

impl Level {
    /// From a list of links for each row of the level.
    pub(crate) fn from_lists<'a>(members: Vec<u32>, lists: impl Iterator<Item = &'a [u32]>) -> Self {
        let mut level = Self { members, offsets: vec![0], links: Vec::new() };
        for list in lists {
            level.links.extend_from_slice(list);
            level.offsets.push(level.links.len() as u64);
        }
        level
    }
}

impl Graph {
    /// Returns the number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Returns the number of levels, level 0 included.
    #[must_use]
    pub fn levels(&self) -> usize {
        self.levels.len()
    }

    /// Returns the number of links on all levels.
    #[must_use]
    pub fn links(&self) -> u64 {
        self.levels.iter().map(|level| level.links.len() as u64).sum()
    }

    /// Returns what was built with.
    #[must_use]
    pub fn params(&self) -> &BuildParams {
        &self.params
    }

    /// Returns what the graph finds, measured when it was built.
    #[must_use]
    pub fn audit(&self) -> &Audit {
        &self.audit
    }

    pub(crate) fn view(&self) -> GraphView<'_> {
        GraphView::over(self.rows, self.entry, &self.levels)
    }
}

/// A borrowed graph, of a [`Graph`] or of a mapped file. Nothing in it is trusted: each access is checked.
#[derive(Clone, Copy, Default)]
pub(crate) struct GraphView<'a> {
    pub(crate) rows: usize,
    pub(crate) entry: Option<u32>,
    pub(crate) count: usize,
    pub(crate) levels: [LevelView<'a>; MAX_LEVELS],
}

#[derive(Clone, Copy, Default)]
pub(crate) struct LevelView<'a> {
    pub(crate) members: &'a [u32],
    pub(crate) offsets: &'a [u64],
    pub(crate) links: &'a [u32],
}

impl<'a> GraphView<'a> {
    /// Borrows up to [`MAX_LEVELS`] levels.
    pub(crate) fn over(rows: usize, entry: Option<u32>, levels: &'a [Level]) -> Self {
        let mut view = Self { rows, entry, count: levels.len().min(MAX_LEVELS), ..Self::default() };
        for (to, from) in view.levels.iter_mut().zip(levels) {
            *to = LevelView { members: &from.members, offsets: &from.offsets, links: &from.links };
        }
        view
    }

    /// The upper levels, from the top.
    pub(crate) fn upper(&self) -> impl Iterator<Item = &LevelView<'a>> {
        self.levels[..self.count].iter().skip(1).rev()
    }

    /// Links of a row on level 0.
    pub(crate) fn base_links(&self, row: u32) -> Result<&'a [u32]> {
        self.levels[0].list(row as usize)
    }
}

impl<'a> LevelView<'a> {
    /// Links of a row on an upper level; none if the row is not on it.
    pub(crate) fn links_of(&self, row: u32) -> Result<&'a [u32]> {
        match self.members.binary_search(&row) {
            Ok(place) => self.list(place),
            Err(_) => Ok(&[]),
        }
    }

    /// The list in this place.
    pub(crate) fn list(&self, place: usize) -> Result<&'a [u32]> {
        let bounds = self.offsets.get(place..place + 2).ok_or_else(|| damaged(place, "no offsets"))?;
        let start = usize::try_from(bounds[0]).unwrap_or(usize::MAX);
        let end = usize::try_from(bounds[1]).unwrap_or(usize::MAX);
        self.links.get(start..end).ok_or_else(|| damaged(place, "offsets past the links"))
    }
}

fn damaged(place: usize, found: &str) -> IndexError {
    IndexError::corrupt("a list of links", "offsets within the links", format!("{found} (list {place})"))
}

/// A number that looks as if drawn at random, for each number (SplitMix64).
fn split_mix(i: u64) -> u64 {
    let z = (i + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
