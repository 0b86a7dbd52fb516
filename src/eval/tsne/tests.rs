use super::*;
use crate::eval::fixture::{matrix, scattered};
use crate::progress::Quiet;

/// `each` rows around each of three orthogonal directions, one after another.
fn clusters(each: usize, dim: usize) -> Vec<f32> {
    let mut rows = scattered(3 * each * dim, 5);
    for (row, values) in rows.chunks_exact_mut(dim).enumerate() {
        values.iter_mut().for_each(|value| *value *= 0.15);
        values[row / each] += 1.0;
    }
    rows
}

fn distance(a: [f32; 2], b: [f32; 2]) -> f32 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

#[test]
fn groups_that_lie_apart_stay_apart() {
    let (each, dim) = (40, 8);
    let points = Tsne::of(matrix(&clusters(each, dim), dim), &Quiet).unwrap().points;
    for (i, &point) in points.iter().enumerate() {
        let others = (0..points.len()).filter(|&j| j != i);
        let (own, foreign): (Vec<_>, Vec<_>) = others.partition(|j| j / each == i / each);
        let furthest = own.iter().map(|&j| distance(point, points[j])).fold(0.0, f32::max);
        let nearest = foreign.iter().map(|&j| distance(point, points[j])).fold(f32::INFINITY, f32::min);
        assert!(furthest < nearest, "row {i}: {furthest} within its group, {nearest} to another");
    }
}

#[test]
fn the_map_does_not_depend_on_the_number_of_threads() {
    let embeddings = scattered(150 * 6, 1);
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| Tsne::of(matrix(&embeddings, 6), &Quiet).unwrap())
    };
    let one = with(1);
    for threads in [2, 7] {
        assert_eq!(one, with(threads));
    }
}

#[test]
fn a_neighbourhood_is_as_wide_as_the_perplexity_asks() {
    let unit = matrix(&scattered(200 * 5, 9), 5).to_unit_lengths();
    for row in [0, 77] {
        let shares = neighbourhood(matrix(&unit, 5), row, 30.0);
        let entropy: f64 = shares.iter().filter(|share| **share > 0.0).map(|share| -share * share.ln()).sum();
        assert!((entropy.exp() - 30.0).abs() < 1e-6, "{}", entropy.exp());
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }
}

/// The divergence that the descent lowers, summed pair by pair in double precision.
fn divergence(affinities: &Affinities, points: &[[f64; 2]]) -> f64 {
    let near = |i: usize, j: usize| {
        1.0 / (1.0 + (points[i][0] - points[j][0]).powi(2) + (points[i][1] - points[j][1]).powi(2))
    };
    let pairs =
        || (0..points.len()).flat_map(|i| (0..points.len()).filter(move |&j| j != i).map(move |j| (i, j)));
    let total: f64 = pairs().map(|(i, j)| near(i, j)).sum();
    let wanted = |i: usize, j: usize| f64::from(affinities.values[i * affinities.stride + j]);
    pairs().map(|(i, j)| wanted(i, j) * (wanted(i, j).max(1e-300) / (near(i, j) / total)).ln()).sum()
}

#[test]
fn slopes_are_those_of_the_divergence() {
    let (rows, dim) = (21, 4);
    let unit = matrix(&scattered(rows * dim, 3), dim).to_unit_lengths();
    let affinities = Affinities::new(matrix(&unit, dim), 5.0);
    let points: Vec<[f32; 2]> = scattered(2 * rows, 4).as_chunks::<2>().0.to_vec();
    let slopes = slopes(&affinities, &points, 1.0);
    let exact: Vec<[f64; 2]> = points.iter().map(|point| point.map(f64::from)).collect();
    for (i, axis) in [(0, 0), (7, 1), (20, 0)] {
        let moved = |by: f64| {
            let mut moved = exact.clone();
            moved[i][axis] += by;
            divergence(&affinities, &moved)
        };
        let expected = (moved(1e-5) - moved(-1e-5)) / 2e-5;
        assert!((f64::from(slopes[i][axis]) - expected).abs() < 1e-6, "{} {expected}", slopes[i][axis]);
    }
}

#[test]
fn the_start_lies_along_the_greatest_variance() {
    let mut rows = scattered(100 * 5, 8);
    for (row, scale) in rows.chunks_exact_mut(5).zip(scattered(100, 2)) {
        row.iter_mut().for_each(|value| *value *= 0.01);
        row[3] += scale;
    }
    let start = start(matrix(&rows, 5));
    let ratio = start[0][0] / (rows[3] - rows.iter().skip(3).step_by(5).sum::<f32>() / 100.0);
    for (place, row) in start.iter().zip(rows.chunks_exact(5)) {
        let mean = rows.iter().skip(3).step_by(5).sum::<f32>() / 100.0;
        assert!((place[0] - ratio * (row[3] - mean)).abs() < 0.03e-4);
    }
}

#[test]
fn rows_that_are_equal_share_a_place_and_nothing_is_nan() {
    let mut embeddings = scattered(30 * 4, 6);
    embeddings.copy_within(0..40, 40);
    let equal = vec![0.5; 20 * 4];
    let zero = vec![0.0; 20 * 4];
    let two_spots: Vec<f32> =
        (0..40).flat_map(|row| if row % 2 == 0 { [1.0, 0.0] } else { [0.0, 1.0] }).collect();
    for (embeddings, dim) in
        [(embeddings.clone(), 4), (equal, 4), (zero, 4), (two_spots, 2), (vec![1.0; 5], 1)]
    {
        let points = Tsne::of(matrix(&embeddings, dim), &Quiet).unwrap().points;
        assert!(points.iter().flatten().all(|value| value.is_finite()), "{points:?}");
    }
    let points = Tsne::of(matrix(&embeddings, 4), &Quiet).unwrap().points;
    assert_eq!(points[..10], points[10..20]);
}

#[test]
fn few_rows_are_no_error() {
    for rows in 0..6 {
        let layout = Tsne::of(matrix(&scattered(rows * 3, 1), 3), &Quiet).unwrap();
        assert_eq!((layout.rows.len(), layout.points.len()), (rows, rows));
        assert!(layout.points.iter().flatten().all(|value| value.is_finite()));
    }
}

#[test]
fn more_rows_than_can_be_mapped_are_thinned_out_evenly() {
    assert_eq!(evenly_spaced(10, 4), [0, 2, 5, 7]);
    assert_eq!(evenly_spaced(3, 4), [0, 1, 2]);
    assert_eq!(evenly_spaced(0, 4), [0; 0]);
}

#[test]
fn a_value_that_is_not_finite_is_refused() {
    let embeddings = [1.0, 1.0, f32::NAN, 0.0];
    assert_eq!(Tsne::of(matrix(&embeddings, 2), &Quiet), Err(EvalError::NotFinite { row: 1.into() }));
}
