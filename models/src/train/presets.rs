//! Recipes by name.

use super::recipe::{Device, Kind, Loss, Negatives, Recipe};
use crate::linear::Start;
use crate::{Scale, TrainError};

/// The presets of a command by name, with what each is for.
pub type Presets = &'static [(&'static str, fn() -> Recipe, &'static str)];

/// For networks that tell drugs apart.
pub const DENSENET: Presets = &[
    ("paper004", Recipe::paper004, "no margin, no noise, Adam 0.005, 100 epochs"),
    ("donner", Recipe::donner, "margin warmed up to 0.25, input noise 0.3 (Donner et al. 2018)"),
    ("small-data", Recipe::small_data, "for up to some ten thousand profiles"),
];

/// For triplet networks.
pub const TRIPLET: Presets = &[
    ("paper004", Recipe::triplet004, "two stages, two optimisers, 50 fixed triplets a drug"),
    ("margin", Recipe::triplet_margin, "a margin, semi-hard negatives, new triplets every epoch"),
    ("dense", Recipe::triplet_dense, "the margin with densely connected towers"),
    ("small-data", Recipe::triplet_small_data, "for up to some ten thousand profiles"),
];

/// For linear maps in closed form.
pub const WHITEN: Presets = &[
    ("within-drug", Recipe::whitening, "whitened by the scatter within drugs"),
    ("components", Recipe::components, "principal components, each of variance 1"),
    ("discriminant", Recipe::discriminant, "linear discriminant analysis of drugs"),
    (
        "weighted-discriminant",
        Recipe::weighted_discriminant,
        "the same with weighted directions; small-data starts so",
    ),
];

