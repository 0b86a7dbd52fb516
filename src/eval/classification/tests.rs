//! Promises of a whole run.

mod oracle;
mod repurposing;

use proptest::prelude::*;

use super::fixture::{Drugs, quick, scattered};
use super::*;
use crate::learn::{Kernel, Metric, Sampling};
use crate::progress::Quiet;

fn run(drugs: &Drugs, options: &ClassOptions) -> ClassReport {
    classify(&drugs.view(), options, &Quiet).unwrap()
}

fn knn(k: usize, metric: Metric) -> Method {
    Method::Knn { k: vec![k], metrics: vec![metric], weighted: false }
}

fn every_classifier() -> [Method; 4] {
    let svm = Method::Svm { kernels: vec![Kernel::Rbf], c: vec![0.1, 10.0], gamma: vec![1.0] };
    [knn(3, Metric::Cosine), svm, Method::Mlp { hidden: 16, epochs: 120 }, Method::Centroid]
}

#[test]
fn clouds_that_lie_apart_are_predicted_and_permuted_labels_are_not() {
    let drugs = Drugs::clouds(60, 6, 3, 0.2);
    for method in every_classifier() {
        let validation = Validation::KFold { k: 4, repeats: 2 };
        let report = run(&drugs, &quick().method(method).validation(validation));
        let configuration = &report.configurations[0];
        assert!(configuration.accuracy.value > 0.95, "{configuration:?}");
        let permuted = report.baselines.unwrap().permuted.unwrap();
        assert!(permuted.accuracy.range[1] < 0.65, "{}: {permuted:?}", configuration.name);
        let sums: Vec<u64> = configuration.confusion.iter().map(|row| row.iter().sum()).collect();
        assert_eq!(sums, [40, 40, 40], "20 drugs in each class, twice");
        assert!(configuration.over_repeats.is_some());
    }
}

#[test]
fn both_classes_of_a_drug_between_two_clouds_are_scored_above_the_third() {
    let mut drugs = Drugs::clouds(60, 6, 3, 0.2);
    for drug in (0..60).step_by(4) {
        let own = drugs.classes[drug][0];
        let other = (own + 1) % 3;
        drugs.embeddings[drug * 6 + other as usize] += 1.0;
        drugs.classes[drug] = vec![own.min(other), own.max(other)];
    }
    for method in every_classifier() {
        let (labels, validation) = (LabelMode::Multi, Validation::KFold { k: 4, repeats: 2 });
        let report = run(&drugs, &quick().method(method).labels(labels).validation(validation));
        let multi_label = report.multi_label.unwrap();
        let MultiLabelResult { configuration, scores, .. } = &multi_label.results[0];
        assert!(scores.hit_rate > 0.9 && scores.macro_auc.unwrap() > 0.95, "{configuration}: {scores:?}");
        assert!(multi_label.permuted.unwrap().macro_auc.unwrap().range[1] < 0.75, "{configuration}");
        assert!(report.configurations.is_empty() && report.baselines.is_none());
    }
}

#[test]
fn embeddings_that_know_nothing_score_no_better_than_permuted_labels() {
    let class_of: Vec<u32> = (0..400).map(|row| row % 4).collect();
    let drugs = Drugs::new(scattered(400 * 8, 3), 8, &class_of);
    let report = run(&drugs, &quick().method(knn(7, Metric::Cosine)).permutations(20).bootstrap(200));
    let [low, high] = report.configurations[0].accuracy.interval.unwrap();
    assert!(low < 0.25 && 0.25 < high, "{low} {high}");
    let permuted = report.baselines.unwrap().permuted.unwrap().accuracy;
    assert!((permuted.mean - 0.25).abs() < 0.02, "{permuted:?}");
}

#[test]
fn a_report_is_the_same_on_any_number_of_threads() {
    let drugs = Drugs::clouds(48, 5, 3, 0.9);
    for method in every_classifier().into_iter().chain([Method::cluster()]) {
        let options = quick().method(method).validation(Validation::KFold { k: 3, repeats: 2 });
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| run(&drugs, &options))
        };
        assert_eq!(on(1), on(4));
    }
}

#[test]
fn another_seed_draws_other_folds() {
    let drugs = Drugs::clouds(60, 4, 3, 1.5);
    let with = |seed| {
        let options =
            quick().method(knn(3, Metric::Cosine)).validation(Validation::KFold { k: 5, repeats: 1 });
        run(&drugs, &options.seed(seed)).configurations
    };
    assert_eq!(with(1), with(1));
    assert_ne!(with(1), with(2));
}

