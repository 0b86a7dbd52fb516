//! Drugs that are predicted to be in another class, in a terminal.

use std::io::{self, Write};

use super::neighbours;
use crate::eval::classification::Repurposing;
use crate::report::{Align, Columns, visible};

/// Writes the list for a terminal of `width` columns, under how long it is by chance.
pub fn write(out: &mut dyn Write, found: &Repurposing, width: usize) -> io::Result<()> {
    let (listed, drugs) = (found.candidates.len(), found.drugs);
    let by = visible(&found.configuration);
    writeln!(out, "{listed} of {drugs} drugs predicted as another class by {by}, {}", found.validation)?;
    if let Some(chance) = found.by_chance {
        let [low, high] = chance.range;
        let runs = found.permutations;
        writeln!(
            out,
            "by chance: {:.1} ({low:.1} to {high:.1} in {runs} permutations of the classes)",
            chance.mean
        )?;
    }
    if found.candidates.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    let mut columns = Columns::new(&[
        ("drug", Align::Left),
        ("class", Align::Left),
        ("predicted as", Align::Left),
        ("repeats %", Align::Right),
        ("score", Align::Right),
        ("nearest there", Align::Left),
    ]);
    for candidate in &found.candidates {
        columns.row([
            candidate.drug.clone(),
            candidate.classes.join("|"),
            candidate.proposed.clone(),
            format!("{:.0}", 100.0 * candidate.agreement),
            format!("{:.2}", candidate.mean_score),
            neighbours(candidate, ", ", 2),
        ]);
    }
    columns.write(out, width)
}
