//! The upper levels of a graph: a hierarchy over a sixteenth of the rows. The only file that names `hnsw_rs`, which
//! inserts them.
//!
//! A walk needs the upper levels only to come near its goal. Their rows are inserted one after another, in an order that
//! depends on nothing but their number, so that the same rows give the same hierarchy.
//!
//! `hnsw_rs` ends the process or panics on some input; [`BuildParams::check`] and [`Vectors`](crate::Vectors) keep that
//! input away.

use std::collections::HashMap;

use hnsw_rs::anndists::dist::Distance;
use hnsw_rs::hnsw::{Hnsw, Point};

use crate::graph::{Level, MAX_LEVELS, split_mix};
use crate::params::BuildParams;
use crate::simd::{LANES, Query, Rows};

/// Of this many rows one is on level 1, as in an insertion with sixteen links.
const SHARE: u64 = 16;

/// Links of a row at most, twice as many on the lowest of the levels.
const LINKS: usize = 16;

/// The levels above level 0, from the first upwards.
pub(super) struct Hierarchy {
    /// The row that walks start from: the lowest of the top level.
    pub(super) entry: u32,
    pub(super) levels: Vec<Level>,
}

/// Builds the hierarchy over some of the `chosen` rows, of which there is at least one.
pub(super) fn hierarchy(rows: Rows<'_>, chosen: &[u32], params: &BuildParams) -> Hierarchy {
    let sample = sample(chosen);
    let m = params.m.min(LINKS);
    let ef = (params.ef_construction / 2).max(2 * m);
    let hnsw = Hnsw::new(m, sample.len(), MAX_LEVELS, ef, Cosine);
    for &row in &sample {
        hnsw.insert((&padded(rows.row(row as usize)), row as usize));
    }
    copy_out(&hnsw, &sample)
}

/// A sixteenth of the rows, the first at least, in an order that has nothing to do with theirs.
fn sample(chosen: &[u32]) -> Vec<u32> {
    let drawn = |row: &u32| split_mix(u64::from(*row));
    let mut sample: Vec<u32> = chosen.iter().copied().filter(|row| drawn(row) % SHARE == 0).collect();
    if sample.is_empty() {
        sample.extend(chosen.first());
    }
    sample.sort_by_key(drawn);
    sample
}

/// A row, and zeros up to a multiple of [`LANES`]: they do not change a product, and spare a copy in each.
fn padded(row: &[f32]) -> Vec<f32> {
    let mut padded = row.to_vec();
    padded.resize(row.len().next_multiple_of(LANES), 0.0);
    padded
}

/// One minus the product of padded unit vectors, by the kernel of the searches. Never negative: `hnsw_rs` asserts it.
struct Cosine;

impl Distance<f32> for Cosine {
    fn eval(&self, a: &[f32], b: &[f32]) -> f32 {
        let mut product = [0.0];
        Rows::new(a, a.len()).dot_range(&Query::new(b), 0, &mut product);
        (1.0 - product[0]).max(0.0)
    }
}

fn copy_out(hnsw: &Hnsw<'_, f32, Cosine>, sample: &[u32]) -> Hierarchy {
    let points = hnsw.get_point_indexation();
    let mut heights = HashMap::with_capacity(sample.len());
    for level in 0..MAX_LEVELS {
        points.get_layer_iterator(level).for_each(|point| _ = heights.insert(point.get_origin_id(), level));
    }
    let mut lists: Vec<Vec<(u32, Vec<u32>)>> = vec![Vec::new(); MAX_LEVELS];
    for level in 0..MAX_LEVELS {
        for point in points.get_layer_iterator(level) {
            let links = links_by_level(&point, |row| heights.get(&row).copied());
            lists
                .iter_mut()
                .zip(links)
                .for_each(|(list, links)| list.push((row_of(point.get_origin_id()), links)));
        }
    }
    assemble(lists)
}

fn row_of(origin: usize) -> u32 {
    u32::try_from(origin).expect("rows are numbered with 32 bits")
}

/// Links of a point on each of its levels, to points of that level, without the notes that `hnsw_rs` keeps on
/// levels where the point is not.
fn links_by_level(point: &Point<'_, f32>, height: impl Fn(usize) -> Option<usize>) -> Vec<Vec<u32>> {
    let own = point.get_origin_id();
    let levels = height(own).map_or(0, |height| height + 1);
    let by_level = point.get_neighborhood_id().into_iter().take(levels).enumerate();
    by_level
        .map(|(level, links)| {
            let links = links.iter().map(hnsw_rs::hnsw::Neighbour::get_origin_id);
            links.filter(|&row| row != own && height(row) >= Some(level)).map(row_of).collect()
        })
        .collect()
}

/// Lists by level, in any order of rows, to levels.
fn assemble(mut lists: Vec<Vec<(u32, Vec<u32>)>>) -> Hierarchy {
    lists.iter_mut().for_each(|list| list.sort_unstable());
    // Level 0 is not among them.
    lists.truncate(MAX_LEVELS - 1);
    while lists.len() > 1 && lists.last().is_some_and(Vec::is_empty) {
        lists.pop();
    }
    let entry = lists.last().and_then(|top| top.first()).map_or(0, |(row, _)| *row);
    let level = |list: Vec<(u32, Vec<u32>)>| {
        let members = list.iter().map(|(row, _)| *row).collect();
        Level::from_lists(members, list.iter().map(|(_, links)| links.as_slice()))
    };
    Hierarchy { entry, levels: lists.into_iter().map(level).collect() }
}
