//! Exact search of many queries at once: a tile of rows is brought near once, for all of them.
//!
//! One query alone waits for memory most of its time. Here a tile stays in the first cache while the queries pass over
//! it, each by the kernel of the scan, so that every similarity has the same bits as alone.

use roaring::RoaringBitmap;

use crate::error::Result;
use crate::exact;
use crate::neighbour::Neighbour;
use crate::simd::{LANES, Query, Rows};
use crate::topk::TopK;

/// Bytes of a tile: half of a first cache.
const TILE_BYTES: usize = 16 * 1024;
/// Queries that pass over the rows together; what is kept of their answers has to stay near too.
const TOGETHER: usize = 256;

/// Rows of a tile, some vectors' worth at least.
pub(crate) fn tile_rows(dim: usize) -> usize {
    (TILE_BYTES / (4 * dim)).next_multiple_of(LANES).max(LANES)
}

/// For each query what [`exact::search`] finds for it.
pub(crate) fn search(
    rows: Rows<'_>,
    queries: &[Query<'_>],
    k: usize,
    within: Option<&RoaringBitmap>,
) -> Result<Vec<Vec<Neighbour>>> {
    let matching = within.map_or(rows.len(), |within| exact::matching(within, rows.len()));
    let mut found = Vec::with_capacity(queries.len());
    for queries in queries.chunks(TOGETHER) {
        let mut answers = Answers::new(queries, k, matching);
        match within {
            None => scan(rows, &mut answers, |_| true),
            Some(within) if exact::is_selective(matching, rows.len()) => walk(rows, &mut answers, within),
            Some(within) => scan(rows, &mut answers, |row| within.contains(row)),
        }
        for answer in answers.finish() {
            found.push(exact::whole(answer, k.min(matching))?);
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
            for (query, out) in queries.iter().zip(out.chunks_exact_mut(rows.len())) {
                rows.dot_range(query, first, &mut out[first..first + count]);
            }
        }
    }
}

fn scan(rows: Rows<'_>, answers: &mut Answers<'_>, wanted: impl Fn(u32) -> bool) {
    let step = tile_rows(rows.dim());
    for (first, number) in (0..rows.len()).step_by(step).zip((0..).step_by(step)) {
        let tile = rows.range(first, step.min(rows.len() - first));
        answers.offer_all(tile, number, &wanted);
    }
}

/// Looks at the rows of a filter, copied together.
fn walk(rows: Rows<'_>, answers: &mut Answers<'_>, within: &RoaringBitmap) {
    let mut members = within.iter();
    let mut numbers = vec![0; tile_rows(rows.dim())];
    loop {
        let found = members.next_many(&mut numbers);
        let found = found.partition_point(|&row| (row as usize) < rows.len());
        if found == 0 {
            return;
        }
        let tile = rows.gather(numbers[..found].iter().copied());
        answers.offer_all(tile.rows(), answers.names.len() as u32, |_| true);
        answers.names.extend_from_slice(&numbers[..found]);
    }
}

/// The best rows of several queries, while rows go by.
pub(crate) struct Answers<'q> {
    queries: &'q [Query<'q>],
    best: Vec<TopK>,
    similarities: Vec<f32>,
    /// The rows that were offered by a number of their own; empty where numbers are rows.
    pub(crate) names: Vec<u32>,
}

impl<'q> Answers<'q> {
    /// Keeps the best `k` for each query, of no more than `most` rows.
    pub(crate) fn new(queries: &'q [Query<'q>], k: usize, most: usize) -> Self {
        let best = queries.iter().map(|_| TopK::new(k, most)).collect();
        Self { queries, best, similarities: Vec::new(), names: Vec::new() }
    }

    /// Offers the rows of a tile, numbered from `first`, to all queries. Numbers ascend from call to call.
    pub(crate) fn offer_all(&mut self, tile: Rows<'_>, first: u32, wanted: impl Fn(u32) -> bool) {
        for query in 0..self.queries.len() {
            self.offer(query, tile, first, &wanted);
        }
    }

    /// Offers them to one query.
    pub(crate) fn offer(&mut self, query: usize, tile: Rows<'_>, first: u32, wanted: impl Fn(u32) -> bool) {
        self.similarities.resize(tile.len(), 0.0);
        tile.dot_range(&self.queries[query], 0, &mut self.similarities);
        self.best[query].offer(first, &self.similarities, wanted);
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
