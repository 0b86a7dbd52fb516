use super::*;
use crate::eval::Similarity;
use crate::eval::fixture::{matrix, scattered};
use crate::progress::Quiet;
use crate::simd::with_each;
use crate::stats::quantiles_of_positives;
use proptest::prelude::*;

/// Everything compared with everything, sorted: slow, and obviously right.
fn by_sorting(
    prepared: &PreparedRows,
    positives: &Positives<'_>,
    candidates: &[u32],
) -> Vec<(usize, Vec<f64>)> {
    let mut answers = Vec::new();
    for query in 0..prepared.rows() {
        let (mut own_positives, mut left_out) = (Vec::new(), Vec::new());
        positives.sort(query, &mut own_positives, &mut left_out);
        let is_negative =
            |row: &&u32| !own_positives.contains(row) && !left_out.contains(row) && **row as usize != query;
        let negatives: Vec<u32> = candidates.iter().filter(is_negative).copied().collect();
        let (mut similar, mut others) = (Vec::new(), Vec::new());
        let own = prepared.query(query);
        with_vectors(One { prepared, query: own, rows: &own_positives, out: &mut similar });
        with_vectors(One { prepared, query: own, rows: &negatives, out: &mut others });
        if !similar.is_empty() && !others.is_empty() {
            answers.push((query, quantiles_of_positives(&similar, &mut others)));
        }
    }
    answers
}

fn found(
    prepared: &PreparedRows,
    positives: &Positives<'_>,
    candidates: Option<&[u32]>,
) -> Vec<(usize, Vec<f64>)> {
    let queries: Vec<u32> = (0..prepared.rows() as u32).collect();
    let ranker = ExactRanker::new(prepared, positives, candidates).unwrap();
    ranker.rank(&queries, &Quiet, |ranks| (ranks.query, ranks.quantiles().collect())).unwrap().0
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
            let prepared = PreparedRows::new(matrix(&values, 3), similarity).unwrap();
            let positives = Positives::of_labels(&labels);
            let all: Vec<u32> = (0..60).collect();
            prop_assert_eq!(found(&prepared, &positives, None), by_sorting(&prepared, &positives, &all));
        }
    }

    #[test]
    fn several_classes_and_left_out_pairs_are_neither_positive_nor_negative(
        values in coarse_values(40 * 2),
        classes in prop::collection::vec(prop::collection::btree_set(0u32..6, 0..3), 40),
    ) {
        let classes: Vec<Vec<u32>> = classes.into_iter().map(|set| set.into_iter().collect()).collect();
        let excluded = |a: usize, b: usize| (a + b).is_multiple_of(3);
        let positives = Positives::of_classes(&classes).without(&excluded);
        let prepared = PreparedRows::new(matrix(&values, 2), Similarity::Dot).unwrap();
        let all: Vec<u32> = (0..40).collect();
        prop_assert_eq!(found(&prepared, &positives, None), by_sorting(&prepared, &positives, &all));
    }

    #[test]
    fn positives_are_ranked_among_the_candidates_only(
        values in coarse_values(50 * 2), labels in prop::collection::vec(0u32..5, 50),
        candidates in prop::collection::btree_set(0u32..50, 1..50),
    ) {
        let candidates: Vec<u32> = candidates.into_iter().collect();
        let prepared = PreparedRows::new(matrix(&values, 2), Similarity::Dot).unwrap();
        let positives = Positives::of_labels(&labels);
        let expected = by_sorting(&prepared, &positives, &candidates);
        prop_assert_eq!(found(&prepared, &positives, Some(&candidates)), expected);
    }
}

#[test]
fn several_tiles_of_odd_dimension_and_a_large_label_are_ranked_as_by_sorting() {
    let (rows, dim) = (5000, 7);
    let labels: Vec<u32> = (0..rows as u32).map(|row| if row % 4 == 0 { 0 } else { 1 + row % 900 }).collect();
    let prepared = PreparedRows::new(matrix(&scattered(rows * dim, 3), dim), Similarity::Cosine).unwrap();
    let positives = Positives::of_labels(&labels);
    let all: Vec<u32> = (0..rows as u32).collect();
    let found = found(&prepared, &positives, None);
    for (query, expected) in by_sorting(&prepared, &positives, &all).into_iter().step_by(97) {
        let at = found.iter().position(|(row, _)| *row == query).unwrap();
        assert_eq!(found[at].1, expected, "query {query}");
    }
}

