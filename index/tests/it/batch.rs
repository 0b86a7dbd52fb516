//! Many queries at once find what each finds alone, to the bit.

use l1kdb_index::{Index, IndexError, Queries};
use proptest::prelude::*;
use roaring::RoaringBitmap;

use crate::oracle::case;
use crate::{clustered, segment};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// The rows come from a small grid, so many are equal and many are tied.
    #[test]
    fn a_batch_finds_what_its_queries_find_alone((vectors, within, k) in case()) {
        let index = Index::open(segment(&vectors, None)).unwrap();
        let within = RoaringBitmap::from_iter(within);
        for filter in [None, Some(&within)] {
            let found = index.exact_batch(vectors.as_slice(), k, filter).unwrap();
            prop_assert_eq!(found.len(), vectors.rows());
            for (query, found) in vectors.as_slice().chunks(vectors.dim()).zip(found) {
                prop_assert_eq!(found, index.exact(query, k, filter).unwrap());
            }
        }
    }
}

/// Several blocks of queries and several tiles of rows, with what is left over of both.
#[test]
fn large_batches_have_the_bits_of_single_queries_with_and_without_filters() {
    for (rows, dim, asked) in [(3000, 32, 300), (1500, 17, 70), (40, 978, 9), (2000, 1, 5)] {
        let (vectors, queries) = clustered(21, rows, dim, asked);
        let index = Index::open(segment(&vectors, None)).unwrap();
        let mut all = Vec::new();
        index.similarities_batch(&queries.concat(), &mut all).unwrap();
        assert_eq!(all.len(), asked * rows);
        let filters = [2, 7, 90].map(|step| (0..2 * rows as u32).step_by(step).collect::<RoaringBitmap>());
        for within in std::iter::once(None).chain(filters.iter().map(Some)) {
            let found = index.exact_batch(&queries.concat(), 25, within).unwrap();
            for ((query, found), all) in queries.iter().zip(found).zip(all.chunks(rows)) {
                let mut alone = Vec::new();
                index.similarities(query, &mut alone).unwrap();
                assert!(alone.iter().zip(all).all(|(a, b)| a.to_bits() == b.to_bits()));
                assert_eq!(found, index.exact(query, 25, within).unwrap());
            }
        }
    }
}

/// Rows in any order, some twice, and many of them for one query and for several.
#[test]
fn some_rows_have_the_bits_of_all() {
    for (rows, dim, asked, chosen) in
        [(3000, 32, 300, 700), (900, 17, 1, 2500), (40, 978, 9, 5), (300, 1, 5, 0)]
    {
        let (vectors, queries) = clustered(23, rows, dim, asked);
        let index = Index::open(segment(&vectors, None)).unwrap();
        let mut all = Vec::new();
        index.similarities_batch(&queries.concat(), &mut all).unwrap();
        let numbers: Vec<u32> = (0..chosen).map(|at| at * 7919 % rows as u32).collect();
        let values = queries.concat();
        let checked = Queries::new(dim, &values).unwrap();
        // All queries, and every third from the last to the first.
        let order: Vec<usize> = (0..asked).chain((0..asked).rev().step_by(3)).collect();
        let mut times = vec![0; order.len() * numbers.len()];
        let compare = |place: usize, first: usize, similarities: &mut [f32]| {
            for (at, similarity) in (first..).zip(similarities) {
                times[place * numbers.len() + at] += 1;
                let expected = all[order[place] * rows + numbers[at] as usize];
                assert_eq!(similarity.to_bits(), expected.to_bits());
            }
        };
        index.similarities_in_tiles(&checked, &order.iter().copied(), &numbers, compare).unwrap();
        assert!(times.iter().all(|&times| times == 1));
        let message =
            index.similarities_in_tiles(&checked, &(0..1), &[rows as u32], |_, _, _| ()).unwrap_err();
        assert_eq!(message.to_string(), format!("a row is {rows}, expected a number below {rows}"));
        let other = vec![1.0; dim + 1];
        let other = Queries::new(dim + 1, &other).unwrap();
        let message = index.similarities_in_tiles(&other, &(0..1), &numbers, |_, _, _| ()).unwrap_err();
        assert!(
            matches!(message, IndexError::Dimension { expected, found } if (expected, found) == (dim, dim + 1))
        );
    }
}

#[test]
fn a_batch_of_no_queries_and_one_of_half_a_query() {
    let (vectors, queries) = clustered(22, 50, 4, 2);
    let index = Index::open(segment(&vectors, None)).unwrap();
    assert!(index.exact_batch(&[], 3, None).unwrap().is_empty());
    let mut all = vec![1.0];
    index.similarities_batch(&[], &mut all).unwrap();
    assert!(all.is_empty());
    let message = index.exact_batch(&queries.concat()[..6], 3, None).unwrap_err().to_string();
    assert_eq!(message, "the number of values of all queries is 6, expected a multiple of 4");
    let message = index.exact_batch(&[1.0, 0.0, 0.0, f32::NAN], 3, None).unwrap_err().to_string();
    assert_eq!(message, "value 3 of the query is NaN, expected a finite number");
}

#[test]
fn a_batch_over_no_rows_finds_nothing() {
    let index = Index::open(segment(&l1kdb_index::Vectors::new(2, Vec::new()).unwrap(), None)).unwrap();
    assert_eq!(index.exact_batch(&[1.0, 0.0, 0.0, 1.0], 3, None).unwrap(), [vec![], vec![]]);
    let mut all = vec![1.0];
    index.similarities_batch(&[1.0, 0.0], &mut all).unwrap();
    assert!(all.is_empty());
}
