//! Does an embedding depend on the profiles that are embedded beside it?

use super::NetworkFault;
use crate::profile::GENES;

/// The largest distance of two embeddings of one profile that is put down to rounding, as a share of their length:
/// engines sum a single row in another order than many.
const TOLERANCE: f64 = 1e-5;

/// Runs a network on profiles.
type Run<'a> = dyn FnMut(&[f32]) -> Result<Vec<f32>, NetworkFault> + 'a;

/// Embeds a profile alone, and among others in two ways, by `run`, which gives `dim` numbers a profile.
///
/// # Errors
/// [`NetworkFault::NeighboursMatter`] when the embeddings differ, and whatever `run` returns.
pub(super) fn neighbours(dim: usize, run: &mut Run<'_>) -> Result<(), NetworkFault> {
    let rows: Vec<Vec<f32>> = (0..5).map(profile).collect();
    let alone = run(&rows[0])?;
    for (batch, place) in [([0, 1, 2], 0), ([3, 4, 0], 2)] {
        let beside = run(&batch.map(|row| rows[row].as_slice()).concat())?;
        let difference = difference(&alone, &beside[place * dim..][..dim]);
        if difference > TOLERANCE {
            return Err(NetworkFault::NeighboursMatter { difference });
        }
    }
    Ok(())
}

/// z-scores that repeat in no other row; every other row is several times larger.
fn profile(row: usize) -> Vec<f32> {
    let scale = [2.0, 9.0][row % 2];
    (0..GENES).map(|gene| (scale * ((row * GENES + gene) as f64 * 0.7).sin()) as f32).collect()
}

/// How far apart two vectors are, as a share of the length of the first. Numbers that are no numbers are another
/// matter, which is judged where profiles are embedded.
fn difference(alone: &[f32], beside: &[f32]) -> f64 {
    let squares = |pairs: &mut dyn Iterator<Item = f64>| pairs.map(|x| x * x).sum::<f64>().sqrt();
    let apart = squares(&mut alone.iter().zip(beside).map(|(&a, &b)| f64::from(a) - f64::from(b)));
    let length = squares(&mut alone.iter().map(|&a| f64::from(a)));
    if apart == 0.0 { 0.0 } else { apart / length }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_that_is_embedded_by_itself_passes_and_one_that_is_centred_does_not() {
        let mut own =
            |profiles: &[f32]| Ok(profiles.chunks(GENES).flat_map(|row| row[..2].to_vec()).collect());
        assert_eq!(neighbours(2, &mut own), Ok(()));
        let mut centred = |profiles: &[f32]| {
            let rows = profiles.len() / GENES;
            let mean = profiles.chunks(GENES).map(|row| row[0]).sum::<f32>() / rows as f32;
            Ok(profiles.chunks(GENES).flat_map(|row| [row[0] + 1e-3 * mean, row[1]]).collect())
        };
        assert!(matches!(neighbours(2, &mut centred), Err(NetworkFault::NeighboursMatter { .. })));
    }
}
