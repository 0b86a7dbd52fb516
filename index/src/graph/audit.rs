//! Recall of a graph against the exact search.

use rayon::prelude::*;

use crate::error::Result;
use crate::exact;
use crate::graph::{Graph, GraphView, search, split_mix};
use crate::neighbour::Neighbour;
use crate::simd::{Query, Rows};

/// Rows that recall is measured on, at most.
const SAMPLE: usize = 1000;

/// Rows that a thread asks for at once.
const TOGETHER: usize = 64;

/// Neighbours that recall counts.
const TOP: usize = 10;

/// What a graph finds, measured when it was built and kept in the file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Audit {
    /// Rows that can be reached from the entry row on level 0: all.
    pub reachable: u32,
    /// Rows that are among the ten answers to their own vector. A row also counts when ten others are as
    /// similar to it as it is to itself, as copies of it are.
    pub self_found: u32,
    /// The share of the ten nearest other rows that a search with `ef` finds, over the sampled rows. An answer
    /// as similar as the tenth counts, so that equal rows may stand for one another. 1 when nothing was sampled.
    pub recall_at_10: f32,
    /// The number of rows sampled: 1,000, or all if there are fewer; none of a single row.
    pub sampled: u32,
    /// Candidates kept by the searches: the graph's default.
    pub ef: u32,
}

impl Audit {
    pub(crate) fn of_nothing(ef: usize) -> Self {
        Self { reachable: 0, self_found: 0, recall_at_10: 1.0, sampled: 0, ef: narrow(ef) }
    }
}

pub(super) fn audit(graph: &Graph, rows: Rows<'_>, self_found: usize) -> Result<Audit> {
    let (view, ef) = (graph.view(), graph.params.ef_search);
    let sample = if rows.len() > 1 { sample(rows.len()) } else { Vec::new() };
    let found: Result<Vec<Vec<f64>>> =
        sample.par_chunks(TOGETHER).map(|sample| recalls(&view, rows, sample, ef)).collect();
    let found: f64 = found?.iter().flatten().sum();
    #[expect(clippy::cast_possible_truncation, reason = "a share")]
    let recall = if sample.is_empty() { 1.0 } else { (found / sample.len() as f64) as f32 };
    Ok(Audit {
        reachable: narrow(reachable(&view)?),
        self_found: narrow(self_found),
        recall_at_10: recall,
        sampled: narrow(sample.len()),
        ef: narrow(ef),
    })
}

/// One row from each of equal stretches, by a fixed pseudo-random number (SplitMix64), so that neither the order
/// of the rows nor chance decides.
fn sample(rows: usize) -> Vec<u32> {
    let n = rows.min(SAMPLE);
    let place = |i: usize| {
        let (start, end) = (i * rows / n, (i + 1) * rows / n);
        narrow(start + usize::try_from(split_mix(i as u64) >> 32).unwrap_or(0) % (end - start))
    };
    (0..n).map(place).collect()
}

/// Of each row the share of its ten nearest other rows that the graph finds.
fn recalls(graph: &GraphView<'_>, rows: Rows<'_>, sample: &[u32], ef: usize) -> Result<Vec<f64>> {
    let queries: Vec<_> = sample.iter().map(|&row| Query::new(rows.row(row as usize))).collect();
    let exact = exact::search_all(rows, &queries, TOP + 1, None)?;
    let each = sample.iter().zip(&queries).zip(exact);
    each.map(|((&row, query), exact)| {
        let exact = others(exact, row);
        let found = others(search::search(graph, rows, query, ef.max(TOP + 1))?, row);
        let Some(last) = exact.last() else { return Ok(1.0) };
        let hits = found.iter().filter(|near| near.similarity >= last.similarity).count();
        Ok(hits as f64 / exact.len() as f64)
    })
    .collect()
}

fn others(mut answer: Vec<Neighbour>, row: u32) -> Vec<Neighbour> {
    answer.retain(|near| near.row != row);
    answer.truncate(TOP);
    answer
}

/// Rows that can be reached from the entry row on level 0.
pub(crate) fn reachable(graph: &GraphView<'_>) -> Result<usize> {
    let mut seen = vec![false; graph.rows];
    let mut open: Vec<u32> = graph.entry.into_iter().collect();
    let mut count = 0;
    while let Some(row) = open.pop() {
        let Some(seen) = seen.get_mut(row as usize) else { return Err(search::no_such_row(row)) };
        if !std::mem::replace(seen, true) {
            count += 1;
            open.extend_from_slice(graph.base_links(row)?);
        }
    }
    Ok(count)
}

fn narrow(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
