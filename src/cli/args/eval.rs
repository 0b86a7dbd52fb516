//! What can be typed after `l1kdb eval`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand, ValueEnum};
use l1kdb::study::Label;

use super::{DrugTableArgs, ReadArgs};

const EXAMPLES: &str = "\
Examples:
  l1kdb eval retrieval --db lincs.l1kdb
  l1kdb eval retrieval --embeddings e.npy --labels drugs.txt --format json > mine.json
  l1kdb eval retrieval --model my-net --profiles level5.gctx --sig-info siginfo.txt --split folds.tsv --report page.html
  l1kdb eval classes --db lincs.l1kdb --label atc1 --classifier knn
  l1kdb eval compare raw.json mine.json";

#[derive(Debug, ClapArgs)]
#[command(after_help = EXAMPLES)]
pub struct EvalArgs {
    #[command(subcommand)]
    pub command: EvalCommand,
}

#[derive(Debug, Subcommand)]
pub enum EvalCommand {
    /// Does a signature find the others of its drug, a drug the others of its class? Recall by quantile, exact
    Retrieval(Box<RetrievalArgs>),
    /// Can the class of a drug be told from its embedding? KNN, SVM, network, centroids, clusters
    Classes(Box<ClassesArgs>),
    /// Compare results of `eval retrieval` on one split, drug by drug
    Compare(CompareArgs),
    /// Divide signatures into training and held-out sets that do not leak, as a file
    Split(Box<SplitArgs>),
}

/// What is evaluated.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "What is evaluated")]
pub struct SourceArgs {
    /// A database: its embeddings and, where it keeps them, its profiles
    #[arg(long, value_name = "DB", required_unless_present_any = ["model", "embeddings"], conflicts_with_all = ["model", "embeddings"])]
    pub db: Option<PathBuf>,
    /// A network (a directory, `shipped`, or `identity` for the z-scores themselves) applied to --profiles
    #[arg(long, value_name = "DIR|shipped|identity", requires = "profiles", conflicts_with = "embeddings")]
    pub model: Option<String>,
    /// Embeddings: NPY, TSV (first column: ids) or GCTX, one row a signature
    #[arg(long, value_name = "FILE")]
    pub embeddings: Option<PathBuf>,
    /// z-scores: what --model embeds, and what raw cosine and Euclid are computed from
    #[arg(long, value_name = "FILE")]
    pub profiles: Option<PathBuf>,
    /// Metadata of the signatures, joined on sig_id
    #[arg(long, value_name = "FILE")]
    pub sig_info: Option<PathBuf>,
    #[command(flatten)]
    pub drugs: DrugTableArgs,
    /// Labels in the order of --embeddings: one a line, or a table with a header of which --label names a column
    /// (several labels of a row are joined by `|`)
    #[arg(long, value_name = "FILE", requires = "embeddings")]
    pub labels: Option<PathBuf>,
    /// Keep control signatures (ctl_*, trt_sh.css, ...)
    #[arg(long)]
    pub keep_controls: bool,
    #[command(flatten)]
    pub read: ReadArgs,
}

/// Held-out sets.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Held-out sets")]
pub struct DivisionArgs {
    /// Evaluate the held-out side of each fold of this file by itself (see `l1kdb eval split`)
    #[arg(long, value_name = "FILE", conflicts_with = "split_by")]
    pub split: Option<PathBuf>,
    /// Divide here and now
    #[arg(long, value_enum, value_name = "BY")]
    pub split_by: Option<SplitByArg>,
    #[command(flatten)]
    pub design: DesignArgs,
}