/// Ranks all rows with one set of instructions, and by comparing every similarity with every other.
#[derive(Clone, Copy)]
struct Ranked<'a>(&'a ExactRanker<'a>);

impl Work for Ranked<'_> {
    type Output = (Vec<QueryRanks>, Vec<QueryRanks>);

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Self::Output {
        let Self(ranker) = self;
        let queries: Vec<u32> = (0..ranker.prepared.rows() as u32).collect();
        let (mut found, mut expected) = (Vec::new(), Vec::new());
        let mut bench = Bench::new();
        for queries in queries.chunks(GROUP) {
            found.extend(Group { ranker, queries, bench: &mut bench }.with_simd(simd).unwrap().0);
        }
        for found in &found {
            let query = ranker.prepared.query(found.query);
            let is_negative = |row: &u32| *row as usize != found.query && !found.positives.contains(row);
            let negatives: Vec<u32> = ranker.candidates.iter().copied().filter(is_negative).collect();
            let (mut own, mut others) = (Vec::new(), Vec::new());
            tile::one(simd, ranker.prepared, query, &found.positives, &mut own);
            tile::one(simd, ranker.prepared, query, &negatives, &mut others);
            let rank = |&own: &f32| -> u32 {
                others.iter().map(|&other| 2 * u32::from(other > own) + u32::from(other == own)).sum()
            };
            expected.push(QueryRanks { doubled: own.iter().map(rank).collect(), ..found.clone() });
        }
        (found, expected)
    }
}

#[test]
fn every_set_of_instructions_ranks_as_comparing_one_by_one() {
    for (rows, dim, candidates) in [(300, 5, None), (2500, 17, Some(2311)), (131, 130, None)] {
        let values: Vec<f32> = scattered(rows * dim, 4).iter().map(|value| (value * 8.0).round()).collect();
        let labels: Vec<u32> = (0..rows as u32).map(|row| if row % 5 == 0 { 0 } else { row % 40 }).collect();
        let positives = Positives::of_labels(&labels);
        let candidates: Option<Vec<u32>> = candidates.map(|count| (0..count).collect());
        let prepared = PreparedRows::single(values, dim, rows);
        let ranker = ExactRanker::new(&prepared, &positives, candidates.as_deref()).unwrap();
        for (found, expected) in with_each(Ranked(&ranker)) {
            assert!(found.len() > rows / 2);
            assert_eq!(found, expected);
        }
    }
}

#[test]
fn the_answer_does_not_depend_on_the_number_of_threads() {
    let (rows, dim) = (700, 5);
    let labels: Vec<u32> = (0..rows as u32).map(|row| row % 50).collect();
    let prepared = PreparedRows::new(matrix(&scattered(rows * dim, 9), dim), Similarity::Cosine).unwrap();
    let positives = Positives::of_labels(&labels);
    let ranker = ExactRanker::new(&prepared, &positives, None).unwrap();
    let queries: Vec<u32> = (0..rows as u32).collect();
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| ranker.rank(&queries, &Quiet, |ranks| ranks).unwrap())
    };
    assert_eq!(with(1), with(3));
}

#[test]
fn every_pair_is_counted_once_in_the_overlap() {
    let labels = [0, 0, 1, 1, 1, 2];
    let prepared = PreparedRows::new(matrix(&scattered(6 * 4, 1), 4), Similarity::Cosine).unwrap();
    let positives = Positives::of_labels(&labels);
    let queries: Vec<u32> = (0..6).collect();
    let (_, overlap) =
        ExactRanker::new(&prepared, &positives, None).unwrap().rank(&queries, &Quiet, |_| ()).unwrap();
    let sum = |counts: &[u64]| counts.iter().sum::<u64>();
    assert_eq!((sum(&overlap.positives), sum(&overlap.negatives)), (2 + 6, 2 * 4 + 3 * 3));
}

