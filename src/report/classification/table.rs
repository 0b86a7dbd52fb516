//! An evaluation of classes in a terminal.

use std::io::{self, Write};

use super::words::{TERMINAL, left_out, percent};
use crate::eval::classification::{ClassReport, Clustering, Configuration, MultiLabel, Spread};
use crate::report::words::wrapped;
use crate::report::{Align, Columns, visible};

/// Classes with which a drug is most often confused, where the whole matrix is too wide.
const CONFUSED_WITH: usize = 3;

/// Writes a report for a terminal of `width` columns: baselines beside results, in percent, one sentence on what they
/// say, and the classes and confusion matrix of the best configuration. A matrix that is too wide gives way to the
/// classes that each is mostly confused with.
pub(super) fn write(out: &mut dyn Write, report: &ClassReport, width: usize) -> io::Result<()> {
    write_head(out, report)?;
    if let Some(best) = report.best() {
        writeln!(out)?;
        results(report).write(out, width)?;
        writeln!(out, "\n{}\n", wrapped(&verdict(report, best), width))?;
        write_classes(out, best, width)?;
    }
    if let Some(multi_label) = &report.multi_label {
        writeln!(out)?;
        multi_label_results(multi_label).write(out, width)?;
    }
    if !report.clusterings.is_empty() {
        writeln!(out)?;
        clusterings(&report.clusterings).write(out, width)?;
    }
    Ok(())
}

fn write_head(out: &mut dyn Write, report: &ClassReport) -> io::Result<()> {
    let validation = if report.validation == "none" { "" } else { &format!(", {}", report.validation) };
    writeln!(out, "{} drugs of {} classes{validation}", report.drugs, report.classes.len())?;
    match left_out(report.left_out).as_slice() {
        [] => (),
        reasons => writeln!(out, "{} drugs left out: {}", report.left_out.total(), reasons.join(", "))?,
    }
    report.not_shown.iter().try_for_each(|why| writeln!(out, "{why}"))
}

fn results(report: &ClassReport) -> Columns {
    let mut columns = Columns::new(&[
        ("%", Align::Left),
        ("accuracy", Align::Right),
        ("balanced", Align::Right),
        ("macro F1", Align::Right),
        ("chosen", Align::Left),
    ]);
    let rows = TERMINAL.results(report);
    let of_chance = rows.len() - report.configurations.len();
    let chosen = vec![String::new(); of_chance].into_iter().chain(report.configurations.iter().map(chosen));
    for ([name, accuracy, balanced, macro_f1, _], chosen) in rows.into_iter().zip(chosen) {
        columns.row([name, accuracy, balanced, macro_f1, chosen]);
    }
    columns
}

/// The setting that was chosen most often.
fn chosen(configuration: &Configuration) -> String {
    let total: usize = configuration.chosen.values().sum();
    let most = configuration.chosen.iter().max_by_key(|(_, times)| **times);
    most.map(|(setting, times)| format!("{setting} ({times} of {total})")).unwrap_or_default()
}

/// Whether the best configuration says more than nothing.
fn verdict(report: &ClassReport, best: &Configuration) -> String {
    let low = best.accuracy.interval.map_or(best.accuracy.value, |interval| interval[0]);
    let majority = report.baselines.as_ref().map(|baselines| baselines.majority.accuracy);
    let permuted = report.baselines.as_ref().and_then(|baselines| baselines.permuted.as_ref());
    let above_majority = majority.is_some_and(|majority| low > majority);
    let flattered = match report.configurations.len() {
        1 => String::new(),
        count => format!(", the best of {count} and flattered by that choice,"),
    };
    let interval =
        if best.accuracy.interval.is_some() { "the interval of its accuracy" } else { "its accuracy" };
    let said = match permuted.map(|permuted| low > permuted.accuracy.range[1]) {
        None if above_majority => "lies above always naming the largest class",
        None => "does not lie above always naming the largest class",
        Some(true) if above_majority => {
            "lies above always naming the largest class, and above permuted classes"
        }
        Some(true) => "lies above permuted classes, but not above always naming the largest class",
        Some(false) if above_majority => {
            "lies above always naming the largest class, but not above permuted classes"
        }
        Some(false) => "lies neither above always naming the largest class nor above permuted classes",
    };
    format!("{}{flattered} says: {interval} {said}.", best.name)
}

