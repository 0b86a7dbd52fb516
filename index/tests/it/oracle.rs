//! Every way of searching against the plainest one.

use l1kdb_index::{AlignedBytes, Index, Neighbour, Vectors};
use proptest::prelude::*;
use roaring::RoaringBitmap;

use crate::{clustered, index_of, segment};

/// All rows of the filter, sorted: similarity descending, then row ascending.
fn sorted(index: &Index<AlignedBytes>, query: &[f32], within: Option<&RoaringBitmap>) -> Vec<Neighbour> {
    let mut similarities = Vec::new();
    index.similarities(query, &mut similarities).unwrap();
    let all = (0..).zip(similarities).map(|(row, similarity)| Neighbour { row, similarity });
    let mut all: Vec<_> = all.filter(|near| within.is_none_or(|within| within.contains(near.row))).collect();
    all.sort_by(|a, b| b.similarity.total_cmp(&a.similarity).then(a.row.cmp(&b.row)));
    all
}

fn unit_rows(dim: usize, most: usize) -> impl Strategy<Value = Vectors> {
    let row = prop::collection::vec(-3i8..=3, dim).prop_filter_map("not zero", |row| {
        let length = row.iter().map(|&x| f32::from(x).powi(2)).sum::<f32>().sqrt();
        (length > 0.0).then(|| row.iter().map(|&x| f32::from(x) / length).collect::<Vec<f32>>())
    });
    prop::collection::vec(row, 0..most).prop_map(move |rows| Vectors::new(dim, rows.concat()).unwrap())
}

pub fn case() -> impl Strategy<Value = (Vectors, Vec<u32>, usize)> {
    let vectors = (1usize..20).prop_flat_map(|dim| unit_rows(dim, 120));
    (vectors, prop::collection::vec(0u32..150, 0..60), 0usize..150)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn similarities_are_the_products_of_the_rows((vectors, _, _) in case()) {
        let index = Index::open(segment(&vectors, None)).unwrap();
        for query in vectors.as_slice().chunks(vectors.dim()).take(5) {
            let mut found = Vec::new();
            index.similarities(query, &mut found).unwrap();
            for (row, similarity) in found.iter().enumerate() {
                let product: f64 = vectors.row(row).iter().zip(query).map(|(&x, &y)| f64::from(x) * f64::from(y)).sum();
                prop_assert!((f64::from(*similarity) - product).abs() < 1e-6);
            }
        }
    }

    /// The rows come from a small grid, so many are equal and many are tied.
    #[test]
    fn exact_search_is_the_head_of_the_sorted_list((vectors, within, k) in case()) {
        let index = Index::open(segment(&vectors, None)).unwrap();
        let within = RoaringBitmap::from_iter(within);
        for query in vectors.as_slice().chunks(vectors.dim()).take(5) {
            for filter in [None, Some(&within)] {
                let mut expected = sorted(&index, query, filter);
                expected.truncate(k);
                prop_assert_eq!(index.exact(query, k, filter).unwrap(), expected);
            }
        }
    }

    #[test]
    fn with_a_beam_of_all_rows_the_graph_finds_what_exact_search_finds((vectors, within, k) in case()) {
        let index = index_of(&vectors);
        let within = RoaringBitmap::from_iter(within);
        for query in vectors.as_slice().chunks(vectors.dim()).take(5) {
            for filter in [None, Some(&within)] {
                let found = index.ann(query, k, Some(vectors.rows()), filter).unwrap();
                prop_assert_eq!(found, index.exact(query, k, filter).unwrap());
            }
        }
    }

    #[test]
    fn the_graph_never_finds_fewer_than_the_filter_has((vectors, within, k) in case(), ef in 1usize..20) {
        let index = index_of(&vectors);
        let within = RoaringBitmap::from_iter(within);
        let matching = within.iter().filter(|&row| (row as usize) < vectors.rows()).count();
        for query in vectors.as_slice().chunks(vectors.dim()).take(5) {
            let found = index.ann(query, k, Some(ef), Some(&within)).unwrap();
            prop_assert_eq!(found.len(), k.min(matching));
            prop_assert!(found.iter().all(|near| within.contains(near.row)));
        }
    }
}

/// The floor is far under what is usual: it tells a broken graph from a whole one.
#[test]
fn recall_on_clustered_rows_is_high_with_and_without_filters() {
    let (vectors, queries) = clustered(1, 6000, 24, 200);
    let index = index_of(&vectors);
    let filters = [2, 3, 5, 20].map(|step| (0..6000).step_by(step).collect::<RoaringBitmap>());
    for within in std::iter::once(None).chain(filters.iter().map(Some)) {
        let mut hits = 0;
        for query in &queries {
            let exact = index.exact(query, 10, within).unwrap();
            let found = index.ann(query, 10, None, within).unwrap();
            hits += found.iter().filter(|near| exact.contains(near)).count();
        }
        assert!(hits >= 1980, "{hits} of 2000 within {:?} rows", within.map(RoaringBitmap::len));
    }
}

#[test]
fn a_hit_has_the_same_similarity_to_the_bit_by_whichever_way_it_was_found() {
    for dim in [7, 16, 32, 33, 64, 100] {
        let (vectors, queries) = clustered(2, 1000, dim, 20);
        let index = index_of(&vectors);
        let few: RoaringBitmap = (0..100).collect();
        for query in &queries {
            let mut all = Vec::new();
            index.similarities(query, &mut all).unwrap();
            let mut found = index.exact(query, 100, None).unwrap();
            found.extend(index.exact(query, 100, Some(&few)).unwrap());
            found.extend(index.ann(query, 100, None, None).unwrap());
            assert!(found.iter().all(|near| near.similarity.to_bits() == all[near.row as usize].to_bits()));
        }
    }
}

#[test]
fn a_query_that_cannot_be_compared_is_refused() {
    let (vectors, _) = clustered(3, 50, 4, 0);
    let index = index_of(&vectors);
    let refused = |query: &[f32]| {
        let message = index.exact(query, 1, None).unwrap_err().to_string();
        assert_eq!(index.ann(query, 1, None, None).unwrap_err().to_string(), message);
        assert_eq!(index.similarities(query, &mut Vec::new()).unwrap_err().to_string(), message);
        message
    };
    assert_eq!(refused(&[1.0; 5]), "query of dimension 5, expected 4");
    assert_eq!(refused(&[0.0, f32::NAN, 0.0, 0.0]), "value 1 of the query is NaN, expected a finite number");
    assert_eq!(refused(&[0.0; 4]), "the length of the query is 0, expected 1e-12 to 1e12, best 1");
}

#[test]
fn without_a_graph_approximate_search_says_so() {
    let (vectors, queries) = clustered(4, 50, 4, 1);
    let index = Index::open(segment(&vectors, None)).unwrap();
    let message = index.ann(&queries[0], 1, None, None).unwrap_err().to_string();
    assert!(message.starts_with("the segment holds no graph"), "{message}");
    assert!(index.audit().is_none() && !index.has_graph());
}
