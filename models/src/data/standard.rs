//! What is done to every z-score before a network sees it, learnt from training profiles alone.

use l1kdb::profile::GENES;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::Dataset;
use crate::network::SMALLEST_LENGTH;
use crate::network::vector::{dot, vectorised};

/// How genes are brought to one scale before the network sees them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scale {
    /// Every gene by its own standard deviation over the training profiles, as published.
    Gene,
    /// All genes by one standard deviation: z-scores are comparable already, and stay so.
    Common,
}

/// A gene whose deviation is below this share of the common one is divided by the common one: it would otherwise turn
/// rounding into signal.
const SMALLEST_SHARE: f32 = 1e-2;

/// What is done to every profile: perhaps brought to unit variance, cut to `clip`, minus `mean`, divided by `sd`.
#[derive(Debug, Clone, PartialEq)]
pub struct Standardiser {
    /// Whether a profile is first divided by the root of its mean square, so that its strength and scale do not matter.
    pub unit: bool,
    /// Values beyond this are cut to it.
    pub clip: Option<f32>,
    /// Mean of every gene, after cutting.
    pub mean: Vec<f32>,
    /// What every gene is divided by; positive.
    pub sd: Vec<f32>,
}

/// The length of a profile of unit variance.
pub(crate) fn unit_length() -> f32 {
    (GENES as f32).sqrt()
}

/// How a [`Standardiser`] is learnt.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standardisation {
    /// Whether profiles are brought to unit variance first.
    pub unit: bool,
    /// Where values are cut.
    pub clip: Option<f32>,
    /// How genes are scaled.
    pub scale: Scale,
    /// The mean counts a drug's profiles by this negative power of their number.
    pub drug_weight: f32,
}

impl Standardiser {
    /// Learns from the profiles `rows` of a data set.
    pub fn fit(dataset: &Dataset, rows: &[usize], how: Standardisation) -> Self {
        let Standardisation { unit, clip, scale, drug_weight } = how;
        let raw = Self { unit, clip, mean: vec![0.0; GENES], sd: vec![1.0; GENES] };
        let sizes = dataset.drug_sizes_among(rows);
        let weight = |row: usize| (sizes[dataset.drugs[row] as usize] as f64).powf(-f64::from(drug_weight));
        let total: f64 = rows.iter().map(|&row| weight(row)).sum::<f64>().max(f64::MIN_POSITIVE);
        let (mut profile, mut mean) = (vec![0.0; GENES], vec![0.0_f64; GENES]);
        for &row in rows {
            raw.apply_to(dataset.profile(row), &mut profile);
            let share = weight(row) / total;
            mean.iter_mut().zip(&profile).for_each(|(mean, &value)| *mean += share * f64::from(value));
        }
        let mut variance = vec![0.0_f64; GENES];
        for &row in rows {
            raw.apply_to(dataset.profile(row), &mut profile);
            let genes = variance.iter_mut().zip(&mean).zip(&profile);
            genes.for_each(|((variance, mean), &value)| {
                *variance += (f64::from(value) - mean).powi(2) / rows.len() as f64;
            });
        }
        let mean = mean.into_iter().map(|mean| mean as f32).collect();
        Self { mean, sd: deviations(&variance, scale), ..raw }
    }

    /// Returns standardised copies of profiles, n x 978.
    pub fn apply(&self, values: &[f32]) -> Vec<f32> {
        let mut standard = vec![0.0; values.len()];
        let profiles = standard.par_chunks_mut(GENES).zip(values.par_chunks(GENES));
        profiles.for_each(|(standard, profile)| self.apply_to(profile, standard));
        standard
    }

    /// A standardised copy of one profile.
    pub(crate) fn apply_to(&self, profile: &[f32], standard: &mut [f32]) {
        let clip = self.clip.unwrap_or(f32::MAX);
        vectorised(|| {
            let factor = if self.unit {
                unit_length() / dot(profile, profile).sqrt().max(SMALLEST_LENGTH)
            } else {
                1.0
            };
            let genes = self.mean.iter().zip(&self.sd).zip(profile);
            for (standard, ((mean, sd), value)) in standard.iter_mut().zip(genes) {
                *standard = ((value * factor).clamp(-clip, clip) - mean) / sd;
            }
        });
    }
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

