//! The command line: what can be asked for, and what it means in the library's terms.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use l1kdb::profile::{NonFinite, ReadOptions};
use l1kdb_models::{Duration, Files, Labels, PRESETS, Protocol, Recipe, Scale, Shape, Start, TrainError};

/// With fewer signatures than about this the published recipes learn their training drugs by heart.
const SMALL_DATA: usize = 20_000;

/// Trains the networks that l1kdb embeds L1000 profiles with.
#[derive(Debug, Parser)]
#[command(name = "l1kdb-train", version, about, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Train a densely connected network to tell drugs apart.
    #[command(after_long_help = EXAMPLES, args_override_self = true)]
    Densenet(Box<Densenet>),
}

const EXAMPLES: &str = "\
EXAMPLES
  A few thousand signatures: cross-validate the recipe by drug, then train on all of them
    l1kdb-train densenet --profiles P.gctx --sig-info sig_info.txt --pert-info pert_info.txt \\
        --preset small-data --dim 32 --folds 5 --repeats 3 --out my-model

  A hundred thousand signatures: hold out a tenth of the drugs
    l1kdb-train densenet --profiles P.gctx --sig-info sig_info.txt --preset donner --out my-model

  Use it
    l1kdb build MINE.l1kdb --profiles P.gctx --sig-info sig_info.txt --model my-model

PRESETS
  paper004    cross-entropy over scaled cosines: no margin, no noise, Adam 0.005, 100 epochs
  donner      the same with an additive margin warmed up to 0.25 and input noise 0.3
  small-data  for up to some ten thousand signatures, where the others learn their training drugs by heart: a
              discriminant analysis as the start, small steps, outliers cut

Figures are always of drugs that the network had not seen, among such drugs, with the cosine over the 978 z-scores
and with permuted labels beside them. The same seed, data and machine give the same network, byte for byte, on the
processor.";

#[derive(Debug, Args)]
pub(crate) struct Densenet {
    /// Signatures: GCTX, GCT, CSV or TSV, also gzipped.
    #[arg(long, value_name = "FILE", help_heading = "Data")]
    profiles: PathBuf,
    /// Signature table (sig_info.txt, siginfo_beta.txt): which drug and cell line every signature is of.
    #[arg(long, value_name = "FILE", help_heading = "Data")]
    sig_info: PathBuf,
    /// Perturbagen table (pert_info.txt): its column `drug` tells which identifiers are one drug.
    #[arg(long, value_name = "FILE", help_heading = "Data")]
    pert_info: Option<PathBuf>,
    /// Share of the 978 landmark genes that must be there; missing ones count as 0.
    #[arg(long, value_name = "SHARE", default_value_t = 0.9, help_heading = "Data")]
    min_coverage: f32,
    /// What to do about values that are not finite.
    #[arg(long, value_enum, default_value_t = NonFiniteArg::Refuse, help_heading = "Data")]
    non_finite: NonFiniteArg,

    /// Folder to write model.onnx and card.toml into.
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    pub(crate) out: PathBuf,
    /// Replace the model that --out holds.
    #[arg(long, help_heading = "Output")]
    pub(crate) force: bool,
    /// Name in the card, of lower-case letters, digits and hyphens [default: the name of the folder].
    #[arg(long, help_heading = "Output")]
    name: Option<String>,
    /// Licence in the card.
    #[arg(long, default_value = "unknown", help_heading = "Output")]
    licence: String,
    /// Where the data come from, for the card.
    #[arg(long, value_name = "TEXT", default_value = "unknown", help_heading = "Output")]
    source: String,
    /// Anything else a reader of the figures should know, for the card.
    #[arg(long, value_name = "TEXT", help_heading = "Output")]
    note: Option<String>,
    /// Write the network layer by layer instead of as one product: several times slower, for comparison.
    #[arg(long, help_heading = "Output")]
    pub(crate) layer_by_layer: bool,

    /// Hidden layers.
    #[arg(long, default_value_t = 8, help_heading = "Network")]
    depth: usize,
    /// Neurons of a hidden layer.
    #[arg(long, default_value_t = 12, help_heading = "Network")]
    growth: usize,
    /// Take the widest layers that keep the hidden weights within this number, instead of --growth.
    #[arg(long, value_name = "WEIGHTS", conflicts_with = "growth", help_heading = "Network")]
    budget: Option<usize>,
    /// Coordinates of an embedding.
    #[arg(long, default_value_t = 16, help_heading = "Network")]
    dim: usize,

