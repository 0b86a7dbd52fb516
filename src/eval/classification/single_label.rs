//! From predictions to figures, for drugs of one class.

use super::cross_validation::TestPredictions;
use super::data::Selected;
use super::intervals::{Estimate, Spread, of_scores};
use super::options::ClassOptions;
use super::results::{Baselines, ClassFigures, Configuration, OverRepeats, Permuted};
use super::scores::{Confusion, Scores, majority};
use crate::learn::Labels;

pub(super) fn baselines(
    data: &Selected,
    names: &[String],
    labelings: &[Labels],
    predictions: &[Vec<TestPredictions>],
) -> Baselines {
    let permuted = labelings.iter().zip(predictions).skip(1);
    let scores: Vec<Scores> = permuted
        .map(|(labels, predictions)| {
            Confusion::of(&labels.firsts(), &predictions[0].predicted, labels.classes()).scores()
        })
        .collect();
    Baselines { majority: majority(&data.labels.sizes()), permuted: spread(&scores, names) }
}

fn spread(runs: &[Scores], names: &[String]) -> Option<Permuted> {
    let figure = |at: usize| Spread::of(runs.iter().map(|run| run.to_array()[at]).collect());
    Some(Permuted {
        runs: runs.len(),
        configuration: names[0].clone(),
        accuracy: figure(0)?,
        balanced_accuracy: figure(1)?,
        macro_f1: figure(2)?,
        weighted_f1: figure(3)?,
    })
}

pub(super) fn configurations(
    data: &Selected,
    options: &ClassOptions,
    names: &[String],
    predictions: &[TestPredictions],
) -> Vec<Configuration> {
    let (truth, classes) = (data.labels.firsts(), data.names.len());
    let predicted: Vec<&[Vec<u32>]> =
        predictions.iter().map(|predictions| predictions.predicted.as_slice()).collect();
    let intervals = of_scores(&truth, &predicted, classes, options.bootstrap, options.seed);
    let one = |(at, (name, predictions)): (usize, (&String, &TestPredictions))| {
        let intervals = intervals.as_ref().map(|intervals| &intervals[4 * at..][..4]);
        configuration(data, name, &truth, predictions, intervals)
    };
    names.iter().zip(predictions).enumerate().map(one).collect()
}

fn configuration(
    data: &Selected,
    name: &str,
    truth: &[u32],
    predictions: &TestPredictions,
    intervals: Option<&[[f64; 2]]>,
) -> Configuration {
    let confusion = Confusion::of(truth, &predictions.predicted, data.names.len());
    let scores = confusion.scores().to_array();
    let figure =
        |at: usize| Estimate { value: scores[at], interval: intervals.map(|intervals| intervals[at]) };
    Configuration {
        name: name.to_owned(),
        accuracy: figure(0),
        balanced_accuracy: figure(1),
        macro_f1: figure(2),
        weighted_f1: figure(3),
        classes: class_figures(data, &confusion),
        confusion: confusion.rows(),
        over_repeats: over_repeats(truth, &predictions.predicted),
        chosen: predictions.chosen.clone(),
    }
}

fn class_figures(data: &Selected, confusion: &Confusion) -> Vec<ClassFigures> {
    let classes = data.names.iter().zip(data.labels.sizes()).enumerate();
    let figures = |(class, (name, support)): (usize, (&String, usize))| ClassFigures {
        name: name.clone(),
        support,
        accuracy: confusion.recall(class),
        precision: confusion.precision(class),
        f1: confusion.f1(class),
    };
    classes.map(figures).collect()
}

fn over_repeats(truth: &[u32], repeats: &[Vec<u32>]) -> Option<OverRepeats> {
    let right = |predicted: &Vec<u32>| truth.iter().zip(predicted).filter(|(a, b)| a == b).count();
    let shares: Vec<f64> = repeats.iter().map(|run| right(run) as f64 / truth.len() as f64).collect();
    let mean = shares.iter().sum::<f64>() / shares.len() as f64;
    let squares: f64 = shares.iter().map(|share| (share - mean).powi(2)).sum();
    (shares.len() > 1).then(|| OverRepeats { mean, sd: (squares / (shares.len() - 1) as f64).sqrt() })
}
