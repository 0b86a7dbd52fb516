//! The best rows of several queries, while tiles of rows go by.
//!
//! One query alone waits for memory most of its time. A tile stays in the first cache while many queries pass over it,
//! each by the same kernel, so that every similarity has the same bits as alone.

use crate::neighbour::Neighbour;
use crate::simd::{LANES, Query, Rows};
use crate::topk::TopK;

/// Bytes of a tile: half of a first cache.
const TILE_BYTES: usize = 16 * 1024;

/// Rows of a tile, some vectors' worth at least.
pub(crate) fn tile_rows(dim: usize) -> usize {
    (TILE_BYTES / (4 * dim)).next_multiple_of(LANES).max(LANES)
}

/// Calls `each` with the similarities of some of the queries, by number, with a tile of rows that lie anywhere. `similarities` is memory
/// to use again. Panics if there is no such row.
pub(crate) fn anywhere(
    rows: Rows<'_>,
    numbers: &[u32],
    queries: &[Query<'_>],
    asked: impl Iterator<Item = usize>,
    similarities: &mut Vec<f32>,
    mut each: impl FnMut(usize, &mut [f32]),
) {
    similarities.resize(numbers.len(), 0.0);
    if let [query] = queries {
        // Copies would serve nobody else.
        rows.dot_each(query, numbers, similarities);
        asked.for_each(|only| each(only, similarities));
        return;
    }
    let tile = rows.gather(numbers.iter().copied());
    for query in asked {
        tile.rows().dot_range(&queries[query], 0, similarities);
        each(query, similarities);
    }
}

/// The best rows of several queries, while rows go by.
pub(crate) struct Answers<'q> {
    queries: &'q [Query<'q>],
    best: Vec<TopK>,
    similarities: Vec<f32>,
    /// The rows that were offered by a number of their own; empty where numbers are rows.
    names: Vec<u32>,
}

impl<'q> Answers<'q> {
    /// Keeps the best `k` for each query, of no more than `most` rows.
    pub(crate) fn new(queries: &'q [Query<'q>], k: usize, most: usize) -> Self {
        let best = queries.iter().map(|_| TopK::new(k, most)).collect();
        Self { queries, best, similarities: Vec::new(), names: Vec::new() }
    }

    /// The number of queries.
    pub(crate) fn len(&self) -> usize {
        self.queries.len()
    }

    /// Offers a tile of rows that lie anywhere to the queries of these numbers. Answers that get rows in this way get all of
    /// them so.
    pub(crate) fn offer_anywhere(
        &mut self,
        rows: Rows<'_>,
        numbers: &[u32],
        queries: impl Iterator<Item = usize>,
    ) {
        let first = self.names.len() as u32;
        self.names.extend_from_slice(numbers);
        let offer =
            |query: usize, similarities: &mut [f32]| self.best[query].offer(first, similarities, |_| true);
        anywhere(rows, numbers, self.queries, queries, &mut self.similarities, offer);
    }

    /// Offers the rows of a tile, numbered from `first`, to one query. Numbers ascend from call to call.
    fn offer(&mut self, query: usize, tile: Rows<'_>, first: u32, wanted: impl Fn(u32) -> bool) {
        self.similarities.resize(tile.len(), 0.0);
        tile.dot_range(&self.queries[query], 0, &mut self.similarities);
        self.best[query].offer(first, &self.similarities, wanted);
    }

    /// Offers them to all queries.
    pub(crate) fn offer_all(&mut self, tile: Rows<'_>, first: u32, wanted: impl Fn(u32) -> bool) {
        (0..self.len()).for_each(|query| self.offer(query, tile, first, &wanted));
    }

    /// The answers, nearest first, in the order of the queries.
    pub(crate) fn finish(self) -> impl Iterator<Item = Vec<Neighbour>> {
        let names = self.names;
        self.best.into_iter().map(move |best| {
            let mut answer = best.finish();
            if !names.is_empty() {
                answer.iter_mut().for_each(|near| near.row = names[near.row as usize]);
            }
            answer
        })
    }
}
