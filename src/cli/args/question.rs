//! Arguments that say what is asked with.

use std::path::PathBuf;

use clap::{ArgGroup, Args as ClapArgs, ValueEnum};
use l1kdb::profile::Species;

/// Kinds of questions; those by gene sets may stand together.
const QUESTIONS: [&str; 8] = ["profiles", "sig", "drug", "de", "up", "down", "up_genes", "down_genes"];
const SETS: [&str; 5] = ["de", "up", "down", "up_genes", "down_genes"];

/// Returns the group of what a command asks with, of which it needs one.
pub(super) fn kinds() -> ArgGroup {
    ArgGroup::new("question").required(true).multiple(true).args(QUESTIONS)
}

/// Returns the group of what names genes.
pub(super) fn sets() -> ArgGroup {
    ArgGroup::new("gene_set").multiple(true).args(SETS)
}

/// What is asked with.
#[derive(Debug, ClapArgs)]
pub struct QuestionArgs {
    /// The profiles to ask with
    #[arg(long, value_name = "FILE", conflicts_with_all = ["sig", "drug"])]
    pub profiles: Option<PathBuf>,
    /// Ask with this signature of the file only; may be repeated
    #[arg(long, value_name = "SIG_ID", requires = "profiles")]
    pub id: Vec<String>,
    /// Ask with a signature of the database, which is left out of its answer; may be repeated
    #[arg(long, value_name = "SIG_ID", conflicts_with = "drug")]
    pub sig: Vec<String>,
    /// Ask with a drug of the database, by any of its names or its pert_id; its signatures are left out of the answer; may
    /// be repeated
    #[arg(long, value_name = "NAME")]
    pub drug: Vec<String>,
    /// How the signatures of --drug become queries
    #[arg(long, value_enum, default_value = "mean")]
    pub combine: CombineArg,
    /// Ask with sets of genes that rise: GMT, GMX or GRP; every set, or pair of sets NAME_UP and NAME_DN, is a query
    #[arg(long, value_name = "FILE", conflicts_with_all = ["profiles", "sig", "drug"])]
    pub up: Option<PathBuf>,
    /// Ask with sets of genes that fall; with --up, each belongs to the up set of its name
    #[arg(long, value_name = "FILE", conflicts_with_all = ["profiles", "sig", "drug"])]
    pub down: Option<PathBuf>,
    /// Ask with genes that rise, of any kind of id
    #[arg(long, value_name = "GENE,GENE", value_delimiter = ',', conflicts_with_all = ["profiles", "sig", "drug", "up", "down"])]
    pub up_genes: Vec<String>,
    /// Ask with genes that fall
    #[arg(long, value_name = "GENE,GENE", value_delimiter = ',', conflicts_with_all = ["profiles", "sig", "drug", "up", "down"])]
    pub down_genes: Vec<String>,
    /// Ask with a result of differential expression: DESeq2, edgeR, limma, Seurat, Scanpy and others, told by its columns; all
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
    /// Whose genes symbols of gene sets and tables are
    #[arg(long, value_enum, default_value = "human")]
    pub species: SpeciesArg,
}

impl QuestionArgs {
    /// Tells whether the question is what the database holds.
    pub fn is_stored(&self) -> bool {
        !self.sig.is_empty() || !self.drug.is_empty()
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
pub enum SpeciesArg {
    /// Human; symbols as mouse and rat have them (Actb) name no gene where most are written so
    Human,
    /// Mouse or rat: the human genes of the same symbols are taken, which is a guess
    Mouse,
}

impl From<SpeciesArg> for Species {
    fn from(species: SpeciesArg) -> Self {
        match species {
            SpeciesArg::Human => Self::Human,
            SpeciesArg::Mouse => Self::Mouse,
        }
    }
}
