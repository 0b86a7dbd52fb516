//! Drugs that are predicted to be in another class, as one line each.

use std::io::{self, Write};

use super::neighbours;
use crate::eval::classification::Repurposing;
use crate::report::write_cells;

/// Writes one line a drug under a header; the neighbours as `drug:similarity`, joined by `|`; cells are written by
/// [`write_cells`].
pub fn write(out: &mut dyn Write, found: &Repurposing) -> io::Result<()> {
    writeln!(out, "drug\tclasses\tproposed\tagreement\tmean_score\tneighbours")?;
    found.candidates.iter().try_for_each(|candidate| {
        let fields = [
            candidate.drug.clone(),
            candidate.classes.join("|"),
            candidate.proposed.clone(),
            format!("{:.6}", candidate.agreement),
            format!("{:.6}", candidate.mean_score),
            neighbours(candidate, "|", 6),
        ];
        write_cells(out, fields)
    })
}