    /// Where every number below starts from [default: small-data for up to 20,000 signatures, donner for more]
    #[arg(long, value_parser = PRESETS.map(|(name, _)| name), help_heading = "Training")]
    preset: Option<String>,
    /// Passes over the training signatures.
    #[arg(long, conflicts_with = "steps", help_heading = "Training")]
    epochs: Option<usize>,
    /// Batches.
    #[arg(long, help_heading = "Training")]
    steps: Option<usize>,
    /// Signatures in a batch.
    #[arg(long, help_heading = "Training")]
    batch: Option<usize>,
    /// Adam's step size.
    #[arg(long, help_heading = "Training")]
    learning_rate: Option<f64>,
    /// Decoupled weight decay.
    #[arg(long, help_heading = "Training")]
    weight_decay: Option<f32>,
    /// Cosine margin that the right drug must win by.
    #[arg(long, help_heading = "Training")]
    margin: Option<f32>,
    /// Share of the training over which the margin rises from 0.
    #[arg(long, value_name = "SHARE", help_heading = "Training")]
    margin_warm_up: Option<f32>,
    /// Standard deviation of the noise on every standardised z-score.
    #[arg(long, help_heading = "Training")]
    noise: Option<f32>,
    /// Where the trainable scale of the similarities starts.
    #[arg(long, value_name = "SCALE", help_heading = "Training")]
    class_scale: Option<f32>,
    /// Cut z-scores beyond this, in training and in the network; 0 leaves them as they are.
    #[arg(long, value_name = "Z", help_heading = "Training")]
    clip: Option<f32>,
    /// Where weights start.
    #[arg(long, value_enum, help_heading = "Training")]
    start: Option<StartArg>,
    /// Share of the identity in the within-drug scatter of a discriminant start.
    #[arg(long, value_name = "SHARE", help_heading = "Training")]
    shrinkage: Option<f32>,
    /// How genes are brought to one scale.
    #[arg(long, value_enum, help_heading = "Training")]
    gene_scale: Option<ScaleArg>,
    /// Determines weights, batches, noise and splits.
    #[arg(long, default_value_t = 0, help_heading = "Training")]
    seed: u64,
    /// Train on an NVIDIA GPU.
    #[cfg(feature = "cuda")]
    #[arg(long, help_heading = "Training")]
    pub(crate) gpu: bool,