fn write_classes(out: &mut dyn Write, best: &Configuration, width: usize) -> io::Result<()> {
    writeln!(
        out,
        "{}, class by class, in percent; rows of the matrix are true classes",
        visible(&best.name)
    )?;
    let matrix = classes(best, true);
    let mut wide = Vec::new();
    matrix.write(&mut wide, usize::MAX)?;
    let longest = String::from_utf8_lossy(&wide).lines().map(|line| line.chars().count()).max().unwrap_or(0);
    let names = best.classes.iter().map(|class| class.name.chars().count()).max().unwrap_or(0);
    // Names can be cut to a dozen letters; counts cannot.
    if longest.saturating_sub(names.saturating_sub(12)) <= width {
        return matrix.write(out, width);
    }
    classes(best, false).write(out, width)
}

fn classes(best: &Configuration, matrix: bool) -> Columns {
    let numbers: Vec<String> = (1..=best.classes.len()).map(|number| number.to_string()).collect();
    let mut header = vec![
        ("", Align::Right),
        ("class", Align::Left),
        ("drugs", Align::Right),
        ("found", Align::Right),
        ("precision", Align::Right),
        ("F1", Align::Right),
    ];
    match matrix {
        true => header.extend(numbers.iter().map(|number| (number.as_str(), Align::Right))),
        false => header.push(("mostly predicted as", Align::Left)),
    }
    let mut columns = Columns::new(&header);
    for ((class, counts), number) in best.classes.iter().zip(&best.confusion).zip(&numbers) {
        let mut row = vec![number.clone(), class.name.clone(), class.support.to_string()];
        row.extend([class.accuracy, class.precision, class.f1].map(percent));
        match matrix {
            true => row.extend(counts.iter().map(ToString::to_string)),
            false => row.push(placed_in(best, counts)),
        }
        columns.row(row);
    }
    columns
}

fn placed_in(best: &Configuration, counts: &[u64]) -> String {
    let mut order: Vec<usize> = (0..counts.len()).filter(|&class| counts[class] > 0).collect();
    order.sort_by_key(|&class| std::cmp::Reverse(counts[class]));
    let named = order.iter().take(CONFUSED_WITH);
    let texts: Vec<String> =
        named.map(|&class| format!("{} {}", counts[class], best.classes[class].name)).collect();
    texts.join(", ")
}

fn multi_label_results(multi_label: &MultiLabel) -> Columns {
    let mut columns = Columns::new(&[
        ("%", Align::Left),
        ("hit rate", Align::Right),
        ("macro AUC", Align::Right),
        ("macro AP", Align::Right),
        ("macro F1", Align::Right),
    ]);
    TERMINAL.multi_label(multi_label).into_iter().for_each(|row| columns.row(row));
    columns
}

fn clusterings(clusterings: &[Clustering]) -> Columns {
    let mut columns = Columns::new(&[
        ("clusters", Align::Left),
        ("number", Align::Right),
        ("largest", Align::Right),
        ("ARI", Align::Right),
        ("permuted", Align::Right),
        ("NMI", Align::Right),
        ("permuted", Align::Right),
    ]);
    let figure = |value: f64| format!("{value:.3}");
    let range = |spread: Option<Spread>| {
        spread.map(|Spread { range: [low, high], .. }| format!("{low:.3} to {high:.3}")).unwrap_or_default()
    };
    for clustering in clusterings {
        columns.row([
            clustering.method.clone(),
            clustering.sizes.len().to_string(),
            clustering.sizes.first().map(ToString::to_string).unwrap_or_default(),
            figure(clustering.ari),
            range(clustering.permuted_ari),
            figure(clustering.nmi),
            range(clustering.permuted_nmi),
        ]);
    }
    columns
}
