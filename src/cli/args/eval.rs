//! Arguments of `l1kdb eval`.

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
    /// Can the class of a drug be predicted from its embedding? KNN, SVM, network, centroids, clusters
    Classes(Box<ClassesArgs>),
    /// Compare results of `eval retrieval` on one split, drug by drug
    Compare(CompareArgs),
    /// Divide signatures into training and held-out sets that do not leak, as a file
    Split(Box<SplitArgs>),
}

/// The embedding that is evaluated.
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
    /// Evaluate the held-out set of each fold of this file separately (see `l1kdb eval split`)
    #[arg(long, value_name = "FILE", conflicts_with = "split_by")]
    pub split: Option<PathBuf>,
    /// Make the folds now, by this grouping
    #[arg(long, value_enum, value_name = "BY")]
    pub split_by: Option<SplitByArg>,
    #[command(flatten)]
    pub design: DesignArgs,
}

/// Number and size of held-out sets.
#[derive(Debug, Clone, Copy, ClapArgs)]
pub struct DesignArgs {
    /// Number of folds; for leak-proof, number of groups of cell lines and of mechanisms
    #[arg(long, value_name = "K", default_value_t = 5)]
    pub folds: usize,
    /// Hold out this share of the groups instead of making folds
    #[arg(long, value_name = "SHARE", conflicts_with = "folds")]
    pub hold_out: Option<f64>,
    /// Number of repeats, each with other folds
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub repeats: usize,
    /// Keep at most N signatures of a drug (leak-proof only)
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
    /// All signatures of a plate (the part of the sig_id before the colon)
    Plate,
    /// All drugs of one chemical scaffold (SMILES of --pert-info)
    Scaffold,
    /// All signatures of a source; with --folds N for N sources, each is left out once
    Source,
    /// Blocks of cell lines x mechanisms; trained on other cell lines and other mechanisms
    LeakProof,
}

const RETRIEVAL: &str = "\
Every row is a query. Its positives are the other rows with its label, its negatives all rows with another label. The
quantile of a positive is the share of negatives that are more similar to the query; ties count half. 0 is best, 0.5 is
chance. AUC is 1 - mean quantile. Recall at x is the share of positives with a quantile below x. Macro figures weigh every
label equally. Time grows with rows squared: 118,050 rows take seconds, a million takes many minutes.

Similarities are computed in single precision, or in double where values are too large, too small or too far apart for it.
Equal rows tie exactly. Different rows that are equally near in exact arithmetic may be ordered by rounding.

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
    /// The label that positives share: pert_iname, moa, target, atc1 to atc5, or a column of --labels [default: pert_iname,
    /// or the labels themselves]
    #[arg(long, value_name = "LABEL")]
    pub label: Option<Label>,
    /// Compare signatures, or drugs by their mean embedding [default: signatures for pert_iname, drugs for moa, target and
    /// atc]
    #[arg(long, value_enum)]
    pub level: Option<LevelArg>,
    /// Similarity of two embeddings
    #[arg(long, value_enum, default_value = "cosine")]
    pub similarity: SimilarityArg,
    /// Exclude positives that share this with the query
    #[arg(long, value_enum, value_delimiter = ',', value_name = "WHAT")]
    pub exclude: Vec<ExcludeArg>,
    /// A query looks in the signatures of other sources only: no plate, day or pipeline is shared, neither with positives nor
    /// with negatives. Sources are those of the database, or a column `source` of --labels
    #[arg(long)]
    pub across_sources: bool,
    /// Rank among N randomly sampled candidates of each set instead of all (Donner et al. 2018 took 10,000)
    #[arg(long, value_name = "N")]
    pub candidates: Option<usize>,
    #[command(flatten)]
    pub division: DivisionArgs,
    /// Allow drugs and labels on both sides of the split, such as known drugs in unseen cell lines
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
    /// The plate
    Plate,
    /// The cell line
    Cell,
    /// Dose and time
    Treatment,
    /// The source
    Source,
}

/// Random choices, and output.
#[derive(Debug, ClapArgs)]
pub struct OutputArgs {
    /// Resamples of the drugs for 95 % intervals: 40 to 100,000, or 0 for none; fewer than 5 drugs have none
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub bootstrap: usize,
    /// Seed of all random choices
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Write a page with figures: one HTML file that needs nothing else
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Output format
    #[arg(long, value_enum, default_value = "table")]
    pub format: super::FormatArg,
}

const CLASSES: &str = "\
A drug is the mean of its embeddings. A classifier that was trained on other drugs predicts the class of each. Compare its
figures with those of two baselines, the largest class and permuted classes: if they are not above both, they mean nothing.

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
    /// The classifier
    #[arg(long, value_enum, default_value = "knn")]
    pub classifier: ClassifierArg,
    /// Number of neighbours, one value or several
    #[arg(long, value_delimiter = ',', value_name = "K,..")]
    pub k: Vec<usize>,
    /// Distance between neighbours, one metric or several
    #[arg(long, value_enum, value_delimiter = ',', value_name = "METRIC,..")]
    pub metric: Vec<MetricArg>,
    /// Weigh near neighbours more
    #[arg(long)]
    pub weighted: bool,
    /// Take only the N classes with most drugs, such as 3, 4 or 6
    #[arg(long, value_name = "N")]
    pub top: Option<usize>,
    /// Keep drugs of several classes, and score each class separately [default: they are left out and counted]
    #[arg(long)]
    pub multi_label: bool,
    /// Balance classes in the training folds
    #[arg(long, value_enum, default_value = "as-is")]
    pub sampling: SamplingArg,
    /// Number of folds [default: leave-one-out for knn and centroid, else 5]
    #[arg(long, value_name = "K", conflicts_with = "split")]
    pub folds: Option<usize>,
    /// Number of repeats, each with other folds
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub repeats: usize,
    /// Take the folds of a file (see `l1kdb eval split`), of its first repeat
    #[arg(long, value_name = "FILE")]
    pub split: Option<PathBuf>,
    /// Number of runs with permuted classes: 5 to 10,000, or 0 for none
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub permutations: usize,
    /// Also list drugs that are repeatedly and confidently predicted as another class: always by seven nearest neighbours by
    /// cosine, in 5 folds, 10 times (TSV: the list alone)
    #[arg(long)]
    pub repurposing: bool,
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ClassifierArg {
    /// Nearest neighbours
    Knn,
    /// Support vector machine: linear, RBF, polynomial; hyperparameters chosen inside the training folds
    Svm,
    /// A neural network with one hidden layer
    Ann,
    /// The nearest class mean
    Centroid,
    /// No classifier: agreement of k-means and hierarchical clusters with the classes
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
    /// Repeat drugs of small classes
    Up,
    /// Leave out drugs of large classes
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
    /// Grouping whose groups are never divided between training and held-out sets
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
