//! Arguments of `l1kdb calibrate`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};
use l1kdb::db::CalibrationOf;

use super::{HubnessArg, ReadArgs, ScoreArg, ScoreByArg};

const EXAMPLES: &str = "\
Reference queries are signatures of drugs that a query has nothing to do with: a drug's p-value is the share of
them that it scores as high for as for the query, its own signatures left out. One calibration is kept for each
kind of query and score; `l1kdb info` lists them, and `l1kdb query` then prints p and q.

Examples:
  l1kdb calibrate lincs.l1kdb
  l1kdb calibrate lincs.l1kdb --references other.gctx --sig-info other_info.txt
  l1kdb calibrate lincs.l1kdb --hubness csls
  l1kdb calibrate lincs.l1kdb --of gene-sets --score-by wtcs";

#[derive(Debug, ClapArgs)]
#[command(after_help = EXAMPLES)]
pub struct CalibrateArgs {
    /// The database
    pub db: PathBuf,
    /// Profiles to draw reference queries from, of the same kind as the queries to come: those of another release make p too small
    /// [default: the signatures of the database]
    #[arg(long, value_name = "FILE", requires = "sig_info")]
    pub references: Option<PathBuf>,
    /// Draw reference queries from the signatures of the database, as is done without --references
    #[arg(long, conflicts_with = "references")]
    pub from_db: bool,
    /// Metadata of --references, joined on sig_id: the drug of each
    #[arg(long, value_name = "FILE", requires = "references")]
    pub sig_info: Option<PathBuf>,
    /// Kind of queries; gene sets are the 100 genes of either end of a reference's profile
    #[arg(long, value_enum, default_value = "profiles")]
    pub of: CalibrationOfArg,
    /// Score of a signature
    #[arg(long, value_enum, default_value = "embedding")]
    pub score_by: ScoreByArg,
    /// Score of a drug
    #[arg(long, value_enum, default_value = "best-quarter")]
    pub score: ScoreArg,
    /// What becomes of hubs, by embedding; `csls` finds the neighbours of every signature first, and keeps what is needed of them
    #[arg(long, value_enum, default_value = "none")]
    pub hubness: HubnessArg,
    /// Calibrate queries with --reverse, in gene space
    #[arg(long)]
    pub reverse: bool,
    /// The most reference queries
    #[arg(long, value_name = "N", default_value_t = 2000)]
    pub queries: usize,
    /// The most reference queries of one drug; with many more, p-values come out too small
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub per_drug: usize,
    /// Seed by which they are drawn
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    #[command(flatten)]
    pub read: ReadArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CalibrationOfArg {
    /// Profiles, tables of differential expression, stored signatures
    Profiles,
    /// Gene sets
    GeneSets,
}

impl From<CalibrationOfArg> for CalibrationOf {
    fn from(of: CalibrationOfArg) -> Self {
        match of {
            CalibrationOfArg::Profiles => Self::Profiles,
            CalibrationOfArg::GeneSets => Self::GeneSets,
        }
    }
}
