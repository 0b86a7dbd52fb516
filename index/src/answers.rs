//! The best rows of several queries, while tiles of rows go by.

use crate::neighbour::Neighbour;
use crate::simd::{Query, Rows};
use crate::tiles::Tiles;
use crate::topk::TopK;

/// The best rows of several queries, while rows go by.
pub(crate) struct Answers<'q> {
    queries: &'q [Query<'q>],
    best: Vec<TopK>,
    tiles: Tiles,
    similarities: Vec<f32>,
    /// The rows that were offered by a number of their own; empty where numbers are rows.
    names: Vec<u32>,
}

impl<'q> Answers<'q> {
    /// Keeps the best `k` for each query, of no more than `most` rows.
    pub(crate) fn new(queries: &'q [Query<'q>], k: usize, most: usize) -> Self {
        let best = queries.iter().map(|_| TopK::new(k, most)).collect();
        Self { queries, best, tiles: Tiles::default(), similarities: Vec::new(), names: Vec::new() }
    }

    /// The number of queries.
    pub(crate) fn len(&self) -> usize {
        self.queries.len()
    }

    /// Offers the rows of a tile, numbered from `first`, to all queries. Numbers ascend from call to call.
    pub(crate) fn offer(&mut self, rows: Rows<'_>, first: u32, wanted: impl Fn(u32) -> bool) {
        let mut tile = self.tiles.sequence(rows, self.queries.len());
        self.similarities.resize(tile.len(), 0.0);
        for (query, best) in self.queries.iter().zip(&mut self.best) {
            tile.dot(query, &mut self.similarities);
            best.offer(first, &self.similarities, &wanted);
        }
    }

    /// Offers a tile of rows that lie anywhere to the queries of these numbers. Answers that get rows in this way get all of
    /// them so.
    pub(crate) fn offer_anywhere(
        &mut self,
        rows: Rows<'_>,
        numbers: &[u32],
        asked: impl ExactSizeIterator<Item = usize>,
    ) {
        let first = self.names.len() as u32;
        self.names.extend_from_slice(numbers);
        let mut tile = self.tiles.anywhere(rows, numbers, asked.len());
        self.similarities.resize(tile.len(), 0.0);
        for query in asked {
            tile.dot(&self.queries[query], &mut self.similarities);
            self.best[query].offer(first, &self.similarities, |_| true);
        }
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