impl Recipe {
    /// Returns the preset of that name: `densenet:NAME`, `triplet:NAME`, or the name of a linear map.
    ///
    /// # Errors
    /// [`TrainError::Config`] with all names there are; `origin` is what asked.
    pub fn named(name: &str, origin: &str) -> Result<Self, TrainError> {
        let kinds = [("densenet:", DENSENET), ("triplet:", TRIPLET), ("", WHITEN)];
        let all = || {
            let full = |kind: &'static str, presets: Presets| {
                presets.iter().map(move |(name, recipe, _)| (format!("{kind}{name}"), recipe))
            };
            kinds.into_iter().flat_map(move |(kind, presets)| full(kind, presets))
        };
        all().find(|(known, _)| known == name).map(|(_, recipe)| recipe()).ok_or_else(|| {
            let names: Vec<String> = all().map(|(name, _)| name).collect();
            TrainError::config(origin, format!("no preset `{name}`, expected one of {}", names.join(", ")))
        })
    }

    /// Softmax cross-entropy over drugs, similarity being the cosine times a trainable scale; no margin, no noise,
    /// Adam with 0.005 for 100 epochs; depth 8, growth 12, dimension 16.
    pub fn paper004() -> Self {
        Self {
            preset: "paper004".to_owned(),
            network: Kind::Dense,
            depth: 8,
            growth: 12,
            budget: 0,
            layers: 3,
            width: 512,
            dropout: 0.0,
            dim: 16,
            loss: Loss::Softmax,
            margin: 0.0,
            margin_warm_up: 0.0,
            class_scale: 16.0,
            train_class_scale: true,
            unit_classes: true,
            label_smoothing: 0.0,
            triplets_per_drug: 50,
            resample: false,
            negatives: Negatives::Random,
            gene_scale: Scale::Gene,
            clip: 0.0,
            unit_profiles: false,
            noise: 0.0,
            gene_dropout: 0.0,
            mixup: 0.0,
            balance: 0.0,
            least_signatures: 1,
            start: Start::Random,
            shrinkage: 0.8,
            whitening_power: 0.5,
            spectrum_power: 0.0,
            drug_weight: 0.0,
            pair_share: 0.0,
            background_weight: 0.0,
            hidden: 0.1,
            epochs: 100,
            steps: 0,
            batch: 1024,
            learning_rate: 0.005,
            decay: false,
            weight_decay: 0.0,
            validation: 0.05,
            looks: 40,
            patience: 20,
            device: Device::Cpu,
            seed: 0,
        }
    }

    /// Returns the loss of Donner, Kazmierczak and Fortney (2018): margin warmed up to 0.25 over the first sixth of the
    /// steps (theirs rose by 0.0002 a step, over 1,250 of 8,000), noise 0.3, batches of 8,192. Their learning rate
    /// is not published; 0.005, falling to 0 along half a cosine, is ours.
    pub fn donner() -> Self {
        Self {
            preset: "donner".to_owned(),
            epochs: 0,
            steps: 8000,
            batch: 8192,
            learning_rate: 0.005,
            decay: true,
            margin: 0.25,
            margin_warm_up: 1250.0 / 8000.0,
            noise: 0.3,
            dim: 32,
            ..Self::paper004()
        }
    }

    /// For a few thousand profiles, where the others learn their training drugs by heart: profiles are brought to unit
    /// variance and cut; the network starts as a discriminant analysis whose directions are weighted and not merely
    /// chosen, and is refined with small steps under noise. Its numbers were found by cross-validation on 1,645
    /// level-5 signatures.
    pub fn small_data() -> Self {
        Self {
            preset: "small-data".to_owned(),
            steps: 200,
            batch: 256,
            learning_rate: 1e-5,
            decay: true,
            margin: 0.1,
            margin_warm_up: 0.5,
            noise: 0.5,
            balance: 0.5,
            unit_profiles: true,
            clip: 1.75,
            gene_scale: Scale::Common,
            start: Start::Discriminant,
            shrinkage: 0.85,
            whitening_power: 1.0,
            spectrum_power: 1.0 / 3.0,
            drug_weight: 0.5,
            pair_share: 0.5,
            background_weight: 2.0,
            validation: 0.0,
            ..Self::donner()
        }
    }

    /// Returns the published triplet network: three fully connected layers, 50 triplets a drug drawn once, one Adam for the
    /// positives and one for the negatives. Its dropout is printed as 0.9, which may be the share that is kept;
    /// here 0.1 is dropped.
    pub fn triplet004() -> Self {
        Self {
            preset: "paper004".to_owned(),
            network: Kind::Layered,
            loss: Loss::TripletStages,
            dropout: 0.1,
            dim: 32,
            epochs: 100,
            batch: 1024,
            learning_rate: 0.001,
            ..Self::paper004()
        }
    }

    /// Returns one optimiser with a margin, new triplets every epoch, negatives that are hard but not the hardest.
    pub fn triplet_margin() -> Self {
        Self {
            preset: "margin".to_owned(),
            loss: Loss::TripletMargin,
            margin: 0.3,
            resample: true,
            negatives: Negatives::SemiHard,
            noise: 0.3,
            epochs: 40,
            ..Self::triplet004()
        }
    }

    /// [`triplet_margin`](Self::triplet_margin) with densely connected towers.
    pub fn triplet_dense() -> Self {
        Self { preset: "dense".to_owned(), network: Kind::Dense, dropout: 0.0, ..Self::triplet_margin() }
    }

    /// [`triplet_dense`](Self::triplet_dense) from the start of [`small_data`](Self::small_data).
    pub fn triplet_small_data() -> Self {
        let base = Self::small_data();
        Self {
            preset: "small-data".to_owned(),
            loss: Loss::TripletMargin,
            margin: 0.3,
            resample: true,
            negatives: Negatives::SemiHard,
            triplets_per_drug: 50,
            ..base
        }
    }

    /// No descent: the profiles whitened by their shrunk covariance within drugs, all 978 directions.
    pub fn whitening() -> Self {
        Self {
            preset: "within-drug".to_owned(),
            depth: 0,
            growth: 0,
            dim: 978,
            epochs: 0,
            gene_scale: Scale::Common,
            start: Start::Whitening,
            shrinkage: 0.5,
            validation: 0.0,
            ..Self::paper004()
        }
    }

    /// No descent: principal components of the profiles, each brought to variance 1.
    pub fn components() -> Self {
        Self { preset: "components".to_owned(), start: Start::Components, dim: 64, ..Self::whitening() }
    }

    /// No descent: linear discriminant analysis with drugs as classes.
    pub fn discriminant() -> Self {
        Self {
            preset: "discriminant".to_owned(),
            start: Start::Discriminant,
            dim: 32,
            shrinkage: 0.8,
            ..Self::whitening()
        }
    }

    /// No descent: where [`small_data`](Self::small_data) starts from.
    pub fn weighted_discriminant() -> Self {
        Self {
            preset: "weighted-discriminant".to_owned(),
            depth: 0,
            growth: 0,
            steps: 0,
            ..Self::small_data()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preset_is_found_by_its_kind_and_name() {
        assert_eq!(Recipe::named("triplet:paper004", "x").unwrap(), Recipe::triplet004());
        assert_eq!(Recipe::named("components", "x").unwrap(), Recipe::components());
        let error = Recipe::named("donner", "my.toml").unwrap_err().to_string();
        assert!(error.contains("my.toml") && error.contains("densenet:donner"), "{error}");
    }

    #[test]
    fn every_preset_can_work_and_knows_its_name() {
        for presets in [DENSENET, TRIPLET, WHITEN] {
            for (name, recipe, _) in presets {
                recipe().check().unwrap();
                assert_eq!(recipe().preset, *name);
            }
        }
    }
}
