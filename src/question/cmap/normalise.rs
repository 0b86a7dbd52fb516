//! Normalised scores of signatures, and of drugs.

use std::collections::BTreeMap;

use super::ground::Ground;
use crate::connectivity::{Summary, norm_cs, over_cell_lines, summaries};
use crate::question::QuestionError;

/// The connectivity of every signature, and the normalised one.
type Normalised = (Vec<Option<f64>>, Vec<Option<f64>>);

pub fn normalised(raw: &[f32], ground: &Ground) -> Result<Normalised, QuestionError> {
    let raw: Vec<Option<f64>> = raw.iter().map(|&raw| (!raw.is_nan()).then_some(f64::from(raw))).collect();
    let norm = norm_cs(&raw, &ground.groups, &ground.reference).map_err(QuestionError::chain)?;
    Ok((raw, norm))
}

/// The maximum quantile of each drug, in each cell line and then over cell lines, of signatures that may be hits.
pub fn drugs(
    norm: impl Fn(usize) -> Option<f64>,
    ground: &Ground,
    kept: &[bool],
) -> BTreeMap<usize, Summary> {
    let population = &ground.population;
    let kept = (0..kept.len()).filter(|&row| kept[row]);
    let scores = kept.map(|row| ((population.drug_of[row], &population.signatures[row].cell_id), norm(row)));
    over_cell_lines(&summaries(scores))
}
