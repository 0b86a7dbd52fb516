use super::*;
use std::{fs, path::Path, process::Command};

/// Numbers in [-1, 1) that look random and are always the same.
fn scattered(count: usize, mut state: u64) -> Vec<f32> {
    let next = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1_u64 << 23) as f32 - 1.0
    };
    (0..count).map(next).collect()
}

/// Ranks one pair at a time, in double precision, with no sorting: slow, and obviously right.
fn by_counting(embeddings: &[f32], dim: usize, labels: &[u32]) -> Vec<f64> {
    let row = |i: usize| &embeddings[i * dim..][..dim];
    let dot64 = |a: &[f32], b: &[f32]| -> f64 { a.iter().zip(b).map(|(x, y)| f64::from(x * y)).sum() };
    let cosine = |i, j| dot64(row(i), row(j)) / (dot64(row(i), row(i)) * dot64(row(j), row(j))).sqrt();
    let mut quantiles = Vec::new();
    for query in 0..labels.len() {
        let negatives: Vec<f64> =
            (0..labels.len()).filter(|&j| labels[j] != labels[query]).map(|j| cosine(query, j)).collect();
        for positive in (0..labels.len()).filter(|&j| j != query && labels[j] == labels[query]) {
            let similarity = cosine(query, positive);
            let rank: f64 = negatives.iter().map(|&n| (n > similarity) as u8 as f64).sum();
            quantiles.push(rank / negatives.len() as f64);
        }
    }
    quantiles
}

#[test]
fn quantiles_equal_those_counted_pair_by_pair() {
    let (dim, labels) = (11, [0, 1, 2, 0, 1, 2, 0, 3, 1, 1, 0, 2]);
    let embeddings = scattered(labels.len() * dim, 7);
    let found: Vec<f64> =
        query_quantiles(&embeddings, dim, &labels).unwrap().into_iter().flat_map(|q| q.quantiles).collect();
    let expected = by_counting(&embeddings, dim, &labels);
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(&expected) {
        assert!((found - expected).abs() < 1e-12, "{found} instead of {expected}");
    }
}

#[test]
fn a_lone_signature_is_a_negative_but_no_query() {
    let report = same_label_retrieval(&[1.0, 0.0, 1.0, 0.1, 0.0, 1.0], 2, &[4, 4, 9]).unwrap();
    assert_eq!((report.queries, report.positives, report.labels), (2, 2, 1));
    assert_eq!((report.negatives_mean, report.auc_quantile), (1.0, 1.0));
}

#[test]
fn macro_figures_weigh_every_label_alike() {
    // Label 0: three signatures that find each other. Label 1: two that every other signature separates.
    let embeddings = [1.0, 0.0, 1.0, 0.01, 1.0, -0.01, 0.7, 0.7, 0.7, -0.7];
    let report = same_label_retrieval(&embeddings, 2, &[0, 0, 0, 1, 1]).unwrap();
    assert_eq!(report.macro_auc, 0.5);
    assert_eq!(report.auc_quantile, 0.75);
}

#[test]
fn recall_finer_than_the_negatives_resolve_is_left_out() {
    let labels: Vec<u32> = (0..40).map(|row| row / 2).collect();
    let report = same_label_retrieval(&scattered(40 * 4, 3), 4, &labels).unwrap();
    let xs: Vec<f64> = report.recall.iter().map(|&(x, _)| x).collect();
    assert_eq!(xs, [0.05, 0.1, 0.2, 0.3], "38 negatives resolve 1/38 at best");
}

#[test]
fn random_vectors_score_chance() {
    let labels: Vec<u32> = (0..600).map(|row| row / 6).collect();
    let report = same_label_retrieval(&scattered(600 * 16, 11), 16, &labels).unwrap();
    assert!((report.auc_quantile - 0.5).abs() < 0.02, "{report:?}");
}

#[test]
fn what_cannot_be_evaluated_says_why() {
    let evaluate =
        |values: &[f32], dim, labels: &[u32]| same_label_retrieval(values, dim, labels).unwrap_err();
    assert_eq!(evaluate(&[], 0, &[]), EvalError::NoDimension);
    assert_eq!(evaluate(&[], 2, &[]), EvalError::NoPositive { labels: 0 });
    assert_eq!(evaluate(&[1.0], 2, &[0]), EvalError::Shape { labels: 1, dim: 2, expected: 2, found: 1 });
    assert_eq!(evaluate(&[1.0, 2.0, f32::NAN, 1.0], 2, &[0, 0]), EvalError::NotFinite { row: 1 });
    assert_eq!(evaluate(&[1.0, 2.0], 1, &[0, 1]), EvalError::NoPositive { labels: 2 });
    assert_eq!(evaluate(&[1.0, 2.0], 1, &[3, 3]), EvalError::NoNegative { rows: 2 });
}

#[test]
fn a_zero_row_is_dissimilar_to_all_and_no_nan_arises() {
    let report = same_label_retrieval(&[0.0, 0.0, 1.0, 0.0, -1.0, 0.0], 2, &[0, 0, 1]).unwrap();
    assert!(report.auc_quantile.is_finite());
}

/// The plain reference kept beside the checkout, which other implementations are held against too.
#[test]
fn figures_equal_those_of_the_reference_script() {
    let tool = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/tools/quantile_reference.py");
    let python = std::env::var("L1KDB_PYTHON").unwrap_or_else(|_| "python3".into());
    let has_numpy = Command::new(&python).args(["-c", "import numpy"]).output();
    if !tool.exists() || !has_numpy.is_ok_and(|run| run.status.success()) {
        println!("skipped: needs {} and a Python with numpy (set L1KDB_PYTHON)", tool.display());
        return;
    }
    let (dim, rows) = (5, 300);
    let labels: Vec<u32> = (0..rows).map(|row| row * row % 37).collect();
    let embeddings = scattered(rows as usize * dim, 5);
    let folder = tempfile::tempdir().unwrap();
    let (values, names) = (folder.path().join("e.npy"), folder.path().join("labels.txt"));
    fs::write(&values, npy(&embeddings, dim)).unwrap();
    fs::write(&names, labels.iter().map(|label| format!("{label}\n")).collect::<String>()).unwrap();

    let output = Command::new(python).arg(tool).args([values, names]).output().unwrap();
    let reference: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let report = same_label_retrieval(&embeddings, dim, &labels).unwrap();

    let same = |path: &str, found: f64| {
        let expected = reference.pointer(path).and_then(serde_json::Value::as_f64).expect(path);
        assert!((found - expected).abs() < 1e-6, "{path}: {found} instead of {expected}");
    };
    same("/queries", report.queries as f64);
    same("/positives", report.positives as f64);
    same("/micro/auc_quantile", report.auc_quantile);
    same("/micro/median_q", report.median_q);
    same("/macro/auc_quantile", report.macro_auc);
    same("/macro/median_q", report.macro_median_q);
    same("/mean_query_median_q", report.mean_query_median_q);
    assert!(!report.recall.is_empty());
    for (x, recall) in report.recall {
        same(&format!("/micro/recall/{x}"), recall);
    }
}

/// A version 1.0 NumPy file of 32-bit floats.
fn npy(values: &[f32], dim: usize) -> Vec<u8> {
    let shape = format!("({}, {dim})", values.len() / dim);
    let dictionary = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}");
    let header = format!("{dictionary:<117}\n");
    let mut file = b"\x93NUMPY\x01\x00\x76\x00".to_vec();
    file.extend(header.bytes());
    file.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    file
}
