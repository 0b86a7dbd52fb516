use super::*;
use crate::eval::fixture::{matrix, scattered};
use crate::stats::{Bootstrap, Quantiles};
use std::{fs, process::Command};

#[path = "../../../tests/it/needs.rs"]
mod needs;

fn figures(embeddings: &[f32], dim: usize, labels: &[u32]) -> Figures {
    RetrievalResults::of_labels(matrix(embeddings, dim), labels).unwrap().figures().unwrap()
}

#[test]
fn a_lone_signature_is_a_negative_but_no_query() {
    let tally = RetrievalResults::of_labels(matrix(&[1.0, 0.0, 1.0, 0.1, 0.0, 1.0], 2), &[4, 4, 9]).unwrap();
    let counts = Counts { queries: 2, positives: 2, negatives_mean: 1.0, drugs: 1, labels: 1 };
    assert_eq!((tally.counts(), tally.figures().unwrap().micro.auc_quantile), (counts, 1.0));
}

#[test]
fn macro_figures_weigh_every_label_alike() {
    // Label 0: three signatures that find each other. Label 1: two that every other signature separates.
    let embeddings = [1.0, 0.0, 1.0, 0.01, 1.0, -0.01, 0.7, 0.7, 0.7, -0.7];
    let found = figures(&embeddings, 2, &[0, 0, 0, 1, 1]);
    assert_eq!((found.per_label.auc_quantile, found.micro.auc_quantile), (0.5, 0.75));
}

#[test]
fn random_vectors_score_chance_and_the_interval_holds_it() {
    let labels: Vec<u32> = (0..600).map(|row| row / 6).collect();
    let tally = RetrievalResults::of_labels(matrix(&scattered(600 * 16, 11), 16), &labels).unwrap();
    let intervals = tally.intervals(Bootstrap { replicates: 400, seed: 1 }).unwrap();
    for (name, interval) in Figures::names().iter().zip(&intervals) {
        assert!(interval.low <= interval.value && interval.value <= interval.high, "{name}: {interval:?}");
        if name.ends_with("auc_quantile") || name.ends_with("median_q") {
            assert!(interval.low < 0.5 && 0.5 < interval.high, "{name}: {interval:?}");
        }
    }
}

#[test]
fn an_interval_covers_the_truth_about_as_often_as_it_says() {
    // Each data set is a new draw of drugs of differing coherence; the truth is the mean over many of them.
    let draw = |seed: u64| {
        let labels: Vec<u32> = (0..240).map(|row| row / 4).collect();
        let (noise, centres) = (scattered(240 * 6, 2 * seed + 1), scattered(60 * 6, 2 * seed + 2));
        let pull = |drug: usize| if drug.is_multiple_of(3) { 1.0 } else { 0.2 };
        let values: Vec<f32> =
            (0..240 * 6).map(|at| noise[at] + pull(at / 24) * centres[at / 24 * 6 + at % 6]).collect();
        RetrievalResults::of_labels(matrix(&values, 6), &labels).unwrap()
    };
    let truth: f64 =
        (1000..1080).map(|seed| draw(seed).figures().unwrap().per_label.auc_quantile).sum::<f64>() / 80.0;
    let place = Figures::names().iter().position(|name| name == "macro.auc_quantile").unwrap();
    let covers = |seed: &u64| {
        let interval = draw(*seed).intervals(Bootstrap { replicates: 200, seed: *seed }).unwrap()[place];
        interval.low <= truth && truth <= interval.high
    };
    let covered = (0..60).filter(covers).count();
    assert!((51..=60).contains(&covered), "{covered} of 60 intervals of 95 %");
}

