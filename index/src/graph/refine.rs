//! Better links for level 0.
//!
//! `hnsw_rs` links back to the nearest rows only, so in dense regions the links of a row all point to one side. Here
//! every row searches the graph as it is with its own vector and chooses its links anew by the neighbour
//! selection of the HNSW paper (its algorithm 4): a candidate is kept if it is nearer to the row than to any
//! link kept before it. Links are then made mutual, and rows with too many choose again in the same way. Each
//! row's choice depends on the graph before alone, so threads do not change the result.

use rayon::prelude::*;

use crate::error::Result;
use crate::graph::links::Draft;
use crate::graph::{GraphView, search};
use crate::neighbour::Neighbour;
use crate::simd::{LANES, Query, Rows};

/// Rows between two calls of `progress`.
const BLOCK: usize = 1024;

/// Chooses the links of the given rows on level 0 again: at most `most` of the `ef` nearest rows that a search finds.
pub(super) fn refine(
    draft: &mut Draft,
    rows: Rows<'_>,
    chosen: &[u32],
    most: usize,
    ef: usize,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<()> {
    let ways_out = ways_out(draft, rows, chosen, most, ef, progress)?;
    let mut lists = vec![Vec::new(); rows.len()];
    for (&row, links) in chosen.iter().zip(&ways_out) {
        lists[row as usize].extend_from_slice(links);
        links.iter().for_each(|&to| lists[to as usize].push(row));
    }
    lists.par_iter_mut().zip(0..rows.len()).for_each(|(list, row)| {
        list.sort_unstable();
        list.dedup();
        if list.len() > most {
            *list = select(rows, &ranked(rows, row, list), most);
        }
    });
    draft.base = lists;
    Ok(())
}

/// The links each row would choose for itself.
fn ways_out(
    draft: &Draft,
    rows: Rows<'_>,
    chosen: &[u32],
    most: usize,
    ef: usize,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Vec<Vec<u32>>> {
    let levels = draft.levels();
    let graph = GraphView::over(rows.len(), Some(draft.entry), &levels);
    let choose = |&row: &u32| {
        let query = Query::new(rows.row(row as usize));
        // One more: the row finds itself.
        let mut near = search::search(&graph, rows, &query, ef + 1)?;
        near.retain(|near| near.row != row);
        Ok(select(rows, &near, most))
    };
    let mut lists = Vec::with_capacity(chosen.len());
    for block in chosen.chunks(BLOCK) {
        lists.par_extend(block.par_iter().map(choose).collect::<Result<Vec<_>>>()?);
        progress(block.len() as u64);
    }
    Ok(lists)
}

/// Other rows, nearest to this one first.
fn ranked(rows: Rows<'_>, row: usize, others: &[u32]) -> Vec<Neighbour> {
    let query = Query::new(rows.row(row));
    let mut ranked = Vec::with_capacity(others.len());
    for block in others.chunks(LANES) {
        let similarities = rows.dot_block(&query, &filled(block));
        let block = block.iter().zip(similarities);
        ranked.extend(block.map(|(&row, similarity)| Neighbour { row, similarity }));
    }
    ranked.sort_unstable_by(Neighbour::nearest_first);
    ranked
}

/// At most `most` of the candidates, which come nearest first.
fn select(rows: Rows<'_>, candidates: &[Neighbour], most: usize) -> Vec<u32> {
    let mut kept: Vec<u32> = Vec::with_capacity(most);
    for candidate in candidates {
        if kept.len() == most {
            break;
        }
        if !shadowed(rows, candidate, &kept) {
            kept.push(candidate.row);
        }
    }
    kept
}

/// Whether a candidate is at least as near to a kept row as to the row that chooses.
fn shadowed(rows: Rows<'_>, candidate: &Neighbour, kept: &[u32]) -> bool {
    let query = Query::new(rows.row(candidate.row as usize));
    kept.chunks(LANES).any(|block| {
        rows.dot_block(&query, &filled(block)).iter().any(|&similarity| similarity >= candidate.similarity)
    })
}

/// A block of one to sixteen rows; the last is repeated.
fn filled(rows: &[u32]) -> [u32; LANES] {
    let mut block = [rows.last().copied().unwrap_or_default(); LANES];
    block[..rows.len()].copy_from_slice(rows);
    block
}
