//! Which of the rows near to a row it links to.
//!
//! The neighbour selection of the HNSW paper (its algorithm 4), relaxed as in DiskANN (Subramanya et al. 2019): a
//! candidate is left out if it is nearer to a link kept before it than to the row, by some margin. So links point to all
//! sides. They are then made mutual, and rows with too many choose again. Each row's choice depends on the candidates
//! alone, so threads do not change the result.

use rayon::prelude::*;

use crate::neighbour::Neighbour;
use crate::simd::{Query, Rows};

/// How many times further from the row than from a kept link, in squared distance, a candidate has to be to be left out.
/// 1 is the rule of the paper: it leaves walks no detours. Of 1, 1.2 and 1.4, 1.2 finds most for its time.
const MARGIN: f32 = 1.2;

/// At most `most` of the candidates, which come nearest first.
pub(super) fn choose(rows: Rows<'_>, candidates: &[Neighbour], most: usize) -> Vec<u32> {
    let near = rows.gather(candidates.iter().map(|near| near.row));
    let near = near.rows();
    let mut left_out = vec![false; candidates.len()];
    let mut similarities = vec![0.0; candidates.len()];
    let mut kept = Vec::with_capacity(most);
    for at in 0..candidates.len() {
        if left_out[at] {
            continue;
        }
        kept.push(candidates[at].row);
        if kept.len() == most {
            break;
        }
        let later = &mut similarities[at + 1..];
        near.dot_range(&Query::new(near.row(at)), at + 1, later);
        let later = later.iter().zip(&candidates[at + 1..]).zip(&mut left_out[at + 1..]);
        later.for_each(|((to_kept, candidate), left_out)| {
            *left_out |= MARGIN * (1.0 - to_kept) <= 1.0 - candidate.similarity;
        });
    }
    kept
}

/// Makes the links that each row would choose mutual, `most` for a row.
pub(super) fn mutual(rows: Rows<'_>, links: &[Vec<u32>], most: usize) -> Vec<Vec<u32>> {
    let mut lists = links.to_vec();
    for (links, row) in links.iter().zip(0..) {
        links.iter().for_each(|&to| lists[to as usize].push(row));
    }
    lists.par_iter_mut().zip(0..rows.len()).for_each(|(list, row)| {
        list.sort_unstable();
        list.dedup();
        if list.len() > most {
            *list = choose(rows, &ranked(rows, row, list), most);
        }
    });
    lists
}

/// Other rows, nearest to this one first.
fn ranked(rows: Rows<'_>, row: usize, others: &[u32]) -> Vec<Neighbour> {
    let mut similarities = vec![0.0; others.len()];
    rows.dot_each(&Query::new(rows.row(row)), others, &mut similarities);
    let pairs = others.iter().zip(similarities);
    let mut ranked: Vec<_> = pairs.map(|(&row, similarity)| Neighbour { row, similarity }).collect();
    ranked.sort_unstable_by(Neighbour::nearest_first);
    ranked
}
