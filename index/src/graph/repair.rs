//! What insertion leaves undone: rows that no walk reaches, and rows that do not find themselves.

use rayon::prelude::*;

use crate::error::Result;
use crate::exact;
use crate::graph::links::Draft;
use crate::graph::{Graph, GraphView, search};
use crate::neighbour::Neighbour;
use crate::simd::{Query, Rows};

/// Answers in which a row has to find itself.
const TOP: usize = 10;

/// Rounds of repair; a second one is rare, and the audit reports what is left.
const ROUNDS: usize = 16;

/// Makes every row reachable from the entry row on level 0, by a link from a near row that is.
pub(super) fn connect(draft: &mut Draft, rows: Rows<'_>) -> Result<()> {
    let mut seen = vec![false; draft.base.len()];
    reach(&draft.base, draft.entry, &mut seen);
    let mut lost: Vec<u32> = (0..).zip(&seen).filter(|&(_, &seen)| !seen).map(|(row, _)| row).collect();
    while !lost.is_empty() {
        let before = lost.len();
        lost.retain(|&row| !adopt(draft, row, &mut seen));
        if lost.len() == before {
            let row = lost[0];
            let parent = nearest_seen(rows, row, &seen)?.unwrap_or(draft.entry);
            draft.base[parent as usize].push(row);
            reach(&draft.base, row, &mut seen);
        }
    }
    Ok(())
}

/// Marks all that can be reached from a row on level 0.
fn reach(base: &[Vec<u32>], from: u32, seen: &mut [bool]) {
    let mut open = vec![from];
    seen[from as usize] = true;
    while let Some(row) = open.pop() {
        for &next in &base[row as usize] {
            if !std::mem::replace(&mut seen[next as usize], true) {
                open.push(next);
            }
        }
    }
}

/// Links a lost row from the least linked of its own neighbours that is not lost, if there is one.
fn adopt(draft: &mut Draft, row: u32, seen: &mut [bool]) -> bool {
    if seen[row as usize] {
        return true;
    }
    let found = draft.base[row as usize].iter().copied().filter(|&near| seen[near as usize]);
    let Some(parent) = found.min_by_key(|&near| draft.base[near as usize].len()) else { return false };
    draft.base[parent as usize].push(row);
    reach(&draft.base, row, seen);
    true
}

fn nearest_seen(rows: Rows<'_>, row: u32, seen: &[bool]) -> Result<Option<u32>> {
    let query = Query::new(rows.row(row as usize));
    let near = exact::search(rows, &query, 64, None)?;
    Ok(near.iter().map(|near| near.row).find(|&near| seen[near as usize]))
}

/// Makes every row find itself, and returns how many do.
///
/// A row that a search misses is linked from the nearest rows that the search did find: they are always expanded,
/// so the next search of the same kind sees the row.
pub(super) fn find_themselves(graph: &mut Graph, draft: &mut Draft, rows: Rows<'_>) -> Result<usize> {
    for round in 0.. {
        let missed = missed(&graph.view(), rows, graph.params.ef_search)?;
        if missed.is_empty() || round == ROUNDS {
            return Ok(rows.len() - missed.len());
        }
        for (row, near) in missed {
            near.iter().for_each(|&near| draft.base[near as usize].push(row));
        }
        graph.levels = draft.levels();
    }
    unreachable!("the rounds are counted from 0")
}

/// Rows that are not found, each with the rows that were found instead.
fn missed(graph: &GraphView<'_>, rows: Rows<'_>, ef: usize) -> Result<Vec<(u32, Vec<u32>)>> {
    let all = 0..u32::try_from(rows.len()).expect("rows are numbered with 32 bits");
    all.into_par_iter().filter_map(|row| miss(graph, rows, row, ef).transpose()).collect()
}

/// A wider beam expands all that a narrower one expands, so a row found with a beam of ten is found with
/// any; only the others are searched with the beam of the default.
fn miss(graph: &GraphView<'_>, rows: Rows<'_>, row: u32, ef: usize) -> Result<Option<(u32, Vec<u32>)>> {
    let query = Query::new(rows.row(row as usize));
    let mut own = [0.0];
    rows.dot_each(&query, &[row], &mut own);
    if finds(&search::search(graph, rows, &query, TOP)?, row, own[0]) {
        return Ok(None);
    }
    let near = search::search(graph, rows, &query, ef)?;
    if finds(&near, row, own[0]) {
        return Ok(None);
    }
    Ok(Some((row, near.iter().take(2).map(|near| near.row).collect())))
}

/// Whether a row is among the first ten answers, or all ten are as similar to it as it is itself: of many
/// equal rows only ten can be shown.
fn finds(answer: &[Neighbour], row: u32, own: f32) -> bool {
    let top = &answer[..TOP.min(answer.len())];
    top.iter().any(|near| near.row == row)
        || top.len() == TOP && top.iter().all(|near| near.similarity >= own)
}
