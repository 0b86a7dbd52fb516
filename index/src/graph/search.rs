//! The walk over a graph.
//!
//! - **Upper levels**: move to the best linked row until none is better.
//! - **Level 0**: a beam of the best `ef` rows seen; expand the best row not yet expanded, stop when it is
//!   worse than all of the beam. The beam starts from where the upper levels ended and from the entry row, so
//!   with `ef` equal to the number of rows it returns every row that the entry row reaches.
//!
//! Everything read from the graph is checked. A set of visited rows bounds the walk, whatever the links say.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::error::{IndexError, Result};
use crate::graph::{GraphView, LevelView};
use crate::neighbour::Neighbour;
use crate::simd::{LANES, Query, Rows};

/// The best rows the graph leads to, nearest first: `ef` of them, or all that were reached if fewer.
pub(crate) fn search(
    graph: &GraphView<'_>,
    rows: Rows<'_>,
    query: &Query<'_>,
    ef: usize,
) -> Result<Vec<Neighbour>> {
    let Some(entry) = graph.entry else { return Ok(Vec::new()) };
    if entry as usize >= rows.len() || graph.rows != rows.len() {
        return Err(IndexError::corrupt("the entry row", format!("under {}", rows.len()), entry));
    }
    let walk = Walk { graph, rows, query };
    let start = walk.descend(entry)?;
    WORKSPACE.with_borrow_mut(|space| {
        space.clear(rows.len());
        walk.spread(space, &[start, entry], ef.min(rows.len()))
    })
}

/// What one search on level 0 needs, kept by each thread for its next one.
#[derive(Default)]
struct Workspace {
    /// A bit for each row: small enough for the first cache up to some hundred thousand rows.
    visited: Vec<u64>,
    /// Keys of rows to expand, best first.
    open: BinaryHeap<u64>,
    /// Keys of the best rows, worst first.
    beam: BinaryHeap<Reverse<u64>>,
    /// Unvisited rows that the expanded row links to.
    fresh: Vec<u32>,
}

thread_local! {
    static WORKSPACE: RefCell<Workspace> = RefCell::default();
}

impl Workspace {
    fn clear(&mut self, rows: usize) {
        self.visited.clear();
        self.visited.resize(rows.div_ceil(64), 0);
        self.open.clear();
        self.beam.clear();
        self.fresh.clear();
    }

    /// Whether the row is seen for the first time; an error if there is no such row.
    fn visit(&mut self, row: u32) -> Result<bool> {
        let word = self.visited.get_mut(row as usize / 64).ok_or_else(|| no_such_row(row))?;
        let bit = 1 << (row % 64);
        let first = *word & bit == 0;
        *word |= bit;
        Ok(first)
    }

    /// Takes a row into the beam if it is good enough.
    fn offer(&mut self, key: u64, ef: usize) {
        if self.beam.len() >= ef {
            match self.beam.peek_mut() {
                Some(mut worst) if worst.0 < key => *worst = Reverse(key),
                _ => return,
            }
        } else {
            self.beam.push(Reverse(key));
        }
        self.open.push(key);
    }

    /// The best row not yet expanded, unless the whole beam is better.
    fn next(&mut self, ef: usize) -> Option<u32> {
        let key = self.open.pop()?;
        let worst = self.beam.peek().map_or(0, |worst| worst.0);
        (self.beam.len() < ef || key >= worst).then(|| Neighbour::from_key(key).row)
    }

    fn finish(&mut self) -> Vec<Neighbour> {
        let mut found: Vec<_> = self.beam.drain().map(|key| Neighbour::from_key(key.0)).collect();
        found.sort_unstable_by(Neighbour::nearest_first);
        found
    }
}

/// Links that a walk may still read on a level. It reads each list once, so a whole file never exhausts this; lists
/// that overlap, as they do only in a damaged file, could keep it busy for hours.
struct Budget(usize);

impl Budget {
    fn of(level: &LevelView<'_>) -> Self {
        Self(level.links.len())
    }

    fn spend<'a>(&mut self, links: &'a [u32]) -> Result<&'a [u32]> {
        let overlap = || IndexError::corrupt("a list of links", "links of its own", "links of another list");
        self.0 = self.0.checked_sub(links.len()).ok_or_else(overlap)?;
        Ok(links)
    }
}

struct Walk<'a, 'g> {
    graph: &'a GraphView<'g>,
    rows: Rows<'a>,
    query: &'a Query<'a>,
}

impl Walk<'_, '_> {
    /// From the entry row down the upper levels.
    fn descend(&self, entry: u32) -> Result<u32> {
        let mut best = self.keys(&[entry])?[0];
        for level in self.graph.upper() {
            best = self.climb(level, best)?;
        }
        Ok(Neighbour::from_key(best).row)
    }

    /// Moves to better rows of a level while there are any. Keys only grow, so this ends.
    fn climb(&self, level: &LevelView<'_>, mut best: u64) -> Result<u64> {
        let mut budget = Budget::of(level);
        loop {
            let before = best;
            let links = budget.spend(level.links_of(Neighbour::from_key(before).row)?)?;
            for links in links.chunks(LANES) {
                let keys = self.keys(links)?;
                best = keys.into_iter().fold(best, u64::max);
            }
            if best == before {
                return Ok(best);
            }
        }
    }

    /// The beam on level 0.
    fn spread(&self, space: &mut Workspace, starts: &[u32], ef: usize) -> Result<Vec<Neighbour>> {
        self.expand(space, starts, ef)?;
        let mut budget = Budget::of(&self.graph.levels[0]);
        while let Some(row) = space.next(ef) {
            self.expand(space, budget.spend(self.graph.base_links(row)?)?, ef)?;
        }
        finite(space.finish())
    }

    /// Offers the rows that were not seen before to the beam.
    fn expand(&self, space: &mut Workspace, links: &[u32], ef: usize) -> Result<()> {
        space.fresh.clear();
        for &row in links {
            if space.visit(row)? {
                space.fresh.push(row);
            }
        }
        let fresh = std::mem::take(&mut space.fresh);
        for rows in fresh.chunks(LANES) {
            let keys = self.keys(rows)?;
            for &key in &keys[..rows.len()] {
                space.offer(key, ef);
            }
        }
        space.fresh = fresh;
        Ok(())
    }

    /// Keys of one to sixteen rows; zeros after them.
    fn keys(&self, rows: &[u32]) -> Result<[u64; LANES]> {
        if let Some(&row) = rows.iter().find(|&&row| row as usize >= self.rows.len()) {
            return Err(no_such_row(row));
        }
        let (mut similarities, mut keys) = ([0.0; LANES], [0; LANES]);
        self.rows.dot_each(self.query, rows, &mut similarities[..rows.len()]);
        for (key, (&row, &similarity)) in keys.iter_mut().zip(rows.iter().zip(&similarities)) {
            *key = Neighbour { row, similarity }.key();
        }
        Ok(keys)
    }
}

/// Refuses similarities that whole vectors cannot have.
fn finite(found: Vec<Neighbour>) -> Result<Vec<Neighbour>> {
    match found.iter().find(|near| !near.similarity.is_finite()) {
        Some(near) => Err(IndexError::corrupt("a similarity", "a finite number", near.similarity)),
        None => Ok(found),
    }
}

pub(crate) fn no_such_row(row: u32) -> IndexError {
    IndexError::corrupt("a linked row", "a row of the segment", row)
}
