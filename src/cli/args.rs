//! What can be typed. This file and its parts are the only ones that name clap's derive.

mod build;
mod calibrate;
mod eval;
mod explain;
mod query;
mod question;
mod typed;

pub use build::*;
pub use calibrate::*;
pub use eval::*;
pub use explain::*;
pub use query::*;
pub use question::*;
pub use typed::{Typed, parse};

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

const EXAMPLES: &str = "\
Try it without any file of your own:
  l1kdb demo

Then with yours:
  l1kdb build lincs.l1kdb --profiles level5.gctx --sig-info siginfo.txt --pert-info pertinfo.txt
  l1kdb query lincs.l1kdb --profiles mine.gctx --top 20

Exit codes: 0 done, 1 a query found nothing, 2 an error (one line on stderr says what and the way out), 3 some of many
queries could not be asked (stderr lists them) and the others are answered.";

/// Which drugs act like this one? Similarity search over L1000 gene-expression profiles, offline.
#[derive(Debug, Parser)]
#[command(name = "l1kdb", version, after_help = EXAMPLES, propagate_version = true)]
pub struct Args {
    #[command(flatten)]
    pub engine: EngineArgs,
    #[command(subcommand)]
    pub command: Command,
}

/// What runs the network.
#[derive(Debug, Clone, ClapArgs)]
#[command(next_help_heading = "Engine")]
pub struct EngineArgs {
    /// The ONNX Runtime library to use [default: $ORT_DYLIB_PATH, beside the program, the system's, a Python package's,
    /// else the built-in engine]
    #[arg(long, value_name = "PATH", global = true)]
    pub onnxruntime: Option<PathBuf>,
    /// Where the network runs; `cuda` needs a GPU build of ONNX Runtime and falls back to the processor
    #[arg(long, value_enum, default_value = "cpu", global = true)]
    pub provider: ProviderArg,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProviderArg {
    Cpu,
    Cuda,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Simulate data, build a database, ask it: see in seconds what this program does
    Demo(DemoArgs),
    /// Build a database from profiles and their metadata
    Build(BuildArgs),
    /// Compute what each drug of a database scores by chance, so that answers have p and q
    Calibrate(CalibrateArgs),
    /// Find the drugs, or the signatures, that act like a profile
    Query(Box<QueryArgs>),
    /// Tell which genes carry the agreement of a query and a hit
    Explain(Box<ExplainArgs>),
    /// Compute embeddings of profiles, as a file for other programs
    Embed(EmbedArgs),
    /// Show the contents of a database, and the engine that runs its network
    Info(InfoArgs),
    /// Evaluate an embedding: retrieval, classes, comparisons, splits that do not leak
    Eval(EvalArgs),
    /// Read a whole database and check it
    Verify(VerifyArgs),
    /// Write simulated LINCS-like data (GCTX and metadata) of any size
    Simulate(SimulateArgs),
}

/// How profiles are read.
#[derive(Debug, Clone, ClapArgs)]
#[command(next_help_heading = "Reading profiles")]
pub struct ReadArgs {
    /// Least share of the 978 landmark genes that a file must have; missing genes count as 0
    #[arg(long, value_name = "SHARE", default_value_t = 0.9)]
    pub min_coverage: f32,
    /// Handling of values that are not finite
    #[arg(long, value_enum, default_value = "refuse")]
    pub non_finite: NonFiniteArg,
}

/// Tables about drugs.
#[derive(Debug, Clone, ClapArgs)]
pub struct DrugTableArgs {
    /// Metadata of the perturbagens: mechanism, target, structure, canonical name
    #[arg(long, value_name = "FILE")]
    pub pert_info: Option<PathBuf>,
    /// Drugs to ATC codes: columns drug, atc_code, and drugbank_id if there is one
    #[arg(long, value_name = "FILE")]
    pub atc: Option<PathBuf>,
    /// Names of ATC classes: columns atc_code, atc_name
    #[arg(long, value_name = "FILE")]
    pub atc_names: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum NonFiniteArg {
    /// Stop with an error that names the row and the column
    Refuse,
    /// Put 0 in their place
    Zero,
    /// Leave out the signatures that have any
    Drop,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FormatArg {
    /// Columns for people
    Table,
    /// Tab-separated, one line a hit, with a header
    Tsv,
    /// One JSON object a query, one a line
    Json,
}

#[derive(Debug, ClapArgs)]
pub struct EmbedArgs {
    /// The network: a directory with model.onnx and card.toml, or `identity` [default: the network that comes with the
    /// program]
    #[arg(long, value_name = "DIR|identity")]
    pub model: Option<String>,
    /// The profiles
    #[arg(long, value_name = "FILE")]
    pub profiles: PathBuf,
    /// Where to write: E.npy (ids go to E.ids.tsv), E.tsv or E.gctx
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    #[command(flatten)]
    pub read: ReadArgs,
}

#[derive(Debug, ClapArgs)]
pub struct InfoArgs {
    /// The database
    pub db: PathBuf,
    /// Output format
    #[arg(long, value_enum, default_value = "table")]
    pub format: InfoFormatArg,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum InfoFormatArg {
    /// Lines for people
    Table,
    /// One JSON object
    Json,
}

#[derive(Debug, ClapArgs)]
pub struct VerifyArgs {
    /// The database
    pub db: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub struct DemoArgs {
    /// Folder for the simulated data and the database; replaced each time
    #[arg(long, value_name = "DIR", default_value = "l1kdb-demo")]
    pub dir: PathBuf,
    /// Number of signatures
    #[arg(long, value_name = "N", default_value_t = 3000)]
    pub signatures: usize,
    /// Seed of the simulation
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
}

#[derive(Debug, ClapArgs)]
pub struct SimulateArgs {
    /// Where to write profiles.gctx, sig_info.txt, pert_info.txt and drug_atc.tsv
    pub dir: PathBuf,
    /// Number of signatures
    #[arg(long, value_name = "N", default_value_t = 3000)]
    pub signatures: usize,
    /// Seed: the same seed gives the same files
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Strength of drug effects, as a multiple of that in real signatures; 0 for none
    #[arg(long, value_name = "X", default_value_t = 1.0)]
    pub effect: f32,
}
