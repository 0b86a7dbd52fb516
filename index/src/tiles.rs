//! Similarities of several queries with tiles of rows.
//!
//! One query alone waits for memory most of its time. A tile stays in the first cache while many queries pass over it,
//! and every similarity has the same bits as alone.

use crate::simd::{Kernel, LANES, LaidOut, Query, Rows};

/// Bytes of a tile: half of a first cache.
const TILE_BYTES: usize = 16 * 1024;

/// Queries from which on a tile is laid out for them: that takes about as long as thirty of them save.
const FOR_QUERIES: usize = 32;

/// Rows of a tile, some vectors' worth at least.
pub(crate) fn tile_rows(dim: usize) -> usize {
    (TILE_BYTES / (4 * dim)).next_multiple_of(LANES).max(LANES)
}

/// Memory for one tile after another.
#[derive(Default)]
pub(crate) struct Tiles(LaidOut);

impl Tiles {
    /// Rows in sequence, for so many queries.
    pub(crate) fn sequence<'t>(&'t mut self, rows: Rows<'t>, queries: usize) -> Tile<'t> {
        if queries < FOR_QUERIES {
            return Tile::Sequence(rows);
        }
        self.0.set(rows.len(), rows.dim(), |row| rows.row(row));
        Tile::LaidOut(&mut self.0, rows.kernel())
    }

    /// Rows that lie anywhere. Panics if there is no such row.
    pub(crate) fn anywhere<'t>(&'t mut self, rows: Rows<'t>, numbers: &'t [u32], queries: usize) -> Tile<'t> {
        if queries < FOR_QUERIES {
            return Tile::Anywhere(rows, numbers);
        }
        self.0.set(numbers.len(), rows.dim(), |at| rows.row(numbers[at] as usize));
        Tile::LaidOut(&mut self.0, rows.kernel())
    }
}

/// Rows that some queries pass over.
pub(crate) enum Tile<'t> {
    Sequence(Rows<'t>),
    Anywhere(Rows<'t>, &'t [u32]),
    LaidOut(&'t mut LaidOut, Kernel),
}

impl Tile<'_> {
    /// The number of rows.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Sequence(rows) => rows.len(),
            Self::Anywhere(_, numbers) => numbers.len(),
            Self::LaidOut(rows, _) => rows.len(),
        }
    }

    /// Similarities of a query with all rows.
    pub(crate) fn dot(&mut self, query: &Query<'_>, out: &mut [f32]) {
        match self {
            Self::Sequence(rows) => rows.dot_range(query, 0, out),
            Self::Anywhere(rows, numbers) => rows.dot_each(query, numbers, out),
            Self::LaidOut(rows, kernel) => rows.dot(*kernel, query, out),
        }
    }
}
