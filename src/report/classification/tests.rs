use crate::Rows;
use crate::eval::classification::{
    ClassOptions, ClassReport, DrugClasses, LabelMode, Method, Validation, classify,
};
use crate::learn::{Metric, Sampling};
use crate::progress::Quiet;
use crate::report::{ClassesReport, Provenance, Report};

/// A report on eight drugs of each class that lie on the axis of their class, off it by multiples of `noise`.
fn report(classes: usize, noise: f32, options: &ClassOptions) -> ClassReport {
    let names: Vec<String> = (0..classes).map(|class| format!("class {class}")).collect();
    named(&names, noise, options)
}

fn named(names: &[String], noise: f32, options: &ClassOptions) -> ClassReport {
    let classes = names.len();
    let rows = 8 * classes;
    let mut state = 3_u64;
    let mut noisy = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1_u64 << 23) as f32 - 1.0
    };
    let mut embeddings: Vec<f32> = (0..rows * classes).map(|_| noise * noisy()).collect();
    (0..rows).for_each(|row| embeddings[row * classes + row % classes] += 1.0);
    let drugs: Vec<String> = (0..rows).map(|row| format!("drug {row}")).collect();
    let class_of: Vec<Vec<u32>> = (0..rows).map(|row| vec![(row % classes) as u32]).collect();
    let data = DrugClasses::new(Rows::new(&embeddings, classes).unwrap(), &drugs, &class_of, names);
    classify(&data, options, &Quiet).unwrap()
}

fn options() -> ClassOptions {
    let method = Method::Knn { k: vec![3, 5], metrics: vec![Metric::Cosine], weighted: false };
    ClassOptions::new(method).bootstrap(200)
}

fn table(report: &ClassReport, width: usize) -> String {
    let mut out = Vec::new();
    ClassesReport::new(report, &Provenance::default()).write_table(&mut out, width).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn baselines_stand_beside_results_and_a_sentence_says_what_they_mean() {
    let text = table(&report(4, 0.1, &options()), 80);
    for part in [
        "32 drugs of 4 classes, leave-one-out",
        "largest class",
        "25.0",
        "permuted (20)",
        "100.0 (100.0-100.0)",
    ] {
        assert!(text.contains(part), "{part} is missing:\n{text}");
    }
    let said = "cosine, k=3, the best of 2 and flattered by that choice, says: the interval of its accuracy lies above \
                always naming the largest class, and above permuted classes.";
    assert!(text.replace('\n', " ").contains(said), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
}

#[test]
fn embeddings_that_know_nothing_are_said_to_say_nothing() {
    let drowned = report(4, 1e6, &options());
    let text = table(&drowned, 80);
    let said = "lies neither above always naming the largest class nor above permuted classes";
    assert!(text.replace('\n', " ").contains(said), "{text}");
}

#[test]
fn a_matrix_that_is_too_wide_gives_way_to_the_classes_confused_most() {
    let report = report(12, 0.8, &options());
    assert!(table(&report, 120).contains("  12\n"), "the matrix has a column for each class");
    let narrow = table(&report, 70);
    assert!(narrow.contains("mostly predicted as"), "{narrow}");
    let classes = narrow.lines().skip_while(|line| !line.contains("mostly predicted as"));
    assert!(
        classes.clone().count() == 13 && classes.clone().all(|line| line.chars().count() <= 70),
        "{narrow}"
    );
}

#[test]
fn every_kind_of_report_has_its_table_and_lines_of_one_length() {
    let folds = Validation::KFold { k: 4, repeats: 2 };
    let kinds = [
        (options(), "accuracy"),
        (options().validation(folds).sampling(Sampling::Up), "4-fold, 2 times"),
        (options().labels(LabelMode::Multi), "hit rate"),
        (options().method(Method::cluster()), "hierarchical"),
        (options().permutations(0).bootstrap(0), "says: its accuracy"),
    ];
    for (options, part) in kinds {
        let report = report(3, 0.3, &options);
        assert!(table(&report, 80).contains(part), "{part}");
        let mut out = Vec::new();
        ClassesReport::new(&report, &Provenance::default()).write_tsv(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.lines().count() > 2 && text.lines().all(|line| line.split('\t').count() == 7), "{text}");
    }
}

#[test]
fn the_lines_of_a_matrix_sum_to_the_drugs_of_the_class() {
    let report = report(3, 0.6, &options());
    let mut out = Vec::new();
    ClassesReport::new(&report, &Provenance::default()).write_tsv(&mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    let cells = text
        .lines()
        .filter(|line| line.starts_with("cosine, k=3\tclass 1\t") && line.contains("\tconfusion\t"));
    let sum: f64 = cells.map(|line| line.split('\t').nth(4).unwrap().parse::<f64>().unwrap()).sum();
    assert_eq!(sum, 8.0);
}

/// The page of a report on three classes.
fn html(noise: f32, options: &ClassOptions) -> String {
    let report =
        named(&["L Cancer", "N Nervous system", "kinase inhibitor"].map(str::to_owned), noise, options);
    let mut out = Vec::new();
    ClassesReport::new(&report, &Provenance::default()).page().write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_clear_finding_is_told_as_one() {
    let html = html(0.1, &options());
    for part in [
        "&quot;cosine, k=3&quot; predicts the right class for 100.0 % (95 % interval 100.0 to 100.0 %) of the drugs",
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
    let html = html(1e6, &options());
    assert!(html.contains("The embedding is not better than chance"));
    assert!(!html.contains("The embedding is better"));
}

#[test]
fn without_an_interval_or_permutations_no_more_is_said_than_is_known() {
    let bare = html(0.1, &options().permutations(0).bootstrap(0));
    assert!(bare.contains("Without an interval nothing can be said about chance"));
    let alone = html(0.1, &options().permutations(0));
    assert!(alone.contains("random classes were not tried"));
    assert!(!bare.contains("The embedding is better") && !alone.contains("better than both"));
}

#[test]
fn every_kind_of_report_has_its_page() {
    let several = html(0.3, &options().labels(LabelMode::Multi));
    assert!(several.contains("data-figure=\"hit-rate\"") && several.contains("data-figure=\"classes\""));
    let clusters = html(0.3, &options().method(Method::cluster()));
    assert!(clusters.contains("adjusted Rand index") && clusters.contains("id=\"clusterings\""));
    for html in [several, clusters] {
        assert!(!html.contains("NaN") && !html.contains("data-empty"));
    }
}
