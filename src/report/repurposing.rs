//! Drugs that are placed in another class: for people and for programs.

use std::io::{self, Write};

use super::{Align, Columns, visible, write_cells};
use crate::eval::classification::{Candidate, Repurposing};

/// Writes the list for a terminal of `width` columns, under how long it is by chance.
///
/// # Errors
/// When `out` refuses.
pub fn write_repurposing_table(out: &mut dyn Write, found: &Repurposing, width: usize) -> io::Result<()> {
    let (listed, drugs) = (found.candidates.len(), found.drugs);
    let by = visible(&found.configuration);
    writeln!(out, "{listed} of {drugs} drugs placed in another class by {by}, {}", found.validation)?;
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
        ("placed in", Align::Left),
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

/// Writes one line a drug under a header; the neighbours as `drug:similarity`, joined by `|`; cells are written by
/// [`write_cells`].
///
/// # Errors
/// When `out` refuses.
pub fn write_repurposing_tsv(out: &mut dyn Write, found: &Repurposing) -> io::Result<()> {
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

fn neighbours(candidate: &Candidate, separator: &str, digits: usize) -> String {
    let joined = if separator == "|" { ":" } else { " " };
    let one =
        candidate.neighbours.iter().map(|near| format!("{}{joined}{:.digits$}", near.drug, near.similarity));
    one.collect::<Vec<_>>().join(separator)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::classification::{NearDrug, Spread};

    fn found() -> Repurposing {
        let near = |drug: &str, similarity| NearDrug { drug: drug.to_owned(), similarity };
        Repurposing {
            drugs: 60,
            configuration: "cosine, k=7".to_owned(),
            validation: "5-fold, 10 times".to_owned(),
            candidates: vec![Candidate {
                drug: "a\tb".to_owned(),
                row: 3,
                classes: vec!["heart".to_owned()],
                proposed: "skin".to_owned(),
                agreement: 0.9,
                mean_score: 0.75,
                neighbours: vec![near("c", 0.5), near("d", 0.25)],
            }],
            by_chance: Some(Spread { mean: 0.5, range: [0.0, 2.0] }),
            permutations: 20,
        }
    }

    #[test]
    fn the_list_stands_under_what_chance_lists() {
        let mut out = Vec::new();
        write_repurposing_table(&mut out, &found(), 100).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("by chance: 0.5 (0.0 to 2.0 in 20 permutations of the classes)"), "{text}");
        assert!(text.contains("heart  skin              90   0.75  c 0.50, d 0.25"), "{text}");
    }

    #[test]
    fn every_line_has_as_many_fields_as_the_header() {
        let mut out = Vec::new();
        write_repurposing_tsv(&mut out, &found()).unwrap();
        let text = String::from_utf8(out).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[1], "a b\theart\tskin\t0.900000\t0.750000\tc:0.500000|d:0.250000");
        assert_eq!(lines[0].split('\t').count(), lines[1].split('\t').count());
    }
}
