//! Construction of a graph.

use crate::error::Result;
use crate::graph::choose::mutual;
use crate::graph::hierarchy::hierarchy;
use crate::graph::links::{Copies, Draft};
use crate::graph::near::links_by_cells;
use crate::graph::{Audit, Graph, Level, audit, repair};
use crate::params::BuildParams;
use crate::simd::Rows;
use crate::vectors::Vectors;

/// Builds a graph over all rows.
///
/// `hnsw_rs` inserts a sixteenth of the rows: these are the upper levels. On level 0 every row links to rows near to it in all
/// directions, of those that a comparison of cells of rows finds. Then every row is made reachable, every row is made to find
/// itself, and recall is measured against exact search. The result of that is in [`Graph::audit`].
///
/// The same vectors and parameters give the same graph, on any number of threads (under the same release of this crate and
/// its dependencies, on processors with a fused multiply-add).
///
/// `progress` is called with numbers of further rows that add up to `vectors.rows()`.
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
        fill(&mut graph, vectors, progress)?;
    }
    Ok(graph)
}

fn fill(graph: &mut Graph, vectors: &Vectors, progress: &(dyn Fn(u64) + Sync)) -> Result<()> {
    let rows = Rows::new(vectors.as_slice(), vectors.dim());
    let copies = Copies::of(vectors);
    let (chosen, most) = (&copies.distinct, 2 * graph.params.m);
    let (hierarchy, links) = rayon::join(
        || hierarchy(rows, chosen, &graph.params),
        || links_by_cells(rows, chosen, (graph.params.ef_construction, most), progress),
    );
    let base = mutual(rows, &links, most);
    let mut draft = Draft { entry: hierarchy.entry, base, upper: hierarchy.levels };
    copies.link(&mut draft.base);
    progress((vectors.rows() - chosen.len()) as u64);
    repair::connect(&mut draft, rows)?;
    graph.entry = Some(draft.entry);
    graph.levels = draft.levels();
    let self_found = repair::find_themselves(graph, &mut draft, rows)?;
    graph.audit = audit::audit(graph, rows, self_found)?;
    Ok(())
}
