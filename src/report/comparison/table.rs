//! Several embeddings side by side in a terminal.

use std::io::{self, Write};

use crate::report::words::{Verdict, ends};
use crate::report::{Align, Columns, visible};
use crate::study::Comparison;

/// Figures of the table; TSV and JSON have all.
const SHOWN: [(&str, &str); 4] = [
    ("micro.auc_quantile", "AUC"),
    ("macro.auc_quantile", "macro AUC"),
    ("micro.recall.0.01", "r(.01)"),
    ("micro.recall.0.1", "r(.1)"),
];

/// Writes the figures of every embedding with their intervals, then how far each is from the first.
pub(super) fn write(out: &mut dyn Write, comparison: &Comparison, width: usize) -> io::Result<()> {
    let Comparison { label, level, drugs, positives, .. } = comparison;
    let label = visible(label);
    writeln!(out, "{label}, {} level: {drugs} drugs, {positives} (query, positive) pairs", visible(level))?;
    match &comparison.split {
        Some(digest) => writeln!(out, "split {}\n", visible(digest))?,
        None => writeln!(out, "no split: all rows against all\n")?,
    }
    columns(comparison).write(out, width)?;
    writeln!(out, "\n95 % intervals over drugs; macro: every drug weighs alike\n")?;
    comparison.warnings.iter().try_for_each(|warning| writeln!(out, "warning: {}", visible(warning)))?;
    let Some(first) = comparison.embeddings.first() else { return Ok(()) };
    for other in &comparison.embeddings[1..] {
        for (name, short) in SHOWN {
            if let Some(at) = comparison.figures.iter().position(|figure| figure == name) {
                let difference = other.differences[at];
                let (verdict, signed) =
                    (verdict(difference), with_interval(difference, |number| format!("{number:+.3}")));
                let (name, first) = (visible(&other.name), visible(&first.name));
                writeln!(out, "{name} {verdict} {first} in {short}: {signed}")?;
            }
        }
    }
    Ok(())
}

fn columns(comparison: &Comparison) -> Columns {
    let mut header = vec![("embedding", Align::Left)];
    header.extend(SHOWN.map(|(_, short)| (short, Align::Right)));
    let mut columns = Columns::new(&header);
    for embedding in &comparison.embeddings {
        let value = |(name, _)| {
            let at = comparison.figures.iter().position(|figure| figure == name);
            at.map_or_else(String::new, |at| {
                with_interval(embedding.values[at], |number| format!("{number:.3}"))
            })
        };
        columns.row([embedding.name.clone()].into_iter().chain(SHOWN.map(value)));
    }
    columns
}

fn with_interval(numbers: [f64; 3], text: fn(f64) -> String) -> String {
    let [value, low, high] = numbers.map(text);
    match ends(Some([numbers[1], numbers[2]])) {
        Some(_) => format!("{value} [{low}, {high}]"),
        None => value,
    }
}

/// Whether the interval of a difference leaves out 0.
fn verdict(difference: [f64; 3]) -> &'static str {
    match Verdict::of(difference) {
        Verdict::Better => "is above",
        Verdict::Worse => "is below",
        Verdict::Indistinguishable => "cannot be told from",
        Verdict::Unsaid => "cannot be compared, without an interval, with",
    }
}
