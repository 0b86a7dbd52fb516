//! How a network is trained: every number of it, the published ways as presets, and a file to write them in.

use l1kdb::SettingError;
use serde::{Deserialize, Serialize};

use crate::linear::{self, Start};
use crate::network::{Architecture, DenseNet, Layered};
use crate::{Scale, Standardisation, TrainError};

/// The kind of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Densely connected, SELU; linear at depth 0.
    Dense,
    /// Fully connected layers, ReLU, dropout.
    Layered,
}

/// What a network is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Loss {
    /// Tell the training drugs apart: cross-entropy over scaled cosines to a trained row for every drug.
    Softmax,
    /// Two Adam optimisers in turn: one brings two signatures of a drug together, one takes two of different drugs
    /// apart.
    TripletStages,
    /// One optimiser; a positive has to be nearer than a negative by the margin.
    TripletMargin,
}

/// What a network is trained on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Device {
    /// The processor.
    Cpu,
    /// The first NVIDIA GPU; needs the feature `cuda`.
    Cuda,
}

/// Which negatives triplets get.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Negatives {
    /// Any signature of any other drug, drugs alike.
    Random,
    /// Of those in the batch the nearest that is farther than the positive.
    SemiHard,
}

/// Every number of a training. The presets say what is usual.
///
/// As TOML, keys in kebab-case; what is not named keeps the value of its preset:
///
/// ```
/// use l1kdb_models::Recipe;
/// let recipe = Recipe::donner().with_text("depth = 16\nlearning-rate = 0.0005", "run.toml")?;
/// assert_eq!((recipe.depth, recipe.growth), (16, 12));
/// let error = recipe.with_text("learning-rat = 1", "run.toml").unwrap_err();
/// assert!(error.to_string().contains("learning-rate"));
/// # Ok::<(), l1kdb_models::TrainError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Recipe {
    /// Name of the preset that this started from.
    pub preset: String,
    /// Kind of network.
    pub network: Kind,
    /// Dense: hidden layers.
    pub depth: usize,
    /// Dense: neurons of a hidden layer.
    pub growth: usize,
    /// Dense: take the widest layers that keep the hidden weights within this number, instead of `growth`; 0 does not.
    pub budget: usize,
    /// Layered: hidden layers.
    pub layers: usize,
    /// Layered: neurons of a hidden layer.
    pub width: usize,
    /// Layered: share of neurons that are dropped in training.
    pub dropout: f32,
    /// Coordinates of an embedding.
    pub dim: usize,

    /// What the network is asked to do.
    pub loss: Loss,
    /// Cosine that the right drug, or the positive, must win by, at the end of its warm-up.
    pub margin: f32,
    /// Share of the steps over which the margin rises from 0.
    pub margin_warm_up: f32,
    /// Softmax: where the scale of the cosines starts.
    pub class_scale: f32,
    /// Softmax: whether the scale is trained.
    pub train_class_scale: bool,
    /// Softmax: whether class rows are of unit length; if not, their lengths are trained.
    pub unit_classes: bool,
    /// Softmax: share of the target that is spread over all drugs.
    pub label_smoothing: f32,
    /// Triplets of a drug in an epoch.
    pub triplets_per_drug: usize,
    /// Triplets: whether every epoch draws new ones.
    pub resample: bool,
    /// Triplets: which negatives they get.
    pub negatives: Negatives,

    /// How genes are brought to one scale.
    pub gene_scale: Scale,
    /// z-scores beyond this are cut to it, in training and in the exported network; 0 leaves them.
    pub clip: f32,
    /// Whether every profile is brought to unit variance before it is cut, in training and in the exported network: how
    /// strong a profile is, and on which scale, then tells nothing.
    pub unit_profiles: bool,
    /// Standard deviation of the Gaussian noise on every standardised input.
    pub noise: f32,
    /// Share of genes that are set to their mean.
    pub gene_dropout: f32,
    /// Share of profiles that are mixed with another one of the same drug.
    pub mixup: f32,
    /// How far small drugs are drawn as often as large ones: 0 every signature alike, 1 every drug alike.
    pub balance: f32,
    /// Drugs with fewer signatures are left out of the training.
    pub least_signatures: usize,

    /// Where weights start.
    pub start: Start,
    /// Discriminant and whitening: share of a multiple of the identity in the scatter within drugs.
    pub shrinkage: f32,
    /// Discriminant and whitening: profiles are seen through this negative power of the scatter within drugs; 0.5
    /// makes every direction vary alike within drugs, more prefers those that vary least.
    pub whitening_power: f32,
    /// Discriminant: every direction is weighted by this power of its eigenvalue; 0 takes the leading ones alike.
    pub spectrum_power: f32,
    /// Centre and scatter within drugs count a drug's profiles by this negative power of their number: 0 every profile
    /// alike, 1 every drug alike.
    pub drug_weight: f32,
    /// Discriminant: share of the scatter between drugs that comes from pairs of different profiles of a drug, which
    /// chance does not inflate; the rest comes from the drugs' means.
    pub pair_share: f32,
    /// Discriminant: weight of the covariance of background profiles beside the scatter between drugs.
    pub background_weight: f32,
    /// What hidden layers add to the embedding starts scaled by this, unless the start is random.
    pub hidden: f32,

    /// Passes over the training profiles; 0 where `steps` says how long.
    pub epochs: usize,
    /// Batches; 0 where `epochs` says how long. Both 0: the network stays as it starts.
    pub steps: usize,
    /// Profiles, or triplets, in a batch.
    pub batch: usize,
    /// Adam's step size at the start.
    pub learning_rate: f64,
    /// Whether the step size falls to 0 along half a cosine, or stays.
    pub decay: bool,
    /// Decoupled weight decay (AdamW); 0 is plain Adam.
    pub weight_decay: f32,

    /// Share of the training drugs that are held out of the descent to choose its best moment; 0 trains to the end.
    pub validation: f32,
    /// Looks at them in a whole training.
    pub looks: usize,
    /// Looks without a better one after which training stops.
    pub patience: usize,
    /// What to train on.
    pub device: Device,
    /// Determines weights, batches, noise and splits.
    pub seed: u64,
}