/// The similarity of two rows in double precision, and how far single precision may be from it.
fn in_double(similarity: Similarity, a: &[f32], b: &[f32], mean: &[f64]) -> (f64, f64) {
    let pairs = || a.iter().zip(b).map(|(&a, &b)| (f64::from(a), f64::from(b)));
    let dot: f64 = pairs().map(|(a, b)| a * b).sum();
    let square = |row: &[f32]| row.iter().map(|&value| f64::from(value).powi(2)).sum::<f64>();
    let centred = |row: &[f32]| {
        row.iter().zip(mean).map(|(&value, mean)| (f64::from(value) - mean).powi(2)).sum::<f64>()
    };
    match similarity {
        Similarity::Cosine => (dot / square(a).sqrt() / square(b).sqrt(), 4e-7),
        Similarity::Dot => (dot, 4e-7 * square(a).sqrt() * square(b).sqrt()),
        Similarity::Euclid => {
            let distance: f64 = pairs().map(|(a, b)| (a - b).powi(2)).sum();
            // Where single precision would do no better than that, it is not used.
            (-0.5 * distance, (1e-6 * (centred(a) + centred(b))).min(4e-3 * distance))
        }
    }
}

/// The least and the largest twice-rank that a positive may have, if similarities are off as far as they may be.
fn bounds(similarities: &[(f64, f64)], positive: usize, negatives: &[usize]) -> (u32, u32) {
    let (own, own_error) = similarities[positive];
    let count = |keep: &dyn Fn(f64, f64) -> bool| {
        negatives.iter().filter(|&&at| keep(similarities[at].0 - own, similarities[at].1 + own_error)).count()
            as u32
    };
    (2 * count(&|by, error| by > error), 2 * count(&|by, error| by >= -error))
}

fn check_against_double(values: &[f32], dim: usize, labels: &[u32], similarity: Similarity) {
    let rows = labels.len();
    let prepared = PreparedRows::new(matrix(values, dim), similarity).unwrap();
    let positives = Positives::of_labels(labels);
    let queries: Vec<u32> = (0..rows as u32).collect();
    let ranker = ExactRanker::new(&prepared, &positives, None).unwrap();
    let (found, overlap) = ranker.rank(&queries, &Quiet, |ranks| ranks).unwrap();
    let row = |at: usize| &values[at * dim..][..dim];
    let mean: Vec<f64> = (0..dim)
        .map(|at| {
            values.iter().skip(at).step_by(dim).map(|&value| f64::from(value)).sum::<f64>() / rows as f64
        })
        .collect();
    for ranks in found {
        let similarities: Vec<(f64, f64)> =
            (0..rows).map(|other| in_double(similarity, row(ranks.query), row(other), &mean)).collect();
        let negatives: Vec<usize> = (0..rows).filter(|&other| labels[other] != labels[ranks.query]).collect();
        assert_eq!(ranks.negatives as usize, negatives.len());
        for (&positive, &doubled) in ranks.positives.iter().zip(&ranks.doubled) {
            let (least, most) = bounds(&similarities, positive as usize, &negatives);
            assert!(
                (least..=most).contains(&doubled),
                "{similarity:?}: {doubled}, expected {least} to {most}"
            );
        }
    }
    assert!(overlap.similarity.iter().all(|similarity| similarity.is_finite()));
}

#[test]
fn rows_that_differ_by_little_for_their_length_are_ranked_as_in_double_precision() {
    let labels: Vec<u32> = (0..60).map(|row| row / 3).collect();
    let moved: [&dyn Fn(usize) -> f32; 3] = [&|_| 1e4, &|row| if row < 30 { 3000.0 } else { 0.0 }, &|_| -1e5];
    for by in moved {
        let values: Vec<f32> =
            scattered(60 * 6, 22).iter().enumerate().map(|(at, value)| value + by(at / 6)).collect();
        for similarity in ALL {
            let prepared = PreparedRows::new(matrix(&values, 6), similarity).unwrap();
            let found = found(&prepared, &Positives::of_labels(&labels), None);
            let row = |at: usize| &values[at * 6..][..6];
            for (query, quantiles) in found {
                let of = |other: usize| in_double(similarity, row(query), row(other), &[]).0;
                let negatives: Vec<f64> = (0..60).filter(|&at| labels[at] != labels[query]).map(of).collect();
                let positives = (0..60).filter(|&at| at != query && labels[at] == labels[query]).map(of);
                for (quantile, own) in quantiles.iter().zip(positives) {
                    let above = negatives.iter().filter(|&&negative| negative > own).count();
                    assert!((quantile * 57.0 - above as f64).abs() <= 1.0, "{similarity:?}");
                }
            }
        }
    }
}

