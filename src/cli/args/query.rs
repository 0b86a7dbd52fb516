//! Arguments of `l1kdb query`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};
use l1kdb::db::{DrugScore, Hubness};
use l1kdb::question::ScoreBy;

use super::question::{kinds, sets};
use super::{DrugTableArgs, FormatArg, QuestionArgs, ReadArgs};

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
  l1kdb query lincs.l1kdb --sig CPC004_A375_6H:BRD-A10188456-001-03-1:10 --report answer.html
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

#[derive(Debug, ClapArgs)]
#[command(after_help = QUERY_EXAMPLES, group = kinds(), group = sets())]
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
    #[command(flatten)]
    pub question: QuestionArgs,
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
    /// Rank by CMap's chain: raw_cs, norm_cs, fdr_q_nlog10 where the database has null signatures (is_null_sig), tau; a
    /// drug by the maximum quantile of norm_cs, in each cell line and then over cell lines
    #[arg(long, conflicts_with = "rerank")]
    pub cmap: bool,
    /// Gene sets of reference queries, pairs NAME_UP and NAME_DN, which the tau of --cmap compares with
    #[arg(long, value_name = "FILE", requires = "cmap")]
    pub tau_references: Option<PathBuf>,
    /// Calibrate the database first where it is not calibrated for such a question, with its own signatures; the calibration is kept
    #[arg(long, conflicts_with_all = ["against", "cmap", "rerank"])]
    pub calibrate: bool,
    /// Leave out signatures of the query's plate, which its sig_id names before the colon
    #[arg(long)]
    pub exclude_plate: bool,
    /// What signatures of the query's cell line are to its answer
    #[arg(long, value_enum, default_value = "ignore")]
    pub same_cell: SameCellArg,
    /// The cell line of queries of which neither their file nor the database knows it
    #[arg(long, value_name = "NAME")]
    pub cell: Option<String>,
    /// Score of a signature [default: embedding]; all others compare profiles gene by gene, which the database has to keep. For a
    /// score of gene sets a profile is the 100 genes that rise most and the 100 that fall most
    #[arg(long, value_enum)]
    pub score_by: Option<ScoreByArg>,
    /// What becomes of hubs, signatures that are near to everything; `csls` needs a database that is calibrated for it
    #[arg(long, value_enum, default_value = "none", conflicts_with = "against")]
    pub hubness: HubnessArg,
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
    /// Also write a page of the answers by drug to read, print and send: p-values, classes, leading genes, a map, doubts
    #[arg(long, value_name = "FILE", conflicts_with_all = ["against", "cmap", "rerank"])]
    pub report: Option<PathBuf>,
    /// Say of every answer by drug what makes it doubtful: tables and pages do in any case, JSON with this option
    #[arg(long, conflicts_with = "against")]
    pub doubts: bool,
    /// Output format
    #[arg(long, value_enum, default_value = "table")]
    pub format: FormatArg,
    // Last, for its heading holds for all that follows.
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
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ByArg {
    /// Drugs, each scored by its signatures
    Drug,
    /// Signatures
    Signature,
    /// Classes of drugs (ATC, mechanism, target), of a calibrated database
    Class,
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
    /// CMap's weighted connectivity
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum HubnessArg {
    /// They stay
    None,
    /// Twice the cosine of embeddings less the mean cosine of a signature to its own 10 nearest
    Csls,
}

impl From<HubnessArg> for Hubness {
    fn from(hubness: HubnessArg) -> Self {
        match hubness {
            HubnessArg::None => Self::None,
            HubnessArg::Csls => Self::Csls,
        }
    }
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
