//! The figures of a report on classes.

use super::tables;
use crate::eval::classification::{
    ClassReport, Configuration, Estimate, MultiLabel, MultiLabelResult, Scores, Spread,
};
use crate::page::{Axis, Bars, Block, Class, Group, Heading, Interval, Matrix, thousands};

/// Every configuration beside what chance gives.
pub(super) fn configurations(report: &ClassReport) -> Vec<Block> {
    let mut blocks = Vec::new();
    if !report.configurations.is_empty() {
        let bars = [
            ("accuracy", "Drugs predicted as their own class", ACCURACY, accuracy(report)),
            ("balanced-accuracy", "The same, every class weighing alike", BALANCED, balanced(report)),
        ];
        blocks.extend(
            bars.map(|(name, title, caption, of)| Block::Bars(chance_bars(report, name, title, caption, of))),
        );
        blocks.push(Block::Table(tables::configurations(report)));
    }
    if let Some(multi_label) = &report.multi_label {
        blocks.push(Block::Bars(hit_rates(report, multi_label)));
        blocks.push(Block::Table(tables::multi_label(multi_label)));
    }
    if !report.clusterings.is_empty() {
        blocks.push(Block::Table(tables::clusterings(&report.clusterings)));
    }
    blocks
}

const ACCURACY: &str = "Share of all drugs, with 95 % intervals over drugs. A configuration says something where its whole \
                        interval lies to the right of the dashed line and of the range of permuted classes.";
const BALANCED: &str = "Accuracy within each class, averaged over classes, so that a large class counts no more than a small \
                        one.";

/// One figure of all configurations.
struct Scored {
    majority: Option<f64>,
    permuted: Option<Spread>,
    found: Vec<(String, Estimate)>,
}

fn accuracy(report: &ClassReport) -> Scored {
    scored(report, |scores| scores.accuracy, |found| found.accuracy, |permuted| permuted.accuracy)
}

fn balanced(report: &ClassReport) -> Scored {
    scored(
        report,
        |scores| scores.balanced_accuracy,
        |found| found.balanced_accuracy,
        |permuted| permuted.balanced_accuracy,
    )
}

fn scored(
    report: &ClassReport,
    majority: fn(&Scores) -> f64,
    found: fn(&Configuration) -> Estimate,
    permuted: fn(&crate::eval::classification::Permuted) -> Spread,
) -> Scored {
    let baselines = report.baselines.as_ref();
    Scored {
        majority: baselines.map(|baselines| majority(&baselines.majority)),
        permuted: baselines.and_then(|baselines| baselines.permuted.as_ref()).map(permuted),
        found: report.configurations.iter().map(|one| (one.name.clone(), found(one))).collect(),
    }
}

fn chance_bars(report: &ClassReport, name: &str, title: &str, caption: &str, scored: Scored) -> Bars {
    let n = report.drugs as u64;
    let group = |name: String, value: f64, ends: Option<[f64; 2]>| Group {
        name,
        n,
        values: vec![Some(Interval {
            value: 100.0 * value,
            ends: ends.map(|[a, b]| (100.0 * a, 100.0 * b)),
        })],
    };
    let found = scored.found.into_iter().map(|(name, found)| group(name, found.value, found.interval));
    let permuted = scored
        .permuted
        .map(|spread| group("permuted classes (chance)".to_owned(), spread.mean, Some(spread.range)));
    Bars {
        heading: Heading::new(name, title).caption(caption).n(&format!("{} drugs", thousands(n))),
        x: Axis::linear("% of drugs"),
        unit: "drugs".to_owned(),
        series: vec!["with 95 % interval".to_owned()],
        groups: found.chain(permuted).collect(),
        reference: scored.majority.map(|majority| (100.0 * majority, "always the largest class".to_owned())),
    }
}

fn hit_rates(report: &ClassReport, multi_label: &MultiLabel) -> Bars {
    let found = multi_label.results.iter().map(|one| (one.configuration.clone(), one.hit_rate));
    let scored = Scored {
        majority: Some(multi_label.majority_hit_rate),
        permuted: multi_label.permuted.as_ref().map(|permuted| permuted.hit_rate),
        found: found.collect(),
    };
    let title = "Drugs whose first named class is one of their own";
    chance_bars(report, "hit-rate", title, ACCURACY, scored)
}

/// The classes of the best configuration.
pub(super) fn classes(report: &ClassReport) -> Vec<Block> {
    if let Some(best) = report.best() {
        return vec![
            Block::Matrix(confusion(report, best)),
            Block::Bars(by_class(best)),
            Block::Table(tables::classes(best)),
        ];
    }
    let best = report.multi_label.as_ref().and_then(|multi_label| multi_label.results.first());
    best.map(|best| vec![Block::Bars(auc_by_class(best)), Block::Table(tables::multi_label_classes(best))])
        .unwrap_or_default()
}

fn confusion(report: &ClassReport, best: &Configuration) -> Matrix {
    let counted = if report.repeats > 1 {
        format!("{} drugs, {} times each", thousands(report.drugs as u64), report.repeats)
    } else {
        format!("{} drugs", thousands(report.drugs as u64))
    };
    Matrix {
        heading: Heading::new("confusion", &format!("Which classes are taken for which: {}", best.name))
            .caption("Rows are the classes that drugs have, columns those they were predicted as. Shade: share of the row.")
            .n(&counted),
        classes: best.classes.iter().map(|found| class(&found.name)).collect(),
        counts: best.confusion.clone(),
        unit: if report.repeats > 1 { "placements" } else { "drugs" }.to_owned(),
    }
}

/// `L Antineoplastic agents` has the code `L`; a name without a code is its own.
fn class(name: &str) -> Class {
    let is_code =
        |word: &str| word.len() <= 5 && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    match name.split_once(' ') {
        Some((code, rest)) if is_code(code) => Class::new(code, rest),
        _ => Class::new(name, ""),
    }
}

fn by_class(best: &Configuration) -> Bars {
    let value = |value: f64| Some(Interval { value: 100.0 * value, ends: None });
    let groups = best.classes.iter().map(|class| Group {
        name: class.name.clone(),
        n: class.support as u64,
        values: vec![value(class.accuracy), value(class.precision)],
    });
    Bars {
        heading: Heading::new("classes", "Recall and precision of each class")
            .caption("Recall: of the drugs of a class, those predicted as it. Precision: of those predicted as it, those that have it."),
        x: Axis::linear("%").within(0.0, 100.0),
        unit: "drugs".to_owned(),
        series: vec!["recall".to_owned(), "precision".to_owned()],
        groups: groups.collect(),
        reference: None,
    }
}

fn auc_by_class(result: &MultiLabelResult) -> Bars {
    let groups = result.classes.iter().map(|class| Group {
        name: class.name.clone(),
        n: class.support as u64,
        values: vec![class.auc.map(|value| Interval { value, ends: None })],
    });
    Bars {
        heading: Heading::new(
            "classes",
            &format!("Recall and precision of each class: {}", result.configuration),
        )
        .caption("The chance that a drug of the class is scored above one that is not (AUC)."),
        x: Axis::linear("AUC"),
        unit: "drugs".to_owned(),
        series: vec!["AUC".to_owned()],
        groups: groups.collect(),
        reference: Some((0.5, "chance".to_owned())),
    }
}
