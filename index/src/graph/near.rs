//! The first links of level 0: chosen of the rows near to each row, nearly all of which are found by comparing cells.

use rayon::prelude::*;

use crate::answers::Answers;
use crate::graph::cells::Cells;
use crate::graph::choose::choose;
use crate::neighbour::Neighbour;
use crate::simd::{Query, Rows};
use crate::tiles::tile_rows;

/// Rows that each row is compared with, at least, if there are that many; and in a large segment one in how many.
const COMPARED: usize = 16_384;
const SHARE: usize = 24;

/// For each row the links that it would choose, at most `most` of the `count` nearest that were found; none for rows that are
/// not `chosen`. At least one is.
pub(super) fn links_by_cells(
    rows: Rows<'_>,
    chosen: &[u32],
    (count, most): (usize, usize),
    progress: &(dyn Fn(u64) + Sync),
) -> Vec<Vec<u32>> {
    let cells = Cells::of(rows, chosen, chosen.len().isqrt());
    let compared = COMPARED.max(chosen.len() / SHARE);
    let probes = (compared * cells.members.len()).div_ceil(chosen.len());
    let links = |cell: &Vec<u32>| {
        let near = near(rows, &cells, cell, count, probes);
        progress(cell.len() as u64);
        near.iter().map(|near| choose(rows, near, most)).collect::<Vec<_>>()
    };
    let found: Vec<Vec<Vec<u32>>> = cells.members.par_iter().map(links).collect();
    let mut lists = vec![Vec::new(); rows.len()];
    for (&row, links) in cells.members.iter().flatten().zip(found.into_iter().flatten()) {
        lists[row as usize] = links;
    }
    lists
}

/// For each row of a cell up to `count` other rows near to it, nearest first: of those in the cells whose centres are
/// nearest to the row.
fn near(rows: Rows<'_>, cells: &Cells, cell: &[u32], count: usize, probes: usize) -> Vec<Vec<Neighbour>> {
    let queries: Vec<Query<'_>> = cell.iter().map(|&row| Query::new(rows.row(row as usize))).collect();
    let asking = asking(cells, &queries, probes);
    let mut answers = Answers::new(&queries, count + 1, rows.len());
    let mut order: Vec<usize> = (0..asking.len()).filter(|&other| !asking[other].is_empty()).collect();
    // What lies near to most comes first, so that little of the rest is good enough to be kept for a while.
    order.sort_by_key(|&other| std::cmp::Reverse(asking[other].len()));
    for other in order {
        for members in cells.members[other].chunks(tile_rows(rows.dim())) {
            answers.offer_anywhere(rows, members, asking[other].iter().copied());
        }
    }
    let others = |(mut near, row): (Vec<Neighbour>, &u32)| {
        near.retain(|near| near.row != *row);
        near.truncate(count);
        near
    };
    answers.finish().zip(cell).map(others).collect()
}

/// For each cell the queries that want to be compared with its rows, by number.
fn asking(cells: &Cells, queries: &[Query<'_>], probes: usize) -> Vec<Vec<usize>> {
    let mut asking = vec![Vec::new(); cells.members.len()];
    for (number, query) in queries.iter().enumerate() {
        cells.nearest(query, probes).iter().for_each(|&cell| asking[cell as usize].push(number));
    }
    asking
}
