//! Shares of drugs in words, the same in a terminal and on a page.

use crate::eval::classification::{Baselines, ClassReport, Estimate, LeftOut, MultiLabel, Spread};

/// Why drugs were left out, and how many for each reason.
pub(super) fn left_out(left: LeftOut) -> Vec<String> {
    let reasons = [
        (left.no_class, "without a class"),
        (left.several_classes, "of several classes"),
        (left.no_fold, "without a fold"),
        (left.class_too_small, "alone in their class"),
        (left.class_not_taken, "of smaller classes"),
    ];
    reasons
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, reason)| format!("{count} {reason}"))
        .collect()
}

/// Per cent with one decimal, without the sign.
pub(super) fn percent(share: f64) -> String {
    format!("{:.1}", 100.0 * share)
}

/// How the rows of chance are called, and what stands between the ends of a range.
pub(super) struct Style {
    largest: &'static str,
    permuted: fn(usize) -> String,
    to: &'static str,
}

/// Where there is little room.
pub(super) const TERMINAL: Style =
    Style { largest: "largest class", permuted: |runs| format!("permuted ({runs})"), to: "-" };
/// Where there is room.
pub(super) const PAGE: Style = Style {
    largest: "always the largest class",
    permuted: |runs| format!("permuted classes ({runs} times)"),
    to: " to ",
};

impl Style {
    /// Chance, then every configuration, in per cent: accuracy, balanced accuracy, macro F1 and weighted F1 under a name.
    pub(super) fn results(&self, report: &ClassReport) -> Vec<[String; 5]> {
        let mut rows = Vec::new();
        if let Some(Baselines { majority, permuted }) = &report.baselines {
            rows.push(named(self.largest, majority.to_array().map(percent)));
            rows.extend(permuted.iter().map(|of| {
                let spreads = [of.accuracy, of.balanced_accuracy, of.macro_f1, of.weighted_f1];
                named(&(self.permuted)(of.runs), spreads.map(|spread| self.spread(spread)))
            }));
        }
        rows.extend(report.configurations.iter().map(|of| {
            let estimates = [of.accuracy, of.balanced_accuracy, of.macro_f1, of.weighted_f1];
            named(&of.name, estimates.map(|estimate| self.estimate(estimate)))
        }));
        rows
    }

    /// The same where drugs may have several classes: hit rate, macro AUC, macro average precision and macro F1.
    pub(super) fn multi_label(&self, found: &MultiLabel) -> Vec<[String; 5]> {
        let chance = [percent(found.majority_hit_rate), "50.0".to_owned(), String::new(), String::new()];
        let permuted = found.permuted.iter().map(|of| {
            let spreads = [Some(of.hit_rate), of.macro_auc, of.macro_average_precision, Some(of.macro_f1)];
            let texts = spreads.map(|spread| spread.map(|spread| self.spread(spread)).unwrap_or_default());
            named(&(self.permuted)(of.runs), texts)
        });
        let results = found.results.iter().map(|of| {
            let scores = [of.scores.macro_auc, of.scores.macro_average_precision, Some(of.scores.macro_f1)];
            let [auc, precision, f1] = scores.map(|score| score.map(percent).unwrap_or_default());
            named(&of.configuration, [self.estimate(of.hit_rate), auc, precision, f1])
        });
        [named(self.largest, chance)].into_iter().chain(permuted).chain(results).collect()
    }

    fn estimate(&self, Estimate { value, interval }: Estimate) -> String {
        let range = interval.map(|ends| format!(" ({})", self.range(ends))).unwrap_or_default();
        percent(value) + &range
    }

    fn spread(&self, Spread { mean, range }: Spread) -> String {
        format!("{} ({})", percent(mean), self.range(range))
    }

    fn range(&self, ends: [f64; 2]) -> String {
        ends.map(percent).join(self.to)
    }
}

fn named(name: &str, [a, b, c, d]: [String; 4]) -> [String; 5] {
    [name.to_owned(), a, b, c, d]
}
