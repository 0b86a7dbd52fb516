//! Exact search: every row, or every row of a filter, for one query or for many at once.

use std::slice;

use roaring::RoaringBitmap;

use crate::answers::Answers;
use crate::error::{IndexError, Result};
use crate::neighbour::Neighbour;
use crate::simd::{Query, Rows};
use crate::tiles::{Tiles, tile_rows};

/// A filter that keeps less than one row in this many is walked row by row; a fuller one is cheaper to
/// look up during a scan of everything, which reads memory in order.
const SELECTIVE: usize = 4;

/// Queries that pass over the rows together; what is kept of their answers has to stay near too.
const TOGETHER: usize = 256;

/// The best `k` rows, nearest first; with `within`, of those rows only.
pub(crate) fn search(
    rows: Rows<'_>,
    query: &Query<'_>,
    k: usize,
    within: Option<&RoaringBitmap>,
) -> Result<Vec<Neighbour>> {
    Ok(search_all(rows, slice::from_ref(query), k, within)?.pop().unwrap_or_default())
}

/// For each query the best `k` rows, nearest first; with `within`, of those rows only.
pub(crate) fn search_all(
    rows: Rows<'_>,
    queries: &[Query<'_>],
    k: usize,
    within: Option<&RoaringBitmap>,
) -> Result<Vec<Vec<Neighbour>>> {
    let matching = within.map_or(rows.len(), |within| matching(within, rows.len()));
    let mut found = Vec::with_capacity(queries.len());
    for queries in queries.chunks(TOGETHER) {
        let mut answers = Answers::new(queries, k, matching);
        match within {
            None => scan(rows, &mut answers, |_| true),
            Some(within) if is_selective(matching, rows.len()) => walk(rows, &mut answers, within),
            Some(within) => scan(rows, &mut answers, |row| within.contains(row)),
        }
        for answer in answers.finish() {
            found.push(whole(answer, k.min(matching))?);
        }
    }
    Ok(found)
}

/// Writes the similarities of every query with every row to `out`, one query after another.
pub(crate) fn similarities(rows: Rows<'_>, queries: &[Query<'_>], out: &mut [f32]) {
    let step = tile_rows(rows.dim());
    for (queries, out) in queries.chunks(TOGETHER).zip(out.chunks_mut(TOGETHER * rows.len().max(1))) {
        for first in (0..rows.len()).step_by(step) {
            let count = step.min(rows.len() - first);
            // Rows are not laid out: what is written to memory waits for that, and has to come evenly.
            for (query, out) in queries.iter().zip(out.chunks_exact_mut(rows.len())) {
                rows.dot_range(query, first, &mut out[first..first + count]);
            }
        }
    }
}

/// Calls `each` with the similarities of the queries of these numbers with some rows, a tile of rows after another: the place of the
/// query among those asked, that of the tile's first row among `rows`, and the similarities in their order. Panics if there is
/// no such query or row.
pub(crate) fn similarities_in_tiles(
    table: Rows<'_>,
    queries: &[Query<'_>],
    asked: &(impl ExactSizeIterator<Item = usize> + Clone),
    rows: &[u32],
    mut each: impl FnMut(usize, usize, &mut [f32]),
) {
    let (step, mut tiles, mut similarities) = (tile_rows(table.dim()), Tiles::default(), Vec::new());
    for (first, rows) in (0..).step_by(step).zip(rows.chunks(step)) {
        let mut tile = tiles.anywhere(table, rows, asked.len());
        similarities.resize(tile.len(), 0.0);
        for (place, query) in asked.clone().enumerate() {
            tile.dot(&queries[query], &mut similarities);
            each(place, first, &mut similarities);
        }
    }
}

/// The number of rows that a filter keeps; what lies past the last row does not count.
pub(crate) fn matching(within: &RoaringBitmap, rows: usize) -> usize {
    let rows = u32::try_from(rows).unwrap_or(u32::MAX);
    usize::try_from(within.range_cardinality(..rows)).unwrap_or(usize::MAX)
}

/// Whether looking at each row of a filter is the quickest way.
pub(crate) fn is_selective(matching: usize, rows: usize) -> bool {
    matching < rows / SELECTIVE
}

fn scan(rows: Rows<'_>, answers: &mut Answers<'_>, wanted: impl Fn(u32) -> bool) {
    let step = tile_rows(rows.dim());
    for (first, number) in (0..rows.len()).step_by(step).zip((0..).step_by(step)) {
        let tile = rows.range(first, step.min(rows.len() - first));
        answers.offer(tile, number, &wanted);
    }
}

/// Looks at the rows of a filter.
fn walk(rows: Rows<'_>, answers: &mut Answers<'_>, within: &RoaringBitmap) {
    let mut members = within.iter();
    let mut numbers = vec![0; tile_rows(rows.dim())];
    loop {
        let found = members.next_many(&mut numbers);
        let found = found.partition_point(|&row| (row as usize) < rows.len());
        if found == 0 {
            return;
        }
        answers.offer_anywhere(rows, &numbers[..found], 0..answers.len());
    }
}

/// Refuses an answer that is too short: only a similarity that is not above minus infinity is ever left out.
fn whole(answer: Vec<Neighbour>, expected: usize) -> Result<Vec<Neighbour>> {
    if answer.len() < expected {
        return Err(IndexError::corrupt("a similarity", "a finite number", "NaN or infinite"));
    }
    Ok(answer)
}