/// How many sets are held out, and how large they are.
#[derive(Debug, Clone, Copy, ClapArgs)]
pub struct DesignArgs {
    /// Folds; for leak-proof, groups of cell lines and of mechanisms each
    #[arg(long, value_name = "K", default_value_t = 5)]
    pub folds: usize,
    /// Hold out this share once instead of folds
    #[arg(long, value_name = "SHARE", conflicts_with = "folds")]
    pub hold_out: Option<f64>,
    /// Divide so many times
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub repeats: usize,
    /// Keep at most so many signatures of a drug (leak-proof only)
    #[arg(long, value_name = "N")]
    pub at_most: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SplitByArg {
    /// All signatures of a drug together
    Drug,
    /// All drugs that share a mechanism, directly or over others
    Moa,
    /// All signatures in a cell line
    Cell,
    /// All signatures of a plate (what stands before the colon of the sig_id)
    Plate,
    /// All drugs of one chemical scaffold (SMILES of --pert-info)
    Scaffold,
    /// Blocks of cell lines x mechanisms; trained on other cell lines and other mechanisms
    LeakProof,
}

const RETRIEVAL: &str = "\
Every row is a query. Its positives are the rows that share its label, its negatives all others; the query itself is no
candidate. The quantile of a positive is the share of negatives that are more similar to the query, ties half: 0 is best,
0.5 is chance. AUC is 1 - mean quantile, recall at x the share of positives with a quantile below x; macro figures weigh
every label alike. Time grows with rows squared: 118,050 rows take seconds, a million takes many minutes.

Similarities are computed in single precision; those of values so large, so small or so far apart that they would not fit,
in double. Rows that are equal, or that hold small whole numbers in some unit, tie where they are equally near; other rows
that would be equally near in exact arithmetic are told apart by rounding.

Examples:
  l1kdb eval retrieval --embeddings e.npy --labels drugs.txt
  l1kdb eval retrieval --db lincs.l1kdb --split-by drug --exclude plate --report page.html
  l1kdb eval retrieval --db lincs.l1kdb --label atc3
  l1kdb eval retrieval --embeddings e.npy --labels drugs.txt --candidates 10000 --format json > mine.json";

#[derive(Debug, ClapArgs)]
#[command(after_help = RETRIEVAL)]
pub struct RetrievalArgs {
    #[command(flatten)]
    pub source: SourceArgs,
    /// What makes two rows alike: pert_iname, moa, target, atc1 to atc5, or a column of --labels [default: pert_iname, or
    /// the labels themselves]
    #[arg(long, value_name = "LABEL")]
    pub label: Option<Label>,
    /// What is compared [default: signatures for pert_iname, drugs by their mean embedding for moa, target and atc]
    #[arg(long, value_enum)]
    pub level: Option<LevelArg>,
    /// How alike two embeddings are
    #[arg(long, value_enum, default_value = "cosine")]
    pub similarity: SimilarityArg,
    /// Leave out positives that are too easy
    #[arg(long, value_enum, value_delimiter = ',', value_name = "WHAT")]
    pub exclude: Vec<ExcludeArg>,
    /// Rank among so many candidates of a set, drawn by lot, instead of all (Donner et al. 2018 took 10,000)
    #[arg(long, value_name = "N")]
    pub candidates: Option<usize>,
    #[command(flatten)]
    pub division: DivisionArgs,
    /// Let drugs and labels stand on both sides of the split, such as known drugs in unseen cell lines
    #[arg(long)]
    pub allow_shared_labels: bool,
    /// Do not evaluate raw cosine, raw Euclid and permuted labels
    #[arg(long)]
    pub no_baselines: bool,
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LevelArg {
    Signature,
    Drug,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SimilarityArg {
    Cosine,
    Dot,
    Euclid,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExcludeArg {
    /// Of one plate
    Plate,
    /// Of one cell line
    Cell,
    /// Of one dose and time
    Treatment,
}

/// What is drawn by lot, and what is written.
#[derive(Debug, ClapArgs)]
pub struct OutputArgs {
    /// Resamples of the drugs for 95 % intervals: 40 to 100,000, or 0 for none; fewer than 5 drugs have none
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub bootstrap: usize,
    /// Decides whatever is drawn by lot
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Write a page with figures: one HTML file that needs nothing else
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value = "table")]
    pub format: super::FormatArg,
}

const CLASSES: &str = "\
A drug is the mean of its embeddings. The class of each is told by a classifier that has learnt from other drugs only; the
largest class and permuted classes stand beside, and figures that are not above both say nothing.

Examples:
  l1kdb eval classes --db lincs.l1kdb --label atc1 --k 7,8,9,10 --metric cosine,correlation
  l1kdb eval classes --db lincs.l1kdb --label moa --top 6 --sampling down --classifier svm
  l1kdb eval classes --db lincs.l1kdb --label atc1 --repurposing --report page.html";

#[derive(Debug, ClapArgs)]
#[command(after_help = CLASSES)]
pub struct ClassesArgs {
    #[command(flatten)]
    pub source: SourceArgs,
    /// The classes: moa, target, atc1 to atc5, or a column of --labels [default: atc1, or the labels themselves]
    #[arg(long, value_name = "LABEL")]
    pub label: Option<Label>,
    /// What learns
    #[arg(long, value_enum, default_value = "knn")]
    pub classifier: ClassifierArg,
    /// Neighbours, one or several
    #[arg(long, value_delimiter = ',', value_name = "K,..")]
    pub k: Vec<usize>,
    /// How near neighbours are, one or several
    #[arg(long, value_enum, value_delimiter = ',', value_name = "METRIC,..")]
    pub metric: Vec<MetricArg>,
    /// Let near neighbours weigh more
    #[arg(long)]
    pub weighted: bool,
    /// Only the N classes with most drugs, such as 3, 4 or 6
    #[arg(long, value_name = "N")]
    pub top: Option<usize>,
    /// Keep drugs of several classes, and score one class after another [default: they are left out and counted]
    #[arg(long)]
    pub multi_label: bool,
    /// Balance classes in the training folds
    #[arg(long, value_enum, default_value = "as-is")]
    pub sampling: SamplingArg,
    /// Cross-validate in so many folds [default: leave-one-out for knn and centroid, else 5]
    #[arg(long, value_name = "K", conflicts_with = "split")]
    pub folds: Option<usize>,
    /// Cross-validate in folds drawn so many times
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub repeats: usize,
    /// Folds of drugs from a file (see `l1kdb eval split`); of several repeats, the first
    #[arg(long, value_name = "FILE")]
    pub split: Option<PathBuf>,
    /// Runs with permuted classes: 5 to 10,000, or 0 for none
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub permutations: usize,
    /// Also list drugs that cross-validation repeatedly and confidently places in another class, always by seven
    /// neighbours by cosine, in 5 folds, 10 times (as TSV: the list alone)
    #[arg(long)]
    pub repurposing: bool,
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ClassifierArg {
    /// Nearest neighbours
    Knn,
    /// Support vector machine: linear, RBF, polynomial; settings chosen inside the training folds
    Svm,
    /// A neural network with one hidden layer
    Ann,
    /// The nearest class mean
    Centroid,
    /// No classifier: do k-means and hierarchical clusters fall together with the classes?
    Cluster,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MetricArg {
    Cosine,
    Euclid,
    Canberra,
    /// 1 - Pearson's r
    Correlation,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SamplingArg {
    AsIs,
    /// Drugs of small classes are drawn again
    Up,
    /// Drugs of large classes are left out
    Down,
}

#[derive(Debug, ClapArgs)]
pub struct CompareArgs {
    /// Results of `l1kdb eval retrieval --format json`; every other one is compared with the first
    #[arg(value_name = "FILE", num_args = 2.., required = true)]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub output: OutputArgs,
}

const SPLIT: &str = "\
Examples:
  l1kdb eval split folds.tsv --sig-info siginfo.txt --by drug --folds 5 --repeats 3
  l1kdb eval split tenth.tsv --sig-info siginfo.txt --by drug --hold-out 0.1
  l1kdb eval split hard.tsv --sig-info siginfo.txt --pert-info compoundinfo.txt --by leak-proof --at-most 200
Train with `l1kdb-train evaluate --split FILE`, evaluate with `l1kdb eval retrieval --split FILE`.";

#[derive(Debug, ClapArgs)]
#[command(after_help = SPLIT)]
pub struct SplitArgs {
    /// The file to write
    #[arg(value_name = "FILE")]
    pub out: PathBuf,
    /// Metadata of the signatures
    #[arg(long, value_name = "FILE")]
    pub sig_info: PathBuf,
    /// Metadata of the perturbagens: mechanism, structure, canonical name
    #[arg(long, value_name = "FILE")]
    pub pert_info: Option<PathBuf>,
    /// What is never divided
    #[arg(long = "by", value_enum, default_value = "drug")]
    pub by: SplitByArg,
    #[command(flatten)]
    pub design: DesignArgs,
    /// Seed: the same seed divides the same way
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Keep control signatures (ctl_*, trt_sh.css, ...)
    #[arg(long)]
    pub keep_controls: bool,
}
