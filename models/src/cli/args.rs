//! The command line: what can be asked for. What it means stands in the commands.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use l1kdb_models::Device;
use serde::Serialize;

/// Trains the networks that l1kdb embeds L1000 profiles with.
#[derive(Debug, Parser)]
#[command(name = "l1kdb-train", version, about, arg_required_else_help = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Train a densely connected network to tell drugs apart
    #[command(after_long_help = EXAMPLES, args_override_self = true)]
    Densenet(Box<FitArgs>),
    /// Train a network to bring signatures of one drug together and those of others apart
    #[command(args_override_self = true)]
    Triplet(Box<FitArgs>),
    /// Fit a linear map in closed form: whitening, principal components, discriminant analysis
    #[command(args_override_self = true)]
    Whiten(Box<FitArgs>),
    /// Train every combination of some settings, each into a folder of its own, and tabulate them
    #[command(after_long_help = GRID_EXAMPLE)]
    Grid(Box<GridArgs>),
    /// Compare recipes, or finished models, on drugs that they have not seen
    #[command(after_long_help = EVALUATE_EXAMPLE)]
    Evaluate(Box<EvaluateArgs>),
    /// Write simulated LINCS-like data (GCTX and metadata) of any size
    Simulate(SimulateArgs),
}

const EXAMPLES: &str = "\
EXAMPLES
  A few thousand signatures: cross-validate the recipe by drug, then train on all of them
    l1kdb-train densenet --profiles P.gctx --sig-info sig_info.txt --pert-info pert_info.txt \\
        --preset small-data --folds 5 --repeats 3 --out my-model

  A hundred thousand signatures: hold out a tenth of the drugs, stop when further ones stop gaining
    l1kdb-train densenet --profiles P.gctx --sig-info sig_info.txt --preset donner --set validation=0.1 --out my-model

  Go on after an interruption
    l1kdb-train densenet ... --out my-model --resume

  Use it
    l1kdb build MINE.l1kdb --profiles P.gctx --sig-info sig_info.txt --model my-model

Figures are always of drugs that the network had not seen, among such drugs, with raw cosine over the 978 z-scores, a
plain whitening and permuted labels beside them. The same seed and data on the same machine give the same network,
byte for byte, on the processor, interrupted or not.

EXIT CODES
  0 done, 2 an error, 130 interrupted: a checkpoint was kept";

const GRID_EXAMPLE: &str = "\
EXAMPLE of a grid.toml
  preset = \"densenet:donner\"
  steps = 0
  epochs = 20

  [grid]
  depth = [4, 8, 16, 24, 32]
  budget = [100_000, 200_000, 400_000, 600_000]
  dim = [6, 8, 16, 24, 32]

Every combination gets a folder below --out, and a line in results.tsv. Repeat the command to go on with what is not
done.";

const EVALUATE_EXAMPLE: &str = "\
EXAMPLE
  l1kdb-train evaluate --profiles P.gctx --sig-info sig_info.txt --folds 5 --repeats 3 \\
      --models components,whiten,densenet,triplet:margin,mine.toml

A model is densenet, triplet or whiten with the preset that fits the data, densenet:PRESET or triplet:PRESET, the name of
a linear map (within-drug, components, discriminant, weighted-discriminant), a TOML file with a preset and settings, or the folder of a finished model, which is taken as it is: if it has seen the drugs
that it is asked about, its figures mean nothing, and a note says so.";