    fn dataset(rows: usize) -> Dataset {
        let values = (0..rows * GENES).map(|i| ((i * i + i / 7) % 23) as f32 - 9.0).collect();
        Dataset::new(values, &vec!["drug".to_owned(); rows], &vec![None; rows]).unwrap()
    }

    fn fitted(dataset: &Dataset, scale: Scale, clip: Option<f32>, unit: bool) -> Standardiser {
        let how = Standardisation { unit, clip, scale, drug_weight: 0.0 };
        Standardiser::fit(dataset, &(0..dataset.len()).collect::<Vec<_>>(), how)
    }

    #[test]
    fn standardised_genes_have_mean_zero_and_deviation_one() {
        let data = dataset(40);
        let standard = fitted(&data, Scale::Gene, None, false).apply(data.values());
        for gene in 0..GENES {
            let column: Vec<f64> = standard.iter().skip(gene).step_by(GENES).map(|&v| f64::from(v)).collect();
            let mean = column.iter().sum::<f64>() / 40.0;
            let variance = column.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / 40.0;
            assert!(mean.abs() < 1e-5 && (variance - 1.0).abs() < 1e-4, "gene {gene}: {mean} {variance}");
        }
    }

    #[test]
    fn nothing_is_learnt_from_rows_that_are_not_named() {
        let mut data = dataset(10);
        let how = Standardisation { unit: false, clip: None, scale: Scale::Gene, drug_weight: 0.5 };
        let before = Standardiser::fit(&data, &[0, 1, 2, 3], how);
        data.study.embedding.values_mut()[4 * GENES..].fill(1e6);
        assert_eq!(Standardiser::fit(&data, &[0, 1, 2, 3], how), before);
    }

    #[test]
    fn a_gene_that_never_moves_is_not_divided_by_zero() {
        let mut data = dataset(10);
        data.study.embedding.values_mut().iter_mut().step_by(GENES).for_each(|value| *value = 2.0);
        let standardiser = fitted(&data, Scale::Gene, None, false);
        assert!(standardiser.sd[0] > 0.5);
        assert_eq!(standardiser.apply(data.values())[0], 0.0);
        data.study.embedding.values_mut().fill(1.0);
        assert!(fitted(&data, Scale::Common, None, true).apply(&vec![5.0; GENES])[0].is_finite());
    }

    #[test]
    fn outliers_are_cut_before_anything_is_learnt() {
        let mut data = dataset(10);
        data.study.embedding.values_mut()[0] = 1e30;
        let standardiser = fitted(&data, Scale::Common, Some(3.0), false);
        assert!(standardiser.mean.iter().all(|mean| mean.abs() <= 3.0));
        assert_eq!(standardiser.apply(&vec![1e30; GENES]), standardiser.apply(&vec![3.0; GENES]));
    }

    #[test]
    fn the_strength_and_scale_of_a_profile_can_be_made_not_to_matter() {
        let data = dataset(10);
        let standardiser = fitted(&data, Scale::Common, Some(2.0), true);
        let stronger: Vec<f32> = data.values().iter().map(|value| 30.0 * value).collect();
        let pairs = standardiser.apply(data.values()).into_iter().zip(standardiser.apply(&stronger));
        pairs.for_each(|(once, stronger)| assert!((once - stronger).abs() < 1e-4));
        assert!(standardiser.apply(&[0.0; GENES]).iter().all(|value| value.is_finite()));
    }

    #[test]
    fn the_mean_can_count_drugs_and_not_profiles() {
        let drugs = ["a", "a", "a", "b"].map(str::to_owned);
        let values = [1.0, 1.0, 1.0, 5.0].iter().flat_map(|&value| vec![value; GENES]).collect();
        let data = Dataset::new(values, &drugs, &[None; 4]).unwrap();
        let mean = |drug_weight| {
            let how = Standardisation { unit: false, clip: None, scale: Scale::Common, drug_weight };
            Standardiser::fit(&data, &[0, 1, 2, 3], how).mean[0]
        };
        assert!((mean(0.0) - 2.0).abs() < 1e-6 && (mean(1.0) - 3.0).abs() < 1e-6);
    }
}