    /// Share of the drugs to hold out; 0 trains on all and gives no figures.
    #[arg(long, value_name = "SHARE", default_value_t = 0.1, help_heading = "Evaluation")]
    validation_share: f64,
    /// Cross-validate by drug with this many folds, then train on all drugs, instead of holding out a share.
    #[arg(long, value_name = "K", conflicts_with = "validation_share", help_heading = "Evaluation")]
    folds: Option<usize>,
    /// Divisions into folds.
    #[arg(long, value_name = "N", default_value_t = 1, requires = "folds", help_heading = "Evaluation")]
    repeats: usize,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum NonFiniteArg {
    /// Stop and name row and column.
    Refuse,
    /// Take them as 0.
    Zero,
    /// Leave the signature out.
    Drop,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum StartArg {
    /// At random.
    Random,
    /// As a regularised discriminant analysis of the training drugs.
    Discriminant,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ScaleArg {
    /// Every gene by its own standard deviation.
    Gene,
    /// All genes by one.
    Common,
}

impl Densenet {
    pub(crate) fn files(&self) -> Files {
        Files {
            profiles: self.profiles.clone(),
            sig_info: self.sig_info.clone(),
            pert_info: self.pert_info.clone(),
        }
    }

    pub(crate) fn read_options(&self) -> ReadOptions {
        let non_finite = match self.non_finite {
            NonFiniteArg::Refuse => NonFinite::Refuse,
            NonFiniteArg::Zero => NonFinite::Zero,
            NonFiniteArg::Drop => NonFinite::DropSignature,
        };
        ReadOptions { min_coverage: self.min_coverage, non_finite }
    }

    pub(crate) fn shape(&self) -> Result<Shape, TrainError> {
        match self.budget {
            None => Shape::new(self.depth, self.growth, self.dim),
            Some(budget) => {
                let widest = Shape::widest(self.depth, budget, self.dim);
                let growth = widest.map_or(0, |shape| shape.growth);
                Shape::new(self.depth, growth, self.dim)
            }
        }
    }

    /// The recipe for this number of signatures.
    pub(crate) fn recipe(&self, signatures: usize) -> Recipe {
        let fitting = if signatures <= SMALL_DATA { "small-data" } else { "donner" };
        let named = self.preset.as_deref().unwrap_or(fitting);
        let mut recipe = Recipe::preset(named).unwrap_or_else(Recipe::donner);
        let epochs = self.epochs.map(Duration::Epochs);
        replace(&mut recipe.duration, epochs.or(self.steps.map(Duration::Steps)));
        replace(&mut recipe.batch, self.batch);
        replace(&mut recipe.learning_rate, self.learning_rate);
        replace(&mut recipe.weight_decay, self.weight_decay);
        replace(&mut recipe.margin, self.margin);
        replace(&mut recipe.margin_warm_up, self.margin_warm_up);
        replace(&mut recipe.noise, self.noise);
        replace(&mut recipe.class_scale, self.class_scale);
        replace(&mut recipe.clip, self.clip.map(|clip| (clip != 0.0).then_some(clip)));
        replace(&mut recipe.scale, self.gene_scale.map(ScaleArg::scale));
        replace(&mut recipe.start, self.start.map(StartArg::start));
        if let (Start::Discriminant { shrinkage, .. }, Some(asked)) = (&mut recipe.start, self.shrinkage) {
            *shrinkage = asked;
        }
        Recipe { seed: self.seed, ..recipe }
    }

    pub(crate) fn protocol(&self) -> Protocol {
        match self.folds {
            Some(folds) => Protocol::CrossValidation { folds, repeats: self.repeats },
            None => Protocol::HoldOut { share: self.validation_share },
        }
    }

    pub(crate) fn labels(&self) -> Labels {
        let folder = self.out.file_name().unwrap_or_default().to_string_lossy();
        let name = self.name.clone().unwrap_or_else(|| short_name(&folder));
        Labels { name, licence: self.licence.clone(), source: self.source.clone(), note: self.note.clone() }
    }
}

fn replace<T>(value: &mut T, by: Option<T>) {
    if let Some(by) = by {
        *value = by;
    }
}

/// Lower-case letters, digits and hyphens of `text`, anything else as a hyphen.
fn short_name(text: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let name: String = text.chars().map(plain).collect();
    let name = name.trim_matches('-').to_owned();
    if name.is_empty() { "model".to_owned() } else { name }
}

impl StartArg {
    fn start(self) -> Start {
        match self {
            Self::Random => Start::Random,
            Self::Discriminant => Recipe::small_data().start,
        }
    }
}

impl ScaleArg {
    fn scale(self) -> Scale {
        match self {
            Self::Gene => Scale::Gene,
            Self::Common => Scale::Common,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    fn parsed(arguments: &[&str]) -> Densenet {
        let needed =
            ["l1kdb-train", "densenet", "--profiles", "p", "--sig-info", "s", "--out", "some/My model"];
        let Command::Densenet(densenet) =
            Cli::try_parse_from(needed.iter().chain(arguments)).unwrap().command;
        *densenet
    }

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
        for (name, _) in PRESETS {
            assert!(EXAMPLES.contains(&format!("\n  {name} ")), "the long help explains {name}");
        }
    }

    #[test]
    fn an_option_overrides_its_preset_and_nothing_else() {
        let recipe = parsed(&["--preset", "small-data", "--noise", "0.7", "--clip", "0", "--epochs", "9"])
            .recipe(1_000_000);
        let expected =
            Recipe { noise: 0.7, clip: None, duration: Duration::Epochs(9), ..Recipe::small_data() };
        assert_eq!(recipe, expected);
        assert_eq!(parsed(&[]).recipe(SMALL_DATA), Recipe::small_data());
        assert_eq!(parsed(&[]).recipe(SMALL_DATA + 1), Recipe::donner());
    }

    #[test]
    fn a_budget_chooses_the_width() {
        assert_eq!(parsed(&["--budget", "100000", "--depth", "16"]).shape().unwrap().growth, 6);
        assert!(parsed(&["--budget", "10"]).shape().is_err());
    }

    #[test]
    fn the_name_comes_from_the_folder() {
        assert_eq!(parsed(&[]).labels().name, "my-model");
        assert_eq!(short_name("__"), "model");
    }
}
