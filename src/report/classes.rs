//! How well drugs are told apart by class: for people and for programs.

mod tsv;

pub use tsv::write_classes_tsv;

use std::io::{self, Write};

use super::{Align, Columns};
use crate::eval::classification::{
    ClassReport, Clustering, Configuration, Estimate, LeftOut, MultiLabel, Permuted, Scores, Spread,
};
use crate::visible::{columns as columns_of, visible};

/// Classes with which a drug is most often confused, where the whole matrix is too wide.
const CONFUSED_WITH: usize = 3;

/// Writes a report for a terminal of `width` columns: baselines beside results, in percent, one sentence on what they
/// say, and the classes and confusion matrix of the best configuration. A matrix that is too wide gives way to the
/// classes that each is mostly confused with.
///
/// # Errors
/// When `out` refuses.
pub fn write_classes_table(out: &mut dyn Write, report: &ClassReport, width: usize) -> io::Result<()> {
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

fn results(report: &ClassReport) -> Columns {
    let mut columns = Columns::new(&[
        ("%", Align::Left),
        ("accuracy", Align::Right),
        ("balanced", Align::Right),
        ("macro F1", Align::Right),
        ("chosen", Align::Left),
    ]);
    if let Some(baselines) = &report.baselines {
        let Scores { accuracy, balanced_accuracy, macro_f1, .. } = baselines.majority;
        columns.row([
            "largest class",
            &percent(accuracy),
            &percent(balanced_accuracy),
            &percent(macro_f1),
            "",
        ]);
        if let Some(permuted) = &baselines.permuted {
            columns.row(permuted_row(permuted));
        }
    }
    for configuration in &report.configurations {
        columns.row([
            configuration.name.clone(),
            estimate(configuration.accuracy),
            estimate(configuration.balanced_accuracy),
            estimate(configuration.macro_f1),
            chosen(configuration),
        ]);
    }
    columns
}

fn permuted_row(permuted: &Permuted) -> [String; 5] {
    let name = format!("permuted ({})", permuted.runs);
    let [a, b, c] = [permuted.accuracy, permuted.balanced_accuracy, permuted.macro_f1].map(spread);
    [name, a, b, c, String::new()]
}

/// The setting that was chosen most often.
fn chosen(configuration: &Configuration) -> String {
    let total: usize = configuration.chosen.values().sum();
    let most = configuration.chosen.iter().max_by_key(|(_, times)| **times);
    most.map(|(setting, times)| format!("{setting} ({times} of {total})")).unwrap_or_default()
}

/// The words of a sentence in lines of at most `width`, where words allow it; nothing in them acts.
pub(super) fn wrapped(text: &str, width: usize) -> String {
    let (mut lines, mut room) = (String::new(), 0);
    for word in visible(text).split(' ') {
        let needed = columns_of(word) + 1;
        let fits = needed <= room;
        lines.push_str(if fits {
            " "
        } else if lines.is_empty() {
            ""
        } else {
            "\n"
        });
        lines.push_str(word);
        room = if fits { room - needed } else { (width + 1).saturating_sub(needed) };
    }
    lines
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
        false => header.push(("mostly placed in", Align::Left)),
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
    columns.row(["largest class", &percent(multi_label.majority_hit_rate), "50.0", "", ""]);
    if let Some(permuted) = &multi_label.permuted {
        columns.row([
            format!("permuted ({})", permuted.runs),
            spread(permuted.hit_rate),
            permuted.macro_auc.map(spread).unwrap_or_default(),
            permuted.macro_average_precision.map(spread).unwrap_or_default(),
            spread(permuted.macro_f1),
        ]);
    }
    for result in &multi_label.results {
        columns.row([
            result.configuration.clone(),
            estimate(result.hit_rate),
            result.scores.macro_auc.map(percent).unwrap_or_default(),
            result.scores.macro_average_precision.map(percent).unwrap_or_default(),
            percent(result.scores.macro_f1),
        ]);
    }
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

fn percent(share: f64) -> String {
    format!("{:.1}", 100.0 * share)
}

fn estimate(estimate: Estimate) -> String {
    let value = percent(estimate.value);
    estimate
        .interval
        .map_or_else(|| value.clone(), |[low, high]| format!("{value} ({}-{})", percent(low), percent(high)))
}

fn spread(spread: Spread) -> String {
    let [low, high] = spread.range;
    format!("{} ({}-{})", percent(spread.mean), percent(low), percent(high))
}

#[cfg(test)]
mod tests;
