//! An explanation in a terminal.

use std::io::{self, Write};

use super::gene::{Gene, is_of_sets};
use super::words::{carried, made_of, title};
use crate::question::Explained;
use crate::report::{Align, Columns, visible};

pub(super) fn write(
    out: &mut dyn Write,
    explained: &Explained,
    genes: &[Gene<'_>],
    width: usize,
) -> io::Result<()> {
    writeln!(out, "{}", visible(&title(explained)))?;
    writeln!(out, "{}", visible(&made_of(explained)))?;
    columns(explained, genes).write(out, width)?;
    writeln!(out, "{}", carried(explained, genes))?;
    if let Some(warning) = &explained.explanation.warning {
        writeln!(out, "warning: {}", visible(warning))?;
    }
    Ok(())
}

fn columns(explained: &Explained, genes: &[Gene<'_>]) -> Columns {
    use Align::{Left, Right};
    let sets = is_of_sets(explained);
    let query = if sets { ("set", Left) } else { ("query", Right) };
    let mut columns = Columns::new(&[
        ("rank", Right),
        ("gene", Left),
        ("contribution", Right),
        ("share", Right),
        query,
        ("hit", Right),
        ("direction", Left),
        ("cut", Left),
    ]);
    let whole = explained.explanation.sum;
    for (gene, rank) in genes.iter().zip(1..) {
        let term = gene.term;
        columns.row([
            format!("{rank}"),
            gene.symbol.to_owned(),
            format!("{:+.4}", term.contribution),
            share(term.contribution, whole),
            if sets { set(term.query).to_owned() } else { value(term.query) },
            value(term.hit),
            if sets { String::new() } else { gene.direction.name().to_owned() },
            if term.is_cut { "yes".to_owned() } else { String::new() },
        ]);
    }
    columns
}

fn share(contribution: f64, whole: f64) -> String {
    if whole == 0.0 { String::new() } else { format!("{:.1} %", 100.0 * contribution / whole) }
}

/// Which of two sets a gene is of.
fn set(value: f32) -> &'static str {
    if value < 0.0 { "down" } else { "up" }
}

fn value(value: f32) -> String {
    if value.is_nan() { String::new() } else { format!("{value:.2}") }
}
