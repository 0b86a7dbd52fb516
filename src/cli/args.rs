//! What can be typed. This file and its parts are the only ones that name clap's derive.

mod eval;
mod typed;

pub use eval::*;
pub use typed::{Typed, parse};

use std::path::PathBuf;

use l1kdb::db::DrugScore;
use l1kdb::question::ScoreBy;

use clap::{ArgGroup, Args as ClapArgs, Parser, Subcommand, ValueEnum};

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
    /// Find the drugs, or the signatures, that act like a profile
    Query(Box<QueryArgs>),
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

const BUILD_EXAMPLE: &str = "\
Example (LINCS phase II, GSE70138):
  l1kdb build gse70138.l1kdb \\
    --profiles GSE70138_Broad_LINCS_Level5_COMPZ_n118050x12328_2017-03-06.gctx \\
    --sig-info GSE70138_Broad_LINCS_sig_info_2017-03-06.txt \\
    --pert-info GSE70138_Broad_LINCS_pert_info_2017-03-06.txt";

#[derive(Debug, ClapArgs)]
#[command(after_help = BUILD_EXAMPLE)]
pub struct BuildArgs {
    /// The database to make, a directory; by custom NAME.l1kdb
    pub out: PathBuf,
    /// z-scores: GCT, GCTX, CSV or TSV, also gzipped
    #[arg(long, value_name = "FILE")]
    pub profiles: PathBuf,
    /// Metadata of the signatures, joined on sig_id (either generation of LINCS column names)
    #[arg(long, value_name = "FILE")]
    pub sig_info: PathBuf,
    #[command(flatten)]
    pub drugs: DrugTableArgs,
    /// The network: a directory with model.onnx and card.toml, or `identity` for the z-scores themselves [default: the
    /// network that comes with the program]
    #[arg(long, value_name = "DIR|identity")]
    pub model: Option<String>,
    /// Keep control signatures (ctl_*, trt_sh.css, ...)
    #[arg(long)]
    pub keep_controls: bool,
    /// Do not keep the profiles themselves (2 kB a signature less; no reranking, no explanations later)
    #[arg(long)]
    pub no_profiles: bool,
    /// Genes whose values are kept for scores in gene space (`query --score-by`). Embeddings come from the 978 landmarks
    /// whatever is kept, and are the same; of more genes than the landmarks the file has to hold values
    #[arg(
        long,
        value_enum,
        value_name = "GENES",
        default_value = "landmark",
        conflicts_with = "no_profiles"
    )]
    pub keep_genes: KeepGenesArg,
    /// Whether to build a graph for approximate search
    #[arg(long, value_enum, default_value = "auto")]
    pub graph: GraphArg,
    /// Has no effect: every build of the same input gives the same bytes. Kept for scripts.
    #[arg(long, hide = true)]
    pub reproducible: bool,
    /// Replace a database of the same name
    #[arg(long)]
    pub overwrite: bool,
    #[command(flatten)]
    pub read: ReadArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum KeepGenesArg {
    /// The 978 that are measured: 2 kB a signature
    Landmark,
    /// The 10,174 that are measured or inferred well, in which CMap's scores of gene sets are defined: 20 kB a signature
    Bing,
    /// All 12,328 that are measured or inferred: 25 kB a signature
    All,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum GraphArg {
    /// For embeddings of up to 128 dimensions
    Auto,
    /// In any case
    Always,
    /// In no case: every search is an exact scan
    Never,
}

const QUERY_EXAMPLES: &str = "\
Examples:
  l1kdb query lincs.l1kdb --profiles mine.gctx --id CPC004_A375_6H:BRD-A10188456-001-03-1:10
  l1kdb query lincs.l1kdb --profiles mine.gct --filter cell_id=MCF7,PC3 --filter pert_time=24
  l1kdb query lincs.l1kdb --profiles mine.gct --filter 'cell_id=Jurkat, Clone E6-1,MCF7'
  l1kdb query lincs.l1kdb --profiles mine.csv --by signature --format tsv > hits.tsv
  l1kdb query lincs.l1kdb --drug vorinostat
  l1kdb query lincs.l1kdb --de deseq2.csv --reverse
  l1kdb query lincs.l1kdb --up up.gmt --down down.gmt --score-by wtcs
  l1kdb query lincs.l1kdb --up-genes CDKN1A,MDM2,GDF15 --down-genes MYC,CCNB1
  l1kdb query lincs.l1kdb --profiles disease.csv --reverse
  l1kdb query lincs.l1kdb --sig CPC004_A375_6H:BRD-A10188456-001-03-1:10 --by signature
  l1kdb query lincs.l1kdb --up up.gmt --down down.gmt --cmap
  l1kdb query --against level5.gctx --sig-info siginfo.txt --de deseq2.csv --reverse
The keys that --filter takes are listed by `l1kdb info`. A value that the database knows is taken
as a whole, commas and all; to say so beyond doubt, put it between double quotes:
  --filter 'drug=\"2,4-dinitrophenol\",\"aspirin\"'   (a quote within is written twice)
Case does not count, a dose or time without a unit fits any unit, and a drug is found by any of its
names or by its pert_id.
An expression joins clauses with `not`, `and`, `or` and brackets; `not` binds closest, then `and`:
  --filter 'cell_id in (MCF7, \"Jurkat, Clone E6-1\") and pert_dose < 20 and not atc ^= L'
  KEY = V, KEY != V, KEY in (V1, V2)   has this value, has not, has one of these
  KEY ^= V, KEY ~ V                    has a value that begins with this, that contains this
  KEY < N, <=, >, >=                   compares doses (in uM, or as 500 nM), times (in h, or 2 d),
                                       quality columns, and n_signatures, those of its drug
A value in it may be several words; with a comma, a bracket, an operator, a quote, `and`, `or` or
`not` in it, it is put between double quotes. A row without such a number passes no comparison.
KEY=V1,V2 are values where the database knows them, whatever words are in them. Anything else is
an expression if it does not begin with a key and `=`, or goes on with `and` or `or` and a clause.";

/// Kinds of questions; those by gene sets may stand together.
const QUESTIONS: [&str; 8] = ["profiles", "sig", "drug", "de", "up", "down", "up_genes", "down_genes"];
const SETS: [&str; 5] = ["de", "up", "down", "up_genes", "down_genes"];

#[derive(Debug, ClapArgs)]
#[command(after_help = QUERY_EXAMPLES, group = ArgGroup::new("question").required(true).multiple(true).args(QUESTIONS), group = ArgGroup::new("gene_set").multiple(true).args(SETS))]
pub struct QueryArgs {
    /// The database
    #[arg(required_unless_present = "against")]
    pub db: Option<PathBuf>,
    /// Ask a matrix file in place of a database, by scores in gene space: GCT, GCTX, CSV or TSV of any genes, read in blocks
    #[arg(long, value_name = "FILE", conflicts_with_all = ["db", "sig", "drug", "exact", "ann", "cmap", "exclude_plate"])]
    pub against: Option<PathBuf>,
    /// Metadata of the signatures of --against, joined on sig_id [default: that of the file]
    #[arg(long, value_name = "FILE", requires = "against")]
    pub sig_info: Option<PathBuf>,
    #[command(flatten)]
    pub drugs: DrugTableArgs,
    /// Keep control signatures of --against
    #[arg(long, requires = "against")]
    pub keep_controls: bool,
    /// The profiles to query with
    #[arg(long, value_name = "FILE", conflicts_with_all = ["sig", "drug"])]
    pub profiles: Option<PathBuf>,
    /// Query with this signature of the file only; may be repeated
    #[arg(long, value_name = "SIG_ID", requires = "profiles")]
    pub id: Vec<String>,
    /// Query with a signature of the database, which is left out of its answer; may be repeated
    #[arg(long, value_name = "SIG_ID", conflicts_with = "drug")]
    pub sig: Vec<String>,
    /// Query with a drug of the database, by any of its names or its pert_id; its signatures are left out of the answer; may
    /// be repeated
    #[arg(long, value_name = "NAME")]
    pub drug: Vec<String>,
    /// How the signatures of --drug become queries
    #[arg(long, value_enum, default_value = "mean")]
    pub combine: CombineArg,
    /// Query with sets of genes that rise: GMT, GMX or GRP; every set, or pair of sets NAME_UP and NAME_DN, is a query
    #[arg(long, value_name = "FILE", conflicts_with_all = ["profiles", "sig", "drug"])]
    pub up: Option<PathBuf>,
    /// Query with sets of genes that fall; with --up, each belongs to the up set of its name
    #[arg(long, value_name = "FILE", conflicts_with_all = ["profiles", "sig", "drug"])]
    pub down: Option<PathBuf>,
    /// Query with genes that rise, of any kind of id
    #[arg(long, value_name = "GENE,GENE", value_delimiter = ',', conflicts_with_all = ["profiles", "sig", "drug", "up", "down"])]
    pub up_genes: Vec<String>,
    /// Query with genes that fall
    #[arg(long, value_name = "GENE,GENE", value_delimiter = ',', conflicts_with_all = ["profiles", "sig", "drug", "up", "down"])]
    pub down_genes: Vec<String>,
    /// Query with a result of differential expression: DESeq2, edgeR, limma, Seurat, Scanpy and others, told by its columns; all
    /// of its genes count, significant or not
    #[arg(long, value_name = "FILE", conflicts_with_all = ["profiles", "sig", "drug", "up", "down", "up_genes", "down_genes"])]
    pub de: Option<PathBuf>,
    /// The column of --de that is used [default: the statistic that the tool gives]
    #[arg(long, value_name = "COLUMN", requires = "de")]
    pub stat_column: Option<String>,
    /// The contrast of --de, where it holds several
    #[arg(long, value_name = "NAME", requires = "de")]
    pub contrast: Option<String>,
    /// Names of genes that go before the built-in ones: two columns, a name and an Entrez id or symbol
    #[arg(long, value_name = "FILE", requires = "gene_set")]
    pub gene_aliases: Option<PathBuf>,
    /// What to rank [default: drug]
    #[arg(long, value_enum)]
    pub by: Option<ByArg>,
    /// Number of hits
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub top: usize,
    /// Rank only signatures with one of these values, or that pass an expression (see below); may be repeated, then all
    /// must hold
    #[arg(long, value_name = "KEY=V1,V2|EXPRESSION")]
    pub filter: Vec<String>,
    /// Leave out the database signature that has the query's own sig_id
    #[arg(long)]
    pub exclude_self: bool,
    /// Rank gene sets by CMap's chain: raw_cs, norm_cs, fdr_q_nlog10 where the database has null signatures (is_null_sig), tau; a
    /// drug by the maximum quantile of norm_cs, in each cell line and then over cell lines
    #[arg(long, conflicts_with_all = ["profiles", "sig", "drug", "de", "rerank"])]
    pub cmap: bool,
    /// Gene sets of reference queries, pairs NAME_UP and NAME_DN, which the tau of --cmap compares with
    #[arg(long, value_name = "FILE", requires = "cmap")]
    pub tau_references: Option<PathBuf>,
    /// Leave out signatures of the query's plate, which its sig_id names before the colon
    #[arg(long)]
    pub exclude_plate: bool,
    /// What signatures of the query's cell line are to its answer
    #[arg(long, value_enum, default_value = "ignore")]
    pub same_cell: SameCellArg,
    /// The cell line of queries of which neither their file nor the database knows it
    #[arg(long, value_name = "NAME")]
    pub cell: Option<String>,
    /// Score of a signature [default: embedding]; all others compare profiles of 978 genes, which the database has to keep
    #[arg(long, value_enum)]
    pub score_by: Option<ScoreByArg>,
    /// Rank what acts against the query: the most negative score in gene space first (cosine unless --score-by names another);
    /// with --score-by embedding, the --candidates least similar by embedding whose score in gene space is negative
    #[arg(long)]
    pub reverse: bool,
    /// Order the nearest by embedding anew by a score in gene space, which is shown beside; it confirms an answer, and on real
    /// data orders worse than the embedding
    #[arg(long, value_enum, default_value = "none")]
    pub rerank: RerankArg,
    /// How many of the nearest by embedding are ordered anew
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub candidates: usize,
    /// Score of a drug, from the similarities of its signatures
    #[arg(long, value_enum, default_value = "best-quarter")]
    pub score: ScoreArg,
    /// Scan every signature [default up to a million]
    #[arg(long, conflicts_with = "ann")]
    pub exact: bool,
    /// Search by the graph
    #[arg(long)]
    pub ann: bool,
    /// Write the score of every drug, or signature, for every query: .gctx, .tsv, or .npy (ids and names go beside it, to .ids.tsv
    /// and .names.tsv)
    #[arg(long, value_name = "FILE", conflicts_with_all = ["cmap", "exclude_plate"])]
    pub out: Option<PathBuf>,
    /// Output format
    #[arg(long, value_enum, default_value = "table")]
    pub format: FormatArg,
    #[command(flatten)]
    pub read: ReadArgs,
}

impl QueryArgs {
    /// What to rank.
    pub fn by(&self) -> ByArg {
        self.by.unwrap_or(ByArg::Drug)
    }

    /// Filters as the title of a table has them: as typed, without blanks around the `=` behind a key.
    pub fn filters_in_title(&self) -> String {
        let in_title = |filter: &String| match filter.split_once('=') {
            Some((key, values)) if !key.ends_with(['!', '^', '<', '>']) => {
                format!("; {}={}", key.trim(), values.trim())
            }
            _ => format!("; {}", filter.trim()),
        };
        self.filter.iter().map(in_title).collect()
    }

    /// Tells whether the question is gene sets.
    pub fn is_of_sets(&self) -> bool {
        self.up.is_some() || self.down.is_some() || !self.up_genes.is_empty() || !self.down_genes.is_empty()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CombineArg {
    /// One query: the mean of their embeddings
    Mean,
    /// One query each
    Each,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ByArg {
    Drug,
    Signature,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SameCellArg {
    /// A drug is scored by them where it has any, else by all that it has; of signatures they come first
    Prefer,
    /// Only they take part
    Only,
    /// They are as any others
    Ignore,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RerankArg {
    /// The order of the embeddings
    None,
    /// Cosine of the profiles
    Cosine,
    /// CMap's weighted connectivity, of gene sets
    Wtcs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ScoreByArg {
    /// Cosine of the embeddings
    Embedding,
    /// Cosine of the profiles
    Cosine,
    /// Pearson correlation of the profiles
    Pearson,
    /// Spearman correlation of the profiles
    Spearman,
    /// Cosine over the 100 highest and 100 lowest genes of the signature
    Xcos,
    /// Sum of products of signed ranks, over the largest that it can be
    Zhang,
    /// Sum over the genes of sets among the 100 highest and 100 lowest of the signature
    Xsum,
    /// CMap's weighted connectivity of gene sets
    Wtcs,
    /// The same, every gene weighing alike
    Cs,
}

impl From<ScoreArg> for DrugScore {
    fn from(score: ScoreArg) -> Self {
        match score {
            ScoreArg::BestQuarter => Self::BestQuarter,
            ScoreArg::Max => Self::Max,
            ScoreArg::Mean => Self::Mean,
            ScoreArg::MaxQuantile => Self::MaxQuantile,
        }
    }
}

impl From<ScoreByArg> for ScoreBy {
    fn from(by: ScoreByArg) -> Self {
        match by {
            ScoreByArg::Embedding => Self::Embedding,
            ScoreByArg::Cosine => Self::Cosine,
            ScoreByArg::Pearson => Self::Pearson,
            ScoreByArg::Spearman => Self::Spearman,
            ScoreByArg::Xcos => Self::XCos,
            ScoreByArg::Zhang => Self::Zhang,
            ScoreByArg::Xsum => Self::XSum,
            ScoreByArg::Wtcs => Self::Wtcs,
            ScoreByArg::Cs => Self::Cs,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ScoreArg {
    /// Mean of the best quarter of its signatures, at least one
    BestQuarter,
    /// The most similar signature
    Max,
    /// Mean of all its signatures
    Mean,
    /// Quantile at 67 % or 33 %, whichever is larger in magnitude
    MaxQuantile,
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
