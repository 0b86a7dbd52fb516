//! Signatures of a hit by cell line and dose.

use crate::page::{Heading, HeatMap, HeatRow};
use crate::question::Strip;

/// Cell lines that are shown.
const SHOWN: usize = 12;

pub(super) fn figure(strip: &Strip) -> HeatMap {
    let row = |(cell_line, cells): (&String, &Vec<Option<crate::question::StripCell>>)| {
        let signatures: usize = cells.iter().flatten().map(|cell| cell.signatures).sum();
        HeatRow {
            name: cell_line.clone(),
            note: signatures.to_string(),
            values: cells.iter().map(|cell| cell.map(|cell| cell.mean)).collect(),
        }
    };
    let more = strip.cell_lines.len().saturating_sub(SHOWN);
    let rest =
        if more > 0 { format!(" {more} cell lines further down are not shown.") } else { String::new() };
    let caption = format!(
        "Mean score of its signatures by cell line and dose, the most similar cell line first.{rest}"
    );
    HeatMap {
        heading: Heading::new("strip", &strip.drug)
            .caption(&caption)
            .n(&format!("{} signatures", strip.signatures)),
        columns: strip.doses.clone(),
        rows: strip.cell_lines.iter().zip(&strip.cells).take(SHOWN).map(row).collect(),
        note: "signatures".to_owned(),
        unit: "score".to_owned(),
        deepest: 1.0,
    }
}
