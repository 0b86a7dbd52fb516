//! How a database is built, from which files, and what became of them.

use std::path::PathBuf;

use l1kdb_index::Audit;

use crate::profile::{ReadOptions, ReadReport, Universe, Unmatched};

/// Whether a database carries a graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Graph {
    /// Up to 128 dimensions.
    #[default]
    Auto,
    /// In any case.
    Always,
    /// In no case: the build is several times faster, and every search is a scan.
    Never,
}

/// Files to build a database from.
///
/// ```
/// use l1kdb::db::BuildFiles;
///
/// let files = BuildFiles::new("level5.gctx", "siginfo_beta.txt").pert_info("compoundinfo_beta.txt");
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct BuildFiles {
    /// z-scores.
    pub profiles: PathBuf,
    /// Metadata of the signatures.
    pub sig_info: PathBuf,
    /// Metadata of the perturbagens.
    pub pert_info: Option<PathBuf>,
    /// Drugs to ATC codes.
    pub atc: Option<PathBuf>,
    /// Names of ATC classes.
    pub atc_names: Option<PathBuf>,
    /// Their level, 4 for single wells and 5 for replicates; told from the ids of signatures if not set.
    pub level: Option<u8>,
    /// How profiles are read. Their universe is that of [`BuildOptions::keep_genes`].
    pub read: ReadOptions,
}

impl BuildFiles {
    /// Names the GCT, GCTX, CSV or TSV of z-scores, and the table of its signatures, joined on `sig_id`.
    pub fn new(profiles: impl Into<PathBuf>, sig_info: impl Into<PathBuf>) -> Self {
        let (profiles, sig_info) = (profiles.into(), sig_info.into());
        let read = ReadOptions::default();
        Self { profiles, sig_info, pert_info: None, atc: None, atc_names: None, level: None, read }
    }

    /// Names the table of the perturbagens: mechanism, targets, canonical name.
    #[must_use]
    pub fn pert_info(mut self, path: impl Into<PathBuf>) -> Self {
        self.pert_info = Some(path.into());
        self
    }

    /// Names the table of drugs and their ATC codes.
    #[must_use]
    pub fn atc(mut self, path: impl Into<PathBuf>) -> Self {
        self.atc = Some(path.into());
        self
    }

    /// Names the table of the names of ATC classes.
    #[must_use]
    pub fn atc_names(mut self, path: impl Into<PathBuf>) -> Self {
        self.atc_names = Some(path.into());
        self
    }

    /// Sets the level of the profiles, where the ids of signatures do not tell it or tell it wrongly.
    #[must_use]
    pub fn level(mut self, level: u8) -> Self {
        self.level = Some(level);
        self
    }

    /// Sets how profiles are read.
    #[must_use]
    pub fn read(mut self, read: ReadOptions) -> Self {
        self.read = read;
        self
    }
}

/// How to build a database.
///
/// ```
/// use l1kdb::db::{BuildOptions, Graph};
///
/// let options = BuildOptions::default().graph(Graph::Never).overwrite(true);
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct BuildOptions {
    /// Whether control signatures are kept.
    pub keep_controls: bool,
    /// Whether the profiles themselves are kept.
    pub keep_profiles: bool,
    /// The genes of the profiles that are kept.
    pub keep_genes: Universe,
    /// Whether a graph is built.
    pub graph: Graph,
    /// The most signatures in a segment file.
    pub rows_per_segment: usize,
    /// Whether a database of the same name is replaced.
    pub overwrite: bool,
    /// Whether sources of different levels go together.
    pub mix_levels: bool,
    /// Whether a signature that stands in two sources is an error.
    pub refuse_twice: bool,
}

impl Default for BuildOptions {
    fn default() -> Self {
        Self {
            keep_controls: false,
            keep_profiles: true,
            keep_genes: Universe::Landmark,
            graph: Graph::Auto,
            rows_per_segment: 4_000_000,
            overwrite: false,
            mix_levels: false,
            refuse_twice: false,
        }
    }
}

impl BuildOptions {
    /// Sets whether to keep control signatures (`ctl_*`, `trt_sh.css`, ...); they are left out if not set.
    #[must_use]
    pub fn keep_controls(mut self, keep: bool) -> Self {
        self.keep_controls = keep;
        self
    }

    /// Sets whether to keep the profiles themselves, 1,956 bytes a signature and more by
    /// [`keep_genes`](Self::keep_genes); they are kept if not set.
    #[must_use]
    pub fn keep_profiles(mut self, keep: bool) -> Self {
        self.keep_profiles = keep;
        self
    }

    /// Sets of which genes profiles are kept, for scores in gene space ([`Db::queries_by`](crate::db::Db::queries_by)); of the 978
    /// landmarks if not set. A signature takes 1,956 bytes of landmarks, 20,348 of BING genes and 24,656 of all. Embeddings are
    /// made of the landmarks in any case, and are the same.
    ///
    /// A [`ProfileSource`](crate::db::ProfileSource) has to give blocks of this universe.
    #[must_use]
    pub fn keep_genes(mut self, universe: Universe) -> Self {
        self.keep_genes = universe;
        self
    }

    /// Returns the genes of the profiles that the database will hold.
    pub(super) fn universe(&self) -> Universe {
        if self.keep_profiles { self.keep_genes } else { Universe::Landmark }
    }

    /// Sets whether to build a graph; [`Graph::Auto`] if not set.
    #[must_use]
    pub fn graph(mut self, graph: Graph) -> Self {
        self.graph = graph;
        self
    }

    /// Sets the most signatures in a segment file; 4,000,000 if not set.
    #[must_use]
    pub fn rows_per_segment(mut self, rows: usize) -> Self {
        self.rows_per_segment = rows;
        self
    }

    /// Sets whether to replace a database of the same name; it is an error if not set.
    #[must_use]
    pub fn overwrite(mut self, overwrite: bool) -> Self {
        self.overwrite = overwrite;
        self
    }

    /// Sets whether sources of different levels go together; it is an error if not set. Signatures of single wells (level 4) and of
    /// replicates (level 5) are not of one kind.
    #[must_use]
    pub fn mix_levels(mut self, mix: bool) -> Self {
        self.mix_levels = mix;
        self
    }

    /// Sets whether a signature that stands in two sources is an error; if not set it is kept once.
    #[must_use]
    pub fn refuse_twice(mut self, refuse: bool) -> Self {
        self.refuse_twice = refuse;
        self
    }
}

/// What became of one source.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SourceReport {
    /// Its name; empty where it has none.
    pub name: String,
    /// Signatures stored.
    pub signatures: usize,
    /// Drugs among them.
    pub drugs: usize,
    /// Signatures left out, since an earlier source had them.
    pub twice: usize,
    /// Controls left out.
    pub controls: usize,
    /// How the profiles were read, where they came from a file.
    pub read: Option<ReadReport>,
    /// The root mean square of the values.
    pub size: f64,
}

/// What became of the input.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct BuildReport {
    /// How the profiles were read, where they came from a file.
    pub read: Option<ReadReport>,
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
    /// What became of each source; one without a name where there is but one.
    pub sources: Vec<SourceReport>,
    /// What should be looked at: ids that were taken for others, tables about drugs that know none of these drugs.
    pub warnings: Vec<String>,
    /// The audit of each segment's graph.
    pub audits: Vec<Audit>,
    /// What went wrong when the database was in place already, in sentences: what it replaced could not be removed, or
    /// the system could not be made to write all to the disk.
    pub late: Vec<String>,
}