impl Recipe {
    /// Returns the architecture that the sizes describe.
    ///
    /// # Errors
    /// [`SettingError`] for sizes that make no network.
    pub fn architecture(&self) -> Result<Architecture, SettingError> {
        match self.network {
            Kind::Layered => Layered::new(self.layers, self.width, self.dim).map(Architecture::Layered),
            Kind::Dense if self.budget > 0 => {
                let widest = DenseNet::widest(self.depth, self.budget, self.dim);
                let growth = widest.map_or(0, |net| net.growth);
                DenseNet::new(self.depth, growth, self.dim).map(Architecture::Dense)
            }
            Kind::Dense => DenseNet::new(self.depth, self.growth, self.dim).map(Architecture::Dense),
        }
    }

    /// What directions a network starts with are found by.
    pub(crate) fn directions(&self) -> linear::Options {
        linear::Options {
            start: self.start,
            shrinkage: self.shrinkage,
            whitening_power: self.whitening_power,
            spectrum_power: self.spectrum_power,
            drug_weight: self.drug_weight,
            pair_share: self.pair_share,
            background_weight: self.background_weight,
        }
    }

    /// Checks every number.
    ///
    /// # Errors
    /// [`TrainError::Setting`] names the first that cannot work.
    pub fn check(&self) -> Result<(), TrainError> {
        self.architecture()?;
        SettingError::check("epochs", self.epochs, "0 to 1,000,000", self.epochs <= 1_000_000)?;
        SettingError::check("steps", self.steps, "0 to 100,000,000", self.steps <= 100_000_000)?;
        let both = self.epochs > 0 && self.steps > 0;
        SettingError::check("steps", self.steps, "0 beside epochs: give one of them", !both)?;
        SettingError::check("batch", self.batch, "1 to 1,048,576", (1..=1 << 20).contains(&self.batch))?;
        let per_drug = self.triplets_per_drug;
        SettingError::check(
            "triplets-per-drug",
            per_drug,
            "1 to 100,000",
            (1..=100_000).contains(&per_drug),
        )?;
        SettingError::check("looks", self.looks, "1 to 100,000", (1..=100_000).contains(&self.looks))?;
        SettingError::check("patience", self.patience, "1 or more", self.patience > 0)?;
        let random = self.start == Start::Random || self.network == Kind::Dense;
        #[cfg(not(feature = "cuda"))]
        if self.device == Device::Cuda {
            return Err(TrainError::config("device", NO_CUDA.to_owned()));
        }
        if !random {
            return Err(TrainError::config(
                "start",
                "a layered network has no other start than `random`".to_owned(),
            ));
        }
        let rate = self.learning_rate;
        SettingError::check("learning-rate", rate, "above 0, at most 1", rate > 0.0 && rate <= 1.0)?;
        Ok(self.check_shares()?)
    }

