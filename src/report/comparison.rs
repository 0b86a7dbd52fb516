//! Several embeddings side by side, for people and for programs.

use std::io::{self, Write};

use super::{Align, Columns, visible, write_cells};
use crate::study::{Compared, Comparison};

/// Figures of the table; TSV and JSON have all.
const SHOWN: [(&str, &str); 4] = [
    ("micro.auc_quantile", "AUC"),
    ("macro.auc_quantile", "macro AUC"),
    ("micro.recall.0.01", "r(.01)"),
    ("micro.recall.0.1", "r(.1)"),
];

/// Writes the figures of every embedding with their intervals, then how far each is from the first.
///
/// # Errors
/// When `out` refuses.
pub fn write_comparison_table(out: &mut dyn Write, comparison: &Comparison, width: usize) -> io::Result<()> {
    let Comparison { label, level, drugs, positives, .. } = comparison;
    let label = visible(label);
    writeln!(out, "{label}, {} level: {drugs} drugs, {positives} (query, positive) pairs", visible(level))?;
    match &comparison.split {
        Some(digest) => writeln!(out, "split {}\n", visible(digest))?,
        None => writeln!(out, "no split: all rows against all\n")?,
    }
    let names: Vec<&str> = SHOWN.iter().map(|(_, short)| *short).collect();
    columns(comparison, &names, |embedding, at| shown(embedding.values[at])).write(out, width)?;
    writeln!(out, "\n95 % intervals over drugs; macro: every drug weighs alike\n")?;
    comparison.warnings.iter().try_for_each(|warning| writeln!(out, "warning: {}", visible(warning)))?;
    let Some(first) = comparison.embeddings.first() else { return Ok(()) };
    for other in &comparison.embeddings[1..] {
        for (name, short) in SHOWN {
            if let Some(at) = comparison.figures.iter().position(|figure| figure == name) {
                let difference = other.differences[at];
                let (verdict, signed) = (verdict(difference), signed(difference));
                let (name, first) = (visible(&other.name), visible(&first.name));
                writeln!(out, "{name} {verdict} {first} in {short}: {signed}")?;
            }
        }
    }
    Ok(())
}

fn columns(comparison: &Comparison, names: &[&str], cell: impl Fn(&Compared, usize) -> String) -> Columns {
    let mut header = vec![("embedding", Align::Left)];
    header.extend(names.iter().map(|name| (*name, Align::Right)));
    let mut columns = Columns::new(&header);
    for embedding in &comparison.embeddings {
        let mut row = vec![embedding.name.clone()];
        for (name, _) in SHOWN {
            let at = comparison.figures.iter().position(|figure| figure == name);
            row.push(at.map_or_else(String::new, |at| cell(embedding, at)));
        }
        columns.row(row);
    }
    columns
}

fn shown([value, low, high]: [f64; 3]) -> String {
    match low.is_finite() && high.is_finite() {
        true => format!("{value:.3} [{low:.3}, {high:.3}]"),
        false => format!("{value:.3}"),
    }
}

fn signed([value, low, high]: [f64; 3]) -> String {
    match low.is_finite() && high.is_finite() {
        true => format!("{value:+.3} [{low:+.3}, {high:+.3}]"),
        false => format!("{value:+.3}"),
    }
}

/// Whether the interval of a difference leaves out 0.
fn verdict([_, low, high]: [f64; 3]) -> &'static str {
    if !(low.is_finite() && high.is_finite()) {
        "cannot be compared, without an interval, with"
    } else if low > 0.0 {
        "is above"
    } else if high < 0.0 {
        "is below"
    } else {
        "cannot be told from"
    }
}

/// Writes one line a figure: `embedding`, `figure`, `value`, `low`, `high`, and the difference to the first embedding.
///
/// # Errors
/// When `out` refuses.
pub fn write_comparison_tsv(out: &mut dyn Write, comparison: &Comparison) -> io::Result<()> {
    writeln!(out, "embedding\tfigure\tvalue\tlow\thigh\tdifference\tdifference_low\tdifference_high")?;
    for embedding in &comparison.embeddings {
        for (at, figure) in comparison.figures.iter().enumerate() {
            let difference = embedding.differences.get(at);
            let difference = difference.map_or_else(Default::default, |ends| ends.map(|end| end.to_string()));
            let numbers = embedding.values[at].map(|number| number.to_string());
            let names = [embedding.name.clone(), figure.clone()];
            write_cells(out, names.into_iter().chain(numbers).chain(difference))?;
        }
    }
    Ok(())
}
