use super::*;
use crate::eval::classification::{ClassOptions, DrugClasses, LabelMode, Method, classify};
use crate::learn::Metric;
use crate::progress::Quiet;

/// A report on drugs that lie on the axis of their class, off it by multiples of `noise`.
fn report(noise: f32, options: &ClassOptions) -> ClassReport {
    const CLASSES: usize = 3;
    let rows = 10 * CLASSES;
    let mut state = 3_u64;
    let mut noisy = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1_u64 << 23) as f32 - 1.0
    };
    let mut embeddings: Vec<f32> = (0..rows * CLASSES).map(|_| noise * noisy()).collect();
    (0..rows).for_each(|row| embeddings[row * CLASSES + row % CLASSES] += 1.0);
    let drugs: Vec<String> = (0..rows).map(|row| format!("drug {row}")).collect();
    let class_of: Vec<Vec<u32>> = (0..rows).map(|row| vec![(row % CLASSES) as u32]).collect();
    let names = ["L Cancer", "N Nervous system", "kinase inhibitor"].map(str::to_owned);
    let data = DrugClasses {
        embeddings: &embeddings,
        dim: CLASSES,
        drugs: &drugs,
        classes: &class_of,
        names: &names,
        folds: None,
    };
    classify(&data, options, &Quiet).unwrap()
}

fn options() -> ClassOptions {
    let method = Method::Knn { k: vec![3, 5], metrics: vec![Metric::Cosine], weighted: false };
    ClassOptions::new(method).bootstrap(200)
}

fn html(report: &ClassReport) -> String {
    let mut out = Vec::new();
    classes_page(report, None, &Provenance::default(), None).write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_clear_finding_is_told_as_one() {
    let html = html(&report(0.1, &options()));
    for part in [
        "&quot;cosine, k=3&quot; places 100.0 % (95 % interval 100.0 to 100.0 %) of the drugs in their own class",
        "It is the best of 2",
        "Always naming the largest class would give 33.3 %",
        "The embedding is better than both",
        "<b>L</b>",
    ] {
        assert!(html.contains(part), "{part}");
    }
    for name in ["accuracy", "balanced-accuracy", "confusion", "classes"] {
        assert_eq!(html.matches(&format!("data-figure=\"{name}\"")).count(), 1, "{name}");
    }
}

#[test]
fn what_is_no_better_than_chance_is_told_as_such() {
    let html = html(&report(1e6, &options()));
    assert!(html.contains("The embedding is not better than chance"));
    assert!(!html.contains("The embedding is better"));
}

#[test]
fn without_an_interval_or_permutations_no_more_is_said_than_is_known() {
    let bare = html(&report(0.1, &options().permutations(0).bootstrap(0)));
    assert!(bare.contains("Without an interval nothing can be said about chance"));
    let alone = html(&report(0.1, &options().permutations(0)));
    assert!(alone.contains("random classes were not tried"));
    assert!(!bare.contains("The embedding is better") && !alone.contains("better than both"));
}

#[test]
fn every_kind_of_report_has_its_page() {
    let several = html(&report(0.3, &options().labels(LabelMode::Multi)));
    assert!(several.contains("data-figure=\"hit-rate\"") && several.contains("data-figure=\"classes\""));
    let clusters = html(&report(0.3, &options().method(Method::cluster())));
    assert!(clusters.contains("adjusted Rand index") && clusters.contains("id=\"clusterings\""));
    for html in [several, clusters] {
        assert!(!html.contains("NaN") && !html.contains("data-empty"));
    }
}
