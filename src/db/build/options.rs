//! What a database is built from and how, and what became of it.

use std::path::PathBuf;

use l1kdb_index::Audit;

use crate::profile::{ReadOptions, ReadReport, Unmatched};

/// Whether a database carries a graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Graph {
    /// Up to 128 dimensions.
    #[default]
    Auto,
    /// In any case.
    Always,
    /// In no case: the build is several times faster, and every search is a scan.
    Never,
}

/// What to build a database from, and how.
///
/// ```
/// use l1kdb::db::BuildOptions;
///
/// let mut options = BuildOptions::new("level5.gctx", "siginfo_beta.txt");
/// options.pert_info = Some("compoundinfo_beta.txt".into());
/// ```
#[derive(Debug, Clone)]
pub struct BuildOptions {
    /// GCT, GCTX, CSV or TSV of z-scores.
    pub profiles: PathBuf,
    /// Metadata of the signatures, joined on `sig_id`.
    pub sig_info: PathBuf,
    /// Metadata of the perturbagens: mechanism, targets, canonical name.
    pub pert_info: Option<PathBuf>,
    /// Drugs to ATC codes.
    pub atc: Option<PathBuf>,
    /// Names of ATC classes.
    pub atc_names: Option<PathBuf>,
    /// How to read profiles.
    pub read: ReadOptions,
    /// Keep control signatures (`ctl_*`, `trt_sh.css`, ...), which are left out by default.
    pub keep_controls: bool,
    /// Keep the profiles themselves, 1,956 bytes a signature.
    pub keep_profiles: bool,
    /// Whether to build a graph.
    pub graph: Graph,
    /// The most signatures in a segment file.
    pub rows_per_segment: usize,
    /// Replace a database of the same name.
    pub overwrite: bool,
}

impl BuildOptions {
    /// Returns the defaults for a file of profiles and its table of signatures.
    pub fn new(profiles: impl Into<PathBuf>, sig_info: impl Into<PathBuf>) -> Self {
        Self {
            profiles: profiles.into(),
            sig_info: sig_info.into(),
            pert_info: None,
            atc: None,
            atc_names: None,
            read: ReadOptions::default(),
            keep_controls: false,
            keep_profiles: true,
            graph: Graph::Auto,
            rows_per_segment: 4_000_000,
            overwrite: false,
        }
    }
}

/// What became of the input.
#[derive(Debug, Clone)]
pub struct BuildReport {
    /// How the profiles were read.
    pub read: ReadReport,
    /// Signatures stored.
    pub signatures: usize,
    /// Drugs among them.
    pub drugs: usize,
    /// Drugs with an ATC code.
    pub drugs_with_atc: usize,
    /// Drugs with a mechanism of action.
    pub drugs_with_moa: usize,
    /// Who was taken for whom, and who was kept apart: one line each ([`DrugKeys::notes`](crate::annotate::DrugKeys::notes)).
    pub identity: Vec<String>,
    /// Controls left out.
    pub controls: usize,
    /// Profiles that the signature table does not know.
    pub profiles_without_row: Unmatched,
    /// Signatures in the table without a profile.
    pub rows_without_profile: Unmatched,
    /// Cells of the ATC table that hold no ATC code: line and text.
    pub malformed_atc: Vec<(usize, String)>,
    /// What should be looked at: ids that were taken for others, tables about drugs that know none of these drugs.
    pub warnings: Vec<String>,
    /// The audit of each segment's graph.
    pub audits: Vec<Audit>,
    /// What went wrong when the database was in place already, in sentences: what it replaced could not be removed, or
    /// the system could not be made to write all to the disk.
    pub late: Vec<String>,
}
