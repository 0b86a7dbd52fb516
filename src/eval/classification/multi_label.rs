//! Scores for drugs of several classes.

use super::cross_validation::TestPredictions;
use super::data::Selected;
use super::intervals::{Estimate, Spread, bootstrap};
use super::options::ClassOptions;
use super::results::{MultiLabel, MultiLabelClass, MultiLabelPermuted, MultiLabelResult, MultiLabelScores};
use crate::learn::Labels;

/// Returns all figures of a run with drugs of several classes.
pub(super) fn multi_label(
    data: &Selected,
    options: &ClassOptions,
    names: &[String],
    labelings: &[Labels],
    predictions: &[Vec<TestPredictions>],
) -> MultiLabel {
    let labels = &labelings[0];
    let largest = labels.sizes().into_iter().max().unwrap_or(0);
    let taken = taken(labels);
    let results = names.iter().zip(&predictions[0]);
    let permuted: Vec<MultiLabelScores> = labelings
        .iter()
        .zip(predictions)
        .skip(1)
        .map(|(labels, predictions)| scores(labels, &predictions[0], taken))
        .collect();
    MultiLabel {
        classes_a_drug: taken,
        majority_hit_rate: largest as f64 / data.len() as f64,
        permuted: spreads(&permuted, names),
        results: results.map(|(name, predictions)| result(data, options, name, predictions, taken)).collect(),
    }
}

/// Returns how many classes are predicted for a drug: the mean number that drugs have, rounded.
fn taken(labels: &Labels) -> usize {
    let all: usize = labels.sizes().iter().sum();
    (all as f64 / labels.len() as f64).round().max(1.0) as usize
}

fn result(
    data: &Selected,
    options: &ClassOptions,
    name: &str,
    predictions: &TestPredictions,
    taken: usize,
) -> MultiLabelResult {
    let labels = &data.labels;
    let all: Vec<u32> = (0..data.len() as u32).collect();
    let hits = hits(labels, predictions);
    let interval =
        bootstrap(data.len(), options.bootstrap, options.seed, |places| vec![mean_hit(&hits, places)]);
    let classes = data.names.iter().enumerate();
    MultiLabelResult {
        configuration: name.to_owned(),
        hit_rate: Estimate { value: mean_hit(&hits, &all), interval: interval.map(|intervals| intervals[0]) },
        scores: scores(labels, predictions, taken),
        classes: classes.map(|(class, name)| of_class(labels, predictions, class, name, taken)).collect(),
        chosen: predictions.chosen.clone().into_iter().collect(),
    }
}

fn of_class(
    labels: &Labels,
    predictions: &TestPredictions,
    class: usize,
    name: &str,
    taken: usize,
) -> MultiLabelClass {
    MultiLabelClass {
        name: name.to_owned(),
        support: labels.sizes()[class],
        auc: over_repeats(predictions, |scores| auc(labels, scores, class)),
        average_precision: over_repeats(predictions, |scores| average_precision(labels, scores, class)),
        f1: over_repeats(predictions, |scores| Some(f1(labels, scores, class, taken))).unwrap_or(0.0),
    }
}

/// Returns the share of repeats in which the best-scored class of a drug is one of its own, by drug.
fn hits(labels: &Labels, predictions: &TestPredictions) -> Vec<f64> {
    let hit = |drug: u32| {
        let right = predictions
            .predicted
            .iter()
            .filter(|predicted| labels.of(drug).contains(&predicted[drug as usize]))
            .count();
        right as f64 / predictions.predicted.len() as f64
    };
    (0..labels.len() as u32).map(hit).collect()
}

fn mean_hit(hits: &[f64], places: &[u32]) -> f64 {
    places.iter().map(|&place| hits[place as usize]).sum::<f64>() / places.len() as f64
}

fn scores(labels: &Labels, predictions: &TestPredictions, taken: usize) -> MultiLabelScores {
    let all: Vec<u32> = (0..labels.len() as u32).collect();
    let over_classes = |figure: &dyn Fn(&[f32], usize) -> Option<f64>| {
        let of_class = |class| over_repeats(predictions, |scores| figure(scores, class));
        mean((0..labels.classes()).filter_map(of_class))
    };
    MultiLabelScores {
        hit_rate: mean_hit(&hits(labels, predictions), &all),
        macro_auc: over_classes(&|scores, class| auc(labels, scores, class)),
        macro_average_precision: over_classes(&|scores, class| average_precision(labels, scores, class)),
        macro_f1: over_classes(&|scores, class| Some(f1(labels, scores, class, taken))).unwrap_or(0.0),
    }
}