const ALL: [Similarity; 3] = [Similarity::Cosine, Similarity::Dot, Similarity::Euclid];

#[test]
fn rows_of_any_size_are_ranked_as_in_double_precision() {
    let labels: Vec<u32> = (0..60).map(|row| row / 3).collect();
    let factors: [&dyn Fn(usize) -> f32; 13] = [
        &|_| 1.0,
        &|_| 1e19,
        &|_| 1e25,
        &|_| 3e38,
        &|_| 1e-25,
        &|_| 1e-37,
        &|_| 1e-43,
        &|row| [1.0, 1e19][row % 2],
        &|row| [1e-25, 1e25][row % 2],
        &|row| [1e-40, 1.0, 3e38][row % 3],
        &|row| if row == 7 { 1e6 } else { 1.0 },
        &|row| if row == 7 { 3e38 } else { 1e-20 },
        &|row| 10.0_f64.powi(row as i32 - 40) as f32,
    ];
    for factor in factors {
        let values = scattered(60 * 6, 21);
        let values: Vec<f32> = values.iter().enumerate().map(|(at, value)| value * factor(at / 6)).collect();
        for similarity in ALL {
            check_against_double(&values, 6, &labels, similarity);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_finite_values_are_ranked_otherwise_than_in_double_precision(
        values in prop::collection::vec(prop::num::f32::NORMAL | prop::num::f32::SUBNORMAL, 24 * 3),
        labels in prop::collection::vec(0_u32..6, 24),
    ) {
        prop_assume!((0..24).any(|a| (0..a).any(|b| labels[a] == labels[b])));
        for similarity in ALL {
            check_against_double(&values, 3, &labels, similarity);
        }
    }

    #[test]
    fn rows_of_small_whole_numbers_tie_where_they_are_equally_near(
        values in prop::collection::vec(-3_i32..4, 40 * 5), labels in prop::collection::vec(0_u32..9, 40),
        power in -140_i32..100,
    ) {
        let mut values = values;
        values.chunks_exact_mut(5).filter(|row| row.iter().all(|&value| value == 0)).for_each(|row| row[0] = 1);
        let unit = 2.0_f64.powi(power);
        let scaled: Vec<f32> = values.iter().map(|&value| (f64::from(value) * unit) as f32).collect();
        let row = |at: usize| &values[at * 5..][..5];
        let dot = |a: usize, b: usize| row(a).iter().zip(row(b)).map(|(a, b)| a * b).sum::<i32>();
        // In the order of the similarities to one query, and exact.
        let order = |similarity, query, at| f64::from(match similarity {
            Similarity::Cosine => {
                let product = f64::from(dot(query, at));
                return product * product.abs() / f64::from(dot(at, at));
            }
            Similarity::Dot => dot(query, at),
            Similarity::Euclid => 2 * dot(query, at) - dot(query, query) - dot(at, at),
        });
        for similarity in ALL {
            let prepared = PreparedRows::new(matrix(&scaled, 5), similarity).unwrap();
            for (query, quantiles) in found(&prepared, &Positives::of_labels(&labels), None) {
                let negatives: Vec<f64> = (0..40).filter(|&at| labels[at] != labels[query]).map(|at| order(similarity, query, at)).collect();
                let positives = (0..40).filter(|&at| at != query && labels[at] == labels[query]);
                let expected: Vec<f64> = positives.map(|at| {
                    let own = order(similarity, query, at);
                    let (above, equal) = negatives.iter().fold((0, 0), |(above, equal), &negative| (above + u32::from(negative > own), equal + u32::from(negative == own)));
                    f64::from(2 * above + equal) / (2.0 * negatives.len() as f64)
                }).collect();
                prop_assert_eq!(quantiles, expected);
            }
        }
    }
}

#[test]
fn candidates_that_are_no_rows_or_named_twice_are_refused() {
    let prepared = PreparedRows::new(matrix(&scattered(6 * 2, 1), 2), Similarity::Dot).unwrap();
    let positives = Positives::of_labels(&[0, 0, 1, 1, 2, 2]);
    for candidates in [&[0, 6][..], &[3, 1, 3]] {
        assert!(matches!(
            ExactRanker::new(&prepared, &positives, Some(candidates)),
            Err(EvalError::Candidate { rows: 6, .. })
        ));
    }
}