/// Where signatures and their drugs are.
#[derive(Debug, Args)]
#[command(next_help_heading = "Data")]
pub struct DataArgs {
    /// Signatures: GCTX, GCT, CSV or TSV, also gzipped
    #[arg(long, value_name = "FILE")]
    pub profiles: PathBuf,
    /// Signature table (sig_info.txt, siginfo_beta.txt): which drug and cell line every signature is of
    #[arg(long, value_name = "FILE")]
    pub sig_info: PathBuf,
    /// Perturbagen table (pert_info.txt): its column `drug` tells which identifiers are one drug
    #[arg(long, value_name = "FILE")]
    pub pert_info: Option<PathBuf>,
    /// Further profiles of drugs, of any scale (consensus signatures): a discriminant start learns from them how drugs
    /// differ. Those of held-out drugs are left out
    #[arg(long, value_name = "FILE", requires = "background_info")]
    pub background: Option<PathBuf>,
    /// Signature table of --background
    #[arg(long, value_name = "FILE", requires = "background")]
    pub background_info: Option<PathBuf>,
    /// Perturbagen table of --background
    #[arg(long, value_name = "FILE", requires = "background")]
    pub background_pert_info: Option<PathBuf>,
    /// Share of the 978 landmark genes that must be there; missing ones count as 0
    #[arg(long, value_name = "SHARE", default_value_t = 0.9)]
    pub min_coverage: f32,
    /// What to do about values that are not finite
    #[arg(long, value_enum, default_value_t = NonFiniteArg::Refuse)]
    pub non_finite: NonFiniteArg,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum NonFiniteArg {
    /// Stop and name row and column
    Refuse,
    /// Take them as 0
    Zero,
    /// Leave the signature out
    Drop,
}

/// How figures on unseen drugs are come by.
#[derive(Debug, Args)]
#[command(next_help_heading = "Evaluation")]
pub struct ProtocolArgs {
    /// Share of the drugs to hold out for the figures; 0 trains on all and gives none
    #[arg(long, value_name = "SHARE", default_value_t = 0.1)]
    pub test_share: f64,
    /// Cross-validate by drug with this many folds, then train on all drugs, instead of holding out a share
    #[arg(long, value_name = "K", conflicts_with = "test_share")]
    pub folds: Option<usize>,
    /// Divisions into folds
    #[arg(long, value_name = "N", default_value_t = 1, requires = "folds")]
    pub repeats: usize,
}

/// What to train, and how: options that are settings of a recipe have their names.
#[derive(Debug, Args, Serialize)]
#[serde(rename_all = "kebab-case")]
#[command(next_help_heading = "Training")]
pub struct RecipeArgs {
    /// Where every number starts from. densenet: paper004, donner, small-data; triplet: paper004, margin, dense,
    /// small-data; whiten: within-drug, components, discriminant, weighted-discriminant [default: small-data for up to
    /// 20,000 signatures, donner or margin for more; within-drug]
    #[arg(long, value_name = "NAME")]
    #[serde(skip)]
    pub preset: Option<String>,
    /// Settings in place of those of the preset (TOML)
    #[arg(long, value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// One setting in place of that of preset and config, such as validation=0.1; may be repeated. The run.toml of any run
    /// lists all keys
    #[arg(long, value_name = "KEY=VALUE")]
    #[serde(skip)]
    pub set: Vec<String>,
    /// Densely connected: hidden layers
    #[arg(long)]
    pub depth: Option<usize>,
    /// Densely connected: neurons of a hidden layer
    #[arg(long)]
    pub growth: Option<usize>,
    /// Densely connected: the widest layers that keep the hidden weights within this number
    #[arg(long, value_name = "WEIGHTS", conflicts_with = "growth")]
    pub budget: Option<usize>,
    /// Coordinates of an embedding
    #[arg(long)]
    pub dim: Option<usize>,
    /// Passes over the training signatures
    #[arg(long, conflicts_with = "steps")]
    pub epochs: Option<usize>,
    /// Batches
    #[arg(long)]
    pub steps: Option<usize>,
    /// Signatures, or triplets, in a batch
    #[arg(long)]
    pub batch: Option<usize>,
    /// Adam's step size
    #[arg(long)]
    pub learning_rate: Option<f64>,
    /// Cosine that the right drug, or the positive, must win by
    #[arg(long)]
    pub margin: Option<f64>,
    /// Standard deviation of the noise on every standardised z-score
    #[arg(long)]
    pub noise: Option<f64>,
    /// Cut z-scores beyond this, in training and in the network; 0 leaves them as they are
    #[arg(long, value_name = "Z")]
    pub clip: Option<f64>,
    /// Determines weights, batches, noise and splits
    #[arg(long, value_parser = clap::value_parser!(u64).range(..=i64::MAX as u64))]
    pub seed: Option<u64>,
    /// What to train on [default: cpu]
    #[arg(long, value_enum)]
    pub device: Option<Device>,
}

/// `densenet`, `triplet` and `whiten`.
#[derive(Debug, Args)]
pub struct FitArgs {
    #[command(flatten)]
    pub data: DataArgs,
    #[command(flatten)]
    pub output: OutputArgs,
    #[command(flatten)]
    pub recipe: RecipeArgs,
    #[command(flatten)]
    pub protocol: ProtocolArgs,
}

/// Where a run goes, and what its card says.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct OutputArgs {
    /// Folder of the run: model.onnx, card.toml, run.toml, log.tsv, curve.svg
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Go on with the run that --out holds
    #[arg(long, conflicts_with = "force")]
    pub resume: bool,
    /// Replace the run that --out holds
    #[arg(long)]
    pub force: bool,
    /// Seconds between checkpoints
    #[arg(long, value_name = "SECONDS", default_value_t = 30.0)]
    pub checkpoint_every: f64,
    /// Name in the card, of lower-case letters, digits and hyphens [default: the name of the folder]
    #[arg(long)]
    pub name: Option<String>,
    /// Licence in the card
    #[arg(long, default_value = "unknown")]
    pub licence: String,
    /// Where the data come from, for the card
    #[arg(long, value_name = "TEXT", default_value = "unknown")]
    pub source: String,
    /// Anything else a reader of the figures should know, for the card
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    /// Write a densely connected network layer by layer instead of as one product: several times slower, for comparison
    #[arg(long)]
    pub layer_by_layer: bool,
}

