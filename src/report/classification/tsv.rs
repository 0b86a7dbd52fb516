//! One line a figure.

use std::io::{self, Write};

use crate::eval::classification::{ClassReport, Configuration, Estimate, MultiLabel, Spread};
use crate::report::write_cells;

/// Writes a report as one line a figure, under a header: configuration, class (empty for all), predicted class
/// (confusion only), name of the figure, its value, and the ends of its interval or of its range over permutations
/// (empty where there is none). Cells are written by [`write_cells`].
pub(super) fn write(out: &mut dyn Write, report: &ClassReport) -> io::Result<()> {
    writeln!(out, "configuration\tclass\tplaced_in\tfigure\tvalue\tlow\thigh")?;
    lines(report).iter().try_for_each(|line| line.write(out))
}

#[derive(Default)]
struct Line<'a> {
    configuration: &'a str,
    class: &'a str,
    placed_in: &'a str,
    figure: &'a str,
    value: f64,
    ends: Option<[f64; 2]>,
}

impl Line<'_> {
    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let [low, high] = self.ends.map_or_else(Default::default, |ends| ends.map(|end| format!("{end:.6}")));
        let value = format!("{:.6}", self.value);
        let names = [self.configuration, self.class, self.placed_in, self.figure];
        write_cells(out, names.into_iter().chain([value.as_str(), &low, &high]))
    }
}

fn lines(report: &ClassReport) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let all =
        |configuration, figure, value, ends| Line { configuration, figure, value, ends, ..Line::default() };
    if let Some(baselines) = &report.baselines {
        let names = ["accuracy", "balanced_accuracy", "macro_f1", "weighted_f1"];
        let majority = names.iter().zip(baselines.majority.to_array());
        lines.extend(majority.map(|(figure, value)| all("majority", *figure, value, None)));
        if let Some(permuted) = &baselines.permuted {
            let spreads =
                [permuted.accuracy, permuted.balanced_accuracy, permuted.macro_f1, permuted.weighted_f1];
            let spreads = names.iter().zip(spreads);
            lines.extend(
                spreads.map(|(name, spread)| all("permuted", *name, spread.mean, Some(spread.range))),
            );
        }
    }
    lines.extend(report.configurations.iter().flat_map(configuration_lines));
    lines.extend(report.multi_label.iter().flat_map(multi_label_lines));
    for clustering in &report.clusterings {
        let permuted = |spread: Option<Spread>| spread.map(|spread| spread.range);
        lines.push(all(&clustering.method, "ari", clustering.ari, permuted(clustering.permuted_ari)));
        lines.push(all(&clustering.method, "nmi", clustering.nmi, permuted(clustering.permuted_nmi)));
    }
    lines
}

fn configuration_lines(from: &Configuration) -> Vec<Line<'_>> {
    let configuration = from.name.as_str();
    let estimates = [
        ("accuracy", from.accuracy),
        ("balanced_accuracy", from.balanced_accuracy),
        ("macro_f1", from.macro_f1),
        ("weighted_f1", from.weighted_f1),
    ];
    let all = estimates.map(|(figure, Estimate { value, interval })| Line {
        configuration,
        figure,
        value,
        ends: interval,
        ..Line::default()
    });
    let mut lines = Vec::from(all);
    for (class, counts) in from.classes.iter().zip(&from.confusion) {
        let of_class = |figure, placed_in, value| Line {
            configuration,
            class: &class.name,
            placed_in,
            figure,
            value,
            ends: None,
        };
        let figures = [
            ("drugs", class.support as f64),
            ("recall", class.accuracy),
            ("precision", class.precision),
            ("f1", class.f1),
        ];
        lines.extend(figures.map(|(figure, value)| of_class(figure, "", value)));
        let placed = from.classes.iter().zip(counts);
        lines.extend(placed.map(|(other, count)| of_class("confusion", other.name.as_str(), *count as f64)));
    }
    lines
}

fn multi_label_lines(multi_label: &MultiLabel) -> Vec<Line<'_>> {
    let line = |configuration, class, figure, value, ends| Line {
        configuration,
        class,
        placed_in: "",
        figure,
        value,
        ends,
    };
    let mut lines = vec![line("majority", "", "hit_rate", multi_label.majority_hit_rate, None)];
    if let Some(permuted) = &multi_label.permuted {
        let spreads = [
            ("hit_rate", Some(permuted.hit_rate)),
            ("macro_auc", permuted.macro_auc),
            ("macro_average_precision", permuted.macro_average_precision),
            ("macro_f1", Some(permuted.macro_f1)),
        ];
        let spreads = spreads.into_iter().filter_map(|(figure, spread)| Some((figure, spread?)));
        lines.extend(
            spreads.map(|(figure, spread)| line("permuted", "", figure, spread.mean, Some(spread.range))),
        );
    }
    for result in &multi_label.results {
        let name = result.configuration.as_str();
        lines.push(line(name, "", "hit_rate", result.hit_rate.value, result.hit_rate.interval));
        let mut optional = |class, figure, value: Option<f64>| {
            lines.extend(value.map(|value| line(name, class, figure, value, None)));
        };
        optional("", "macro_auc", result.scores.macro_auc);
        optional("", "macro_average_precision", result.scores.macro_average_precision);
        optional("", "macro_f1", Some(result.scores.macro_f1));
        for class in &result.classes {
            optional(&class.name, "drugs", Some(class.support as f64));
            optional(&class.name, "auc", class.auc);
            optional(&class.name, "average_precision", class.average_precision);
            optional(&class.name, "f1", Some(class.f1));
        }
    }
    lines
}
