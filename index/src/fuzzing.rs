//! What a fuzzer runs, shared with the property tests.

use roaring::RoaringBitmap;

use crate::{AlignedBytes, Index};

/// Opens any bytes as a segment, searches them in every way and verifies them: nothing may panic or run on, and a
/// file that verifies must answer.
pub fn open_and_search(bytes: &[u8]) {
    let Ok(index) = Index::open(AlignedBytes::copy_of(bytes)) else { return };
    let whole = index.verify().is_ok();
    let mut query = vec![0.0; index.dim()];
    query[0] = 1.0;
    let odd: RoaringBitmap = (1..index.rows() as u32).step_by(2).chain([u32::MAX]).collect();
    for k in [0, 1, 10, usize::MAX] {
        for within in [None, Some(&odd)] {
            check(&index.exact(&query, k, within), k, whole);
            if index.has_graph() {
                check(&index.ann(&query, k, None, within), k, whole);
                check(&index.ann(&query, k, Some(1), within), k, whole);
            }
        }
    }
    let mut all = Vec::new();
    assert!(index.similarities(&query, &mut all).is_ok() && all.len() == index.rows());
    assert!(index.sections().iter().all(|section| index.section(section.kind).is_some()));
    assert_eq!(index.vector(0).is_some(), index.rows() > 0);
}

fn check(answer: &crate::Result<Vec<crate::Neighbour>>, k: usize, whole: bool) {
    match answer {
        Ok(found) => assert!(found.len() <= k && found.is_sorted_by(|a, b| a.nearest_first(b).is_lt())),
        Err(error) => assert!(!whole, "a verified file was not searched: {error}"),
    }
}
