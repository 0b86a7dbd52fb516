use super::*;
use crate::eval::fixture::matrix;
use crate::progress::Quiet;

fn scattered(count: usize, index: u64) -> Vec<f32> {
    let mut values = vec![0.0; count];
    Stream::new(7, Purpose::Signature, index).fill_normal(&mut values);
    values
}

fn found(embeddings: &[f32], dim: usize) -> Geometry {
    Geometry::of(matrix(embeddings, dim), 1, &Quiet).unwrap()
}

/// Both directions of each of `axes` axes, the number `axis` of them `times(axis)` times.
fn crosses(axes: usize, dim: usize, times: impl Fn(usize) -> usize) -> Vec<f32> {
    let unit = |axis: usize, sign: f32| (0..dim).map(move |at| if at == axis { sign } else { 0.0 });
    let rows = (0..axes).flat_map(|axis| (0..times(axis)).map(move |_| axis));
    rows.flat_map(|axis| unit(axis, 2.0).chain(unit(axis, -0.5))).collect()
}

#[test]
fn ranks_count_the_directions_in_use() {
    let even = found(&crosses(7, 20, |_| 1), 20);
    for rank in [even.effective_rank, even.participation_ratio] {
        assert!((rank.unwrap() - 7.0).abs() < 1e-5, "{rank:?}");
    }
    assert!((even.mean_cosine + 1.0 / 13.0).abs() < 1e-7, "{}", even.mean_cosine);
    // Shares 3/4 and 1/4.
    let uneven = found(&crosses(2, 5, |axis| if axis == 0 { 3 } else { 1 }), 5);
    let entropy = -(0.75 * 0.75_f64.ln() + 0.25 * 0.25_f64.ln());
    assert!((uneven.effective_rank.unwrap() - entropy.exp()).abs() < 1e-5);
    assert!((uneven.participation_ratio.unwrap() - 1.6).abs() < 1e-5);
}

#[test]
fn noise_in_many_dimensions_uses_nearly_all_and_has_hubs() {
    // A mean as long as the noise is wide, so that rows near it are near to many.
    let beside =
        |dim: usize| scattered(800 * dim, dim as u64).iter().map(|value| value + 1.0).collect::<Vec<_>>();
    let (wide, narrow) = (found(&beside(64), 64), found(&beside(3), 3));
    assert!((55.0..64.0).contains(&wide.effective_rank.unwrap()), "{wide:?}");
    assert!((wide.mean_cosine - 0.5).abs() < 0.05, "{wide:?}");
    assert!(
        wide.hubness.skewness.unwrap() > 1.0 && narrow.hubness.skewness.unwrap() < 0.5,
        "{wide:?} {narrow:?}"
    );
    assert!(wide.hubness.antihubs > narrow.hubness.antihubs);
}

#[test]
fn a_row_in_the_middle_of_all_is_the_hub() {
    // 40 axes, and between them a row that is nearest to each; axes are equally far from each other.
    let (axes, middle) = (40, 17);
    let mut embeddings: Vec<f32> =
        (0..axes * axes).map(|at| f32::from(u8::from(at / axes == at % axes))).collect();
    embeddings.splice(middle * axes..middle * axes, vec![1.0; axes]);
    let hubness = found(&embeddings, axes).hubness;
    assert_eq!((hubness.neighbours, hubness.largest_row, hubness.largest), (10, middle, 40.0));
    // The other nine places of every axis are shared by 39, the ten of the middle by 40: 9 + 1/4 for an axis.
    let skewness = (30.0_f64.powi(3) - 40.0 * 0.75_f64.powi(3)) / 41.0 / 22.5_f64.powf(1.5);
    assert!(hubness.antihubs == 0.0 && (hubness.skewness.unwrap() - skewness).abs() < 1e-6, "{hubness:?}");
}

#[test]
fn rows_that_all_point_one_way_have_no_rank_and_no_hub() {
    let rows: Vec<f32> = (1..50).flat_map(|row| [0.3, 0.1, -0.7].map(|value| value * row as f32)).collect();
    let found = found(&rows, 3);
    assert_eq!((found.effective_rank, found.participation_ratio), (None, None));
    assert!((found.mean_cosine - 1.0).abs() < 1e-6);
    assert_eq!(found.tied_pairs, 0.0);
    let equal = Geometry::of(matrix(&[0.3; 3 * 50], 3), 1, &Quiet).unwrap();
    assert_eq!((equal.duplicate_rows, equal.tied_pairs), (1.0, 1.0));
    let expected = Hubness {
        neighbours: 10,
        skewness: None,
        largest: equal.hubness.largest,
        largest_row: 0,
        antihubs: 0.0,
    };
    assert_eq!(equal.hubness, expected);
    assert!((equal.hubness.largest - 10.0).abs() < 1e-6);
}

#[test]
fn equal_rows_are_counted_bit_for_bit() {
    let rows = [1.0, 2.0, 1.0, 2.0, 2.0, 4.0, 3.0, 1.0, 1.0, 2.0];
    let found = found(&rows, 2);
    assert_eq!((found.duplicate_rows, found.tied_pairs), (0.6, 0.3));
}

#[test]
fn of_many_rows_a_seeded_sample_is_looked_at() {
    let embeddings = scattered(10_500 * 2, 5);
    let look = |seed| Geometry::of(matrix(&embeddings, 2), seed, &Quiet).unwrap();
    assert_eq!((look(1).rows, look(1).sampled), (10_500, MAX_ROWS));
    assert_eq!(look(1), look(1));
    assert_ne!(look(1), look(2));
    let chosen = chosen(10_500, MAX_ROWS, 3);
    assert!(chosen.len() == MAX_ROWS && chosen.is_sorted_by(|a, b| a < b) && chosen[9_999] < 10_500);
}

#[test]
fn every_row_is_as_likely_to_be_looked_at() {
    let mut counts = [0; 20];
    (0..2000).flat_map(|seed| chosen(20, 5, seed)).for_each(|row| counts[row] += 1);
    // 2,000 draws of probability 1/4 each: a deviation of 19.
    assert!(counts.iter().all(|count| (400..600).contains(count)), "{counts:?}");
}

#[test]
fn the_answer_does_not_depend_on_the_number_of_threads() {
    let embeddings = scattered(700 * 40, 4);
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| found(&embeddings, 40))
    };
    assert_eq!(with(1), with(3));
}

#[test]
fn what_has_no_shape_says_why() {
    let look = |values: &[f32]| Geometry::of(matrix(values, 1), 1, &Quiet).unwrap_err();
    assert_eq!(look(&[1.0]), EvalError::TooFewRows { rows: 1, expected: 2 });
    assert_eq!(look(&[]), EvalError::TooFewRows { rows: 0, expected: 2 });
    assert_eq!(look(&[1.0, 0.0, 0.0]), EvalError::ZeroRow { row: 1.into(), count: 2 });
    assert_eq!(look(&[1.0, f32::NAN]), EvalError::NotFinite { row: 1.into() });
    let wide = [1.0; 2 * (SPECTRUM_MAX_DIM + 1)];
    let wide = Geometry::of(matrix(&wide, SPECTRUM_MAX_DIM + 1), 1, &Quiet).unwrap();
    assert_eq!((wide.effective_rank, wide.hubness.neighbours), (None, 1));
}
