//! The findings on classes in a few sentences, none of which says more than its interval.

use crate::eval::classification::{
    Baselines, ClassReport, Clustering, Configuration, Estimate, MultiLabel, MultiLabelResult, Scores, Spread,
};
use crate::page::{Block, thousands};
use crate::report::words::{figure, percent, sentence};

pub(super) fn blocks(report: &ClassReport) -> Vec<Block> {
    let mut told = vec![asked(report)];
    if let (Some(best), Some(baselines)) = (report.best(), &report.baselines) {
        told.extend(single(report, best, baselines));
    }
    if let Some(multi_label) = &report.multi_label {
        told.extend(several(multi_label));
    }
    told.extend(report.clusterings.iter().map(clusters));
    told.extend(report.not_shown.iter().map(|why| sentence(why)));
    vec![Block::Text(told.join("\n\n"))]
}

fn asked(report: &ClassReport) -> String {
    let (drugs, classes) = (thousands(report.drugs as u64), report.classes.len());
    if !report.clusterings.is_empty() {
        return format!(
            "{drugs} drugs were put into groups by their embeddings alone, and the groups were compared with their \
             {classes} classes."
        );
    }
    format!(
        "The question: does the embedding of a drug tell which of {classes} classes it belongs to? {drugs} drugs took \
         part. The class of each was predicted by a classifier that was trained on other drugs only (cross-validation: {}).",
        report.validation
    )
}

/// Where drugs have one class.
fn single(report: &ClassReport, best: &Configuration, baselines: &Baselines) -> Vec<String> {
    let flattered = match report.configurations.len() {
        1 => String::new(),
        count => format!(
            " It is the best of {count} that were tried, and was picked by this very figure, which flatters it."
        ),
    };
    let accuracy = format!(
        "The classifier \"{}\" predicts the right class for {} of the drugs.{flattered}",
        best.name,
        estimate(best.accuracy)
    );
    let chance = |of: fn(&Scores) -> f64, permuted: Option<Spread>| Chance {
        majority: of(&baselines.majority),
        permuted,
    };
    let permuted = baselines.permuted.as_ref();
    let plain = chance(|scores| scores.accuracy, permuted.map(|permuted| permuted.accuracy));
    let balanced =
        chance(|scores| scores.balanced_accuracy, permuted.map(|permuted| permuted.balanced_accuracy));
    vec![
        format!("{accuracy} {}", plain.verdict(best.accuracy)),
        format!(
            "Large classes weigh most in that. When every class weighs alike (balanced accuracy), the share is {}. {}",
            estimate(best.balanced_accuracy),
            balanced.verdict(best.balanced_accuracy)
        ),
    ]
}

/// What has to be beaten.
struct Chance {
    majority: f64,
    permuted: Option<Spread>,
}

impl Chance {
    /// What chance gives, and whether the estimate is beyond it.
    fn verdict(&self, estimate: Estimate) -> String {
        let majority = format!("Always naming the largest class would give {}", percent(self.majority));
        let given = match self.permuted {
            Some(permuted) => format!("{majority}, randomly permuted classes give {}.", spread(permuted)),
            None => format!("{majority}."),
        };
        format!("{given} {}", self.said(estimate))
    }

    fn said(&self, estimate: Estimate) -> &'static str {
        let Some([low, _]) = estimate.interval else {
            return "Without an interval nothing can be said about chance.";
        };
        match (low > self.majority, self.permuted.map(|permuted| low > permuted.range[1])) {
            (true, Some(true)) => "The embedding is better than both: its whole interval lies above them.",
            (true, None) => "The embedding is better than the largest class; random classes were not tried.",
            (false, Some(true)) => {
                "The embedding is better than random classes, but not better than naming the largest class."
            }
            (true, Some(false)) => {
                "The embedding is better than naming the largest class, but not better than random classes: not better \
                 than chance."
            }
            (false, _) => "The embedding is not better than chance: its interval does not lie above.",
        }
    }
}

/// Where drugs may have several classes.
fn several(multi_label: &MultiLabel) -> Option<String> {
    let better =
        |best: &'_ MultiLabelResult, other: &MultiLabelResult| other.hit_rate.value > best.hit_rate.value;
    let best =
        multi_label.results.iter().reduce(|best, other| if better(best, other) { other } else { best })?;
    let permuted = multi_label.permuted.as_ref().map(|permuted| permuted.hit_rate);
    let chance = Chance { majority: multi_label.majority_hit_rate, permuted };
    let flattered = match multi_label.results.len() {
        1 => String::new(),
        count => format!(" It is the best of {count}, picked by this very figure, which flatters it."),
    };
    Some(format!(
        "Drugs may have several classes. With {}, the first class named for a drug is one of its own for {} of the \
         drugs.{flattered} {}",
        best.configuration,
        estimate(best.hit_rate),
        chance.verdict(best.hit_rate)
    ))
}

fn clusters(found: &Clustering) -> String {
    let ari = figure(found.ari);
    let said = match found.permuted_ari {
        Some(Spread { range: [low, high], .. }) if found.ari > high => {
            format!("better than randomly permuted classes ({low:.3} to {high:.3})")
        }
        Some(Spread { range: [low, high], .. }) => {
            format!("not better than randomly permuted classes ({low:.3} to {high:.3})")
        }
        None => "not compared with random classes".to_owned(),
    };
    format!(
        "Clustering by {}: agreement with the classes is {ari} (adjusted Rand index: 1 for the same groups, 0 by \
         chance), {said}.",
        found.method
    )
}

fn estimate(estimate: Estimate) -> String {
    let value = percent(estimate.value);
    match estimate.interval {
        Some([low, high]) => {
            format!("{value} (95 % interval {:.1} to {:.1} %)", 100.0 * low, 100.0 * high)
        }
        None => value,
    }
}

fn spread(spread: Spread) -> String {
    let [low, high] = spread.range.map(|end| 100.0 * end);
    format!("{} ({low:.1} to {high:.1} %)", percent(spread.mean))
}