#[test]
fn a_difference_to_itself_is_nothing_and_to_noise_is_sure() {
    let labels: Vec<u32> = (0..200).map(|row| row / 5).collect();
    let axis = |row: usize| (0..40).map(move |k| f32::from(u8::from(k == row / 5)) + 0.01);
    let perfect: Vec<f32> = (0..200).flat_map(axis).collect();
    let perfect = RetrievalResults::of_labels(matrix(&perfect, 40), &labels).unwrap();
    let noise = RetrievalResults::of_labels(matrix(&scattered(200 * 8, 2), 8), &labels).unwrap();
    let bootstrap = Bootstrap { replicates: 100, seed: 3 };
    for interval in perfect.differences(&perfect, bootstrap).unwrap() {
        assert_eq!((interval.value, interval.low, interval.high), (0.0, 0.0, 0.0));
    }
    let place = Figures::names().iter().position(|name| name == "micro.auc_quantile").unwrap();
    assert!(perfect.differences(&noise, bootstrap).unwrap()[place].low > 0.3);
    let fewer = RetrievalResults::of_labels(matrix(&scattered(10 * 8, 2), 8), &labels[..10]).unwrap();
    assert!(matches!(
        perfect.differences(&fewer, bootstrap),
        Err(EvalError::Unpaired { drugs: 40, others: 2 })
    ));
}

#[test]
fn drugs_of_several_classes_find_whoever_shares_one() {
    // Drug 1 is of both classes; drug 3 has none, and is a negative to all.
    let classes = [vec![0], vec![0, 1], vec![1], vec![]];
    let embeddings = [1.0, 0.0, 0.8, 0.6, 0.0, 1.0, 0.7, 0.7];
    let prepared = PreparedRows::new(matrix(&embeddings, 2), Similarity::Cosine).unwrap();
    let positives = Positives::of_classes(&classes);
    let mut tally = RetrievalResults::default();
    let drugs = [0, 1, 2, 3];
    let set = RetrievalSet::new(&prepared, &positives, &drugs);
    tally.add(&set, &Quiet).unwrap();
    let (counts, figures) = (tally.counts(), tally.figures().unwrap());
    assert_eq!((counts.queries, counts.positives, counts.drugs, counts.labels), (3, 4, 3, 2));
    // q: drug 0 finds 1 before all (0); drug 1 finds 0 and 2 after drug 3 (1, 1); drug 2 finds 1 after 3 (of 0 and 3: 0.5).
    assert_eq!(figures.micro.auc_quantile, 1.0 - (0.0 + 1.0 + 1.0 + 0.5) / 4.0);
    // Class 0: pairs 0-1, 1-0; class 1: pairs 1-2, 2-1.
    assert_eq!(figures.per_label.auc_quantile, 1.0 - (0.5 + 0.75) / 2.0);
}

#[test]
fn folds_pooled_one_by_one_or_together_give_the_same() {
    let (a, b) = (scattered(60 * 4, 1), scattered(80 * 4, 2));
    let labels: Vec<u32> = (0..80).map(|row| row / 4).collect();
    let (a, b) = (
        RetrievalResults::of_labels(matrix(&a, 4), &labels[..60]).unwrap(),
        RetrievalResults::of_labels(matrix(&b, 4), &labels).unwrap(),
    );
    let pooled = |first: &RetrievalResults, second: &RetrievalResults| {
        let mut pooled = first.clone();
        pooled.absorb(second.clone());
        pooled.figures().unwrap()
    };
    let (one, other) = (pooled(&a, &b), pooled(&b, &a));
    for (one, other) in one.values().iter().zip(other.values()) {
        assert!((one - other).abs() < 1e-12);
    }
    assert_eq!(pooled(&a, &b).micro.median_q, one.micro.median_q);
}

#[test]
fn strata_divide_the_pairs_and_nothing_is_lost() {
    let labels: Vec<u32> = (0..90).map(|row| row / 6).collect();
    let values = scattered(90 * 5, 4);
    let prepared = PreparedRows::new(matrix(&values, 5), Similarity::Cosine).unwrap();
    let positives = Positives::of_labels(&labels);
    let of_pair = |a: usize, b: usize, out: &mut Vec<u16>| out.push(u16::from(a % 3 != b % 3));
    let mut tally = RetrievalResults::default();
    let set = RetrievalSet { strata: Some(&of_pair), ..RetrievalSet::new(&prepared, &positives, &labels) };
    tally.add(&set, &Quiet).unwrap();
    let divided = tally.strata(Bootstrap { replicates: 50, seed: 1 });
    assert_eq!(
        divided.iter().map(|found| (found.stratum, found.sums.pairs)).collect::<Vec<_>>(),
        [(0, 90.0), (1, 360.0)]
    );
    let mean = divided.iter().map(|found| found.sums.quantiles).sum::<f64>() / 450.0;
    assert!((1.0 - mean - tally.figures().unwrap().micro.auc_quantile).abs() < 1e-12);
}

