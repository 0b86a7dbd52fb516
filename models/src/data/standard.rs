//! Bringing genes to one scale, with what the training profiles alone tell.

use l1kdb::profile::GENES;

use crate::recipe::Scale;

/// A standard deviation below this share of the typical one is replaced by the typical one: a gene that hardly moves
/// in the training profiles must not become the loudest elsewhere.
const SMALLEST_SHARE: f32 = 1e-2;

/// What is done to every profile: cut to `clip`, minus `mean`, divided by `sd`.
#[derive(Debug, Clone, PartialEq)]
pub struct Standardiser {
    /// z-scores beyond this are cut to it.
    pub clip: Option<f32>,
    /// Mean of every gene, after cutting.
    pub mean: Vec<f32>,
    /// What every gene is divided by; positive.
    pub sd: Vec<f32>,
}

impl Standardiser {
    /// Learns from training profiles, n x 978, row-major.
    pub fn fit(values: &[f32], scale: Scale, clip: Option<f32>) -> Self {
        let profiles = (values.len() / GENES).max(1) as f64;
        let cut = |value: f32| f64::from(cut(value, clip));
        let mut mean = vec![0.0_f64; GENES];
        for profile in values.chunks_exact(GENES) {
            mean.iter_mut().zip(profile).for_each(|(mean, &value)| *mean += cut(value) / profiles);
        }
        let mut variance = vec![0.0_f64; GENES];
        for profile in values.chunks_exact(GENES) {
            let genes = variance.iter_mut().zip(&mean).zip(profile);
            genes.for_each(|((variance, mean), &value)| *variance += (cut(value) - mean).powi(2) / profiles);
        }
        let mean = mean.into_iter().map(|mean| mean as f32).collect();
        Self { clip, mean, sd: deviations(&variance, scale) }
    }

    /// Standardised copies of profiles, n x 978.
    pub fn apply(&self, values: &[f32]) -> Vec<f32> {
        let genes = self.mean.iter().zip(&self.sd).cycle();
        values.iter().zip(genes).map(|(&value, (mean, sd))| (cut(value, self.clip) - mean) / sd).collect()
    }
}

fn cut(value: f32, clip: Option<f32>) -> f32 {
    clip.map_or(value, |clip| value.clamp(-clip, clip))
}

fn deviations(variance: &[f64], scale: Scale) -> Vec<f32> {
    let common = (variance.iter().sum::<f64>() / variance.len() as f64).sqrt() as f32;
    let common = if common > 0.0 { common } else { 1.0 };
    let guarded = |variance: &f64| {
        let sd = variance.sqrt() as f32;
        if sd < SMALLEST_SHARE * common { common } else { sd }
    };
    match scale {
        Scale::Gene => variance.iter().map(guarded).collect(),
        Scale::Common => vec![common; variance.len()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profiles(rows: usize) -> Vec<f32> {
        (0..rows * GENES).map(|i| ((i * i + i / 7) % 23) as f32 - 9.0).collect()
    }

    #[test]
    fn standardised_genes_have_mean_zero_and_deviation_one() {
        let values = profiles(40);
        let standard = Standardiser::fit(&values, Scale::Gene, None).apply(&values);
        for gene in 0..GENES {
            let column: Vec<f64> = standard.iter().skip(gene).step_by(GENES).map(|&v| f64::from(v)).collect();
            let mean = column.iter().sum::<f64>() / 40.0;
            let variance = column.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / 40.0;
            assert!(mean.abs() < 1e-5 && (variance - 1.0).abs() < 1e-4, "gene {gene}: {mean} {variance}");
        }
    }

    #[test]
    fn a_gene_that_never_moves_is_not_divided_by_zero() {
        let mut values = profiles(10);
        values.iter_mut().step_by(GENES).for_each(|value| *value = 2.0);
        let standardiser = Standardiser::fit(&values, Scale::Gene, None);
        assert!(standardiser.sd[0] > 0.5);
        assert_eq!(standardiser.apply(&values)[0], 0.0);
        assert!(
            Standardiser::fit(&vec![1.0; GENES], Scale::Common, None).apply(&vec![5.0; GENES])[0].is_finite()
        );
    }

    #[test]
    fn outliers_are_cut_before_anything_is_learnt() {
        let mut values = profiles(10);
        values[0] = 1e30;
        let standardiser = Standardiser::fit(&values, Scale::Common, Some(3.0));
        assert!(standardiser.mean.iter().all(|mean| mean.abs() <= 3.0));
        assert_eq!(standardiser.apply(&vec![1e30; GENES]), standardiser.apply(&vec![3.0; GENES]));
    }
}
