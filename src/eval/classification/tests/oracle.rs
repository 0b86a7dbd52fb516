//! Figures of scikit-learn 1.9.1, and of NumPy where it has none, on drugs that are made by rule.

use super::super::cluster_agreement::{adjusted_rand, normalised_information};
use super::super::fixture::{Drugs, quick, scattered};
use super::super::*;
use super::{knn, run};
use crate::learn::{Kernel, Metric};

/// 300 drugs of 8 numbers, of 82, 55, 54 and 109 in the classes 0, 1, 3 and 4, where folds are row modulo 5.
pub(super) fn drugs() -> Drugs {
    let class_of: Vec<u32> = (0..300).map(|row| row * row % 11 % 5).collect();
    let mut values = scattered(300 * 8, 42);
    for (row, &class) in values.chunks_exact_mut(8).zip(&class_of) {
        row.iter_mut().for_each(|value| *value *= 1.5);
        row[class as usize] += 1.0;
    }
    let mut drugs = Drugs::new(values, 8, &class_of);
    drugs.folds = Some((0..300).map(|row| Some(row % 5)).collect());
    drugs
}

fn assert_close(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9, "{found} instead of {expected}");
}

/// Right answers, balanced accuracy, macro F1 and weighted F1 of scikit-learn 1.9.1. `k=1` is its own
/// `KNeighborsClassifier` under `LeaveOneOut`; `k=7` are NumPy's distances with the rule for ties, since scikit-learn has
/// another; figures are those of `sklearn.metrics`.
#[test]
fn neighbours_score_what_scikit_learn_gives() {
    let mut drugs = drugs();
    drugs.folds = None;
    let method = Method::Knn { k: vec![1, 7], metrics: Metric::ALL.to_vec(), weighted: false };
    let report = run(&drugs, &quick().method(method));
    let expected = [
        (145, 0.468_913_570_703_680_34, 0.467_238_260_281_922_7, 0.483_077_921_961_605_2),
        (147, 0.455_637_961_118_828_3, 0.462_176_113_654_923_06, 0.482_918_114_219_410_7),
        (134, 0.423_235_242_708_278_2, 0.423_715_604_806_877_1, 0.446_094_465_022_797_7),
        (126, 0.381_009_694_167_000_03, 0.383_617_922_248_432_8, 0.410_694_146_708_483_2),
        (129, 0.419_264_454_042_928, 0.417_151_351_838_954_2, 0.429_300_875_073_074_24),
        (124, 0.377_821_306_222_514_5, 0.381_643_032_709_396_9, 0.402_993_130_396_420_26),
        (129, 0.408_844_448_814_240_76, 0.408_401_042_570_797_9, 0.428_827_018_859_477_27),
        (136, 0.419_890_691_053_143_1, 0.422_687_185_196_907_7, 0.447_394_447_705_570_35),
    ];
    for (configuration, (right, balanced, macro_f1, weighted)) in report.configurations.iter().zip(expected) {
        assert_close(configuration.accuracy.value, f64::from(right) / 300.0);
        assert_close(configuration.balanced_accuracy.value, balanced);
        assert_close(configuration.macro_f1.value, macro_f1);
        assert_close(configuration.weighted_f1.value, weighted);
    }
    let names: Vec<&str> = report.configurations.iter().map(|configuration| &*configuration.name).collect();
    assert_eq!(names[..3], ["cosine, k=1", "cosine, k=7", "euclid, k=1"]);
    assert_eq!(report.classes.iter().map(|class| class.drugs).collect::<Vec<_>>(), [82, 55, 54, 109]);
}

/// scikit-learn's `SVC(C=1, break_ties=True)` behind its `StandardScaler`; means of unit rows by NumPy.
#[test]
fn machines_and_class_means_score_what_scikit_learn_gives() {
    let drugs = drugs();
    let kernels = vec![Kernel::Linear, Kernel::Rbf, Kernel::Polynomial];
    let method = Method::Svm { kernels, c: vec![1.0], gamma: vec![1.0] };
    let report = run(&drugs, &quick().method(method).permutations(0));
    let expected = [
        (160, 0.507_206_679_308_939_4, 0.512_108_697_430_526_9),
        (157, 0.480_491_289_413_867_2, 0.490_836_430_922_883_4),
        (144, 0.455_751_650_163_151_6, 0.457_872_714_495_310_1),
    ];
    for (configuration, (right, balanced, macro_f1)) in report.configurations.iter().zip(expected) {
        assert_close(configuration.accuracy.value, f64::from(right) / 300.0);
        assert_close(configuration.balanced_accuracy.value, balanced);
        assert_close(configuration.macro_f1.value, macro_f1);
    }
    let report = run(&drugs, &quick().method(Method::Centroid));
    assert_close(report.configurations[0].accuracy.value, 157.0 / 300.0);
    assert_close(report.configurations[0].balanced_accuracy.value, 0.528_021_864_803_023_9);
    assert_close(report.configurations[0].macro_f1.value, 0.516_623_822_958_041);
}

/// scikit-learn's `adjusted_rand_score`, `normalized_mutual_info_score` and `AgglomerativeClustering`.
#[test]
fn clusters_agree_as_far_as_scikit_learn_says() {
    let class_of: Vec<u32> = (0..300).map(|row| row * row % 11 % 5).collect();
    let (sixth, fourth): (Vec<u32>, Vec<u32>) = (0..300).map(|row| (row % 6, row * row % 11 % 4)).unzip();
    assert_close(adjusted_rand(&class_of, &sixth), -0.010_543_821_138_264_01);
    assert_close(normalised_information(&class_of, &sixth), 0.001_425_012_034_023_129);
    assert_close(adjusted_rand(&class_of, &fourth), 0.271_013_661_036_469_5);
    assert_close(normalised_information(&class_of, &fourth), 0.486_214_940_782_674_2);

    let method = Method::Cluster { methods: vec![ClusterMethod::Hierarchical], clusters: Some(5) };
    let report = run(&drugs(), &quick().method(method));
    let hierarchical = &report.clusterings[0];
    assert_eq!(hierarchical.sizes, [105, 102, 42, 41, 10]);
    assert_close(hierarchical.ari, 0.038_143_362_720_953_35);
    assert_close(hierarchical.nmi, 0.053_034_610_404_010_92);
}

/// scikit-learn's `roc_auc_score` and `average_precision_score`, both macro, of the shares of seven neighbours.
#[test]
fn drugs_of_several_classes_score_what_scikit_learn_gives() {
    let mut drugs = drugs();
    drugs.folds = None;
    for (row, list) in drugs.classes.iter_mut().enumerate().step_by(3) {
        list.push((row % 13 % 5) as u32);
    }
    let method = knn(7, Metric::Cosine);
    let report = run(&drugs, &quick().method(method).labels(LabelMode::Multi));
    let multi_label = report.multi_label.unwrap();
    let scores = multi_label.results[0].scores;
    assert!((scores.macro_auc.unwrap() - 0.611_530_681_925_188_7).abs() < 1e-9, "{scores:?}");
    assert!((scores.macro_average_precision.unwrap() - 0.365_605_842_168_708_2).abs() < 1e-9, "{scores:?}");
    assert_eq!((report.left_out.total(), multi_label.classes_a_drug), (0, 1));
}
