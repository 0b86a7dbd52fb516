//! Arguments of `l1kdb build`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

use super::ReadArgs;

const BUILD_EXAMPLE: &str = "\
Example (LINCS phase II, GSE70138):
  l1kdb build gse70138.l1kdb \\
    --profiles GSE70138_Broad_LINCS_Level5_COMPZ_n118050x12328_2017-03-06.gctx \\
    --sig-info GSE70138_Broad_LINCS_sig_info_2017-03-06.txt \\
    --pert-info GSE70138_Broad_LINCS_pert_info_2017-03-06.txt

Several sources make one database: name the files of each in the same order.
  l1kdb build both.l1kdb --profiles lincs.gctx --sig-info lincs.txt --source-name lincs \\
                         --profiles mine.gct   --sig-info mine.txt  --source-name mine
  l1kdb build both.l1kdb --sources sources.toml

  atc = \"drug_atc.tsv\"          # sources.toml: paths are relative to it
  [[source]]
  name = \"lincs\"
  profiles = \"level5.gctx\"
  sig_info = \"siginfo.txt\"
  pert_info = \"pertinfo.txt\"    # may be left out, as level (4 or 5), and above atc and atc_names
  [[source]]
  name = \"mine\"
  profiles = \"mine.gct\"
  sig_info = \"mine.txt\"";

#[derive(Debug, ClapArgs)]
#[command(after_help = BUILD_EXAMPLE)]
pub struct BuildArgs {
    /// The database to make, a directory; by custom NAME.l1kdb
    pub out: PathBuf,
    /// z-scores: GCT, GCTX, CSV or TSV, also gzipped; one file a source
    #[arg(long, value_name = "FILE", required_unless_present = "sources")]
    pub profiles: Vec<PathBuf>,
    /// Metadata of the signatures, joined on sig_id (either generation of LINCS column names); one file a source
    #[arg(long, value_name = "FILE", required_unless_present = "sources")]
    pub sig_info: Vec<PathBuf>,
    /// Metadata of the perturbagens: mechanism, target, structure, canonical name; one file for all sources, or one a source
    #[arg(long, value_name = "FILE")]
    pub pert_info: Vec<PathBuf>,
    /// What a source is called: a filter key and a column of answers; one name a source [default: the names of their files]
    #[arg(long, value_name = "NAME")]
    pub source_name: Vec<String>,
    /// Level of a source where the ids of its signatures do not tell it or tell it wrongly, 4 or 5; one for all sources, or one a source
    #[arg(long, value_name = "LEVEL", value_parser = clap::value_parser!(u8).range(1..=5))]
    pub level: Vec<u8>,
    /// The sources as a file, in place of --profiles and the like (see below)
    #[arg(long, value_name = "FILE", conflicts_with_all = ["profiles", "sig_info", "pert_info", "source_name", "level", "atc", "atc_names"])]
    pub sources: Option<PathBuf>,
    /// Drugs to ATC codes: columns drug, atc_code, and drugbank_id if there is one
    #[arg(long, value_name = "FILE")]
    pub atc: Option<PathBuf>,
    /// Names of ATC classes: columns atc_code, atc_name
    #[arg(long, value_name = "FILE")]
    pub atc_names: Option<PathBuf>,
    /// Put sources of different levels into one database
    #[arg(long)]
    pub mix_levels: bool,
    /// Stop at a signature that stands in two sources; else it is kept once if drug, condition and profile are the same
    #[arg(long)]
    pub refuse_twice: bool,
    /// The network: a directory with model.onnx and card.toml, or `identity` for the z-scores themselves [default: the
    /// network that comes with the program]
    #[arg(long, value_name = "DIR|identity")]
    pub model: Option<String>,
    /// Keep control signatures (ctl_*, trt_sh.css, ...)
    #[arg(long)]
    pub keep_controls: bool,
    /// Do not keep the profiles themselves (2 kB a signature less; no scores in gene space, no explanations)
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
    /// Then calibrate it for profiles by embedding, with its own signatures (see `l1kdb calibrate`)
    #[arg(long)]
    pub calibrate: bool,
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