#[test]
fn what_cannot_be_evaluated_says_why() {
    let evaluate = |values: &[f32], dim, labels: &[u32]| {
        RetrievalResults::of_labels(matrix(values, dim), labels).unwrap_err()
    };
    assert_eq!(evaluate(&[], 2, &[]), EvalError::NoPositive { labels: 0 });
    assert_eq!(evaluate(&[1.0; 2], 2, &[0, 0]), EvalError::Rows { embeddings: 1, labels: 2 });
    assert_eq!(evaluate(&[1.0, 2.0, f32::NAN, 1.0], 2, &[0, 0]), EvalError::NotFinite { row: 1.into() });
    assert_eq!(evaluate(&[1.0, 2.0], 1, &[0, 1]), EvalError::NoPositive { labels: 2 });
    assert_eq!(evaluate(&[1.0, 2.0], 1, &[3, 3]), EvalError::NoNegative { rows: 2 });
    assert_eq!(evaluate(&[1.0, 0.0, 2.0], 1, &[3, 3, 1]), EvalError::ZeroRow { row: 1.into(), count: 1 });
}

/// Values that are whole multiples of 2^-11, rows of length exactly 1: then every dot product is exact.
fn exact_unit_rows(rows: usize, dim: usize, seed: u64) -> Vec<f32> {
    let mut values = Vec::new();
    for row in scattered(rows * dim, seed).chunks_exact(dim) {
        let mut whole: Vec<i64> = row[..dim - 4].iter().map(|value| (value * 500.0) as i64).collect();
        let rest = (1_i64 << 22) - whole.iter().map(|value| value * value).sum::<i64>();
        whole.extend(four_squares(rest));
        values.extend(whole.iter().map(|&value| value as f32 / 2048.0));
    }
    values
}

/// Every whole number is a sum of four squares.
fn four_squares(n: i64) -> [i64; 4] {
    let root = |n: i64| (n as f64).sqrt() as i64;
    for a in (0..=root(n)).rev() {
        for b in (0..=root(n - a * a)).rev() {
            let rest = n - a * a - b * b;
            for c in (0..=root(rest)).rev().take(60) {
                let d = root(rest - c * c);
                if c * c + d * d == rest {
                    return [a, b, c, d];
                }
            }
        }
    }
    unreachable!("Lagrange's theorem")
}

