use super::*;
use crate::eval::fixture::matrix;
use proptest::prelude::*;

const DIM: usize = 16;

/// Normal rows; those of the first `coherent` labels have `pull` times a direction of their label in common.
fn rows(labels: &[u32], coherent: u32, pull: f32, seed: u64) -> Vec<f32> {
    let mut values = vec![0.0; labels.len() * DIM];
    Stream::new(seed, Purpose::Signature, 0).fill_normal(&mut values);
    for (row, &label) in values.chunks_exact_mut(DIM).zip(labels).filter(|(_, label)| **label < coherent) {
        let mut centre = [0.0; DIM];
        Stream::new(seed, Purpose::Drug, u64::from(label)).fill_normal(&mut centre);
        row.iter_mut().zip(centre).for_each(|(value, centre)| *value += pull * centre);
    }
    values
}

fn ask(embeddings: &[f32], labels: &[u32]) -> Replicating {
    Replicating::of(matrix(embeddings, DIM), labels, &ReplicatingOptions::default()).unwrap()
}

fn share(found: &[&Replicates]) -> f64 {
    found.iter().filter(|label| label.replicates()).count() as f64 / found.len() as f64
}

#[test]
fn planted_labels_replicate_and_random_ones_do_by_chance() {
    let labels: Vec<u32> = (0..2400).map(|row| row % 600).collect();
    let found = ask(&rows(&labels, 200, 1.5, 1), &labels);
    let (planted, random): (Vec<_>, Vec<_>) = found.by_label.iter().partition(|label| label.label < 200);
    assert!(share(&planted) > 0.97, "{}", share(&planted));
    // 400 labels of probability 0.05: a deviation of 0.011.
    assert!((0.012..0.088).contains(&share(&random)), "{}", share(&random));
    assert!(found.percent.low < found.percent.value && found.percent.value < found.percent.high);
    assert!(found.null_median.abs() < 0.05 && found.mean_median > found.null_median, "{found:?}");
}

#[test]
fn random_labels_of_every_size_replicate_by_chance() {
    // 300 labels each of 2, 3, 8 and 30 rows, none of them of anything in common.
    let sizes = [2, 3, 8, 30];
    let labels: Vec<u32> = (0..1200_u32).flat_map(|label| vec![label; sizes[label as usize % 4]]).collect();
    let found = ask(&rows(&labels, 0, 0.0, 2), &labels);
    for size in sizes {
        let of_size: Vec<&Replicates> = found.by_label.iter().filter(|label| label.rows == size).collect();
        assert_eq!((of_size.len(), of_size[0].looked_at), (300, size));
        // A deviation of 0.0126, and of the percentile of 1,000 sets half of that.
        assert!((0.005..0.10).contains(&share(&of_size)), "{size}: {}", share(&of_size));
        let expected = of_size[0].threshold;
        assert!(of_size.iter().all(|label| label.threshold == expected));
    }
    let threshold = |size| found.by_label.iter().find(|label| label.rows == size).unwrap().threshold;
    assert!(threshold(2) > threshold(3) && threshold(3) > threshold(8) && threshold(8) > threshold(30));
}

#[test]
fn the_interval_is_over_labels() {
    let labels: Vec<u32> = (0..800).map(|row| row / 2).collect();
    let found = ask(&rows(&labels, 200, 3.0, 3), &labels);
    // About half of 400 labels: a deviation of 2.5 points.
    let width = found.percent.high - found.percent.low;
    assert!(
        (7.0..13.0).contains(&width) && (45.0..60.0).contains(&found.percent.value),
        "{:?}",
        found.percent
    );
}

#[test]
fn a_large_label_is_looked_at_in_part() {
    let labels: Vec<u32> = (0..300).map(|row| if row < 200 { 0 } else { row }).collect();
    let embeddings = rows(&labels, 1, 1.0, 4);
    let of_large = |options: &ReplicatingOptions| {
        let found = Replicating::of(matrix(&embeddings, DIM), &labels, options).unwrap();
        assert_eq!((found.labels, found.by_label[0].rows), (1, 200));
        found.by_label[0].clone()
    };
    let options = ReplicatingOptions::default();
    assert_eq!(of_large(&options).looked_at, 50);
    assert_eq!(of_large(&ReplicatingOptions { largest_group: 7, ..options.clone() }).looked_at, 7);
    // There are 101 labels, so no set of different ones is larger.
    let all = of_large(&ReplicatingOptions { largest_group: 1000, ..options.clone() });
    assert!(all.looked_at == 101 && all.replicates(), "{all:?}");
    assert_ne!(of_large(&options).median, of_large(&ReplicatingOptions { seed: 2, ..options }).median);
}

