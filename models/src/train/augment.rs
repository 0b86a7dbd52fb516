//! What is done to a profile in training alone, so that a network learns to look past it.

use l1kdb::profile::GENES;
use rand::RngExt;
use rand_distr::StandardNormal;

use super::batches::Batch;
use super::recipe::Recipe;
use crate::Dataset;
use crate::data::Standardiser;
use crate::network::tape::{coin_flips, stream};
use crate::network::vector::add;

/// What random numbers are for; those of `batches.rs` end before.
const NOISE: u64 = 5;
const GENES_DROPPED: u64 = 6;

/// Writes profile `at` of a batch as the network sees it in training: standardised, mixed, with noise, genes dropped.
pub(crate) fn fill(
    dataset: &Dataset,
    standardiser: &Standardiser,
    recipe: &Recipe,
    batch: &Batch,
    at: usize,
    out: &mut [f32],
) {
    standardiser.apply_to(dataset.profile(batch.rows[at] as usize), out);
    if let Some(&(partner, share)) = batch.partners.get(at)
        && share > 0.0
    {
        let mut other = [0.0; GENES];
        standardiser.apply_to(dataset.profile(partner as usize), &mut other);
        out.iter_mut().for_each(|value| *value *= 1.0 - share);
        add(out, &other, share);
    }
    let key = [batch.key[0] ^ batch.key[1].rotate_left(32), (batch.key[1] << 24) ^ at as u64];
    if recipe.noise > 0.0 {
        let mut rng = stream(key, NOISE);
        out.iter_mut().for_each(|value| *value += recipe.noise * rng.sample::<f32, _>(StandardNormal));
    }
    if recipe.gene_dropout > 0.0 {
        coin_flips(key, GENES_DROPPED, recipe.gene_dropout, GENES, |gene, dropped| {
            if dropped {
                out[gene] = 0.0;
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recipe() -> Recipe {
        Recipe { batch: 8, seed: 3, ..Recipe::paper004() }
    }

    fn filled(recipe: &Recipe, partners: Vec<(u32, f32)>, at: usize) -> Vec<f32> {
        let values = (0..12).flat_map(|row| vec![row as f32; GENES]).collect();
        let data = Dataset::new(values, &vec!["drug".to_owned(); 12], &[None; 12]).unwrap();
        let standardiser =
            Standardiser { unit: false, clip: None, mean: vec![0.0; GENES], sd: vec![1.0; GENES] };
        let batch = Batch { rows: vec![4; 8], labels: vec![0; 8], partners, group: 1, key: [1, 2] };
        let mut out = vec![0.0; GENES];
        fill(&data, &standardiser, recipe, &batch, at, &mut out);
        out
    }

    #[test]
    fn noise_has_the_deviation_asked_for_and_differs_between_profiles() {
        let recipe = Recipe { noise: 0.3, ..recipe() };
        let out = filled(&recipe, Vec::new(), 0);
        let variance = out.iter().map(|value| (value - 4.0).powi(2)).sum::<f32>() / GENES as f32;
        assert!((variance.sqrt() - 0.3).abs() < 0.03, "{variance}");
        assert_ne!(out, filled(&recipe, Vec::new(), 1));
    }

    #[test]
    fn a_mixed_profile_lies_between_and_dropped_genes_are_at_their_mean() {
        assert_eq!(filled(&recipe(), vec![(8, 0.25); 8], 0), vec![5.0; GENES]);
        let dropped = filled(&Recipe { gene_dropout: 0.2, ..recipe() }, Vec::new(), 0);
        let zeros = dropped.iter().filter(|&&value| value == 0.0).count();
        assert!((140..260).contains(&zeros), "{zeros}");
    }
}