#[test]
fn leave_one_out_in_one_pass_is_leave_one_out_drug_by_drug() {
    let mut drugs = oracle::drugs();
    let options = quick().method(knn(5, Metric::Euclid));
    drugs.folds = Some((0..300).map(Some).collect());
    let one_by_one = run(&drugs, &options);
    drugs.folds = None;
    let at_once = run(&drugs, &options);
    assert_eq!(at_once.configurations, one_by_one.configurations);
    assert_eq!(at_once.baselines, one_by_one.baselines);
    assert_eq!(at_once.folds, one_by_one.folds);
}

#[test]
fn nothing_of_a_test_drug_reaches_the_training_side() {
    // Drugs 7 and 8 are tested together. The class of 7, which no classifier may see, and the whole of 8 are changed; the scores
    // for 7 are the same to the last bit.
    let mut drugs = Drugs::clouds(40, 4, 2, 1.2);
    drugs.folds = Some((0..40).map(|row| Some(u32::from(row == 7 || row == 8))).collect());
    for method in every_classifier() {
        for sampling in [Sampling::AsIs, Sampling::Up, Sampling::Down] {
            let options = quick().method(method.clone()).sampling(sampling).permutations(0);
            let scores = |drugs: &Drugs| {
                let selected = Selected::new(&drugs.view(), &options).unwrap();
                let plans = plans(&selected, &options).unwrap();
                let classifier = options.method.classifier().unwrap();
                let validation = CrossValidation {
                    data: &selected,
                    classifier: classifier.as_ref(),
                    configurations: 1,
                    labelings: std::slice::from_ref(&selected.labels),
                    sampling,
                    seed: 1,
                };
                validation.predicted(&plans[0].part(1, 0)).unwrap()[0].scores[..2].to_vec()
            };
            let before = scores(&drugs);
            let mut other = drugs.clone();
            [7, 8].iter().for_each(|&drug: &usize| other.classes[drug] = vec![1 - other.classes[drug][0]]);
            other.embeddings[8 * 4..9 * 4].fill(1e3);
            assert_eq!(scores(&other), before, "{method:?} {sampling:?}");
        }
    }
}

#[test]
fn balanced_classes_raise_the_recall_of_the_small_one() {
    let class_of: Vec<u32> = (0..120).map(|row| u32::from(row % 8 == 0)).collect();
    let mut values = scattered(120 * 3, 9);
    values.chunks_exact_mut(3).zip(&class_of).for_each(|(row, &class)| row[class as usize] += 0.7);
    let drugs = Drugs::new(values, 3, &class_of);
    for validation in [Validation::LeaveOneOut, Validation::KFold { k: 5, repeats: 1 }] {
        let recall = |sampling| {
            let options = quick().method(knn(9, Metric::Euclid)).validation(validation).sampling(sampling);
            run(&drugs, &options).configurations[0].classes[1].accuracy
        };
        let as_is = recall(Sampling::AsIs);
        assert!(recall(Sampling::Up) > as_is + 0.2 && recall(Sampling::Down) > as_is + 0.2, "{validation:?}");
    }
}

#[test]
fn drugs_are_left_out_for_the_first_reason_that_holds() {
    let mut drugs = Drugs::clouds(20, 4, 4, 0.5);
    drugs.classes[0] = vec![];
    drugs.classes[1] = vec![0, 1];
    drugs.names.extend(["alone".to_owned(), "unused".to_owned()]);
    drugs.classes[2] = vec![4];
    drugs.folds = Some((0..20).map(|row| (row != 3).then_some(row % 2 * 7)).collect());
    let options = quick().method(Method::Centroid).top(2);
    let report = run(&drugs, &options);
    let left_out =
        LeftOut { no_class: 1, several_classes: 1, no_fold: 1, class_too_small: 1, class_not_taken: 8 };
    assert_eq!((report.left_out, report.drugs, report.folds), (left_out, 8, 2));
    let classes: Vec<(&str, usize)> =
        report.classes.iter().map(|class| (&*class.name, class.drugs)).collect();
    assert_eq!(classes, [("class 0", 4), ("class 1", 4)]);
}

#[test]
fn clusters_of_clouds_are_the_classes() {
    let drugs = Drugs::clouds(60, 6, 3, 0.2);
    let report = run(&drugs, &quick().method(Method::cluster()).permutations(20));
    for clustering in &report.clusterings {
        assert_eq!((clustering.ari, clustering.sizes.as_slice()), (1.0, &[20, 20, 20][..]));
        assert!((clustering.nmi - 1.0).abs() < 1e-9);
        let (ari, nmi) = (clustering.permuted_ari.unwrap(), clustering.permuted_nmi.unwrap());
        assert!(ari.mean.abs() < 0.03 && 0.0 < nmi.mean && nmi.mean < 0.1, "{ari:?} {nmi:?}");
    }
}