    fn check_shares(&self) -> Result<(), SettingError> {
        let within = |name, value: f32, low: f32, high: f32, expected| {
            SettingError::check(name, value, expected, (low..=high).contains(&value))
        };
        within("dropout", self.dropout, 0.0, 0.99, "0 to 0.99")?;
        within("margin", self.margin, 0.0, 1.0, "0 to 1")?;
        within("margin-warm-up", self.margin_warm_up, 0.0, 1.0, "0 to 1")?;
        within("class-scale", self.class_scale, 1.0, 1000.0, "1 to 1000")?;
        within("label-smoothing", self.label_smoothing, 0.0, 0.99, "0 to 0.99")?;
        within("clip", self.clip, 0.0, 1e6, "0 to 1,000,000")?;
        within("noise", self.noise, 0.0, 100.0, "0 to 100")?;
        within("gene-dropout", self.gene_dropout, 0.0, 0.99, "0 to 0.99")?;
        within("mixup", self.mixup, 0.0, 1.0, "0 to 1")?;
        within("balance", self.balance, 0.0, 2.0, "0 to 2")?;
        within("shrinkage", self.shrinkage, 1e-3, 1.0, "0.001 to 1")?;
        within("whitening-power", self.whitening_power, 0.0, 2.0, "0 to 2")?;
        within("spectrum-power", self.spectrum_power, 0.0, 2.0, "0 to 2")?;
        within("drug-weight", self.drug_weight, 0.0, 1.0, "0 to 1")?;
        within("pair-share", self.pair_share, 0.0, 1.0, "0 to 1")?;
        within("background-weight", self.background_weight, 0.0, 1e6, "0 to 1,000,000")?;
        within("hidden", self.hidden, 0.0, 10.0, "0 to 10")?;
        within("weight-decay", self.weight_decay, 0.0, 10.0, "0 to 10")?;
        within("validation", self.validation, 0.0, 0.9, "0 to 0.9")
    }

    /// Returns the number of batches for `items` training profiles, or triplets.
    pub fn length(&self, items: usize) -> usize {
        self.steps + self.epochs * items.div_ceil(self.batch.min(items).max(1))
    }

    /// Returns the margin at step `step` of `steps`, rising in a line from 0.
    pub fn margin_at(&self, step: usize, steps: usize) -> f32 {
        let warm_up = self.margin_warm_up * steps as f32;
        if (step as f32) < warm_up { self.margin * step as f32 / warm_up } else { self.margin }
    }

    /// Adam's step size at step `step` of `steps`.
    pub fn learning_rate_at(&self, step: usize, steps: usize) -> f64 {
        let turn = std::f64::consts::PI * step as f64 / steps as f64;
        if self.decay { self.learning_rate * 0.5 * (1.0 + turn.cos()) } else { self.learning_rate }
    }

    /// Returns how profiles are brought to one scale.
    pub fn standardisation(&self) -> Standardisation {
        Standardisation {
            unit: self.unit_profiles,
            clip: (self.clip > 0.0).then_some(self.clip),
            scale: self.gene_scale,
            drug_weight: self.drug_weight,
        }
    }
}

/// What to do about a build without it.
#[cfg(not(feature = "cuda"))]
pub(crate) const NO_CUDA: &str = "this build cannot train on a GPU: train with --device cpu, or install with \
                                  `cargo install l1kdb-models --features cuda`";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_margin_rises_in_a_line_and_stays() {
        let recipe = Recipe { margin: 0.2, margin_warm_up: 0.5, ..Recipe::donner() };
        assert_eq!([0, 25, 50, 99].map(|step| recipe.margin_at(step, 100)), [0.0, 0.1, 0.2, 0.2]);
        assert_eq!(Recipe::paper004().margin_at(0, 10), 0.0);
    }

    #[test]
    fn the_learning_rate_stays_or_falls_to_nothing() {
        let recipe = Recipe { decay: true, ..Recipe::donner() };
        let rates = [0, 50, 100].map(|step| recipe.learning_rate_at(step, 100) / recipe.learning_rate);
        assert!((rates[0] - 1.0).abs() < 1e-12 && (rates[1] - 0.5).abs() < 1e-12 && rates[2] < 1e-12);
        assert_eq!(Recipe::paper004().learning_rate_at(99, 100), 0.005);
    }

    #[test]
    fn an_epoch_sees_every_profile() {
        let epochs = |batch| Recipe { epochs: 10, steps: 0, batch, ..Recipe::donner() };
        assert_eq!((epochs(64).length(100), epochs(8192).length(100)), (20, 10));
        assert_eq!(Recipe { epochs: 0, steps: 0, ..Recipe::donner() }.length(100), 0);
    }

    #[test]
    fn a_number_that_cannot_work_is_named() {
        let refused = |recipe: Recipe| recipe.check().unwrap_err().to_string();
        let base = Recipe::donner;
        assert!(refused(Recipe { learning_rate: f64::NAN, ..base() }).starts_with("learning-rate is NaN"));
        assert!(refused(Recipe { noise: -1.0, ..base() }).starts_with("noise is -1"));
        assert!(refused(Recipe { batch: 0, ..base() }).starts_with("batch is 0"));
        assert!(refused(Recipe { margin: 2.0, ..base() }).starts_with("margin is 2"));
        assert!(refused(Recipe { epochs: 3, ..base() }).contains("one of them"));
    }

    #[test]
    fn a_budget_chooses_the_growth() {
        let recipe = Recipe { depth: 16, budget: 400_000, growth: 1, ..Recipe::donner() };
        let Ok(Architecture::Dense(net)) = recipe.architecture() else { panic!("a network") };
        assert_eq!(net.growth, 21);
    }
}
