//! The shape of an embedding in words.

use std::io::{self, Write};

use crate::eval::{Geometry, Replicating};
use crate::stats::{Interval, MIN_DRAWN};
use crate::study::Shape;
use crate::visible::visible;

/// What was looked at, where not all rows.
fn looked_at(shape: &Shape) -> String {
    shape.held_out.map_or_else(String::new, |rows| format!(", first held-out set ({rows} rows)"))
}

/// Writes the shape of an embedding, one fact a line.
pub(super) fn write(out: &mut dyn Write, shape: &Shape) -> io::Result<()> {
    let facts = [geometry(shape), replicates(shape)].concat();
    facts.iter().try_for_each(|(name, value)| writeln!(out, "{}", visible(&format!("{name}: {value}"))))
}

pub(super) fn geometry(shape: &Shape) -> Vec<(String, String)> {
    let Geometry { rows, sampled, effective_rank, mean_cosine, duplicate_rows, tied_pairs, hubness, .. } =
        &shape.geometry;
    let of = if sampled < rows { format!(" (of {sampled} rows sampled at random)") } else { String::new() };
    let number = |value: &Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.1}"));
    let facts = [
        ("dimensions in use (effective rank)", number(effective_rank)),
        ("mean cosine of two rows", format!("{mean_cosine:.3}{of}")),
        ("rows that equal another bit for bit", format!("{:.2} %", 100.0 * duplicate_rows)),
        ("pairs of rows that are equal", format!("{:.4} %", 100.0 * tied_pairs)),
        (
            "hubness",
            format!(
                "skewness {} of how often a row is among the {} nearest of others; at most {:.0} times; {:.1} % never{of}",
                number(&hubness.skewness),
                hubness.neighbours,
                hubness.largest,
                100.0 * hubness.antihubs
            ),
        ),
    ];
    facts.into_iter().map(|(name, value)| (format!("{name}{}", looked_at(shape)), value)).collect()
}

pub(super) fn replicates(shape: &Shape) -> Vec<(String, String)> {
    let fact = |(of, found): &(String, Replicating)| {
        let Interval { value, low, high } = found.percent;
        let interval = match low.is_finite() {
            true => format!("[{low:.1}, {high:.1}]"),
            false => format!("(no interval of fewer than {MIN_DRAWN})"),
        };
        let value = format!(
            "{value:.1} % {interval} of {} with at least two rows are more alike than 95 % of random sets; 5 % is chance",
            found.labels
        );
        (format!("replicating, same {of}{}", looked_at(shape)), value)
    };
    shape.replicates.iter().map(fact).collect()
}