fn refused(change: impl Fn(&mut Drugs, &mut ClassOptions)) -> String {
    let (mut drugs, mut options) = (Drugs::clouds(12, 4, 3, 0.5), quick());
    options.method = knn(3, Metric::Cosine);
    change(&mut drugs, &mut options);
    classify(&drugs.view(), &options, &Quiet).unwrap_err().to_string()
}

#[test]
fn what_cannot_be_evaluated_says_why() {
    let says = |text: &str, change: &dyn Fn(&mut Drugs, &mut ClassOptions)| {
        let message = refused(change);
        assert!(message.contains(text), "{message}");
    };
    says("expected embeddings for 12 drugs, found 11", &|drugs, _| drugs.embeddings.truncate(44));
    says("expected classes for 12 drugs, found 13", &|drugs, _| drugs.classes.push(vec![]));
    says("expected folds for 12 drugs, found 1", &|drugs, _| drugs.folds = Some(vec![None]));
    says("row 3 (drug 2) ", &|drugs, _| drugs.embeddings[9] = f32::NAN);
    says("row 5 (drug 4) of the drugs has class 9, but only 3", &|drugs, _| drugs.classes[4] = vec![9]);
    says("found 1 (12 drugs remain)", &|drugs, _| drugs.classes.fill(vec![1]));
    says("found 0 (0 drugs remain)", &|drugs, _| drugs.classes.fill(vec![]));
    says("12 neighbours were asked for, but only 11", &|_, options| {
        options.method = knn(12, Metric::Euclid);
    });
    says("k is 0", &|_, options| options.method = knn(0, Metric::Euclid));
    says("folds is 1, expected at least 2", &|_, options| {
        options.validation = Validation::KFold { k: 1, repeats: 1 };
    });
    says("folds is 13, expected at most one for each of the 12 drugs", &|_, options| {
        options.validation = Validation::KFold { k: 13, repeats: 1 };
    });
    says("only 8 drugs are there", &|_, options| {
        options.method = knn(9, Metric::Euclid);
        options.validation = Validation::KFold { k: 3, repeats: 1 };
    });
    says("folds of the split is 1", &|drugs, _| drugs.folds = Some(vec![Some(3); 12]));
    says("clusters is 13", &|_, options| {
        options.method = Method::Cluster { methods: vec![ClusterMethod::KMeans], clusters: Some(13) };
    });
    says("sampling", &|_, options| {
        (options.labels, options.sampling) = (LabelMode::Multi, Sampling::Up);
    });
}

#[test]
fn a_class_smaller_than_the_number_of_folds_is_no_error() {
    let mut drugs = Drugs::clouds(30, 4, 3, 0.3);
    for row in (2..30).step_by(3).skip(2) {
        drugs.classes[row] = vec![];
    }
    for (method, sampling) in every_classifier().into_iter().zip([Sampling::AsIs, Sampling::Down].repeat(2)) {
        let folds = Validation::KFold { k: 10, repeats: 1 };
        let options = quick().method(method).sampling(sampling).validation(folds);
        let report = run(&drugs, &options);
        assert_eq!(report.classes.iter().map(|class| class.drugs).collect::<Vec<_>>(), [10, 10, 2]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn no_data_makes_it_panic(
        values in prop::collection::vec(prop_oneof![Just(0.0_f32), Just(1.0), Just(f32::MAX), Just(-f32::MAX), -1.0_f32..1.0], 24),
        class_of in prop::collection::vec(0_u32..3, 12),
        which in 0_usize..5, folded: bool, multi: bool, seed: u64,
    ) {
        let mut drugs = Drugs::new(values, 2, &class_of);
        drugs.names = (0..3).map(|class| class.to_string()).collect();
        if multi {
            drugs.classes.iter_mut().step_by(2).for_each(|list| list.push(2));
        }
        let method = every_classifier().into_iter().chain([Method::cluster()]).nth(which).unwrap();
        let validation = if folded { Validation::KFold { k: 3, repeats: 1 } } else { Validation::LeaveOneOut };
        let labels = if multi { LabelMode::Multi } else { LabelMode::SingleOnly };
        let options = quick().method(method).validation(validation).labels(labels).seed(seed);
        if let Ok(report) = classify(&drugs.view(), &options, &Quiet) {
            let text = format!("{report:?}");
            prop_assert!(report.configurations.iter().all(|c| c.accuracy.value.is_finite()), "{}", text);
        }
    }
}
