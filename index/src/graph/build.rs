//! Construction of a graph. The only file that names `hnsw_rs`, which inserts the rows; the graph that results is
//! copied into our own form, improved, repaired and audited.
//!
//! `hnsw_rs` ends the process or panics on some input; [`BuildParams::check`] and [`Vectors`] keep that input away.

use std::sync::atomic::{AtomicU64, Ordering};

use hnsw_rs::anndists::dist::Distance;
use hnsw_rs::hnsw::{Hnsw, Point};
use rayon::prelude::*;

use crate::error::Result;
use crate::graph::links::{Copies, Draft};
use crate::graph::{Audit, Graph, Level, MAX_LEVELS, audit, refine, repair};
use crate::params::BuildParams;
use crate::simd::{Kernel, Rows};
use crate::vectors::Vectors;

/// Rows between two calls of `progress`.
const BLOCK: usize = 1024;

/// Builds a graph over all rows.
///
/// After hierarchical insertion the links of level 0 are chosen again from what the graph finds, twice; then every row is made reachable, every row is made to find itself, and recall is measured against exact search.
/// The result of that is in [`Graph::audit`].
///
/// `progress` is called with numbers of further rows that add up to `vectors.rows()`; a row counts one third when it
/// is inserted and one third each time its links are chosen.
///
/// # Errors
/// Parameters out of their range.
///
/// ```
/// use l1kdb_index::{BuildParams, Vectors, build_graph};
/// let circle = (0..100).flat_map(|i| [(i as f32 / 16.0).cos(), (i as f32 / 16.0).sin()]).collect();
/// let graph = build_graph(&Vectors::new(2, circle)?, &BuildParams::default(), &|_| ())?;
/// assert_eq!((graph.audit().reachable, graph.audit().self_found), (100, 100));
/// # Ok::<(), l1kdb_index::IndexError>(())
/// ```
pub fn build_graph(
    vectors: &Vectors,
    params: &BuildParams,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Graph> {
    params.check()?;
    let mut graph = Graph {
        rows: vectors.rows(),
        entry: None,
        levels: vec![Level::from_lists(Vec::new(), std::iter::empty())],
        params: *params,
        audit: Audit::of_nothing(params.ef_search),
    };
    if vectors.rows() > 0 {
        let thirds = AtomicU64::new(0);
        let third = |rows: u64| {
            let before = thirds.fetch_add(rows, Ordering::Relaxed);
            progress((before + rows) / 3 - before / 3);
        };
        fill(&mut graph, vectors, &third)?;
    }
    Ok(graph)
}

fn fill(graph: &mut Graph, vectors: &Vectors, third: &(dyn Fn(u64) + Sync)) -> Result<()> {
    let rows = Rows::new(vectors.as_slice(), vectors.dim());
    let copies = Copies::of(vectors);
    let mut draft = insert(vectors, &copies.distinct, &graph.params, third);
    let BuildParams { m, ef_construction, .. } = graph.params;
    for ef in [(ef_construction / 2).max(m), ef_construction] {
        refine::refine(&mut draft, rows, &copies.distinct, 2 * m, ef, third)?;
    }
    copies.link(&mut draft.base);
    third(3 * (vectors.rows() - copies.distinct.len()) as u64);
    repair::connect(&mut draft, rows)?;
    graph.entry = Some(draft.entry);
    graph.levels = draft.levels();
    let self_found = repair::find_themselves(graph, &mut draft, rows)?;
    graph.audit = audit::audit(graph, rows, self_found)?;
    Ok(())
}

/// One minus the product of unit vectors, by the kernel of the searches. Never negative: `hnsw_rs` asserts it.
struct Cosine(Kernel);

impl Distance<f32> for Cosine {
    fn eval(&self, a: &[f32], b: &[f32]) -> f32 {
        (1.0 - self.0.dot(a, b)).max(0.0)
    }
}

/// Links and candidates of the insertion. It makes no more than a first graph, good enough for each row to find
/// candidates in it: the links that count are chosen afterwards, and insertion is the slower of the two by candidate.
fn of_insertion(params: &BuildParams) -> (usize, usize) {
    let m = params.m.min(16);
    (m, (params.ef_construction / 4).max(2 * m))
}

/// Inserts the given rows and copies the graph out.
fn insert(vectors: &Vectors, chosen: &[u32], params: &BuildParams, progress: &(dyn Fn(u64) + Sync)) -> Draft {
    let (m, ef) = of_insertion(params);
    let hnsw = Hnsw::new(m, chosen.len(), MAX_LEVELS, ef, Cosine(Kernel::detect()));
    let insert = |&row: &u32| hnsw.insert((vectors.row(row as usize), row as usize));
    // The first row becomes the entry; two threads that both come first would leave one of them unlinked.
    let (first, others) = chosen.split_at(1);
    first.iter().for_each(insert);
    progress(1);
    for block in others.chunks(BLOCK) {
        if params.reproducible {
            block.iter().for_each(insert);
        } else {
            block.par_iter().for_each(insert);
        }
        progress(block.len() as u64);
    }
    copy_out(&hnsw, vectors.rows())
}

fn copy_out(hnsw: &Hnsw<'_, f32, Cosine>, rows: usize) -> Draft {
    let points = hnsw.get_point_indexation();
    let mut height = vec![0; rows];
    let mut lists: Vec<Vec<(u32, Vec<u32>)>> = vec![Vec::new(); MAX_LEVELS];
    for level in 0..MAX_LEVELS {
        points.get_layer_iterator(level).for_each(|point| height[point.get_origin_id()] = level);
    }
    for level in 0..MAX_LEVELS {
        for point in points.get_layer_iterator(level) {
            let links = links_by_level(&point, &height);
            lists.iter_mut().zip(links).for_each(|(list, links)| list.push((row_of(&point), links)));
        }
    }
    assemble(lists, rows)
}

fn row_of(point: &Point<'_, f32>) -> u32 {
    u32::try_from(point.get_origin_id()).expect("rows are numbered with 32 bits")
}

/// Links of a point on each of its levels, to points of that level, without the notes that `hnsw_rs` keeps on
/// levels where the point is not.
fn links_by_level(point: &Point<'_, f32>, height: &[usize]) -> Vec<Vec<u32>> {
    let own = point.get_origin_id();
    let by_level = point.get_neighborhood_id().into_iter().take(height[own] + 1).enumerate();
    by_level
        .map(|(level, links)| {
            let links = links.iter().map(hnsw_rs::hnsw::Neighbour::get_origin_id);
            let links = links.filter(|&row| row != own && height[row] >= level);
            links.map(|row| u32::try_from(row).expect("rows are numbered with 32 bits")).collect()
        })
        .collect()
}

/// Lists by level, in any order of rows, to a draft. The entry is the lowest row of the top level.
fn assemble(mut lists: Vec<Vec<(u32, Vec<u32>)>>, rows: usize) -> Draft {
    lists.iter_mut().for_each(|list| list.sort_unstable());
    while lists.len() > 1 && lists.last().is_some_and(Vec::is_empty) {
        lists.pop();
    }
    let entry = lists.last().and_then(|top| top.first()).map_or(0, |(row, _)| *row);
    let mut lists = lists.into_iter();
    let mut base = vec![Vec::new(); rows];
    for (row, links) in lists.next().unwrap_or_default() {
        base[row as usize] = links;
    }
    let upper = lists.map(|list| {
        let members = list.iter().map(|(row, _)| *row).collect();
        Level::from_lists(members, list.iter().map(|(_, links)| links.as_slice()))
    });
    Draft { entry, base, upper: upper.collect() }
}