#[test]
fn with_two_labels_the_null_is_every_pair_across() {
    // Cosines across: 0, 0.6, 1, 0.8.
    let embeddings = [1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.6, 0.8];
    let options = ReplicatingOptions { null_sets: 4000, percentile: 60.0, ..Default::default() };
    let found = Replicating::of(matrix(&embeddings, 2), &[5, 5, 9, 9], &options).unwrap();
    let medians: Vec<(u32, f64)> = found.by_label.iter().map(|label| (label.label, label.median)).collect();
    assert_eq!(medians, [(5, 0.0), (9, f64::from(0.8_f32))]);
    assert_eq!((found.threshold, found.percent.value), (f64::from(0.8_f32), 0.0));
    assert!([0.6_f32, 0.8].map(f64::from).contains(&found.null_median), "{}", found.null_median);
}

proptest! {
    #[test]
    fn the_median_is_that_of_all_pairs_sorted(
        values in prop::collection::vec(-1.0_f32..1.0, 12 * DIM), chosen in prop::collection::btree_set(0_usize..12, 2..12),
    ) {
        let chosen: Vec<usize> = chosen.into_iter().collect();
        let prepared = PreparedRows::new(matrix(&values, DIM), Similarity::Cosine).unwrap();
        let cosine = |a: usize, b: usize| -> f64 {
            let (a, b) = (&values[a * DIM..][..DIM], &values[b * DIM..][..DIM]);
            let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
            dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
        };
        let mut all: Vec<f64> =
            chosen.iter().flat_map(|&a| chosen.iter().filter(move |&&b| b < a).map(move |&b| cosine(a, b))).collect();
        all.sort_by(f64::total_cmp);
        let expected = (all[(all.len() - 1) / 2] + all[all.len() / 2]) / 2.0;
        prop_assert!((median_cosine(&prepared, chosen) - expected).abs() < 1e-5);
    }

    #[test]
    fn a_choice_is_of_different_ones(all in 1_usize..40, size in 0_usize..40, seed in any::<u64>()) {
        let size = size.min(all);
        let chosen = choose(all, size, &mut Stream::new(seed, Purpose::Replicates, 0));
        let different: BTreeSet<usize> = chosen.iter().copied().collect();
        prop_assert!(chosen.len() == size && different.len() == size && chosen.iter().all(|&at| at < all));
    }
}

#[test]
fn a_percentile_lies_between_two_values() {
    assert_eq!([0.0, 50.0, 62.5, 100.0].map(|p| percentile(&[1.0, 2.0, 4.0], p)), [1.0, 2.0, 2.5, 4.0]);
    assert_eq!(percentile(&[3.0], 95.0), 3.0);
}

#[test]
fn the_answer_does_not_depend_on_the_number_of_threads() {
    let labels: Vec<u32> = (0..200).map(|row| row % 40).collect();
    let embeddings = rows(&labels, 10, 1.0, 6);
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| ask(&embeddings, &labels))
    };
    assert_eq!(with(1), with(3));
}

#[test]
fn what_cannot_be_asked_says_why() {
    let ask = |values: &[f32], labels: &[u32], options: &ReplicatingOptions| {
        Replicating::of(matrix(values, 1), labels, options).unwrap_err()
    };
    let usual = ReplicatingOptions::default();
    assert_eq!(ask(&[1.0, 2.0], &[0, 1], &usual), EvalError::NoPositive { labels: 2 });
    assert_eq!(ask(&[1.0], &[0, 1], &usual), EvalError::Rows { embeddings: 1, labels: 2 });
    assert_eq!(ask(&[1.0, 2.0], &[3, 3], &usual), EvalError::NoNegative { rows: 2 });
    assert_eq!(ask(&[1.0, 0.0, 1.0], &[3, 3, 1], &usual), EvalError::ZeroRow { row: 1.into(), count: 1 });
    let refused = [
        ReplicatingOptions { null_sets: 0, ..usual.clone() },
        ReplicatingOptions { percentile: 100.0, ..usual.clone() },
        ReplicatingOptions { percentile: f64::NAN, ..usual.clone() },
        ReplicatingOptions { largest_group: 1, ..usual },
    ];
    for options in refused {
        assert!(matches!(ask(&[1.0; 3], &[0, 0, 1], &options), EvalError::Setting { .. }), "{options:?}");
    }
}
