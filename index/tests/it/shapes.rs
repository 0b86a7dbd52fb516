//! Sizes at the edge: no rows, one row, equal rows, one dimension, many dimensions.

use l1kdb_index::Vectors;
use roaring::RoaringBitmap;

use crate::{Random, clustered, index_of};

#[test]
fn an_empty_segment_answers_with_nothing() {
    let index = index_of(&Vectors::new(3, Vec::new()).unwrap());
    let query = [1.0, 0.0, 0.0];
    let all: RoaringBitmap = (0..10).collect();
    for k in [0, 1, 100] {
        assert!(index.exact(&query, k, None).unwrap().is_empty());
        assert!(index.exact(&query, k, Some(&all)).unwrap().is_empty());
        assert!(index.ann(&query, k, None, None).unwrap().is_empty());
        assert!(index.ann(&query, k, None, Some(&all)).unwrap().is_empty());
    }
    let mut similarities = vec![9.0];
    index.similarities(&query, &mut similarities).unwrap();
    assert!(similarities.is_empty() && index.vector(0).is_none());
    assert_eq!(index.audit().unwrap().recall_at_10, 1.0);
}

#[test]
fn a_single_row_is_found() {
    let index = index_of(&Vectors::new(2, vec![0.6, 0.8]).unwrap());
    for k in [1, 2, usize::MAX] {
        assert_eq!(index.exact(&[0.6, 0.8], k, None).unwrap()[0].row, 0);
        assert_eq!(index.ann(&[-1.0, 0.0], k, None, None).unwrap().len(), 1);
    }
    assert_eq!(index.audit().unwrap().self_found, 1);
}

#[test]
fn no_answer_is_longer_than_k_or_than_the_rows() {
    let (vectors, queries) = clustered(5, 300, 8, 1);
    let index = index_of(&vectors);
    for (k, expected) in [(0, 0), (1, 1), (300, 300), (301, 300), (usize::MAX, 300)] {
        assert_eq!(index.exact(&queries[0], k, None).unwrap().len(), expected);
        assert_eq!(
            index.ann(&queries[0], k, None, None).unwrap(),
            index.exact(&queries[0], k, None).unwrap()
        );
    }
    assert!(index.ann(&queries[0], 10, Some(0), None).unwrap().len() == 10, "ef is never under k");
}

#[test]
fn equal_rows_are_all_reached_and_answered_by_row() {
    let one = clustered(6, 1, 16, 0).0;
    let vectors = Vectors::new(16, one.as_slice().repeat(3000)).unwrap();
    let index = index_of(&vectors);
    let audit = index.audit().unwrap();
    assert_eq!((audit.reachable, audit.self_found, audit.recall_at_10), (3000, 3000, 1.0));
    for k in [1, 10, 500, 3000] {
        let found = index.ann(one.row(0), k, None, None).unwrap();
        assert_eq!(found, index.exact(one.row(0), k, None).unwrap());
        assert!(found.iter().zip(0..).all(|(near, row)| near.row == row));
    }
}

#[test]
fn copies_and_near_copies_among_other_rows_are_all_reached() {
    let (some, _) = clustered(7, 300, 8, 0);
    let mut random = Random(8);
    let mut data = Vec::new();
    for row in 0..300 {
        // As many copies as the row's number allows, then rows that differ in the last bits only.
        (0..row % 30).for_each(|_| data.extend_from_slice(some.row(row)));
        (0..row % 7).for_each(|_| data.extend(random.unit(some.row(row), 1e-6)));
    }
    let vectors = Vectors::new(8, data).unwrap();
    let index = index_of(&vectors);
    let audit = index.audit().unwrap();
    assert_eq!((audit.reachable as usize, audit.self_found as usize), (vectors.rows(), vectors.rows()));
    assert!(audit.recall_at_10 > 0.99, "{audit:?}");
}

#[test]
fn one_dimension_has_two_points() {
    let data = (0..500).map(|i| if i % 3 == 0 { 1.0 } else { -1.0 }).collect();
    let index = index_of(&Vectors::new(1, data).unwrap());
    assert_eq!(index.ann(&[1.0], 200, None, None).unwrap(), index.exact(&[1.0], 200, None).unwrap());
    assert_eq!(index.audit().unwrap().reachable, 500);
}

#[test]
fn as_many_dimensions_as_landmark_genes_work_too() {
    let (vectors, queries) = clustered(9, 400, 978, 10);
    let index = index_of(&vectors);
    for query in &queries {
        assert_eq!(index.ann(query, 5, None, None).unwrap(), index.exact(query, 5, None).unwrap());
    }
}

#[test]
fn a_row_is_the_best_answer_to_itself() {
    let (vectors, _) = clustered(10, 2000, 32, 0);
    let index = index_of(&vectors);
    for row in (0..2000).step_by(37) {
        assert_eq!(index.exact(vectors.row(row), 1, None).unwrap()[0].row as usize, row);
        assert_eq!(index.vector(row as u32), Some(vectors.row(row)));
    }
}