/// The plain reference kept beside the checkout, which other implementations are held against too: its answer, its
/// quantiles of every query, or nothing where it cannot run.
fn reference(embeddings: &[f32], dim: usize, labels: &[u32]) -> Option<(serde_json::Value, Vec<Vec<f64>>)> {
    let tool = needs::shared("tools/quantile_reference.py")?;
    let python = needs::python("numpy")?;
    let folder = tempfile::tempdir().unwrap();
    let (values, names) = (folder.path().join("e.npy"), folder.path().join("labels.txt"));
    crate::profile::write_npy(&values, embeddings, dim).unwrap();
    fs::write(&names, labels.iter().map(|label| format!("{label}\n")).collect::<String>()).unwrap();
    // Runs the tool as it is, then says what it held in its hands at the end.
    let program = "import json, runpy, sys\n\
        source = open(sys.argv[1]).read().replace('q = np.concatenate(per_query)', 'q = np.concatenate(per_query); \
        print(json.dumps([v.view(np.uint64).tolist() for v in per_query]))')\n\
        sys.argv = sys.argv[1:]\nexec(compile(source, sys.argv[0], 'exec'), {'__name__': '__main__'})";
    let output = Command::new(python).args(["-c", program]).arg(tool).args([values, names]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let (quantiles, figures) = text.split_once('\n').unwrap();
    // As bits, since a parser of decimals may round.
    let quantiles: Vec<Vec<u64>> = serde_json::from_str(quantiles).unwrap();
    let quantiles = quantiles.into_iter().map(|query| query.into_iter().map(f64::from_bits).collect());
    Some((serde_json::from_str(figures).unwrap(), quantiles.collect()))
}

fn quantiles(embeddings: &[f32], dim: usize, labels: &[u32]) -> Vec<Vec<f64>> {
    let prepared = PreparedRows::new(matrix(embeddings, dim), Similarity::Cosine).unwrap();
    let positives = Positives::of_labels(labels);
    let queries: Vec<u32> = (0..labels.len() as u32).collect();
    let ranker = crate::eval::ExactRanker::new(&prepared, &positives, None).unwrap();
    ranker.rank(&queries, &Quiet, |found| found.quantiles().collect()).unwrap().0
}

#[test]
fn quantiles_equal_the_reference_bit_for_bit_where_dot_products_are_exact() {
    let labels: Vec<u32> = (0..1200).map(|row| row * row % 97).collect();
    let mut embeddings = exact_unit_rows(1200, 16, 5);
    embeddings.copy_within(0..16 * 200, 16 * 600); // so that there are ties
    let Some((_, expected)) = reference(&embeddings, 16, &labels) else { return };
    let tied = expected.iter().flatten().filter(|q| (*q * 2.0 * 1190.0).round() % 2.0 != 0.0).count();
    assert!(tied > 0);
    let found = quantiles(&embeddings, 16, &labels);
    let difference = found.iter().zip(&expected).position(|(found, expected)| found != expected);
    assert_eq!((found.len(), difference), (expected.len(), None), "first query that differs");
}

#[test]
fn quantiles_differ_from_the_reference_by_one_negative_at_most() {
    let (dim, rows) = (5, 900);
    let labels: Vec<u32> = (0..rows).map(|row| row * row % 37).collect();
    let embeddings = scattered(rows as usize * dim, 5);
    let Some((reference, expected)) = reference(&embeddings, dim, &labels) else { return };
    let found = quantiles(&embeddings, dim, &labels);
    for (label, (found, expected)) in found.iter().zip(&expected).enumerate() {
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1.001 / 800.0, "query {label}: {found}, {expected}");
        }
    }
    let tally = RetrievalResults::of_labels(matrix(&embeddings, dim), &labels).unwrap();
    let (counts, figures) = (tally.counts(), tally.figures().unwrap());
    let same = |path: &str, found: f64| {
        let expected = reference.pointer(path).and_then(serde_json::Value::as_f64).expect(path);
        assert!((found - expected).abs() < 1e-5, "{path}: {found} instead of {expected}");
    };
    same("/queries", counts.queries as f64);
    same("/positives", counts.positives as f64);
    for (name, value) in Figures::names().iter().zip(figures.values()) {
        let path = match name.split_once(".recall.") {
            Some((part, x)) => format!("/{part}/recall/{x}"),
            None => format!("/{}", name.replace('.', "/")),
        };
        if !name.starts_with("hits") && name != "mrr" && name != "micro.recall.0.0001" {
            same(&path, value);
        }
    }
}

#[test]
fn hits_and_reciprocal_rank_count_the_negatives_before_the_best_positive() {
    // Row 0 finds its positive behind one negative; row 1 at once.
    let embeddings = [1.0, 0.0, 0.0, 1.0, 0.9, 0.1];
    let found = figures(&embeddings, 2, &[0, 0, 1]);
    assert_eq!((found.mrr, found.hits), ((0.5 + 0.5) / 2.0, [0.0, 1.0, 1.0]));
}

#[test]
fn the_area_under_the_curve_of_recall_is_the_auc() {
    let labels: Vec<u32> = (0..300).map(|row| row / 5).collect();
    let tally = RetrievalResults::of_labels(matrix(&scattered(300 * 3, 8), 3), &labels).unwrap();
    let all: Vec<f64> = quantiles(&scattered(300 * 3, 8), 3, &labels).concat();
    let expected = Quantiles::new(all).unwrap();
    assert!((tally.figures().unwrap().micro.auc_quantile - expected.auc()).abs() < 1e-12);
    assert_eq!(tally.figures().unwrap().micro.median_q, expected.median());
    let recall = tally.curve(&[0.123], Bootstrap::new(0, 1))[0].value;
    assert_eq!(recall, expected.recall(0.123));
}
