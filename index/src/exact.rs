//! Exact search: every row, or every row of a filter.

use roaring::RoaringBitmap;

use crate::error::{IndexError, Result};
use crate::neighbour::Neighbour;
use crate::simd::{LANES, Query, Rows};
use crate::topk::TopK;

/// Rows whose similarities are held at a time: 4 KiB, a corner of the first cache.
const STRIDE: usize = 1024;

/// A filter that keeps less than one row in this many is walked row by row; a fuller one is cheaper to
/// look up during a scan of everything, which reads memory in order.
const SELECTIVE: usize = 4;

/// The best `k` rows, nearest first; with `within`, of those rows only.
pub(crate) fn search(
    rows: Rows<'_>,
    query: &Query<'_>,
    k: usize,
    within: Option<&RoaringBitmap>,
) -> Result<Vec<Neighbour>> {
    let (top, matching) = match within {
        None => (scan(rows, query, k, |_| true), rows.len()),
        Some(within) => filtered(rows, query, k, within),
    };
    whole(top.finish(), k.min(matching))
}

/// Refuses an answer that is too short: only a similarity that is not above minus infinity is ever left out.
pub(crate) fn whole(answer: Vec<Neighbour>, expected: usize) -> Result<Vec<Neighbour>> {
    if answer.len() < expected {
        return Err(IndexError::corrupt("a similarity", "a finite number", "NaN or infinite"));
    }
    Ok(answer)
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

fn filtered(rows: Rows<'_>, query: &Query<'_>, k: usize, within: &RoaringBitmap) -> (TopK, usize) {
    let matching = matching(within, rows.len());
    let top = if is_selective(matching, rows.len()) {
        walk(rows, query, k, within)
    } else {
        scan(rows, query, k, |row| within.contains(row))
    };
    (top, matching)
}

fn scan(rows: Rows<'_>, query: &Query<'_>, k: usize, wanted: impl Fn(u32) -> bool) -> TopK {
    let mut top = TopK::new(k, rows.len());
    let mut similarities = [0.0; STRIDE];
    for (first, row) in (0..rows.len()).step_by(STRIDE).zip((0..).step_by(STRIDE)) {
        let similarities = &mut similarities[..STRIDE.min(rows.len() - first)];
        rows.dot_range(query, first, similarities);
        top.offer(row, similarities, &wanted);
    }
    top
}

fn walk(rows: Rows<'_>, query: &Query<'_>, k: usize, within: &RoaringBitmap) -> TopK {
    let mut top = TopK::new(k, rows.len());
    let mut members = within.iter();
    let (mut block, mut similarities) = ([0; LANES], [0.0; LANES]);
    loop {
        let found = members.next_many(&mut block);
        let found = found.partition_point(|&row| (row as usize) < rows.len());
        if found == 0 {
            return top;
        }
        rows.dot_each(query, &block[..found], &mut similarities[..found]);
        for (&row, &similarity) in block[..found].iter().zip(&similarities) {
            top.push(Neighbour { row, similarity });
        }
    }
}
