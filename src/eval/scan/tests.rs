use super::*;
use crate::eval::fixture::scattered;
use crate::eval::{Similarity, quantiles_of_positives};
use crate::progress::Quiet;
use proptest::prelude::*;

/// Everything compared with everything, sorted: slow, and obviously right.
fn by_sorting(space: &Space, relation: &Relation<'_>, candidates: &[u32]) -> Vec<(usize, Vec<f64>)> {
    let dot = |a: usize, b: usize| -> f32 {
        space.query(a).iter().zip(space.candidate(b)).fold(0.0, |sum, (x, y)| x.mul_add(*y, sum))
    };
    let mut answers = Vec::new();
    for query in 0..space.rows() {
        let (mut positives, mut left_out) = (Vec::new(), Vec::new());
        relation.sort(query, &mut positives, &mut left_out);
        let is_negative =
            |row: &&u32| !positives.contains(row) && !left_out.contains(row) && **row as usize != query;
        let mut negatives: Vec<f32> =
            candidates.iter().filter(is_negative).map(|&row| dot(query, row as usize)).collect();
        let similar: Vec<f32> = positives.iter().map(|&row| dot(query, row as usize)).collect();
        if !similar.is_empty() && !negatives.is_empty() {
            answers.push((query, quantiles_of_positives(&similar, &mut negatives)));
        }
    }
    answers
}

fn found(space: &Space, relation: &Relation<'_>, candidates: Option<&[u32]>) -> Vec<(usize, Vec<f64>)> {
    let queries: Vec<u32> = (0..space.rows() as u32).collect();
    let scan = Scan::new(space, relation, candidates).unwrap();
    scan.rank(&queries, &Quiet, |ranks| (ranks.query, ranks.quantiles().collect())).0
}

fn coarse_values(count: usize) -> impl Strategy<Value = Vec<f32>> {
    prop::collection::vec((-3i8..4).prop_map(f32::from), count..=count)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn labels_are_ranked_as_by_sorting_with_many_ties(
        values in coarse_values(60 * 3), labels in prop::collection::vec(0u32..9, 60),
    ) {
        for similarity in [Similarity::Dot, Similarity::Euclid] {
            let space = Space::new(&values, 3, 60, similarity).unwrap();
            let relation = Relation::of_labels(&labels);
            let all: Vec<u32> = (0..60).collect();
            prop_assert_eq!(found(&space, &relation, None), by_sorting(&space, &relation, &all));
        }
    }

    #[test]
    fn several_classes_and_left_out_pairs_are_neither_positive_nor_negative(
        values in coarse_values(40 * 2),
        classes in prop::collection::vec(prop::collection::btree_set(0u32..6, 0..3), 40),
    ) {
        let classes: Vec<Vec<u32>> = classes.into_iter().map(|set| set.into_iter().collect()).collect();
        let too_easy = |a: usize, b: usize| (a + b).is_multiple_of(3);
        let relation = Relation::of_classes(&classes).without(&too_easy);
        let space = Space::new(&values, 2, 40, Similarity::Dot).unwrap();
        let all: Vec<u32> = (0..40).collect();
        prop_assert_eq!(found(&space, &relation, None), by_sorting(&space, &relation, &all));
    }

    #[test]
    fn positives_are_ranked_among_the_candidates_only(
        values in coarse_values(50 * 2), labels in prop::collection::vec(0u32..5, 50),
        candidates in prop::collection::btree_set(0u32..50, 1..50),
    ) {
        let candidates: Vec<u32> = candidates.into_iter().collect();
        let space = Space::new(&values, 2, 50, Similarity::Dot).unwrap();
        let relation = Relation::of_labels(&labels);
        let expected = by_sorting(&space, &relation, &candidates);
        prop_assert_eq!(found(&space, &relation, Some(&candidates)), expected);
    }
}

#[test]
fn several_tiles_of_odd_dimension_and_a_large_label_are_ranked_as_by_sorting() {
    let (rows, dim) = (5000, 7);
    let labels: Vec<u32> = (0..rows as u32).map(|row| if row % 4 == 0 { 0 } else { 1 + row % 900 }).collect();
    let space = Space::new(&scattered(rows * dim, 3), dim, rows, Similarity::Cosine).unwrap();
    let relation = Relation::of_labels(&labels);
    let all: Vec<u32> = (0..rows as u32).collect();
    let found = found(&space, &relation, None);
    for (query, expected) in by_sorting(&space, &relation, &all).into_iter().step_by(97) {
        let at = found.iter().position(|(row, _)| *row == query).unwrap();
        assert_eq!(found[at].1, expected, "query {query}");
    }
}

#[test]
fn the_answer_does_not_depend_on_the_number_of_threads() {
    let (rows, dim) = (700, 5);
    let labels: Vec<u32> = (0..rows as u32).map(|row| row % 50).collect();
    let space = Space::new(&scattered(rows * dim, 9), dim, rows, Similarity::Cosine).unwrap();
    let relation = Relation::of_labels(&labels);
    let scan = Scan::new(&space, &relation, None).unwrap();
    let queries: Vec<u32> = (0..rows as u32).collect();
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| scan.rank(&queries, &Quiet, |ranks| ranks))
    };
    assert_eq!(with(1), with(3));
}

#[test]
fn every_pair_is_counted_once_in_the_overlap() {
    let labels = [0, 0, 1, 1, 1, 2];
    let space = Space::new(&scattered(6 * 4, 1), 4, 6, Similarity::Cosine).unwrap();
    let relation = Relation::of_labels(&labels);
    let queries: Vec<u32> = (0..6).collect();
    let (_, overlap) = Scan::new(&space, &relation, None).unwrap().rank(&queries, &Quiet, |_| ());
    let sum = |counts: &[u64]| counts.iter().sum::<u64>();
    assert_eq!((sum(&overlap.positives), sum(&overlap.negatives)), (2 + 6, 2 * 4 + 3 * 3));
}
