//! What a build promises.

use std::sync::atomic::{AtomicU64, Ordering};

use l1kdb_index::{BuildParams, Index, Mapped, SegmentWriter, Vectors, build_graph};

use crate::{clustered, graph_of, segment};

#[test]
fn every_row_is_reached_and_finds_itself_and_the_audit_is_in_the_file() {
    for params in [BuildParams::default(), BuildParams { m: 2, ef_construction: 4, ef_search: 10 }] {
        let (vectors, _) = clustered(11, 3000, 12, 0);
        let graph = graph_of(&vectors, &params);
        assert_eq!((graph.audit().reachable, graph.audit().self_found), (3000, 3000), "{params:?}");
        assert_eq!((graph.audit().sampled, graph.audit().ef as usize), (1000, params.ef_search));
        let index = Index::open(segment(&vectors, Some(&graph))).unwrap();
        assert_eq!((index.audit(), index.build_params()), (Some(*graph.audit()), Some(params)));
        index.verify().unwrap();
    }
}

/// By another way than the audit's: each row is asked for.
#[test]
fn every_row_is_among_the_ten_answers_to_itself() {
    let (vectors, _) = clustered(12, 2000, 16, 0);
    let index = crate::index_of(&vectors);
    for row in 0..2000 {
        let found = index.ann(vectors.row(row as usize), 10, None, None).unwrap();
        assert!(found.iter().any(|near| near.row == row), "row {row}");
    }
}

#[test]
fn the_same_vectors_give_the_same_bytes_on_any_number_of_threads() {
    // Enough for several cells, not all of which are compared with each other.
    let (vectors, _) = clustered(13, 30_000, 12, 0);
    let bytes = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            segment(
                &vectors,
                Some(&graph_of(&vectors, &BuildParams { ef_construction: 40, ..BuildParams::default() })),
            )
        })
    };
    assert!(bytes(1).as_ref() == bytes(5).as_ref());
}

#[test]
fn progress_adds_up_to_the_rows() {
    let (vectors, _) = clustered(14, 2500, 8, 0);
    let twice = Vectors::new(8, vectors.as_slice().repeat(2)).unwrap();
    for vectors in [&vectors, &twice] {
        let done = AtomicU64::new(0);
        build_graph(vectors, &BuildParams::default(), &|rows| {
            done.fetch_add(rows, Ordering::Relaxed);
        })
        .unwrap();
        assert_eq!(done.into_inner(), vectors.rows() as u64);
    }
}

#[test]
fn parameters_that_the_builder_would_die_of_are_refused() {
    let (vectors, _) = clustered(15, 10, 8, 0);
    for (m, ef_construction) in [(0, 10), (1, 10), (256, 1000), (usize::MAX, 10), (16, 0), (16, usize::MAX)] {
        let params = BuildParams { m, ef_construction, ..BuildParams::default() };
        assert!(build_graph(&vectors, &params, &|_| ()).is_err(), "{params:?}");
    }
}

#[test]
fn a_mapped_file_and_its_copy_in_memory_answer_alike() {
    let (vectors, queries) = clustered(16, 2000, 20, 30);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mapped.l1k");
    let mut writer = SegmentWriter::create(&path, [0; 16]).unwrap();
    writer.graph(&graph_of(&vectors, &BuildParams::default())).unwrap();
    writer.vectors(&vectors).unwrap();
    writer.finish().unwrap();
    let mapped = Index::open(Mapped::open(&path).unwrap()).unwrap();
    let copied = Index::open(l1kdb_index::AlignedBytes::read(&path).unwrap()).unwrap();
    for query in &queries {
        assert_eq!(mapped.exact(query, 50, None).unwrap(), copied.exact(query, 50, None).unwrap());
        assert_eq!(mapped.ann(query, 50, None, None).unwrap(), copied.ann(query, 50, None, None).unwrap());
    }
    assert_eq!(mapped.verify().unwrap(), copied.verify().unwrap());
}