fn spreads(runs: &[MultiLabelScores], names: &[String]) -> Option<MultiLabelPermuted> {
    let spread = |value: &dyn Fn(&MultiLabelScores) -> Option<f64>| {
        Spread::of(runs.iter().filter_map(value).collect())
    };
    Some(MultiLabelPermuted {
        runs: runs.len(),
        configuration: names[0].clone(),
        hit_rate: spread(&|run| Some(run.hit_rate))?,
        macro_auc: spread(&|run| run.macro_auc),
        macro_average_precision: spread(&|run| run.macro_average_precision),
        macro_f1: spread(&|run| Some(run.macro_f1))?,
    })
}

fn over_repeats(predictions: &TestPredictions, figure: impl Fn(&[f32]) -> Option<f64>) -> Option<f64> {
    mean(predictions.scores.iter().filter_map(|scores| figure(scores)))
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0_usize), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / count as f64)
}

/// Drugs as (score of the class, whether they have it), best first.
fn ranked(labels: &Labels, scores: &[f32], class: usize) -> Vec<(f32, bool)> {
    let has = |drug: usize| labels.of(drug as u32).contains(&(class as u32));
    let rows = scores.chunks_exact(labels.classes()).enumerate();
    let mut ranked: Vec<(f32, bool)> = rows.map(|(drug, row)| (row[class], has(drug))).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    ranked
}

/// Returns the share of (drug with the class, drug without) pairs in which the first scores higher, ties counting one half.
fn auc(labels: &Labels, scores: &[f32], class: usize) -> Option<f64> {
    let ranked = ranked(labels, scores, class);
    let positives = ranked.iter().filter(|(_, has)| *has).count();
    let negatives = ranked.len() - positives;
    let (mut below, mut won) = (negatives as f64, 0.0);
    for tied in ranked.chunk_by(|a, b| a.0 == b.0) {
        let with = tied.iter().filter(|(_, has)| *has).count() as f64;
        let without = tied.len() as f64 - with;
        below -= without;
        won += with * (below + without / 2.0);
    }
    (positives > 0 && negatives > 0).then(|| won / positives as f64 / negatives as f64)
}

/// Returns the mean over drugs with the class of the precision at their score, all drugs of one score taken together.
fn average_precision(labels: &Labels, scores: &[f32], class: usize) -> Option<f64> {
    let (mut seen, mut found, mut sum) = (0, 0, 0.0);
    for tied in ranked(labels, scores, class).chunk_by(|a, b| a.0 == b.0) {
        let with = tied.iter().filter(|(_, has)| *has).count();
        seen += tied.len();
        found += with;
        sum += with as f64 * found as f64 / f64::from(seen as u32);
    }
    (found > 0).then(|| sum / found as f64)
}

/// F1 of one class where every drug is given its `taken` best-scored classes, the first of equals.
fn f1(labels: &Labels, scores: &[f32], class: usize, taken: usize) -> f64 {
    let (mut right, mut given) = (0_usize, 0_usize);
    for (drug, row) in scores.chunks_exact(labels.classes()).enumerate() {
        let own = row[class];
        let ahead =
            row.iter().enumerate().filter(|&(other, score)| *score > own || (*score == own && other < class));
        if ahead.count() < taken {
            given += 1;
            right += usize::from(labels.of(drug as u32).contains(&(class as u32)));
        }
    }
    2.0 * right as f64 / (given + labels.sizes()[class]).max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels() -> Labels {
        Labels::new([vec![0], vec![0, 1], vec![1], vec![1]], 2).unwrap()
    }

    #[test]
    fn figures_of_a_class_are_those_worked_out_by_hand() {
        let scores = [0.9, 0.1, 0.4, 0.6, 0.4, 0.6, 0.1, 0.9];
        // Class 0, drugs 0 and 1: of four pairs three are in order and one is tied.
        assert_eq!(auc(&labels(), &scores, 0), Some(3.5 / 4.0));
        // Precision is 1 at drug 0 and 2/3 where drugs 1 and 2 are taken together.
        assert!((average_precision(&labels(), &scores, 0).unwrap() - (1.0 + 2.0 / 3.0) / 2.0).abs() < 1e-12);
        // One class a drug: drug 0 alone is given class 0, which drugs 0 and 1 have.
        assert!((f1(&labels(), &scores, 0, 1) - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!(f1(&labels(), &scores, 1, 1), 1.0);
    }

    #[test]
    fn a_class_that_all_have_has_no_auc() {
        let all = Labels::new([vec![0], vec![0, 1]], 2).unwrap();
        assert_eq!(auc(&all, &[0.5; 4], 0), None);
        assert_eq!(average_precision(&all, &[0.5; 4], 0), Some(1.0));
    }

    #[test]
    fn as_many_classes_are_given_as_drugs_have_on_average() {
        assert_eq!(taken(&labels()), 1);
        assert_eq!(taken(&Labels::new([vec![0, 1], vec![0, 1, 2], vec![0]], 3).unwrap()), 2);
    }
}
