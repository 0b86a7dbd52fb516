//! What a profile has to be to be explained.

use super::error::ExplainError;
use super::side::Side;

/// Refuses a profile of another number of genes.
pub(super) fn check_genes(side: Side, profile: &[f32], expected: usize) -> Result<(), ExplainError> {
    let found = profile.len();
    if found == expected { Ok(()) } else { Err(ExplainError::Genes { side, expected, found }) }
}

/// Refuses a profile with values for which `is_wrong`.
pub(super) fn check_values(
    side: Side,
    profile: &[f32],
    is_wrong: impl Fn(f32) -> bool,
) -> Result<(), ExplainError> {
    match profile.iter().position(|&value| is_wrong(value)) {
        Some(gene) => Err(ExplainError::NotFinite { side, gene, value: profile[gene] }),
        None => Ok(()),
    }
}