/// `grid`.
#[derive(Debug, Args)]
pub struct GridArgs {
    #[command(flatten)]
    pub data: DataArgs,
    /// The settings and the lists of those that vary (TOML)
    #[arg(long, value_name = "FILE")]
    pub config: PathBuf,
    /// Folder for the runs and results.tsv
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    #[command(flatten)]
    pub protocol: ProtocolArgs,
}

/// `evaluate`.
#[derive(Debug, Args)]
pub struct EvaluateArgs {
    #[command(flatten)]
    pub data: DataArgs,
    /// What to compare, separated by commas
    #[arg(long, value_name = "MODELS", value_delimiter = ',', required = true)]
    pub models: Vec<String>,
    #[command(flatten)]
    pub protocol: ProtocolArgs,
    /// A split made before, in place of --folds and --test-share: rows are found in it by their signature ids
    #[arg(long, value_name = "FILE", help_heading = "Evaluation", conflicts_with_all = ["folds", "test_share"])]
    pub split: Option<PathBuf>,
    /// Folder for the embeddings of the held-out signatures of the first repeat, NAME.npy and NAME.ids.tsv for every
    /// model that is trained here: each signature embedded by the network that has not seen its fold
    #[arg(long, value_name = "DIR", help_heading = "Evaluation", requires = "split")]
    pub out_of_fold: Option<PathBuf>,
    /// Determines the split and the training of every model
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
    /// How to print
    #[arg(long, value_enum, default_value_t = FormatArg::Table)]
    pub format: FormatArg,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FormatArg {
    /// For people
    Table,
    /// Tab-separated, with a header
    Tsv,
}

/// `simulate`.
#[derive(Debug, Args)]
pub struct SimulateArgs {
    /// Folder for profiles.gctx, sig_info.txt, pert_info.txt and drug_atc.tsv
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// How many signatures
    #[arg(long, value_name = "N", default_value_t = 3000)]
    pub signatures: usize,
    /// How many drugs [default: six times the root of the signatures]
    #[arg(long, value_name = "N")]
    pub drugs: Option<usize>,
    /// How much drugs do, as a multiple of what real signatures show
    #[arg(long, value_name = "X", default_value_t = 1.0)]
    pub effect: f32,
    /// How much of what moves genes together has nothing to do with drugs, as a multiple of the same
    #[arg(long, value_name = "X", default_value_t = 1.0)]
    pub nuisance: f32,
    /// Same seed, same files
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
}
