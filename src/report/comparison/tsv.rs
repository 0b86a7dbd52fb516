//! Several embeddings as one line a figure.

use std::io::{self, Write};

use crate::report::write_cells;
use crate::study::Comparison;

/// Writes one line a figure: `embedding`, `figure`, `value`, `low`, `high`, and the difference to the first embedding.
pub(super) fn write(out: &mut dyn Write, comparison: &Comparison) -> io::Result<()> {
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
