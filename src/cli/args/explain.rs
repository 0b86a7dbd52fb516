//! Arguments of `l1kdb explain`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};
use l1kdb::explain::Side;
use l1kdb::question::ScoreBy;

use super::question::{kinds, sets};
use super::{FormatArg, QuestionArgs, ReadArgs};

const EXAMPLES: &str = "\
A contribution is what a gene adds to the score of a hit. Those of all genes sum to it: terms of the cosine in gene
space, contributions through the network by embedding, leading genes of gene sets by wtcs and cs.

Examples:
  l1kdb explain lincs.l1kdb --profiles mine.gctx --hit vorinostat
  l1kdb explain lincs.l1kdb --drug dexamethasone --hit betamethasone --hit budesonide --report why.html
  l1kdb explain lincs.l1kdb --sig CPC004_A375_6H:BRD-A10188456-001-03-1:10 --hit vorinostat --score-by cosine
  l1kdb explain lincs.l1kdb --up up.gmt --down down.gmt --hit trichostatin-a --score-by wtcs
  l1kdb explain lincs.l1kdb --de deseq2.csv --hit vorinostat --reverse --format tsv > genes.tsv";

#[derive(Debug, ClapArgs)]
#[command(after_help = EXAMPLES, group = kinds(), group = sets())]
pub struct ExplainArgs {
    /// The database, which has to keep profiles
    pub db: PathBuf,
    #[command(flatten)]
    pub question: QuestionArgs,
    /// The hit to explain: a drug by any of its names, of which the signature nearest to the query is taken, or a signature by its
    /// id; may be repeated
    #[arg(long, value_name = "DRUG|SIG_ID", required = true)]
    pub hit: Vec<String>,
    /// Take the nearest signature of a drug from those that pass; may be repeated (see `l1kdb query --help`)
    #[arg(long, value_name = "KEY=V1,V2|EXPRESSION")]
    pub filter: Vec<String>,
    /// The score to explain [default: embedding; cosine with --reverse]
    #[arg(long, value_enum)]
    pub score_by: Option<ExplainByArg>,
    /// Take the signature of a drug that is most against the query
    #[arg(long)]
    pub reverse: bool,
    /// Whose genes are told by embedding: which genes of the query make the hit similar, or which genes of the hit
    #[arg(long, value_enum, default_value = "query")]
    pub explain_side: SideArg,
    /// Number of genes
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub genes: usize,
    /// Also write a page with a heat map of the genes
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Output format
    #[arg(long, value_enum, default_value = "table")]
    pub format: FormatArg,
    // Last, for its heading holds for all that follows.
    #[command(flatten)]
    pub read: ReadArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExplainByArg {
    /// Cosine of the embeddings
    Embedding,
    /// Cosine of the profiles
    Cosine,
    /// Pearson correlation of the profiles
    Pearson,
    /// CMap's weighted connectivity of gene sets
    Wtcs,
    /// The same, every gene weighing alike
    Cs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SideArg {
    /// The query's
    Query,
    /// The hit's
    Hit,
}

impl From<ExplainByArg> for ScoreBy {
    fn from(by: ExplainByArg) -> Self {
        match by {
            ExplainByArg::Embedding => Self::Embedding,
            ExplainByArg::Cosine => Self::Cosine,
            ExplainByArg::Pearson => Self::Pearson,
            ExplainByArg::Wtcs => Self::Wtcs,
            ExplainByArg::Cs => Self::Cs,
        }
    }
}

impl From<SideArg> for Side {
    fn from(side: SideArg) -> Self {
        match side {
            SideArg::Query => Self::Query,
            SideArg::Hit => Self::Hit,
        }
    }
}
