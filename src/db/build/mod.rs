//! Builds a database, all of it or nothing.
//!
//! | file | responsibility |
//! |---|---|
//! | `options` | from which files and how, and what became of them |
//! | `blocks` | profiles of a segment, read in blocks and embedded |
//! | `source` | profiles of any source, block by block, and the tables that describe them |
//! | `staging` | all of it or nothing: the directory a build writes to |
//! | `leftover` | what killed builds left |
//! | `contents` | which files belong to a database; removing those and no others |

mod blocks;
mod contents;
mod leftover;
mod options;
mod source;
mod staging;

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use l1kdb_index::{Audit, BuildParams, Vectors};

use super::DbError;
use super::hash;
use super::names::{self, MANIFEST, MODEL};
use super::segment::SegmentDraft;
use super::snapshot::{Manifest, SegmentEntry};
use crate::annotate::{AtcNames, Catalogue, Drug, DrugAtc, DrugKeys, unmet_atc, unmet_perturbagens};
use crate::embed::{Card, Model};
use crate::profile::{
    AtomicFile, Format, GeneSpace, Join, ProfileMatrix, ReadReport, Signature, SignatureTable, join,
};
use crate::progress::Progress;
use blocks::Blocks;
use staging::Staging;

pub use options::{BuildFiles, BuildOptions, BuildReport, Graph};
pub use source::{ProfileBlocks, ProfileSource, Source};

/// Embeddings of more dimensions get no graph unless the user insists: building one over the 978 genes takes hours, and
/// a scan is the better search there.
const GRAPH_DIMENSIONS: usize = 128;

/// Builds the database `out` from files, all of it or nothing.
///
/// Memory is bounded by a block of signatures, their metadata, and the embeddings.
///
/// # Errors
/// Anything that is wrong with the input; an `out` that exists; a disk that is full or read-only. In every case nothing
/// half-built stays, and what stood at `out` stands there still. What an earlier build that was killed had left beside
/// `out` is put back or removed, and told by [`Progress::note`].
pub fn build(
    out: impl AsRef<Path>,
    files: &BuildFiles,
    options: &BuildOptions,
    model: &Model,
    progress: &dyn Progress,
) -> Result<BuildReport, DbError> {
    let staging = stage(out.as_ref(), options, progress)?;
    let read = files.read.clone().universe(options.universe());
    write(staging, Source::open_as(files, &read)?, options, model, progress)
}

/// Builds the database `out` from profiles and records of any source, all of it or nothing. Otherwise as [`build`].
///
/// ```no_run
/// # use l1kdb::db::{BuildOptions, ProfileBlocks, Source, build_from};
/// # use l1kdb::{embed::Model, profile::{ProfileMatrix, Signature, SignatureTable}, progress::Quiet};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let profiles = ProfileMatrix::new(vec!["S1".into()], vec![0.5; 978])?;
/// let signature = Signature { sig_id: "S1".into(), name: Some("aspirin".into()), ..Signature::default() };
/// let source = Source::new(ProfileBlocks::from(profiles), SignatureTable::new(vec![signature])?);
/// build_from("mine.l1kdb", source, &BuildOptions::default(), &Model::identity(), &Quiet)?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// As [`build`].
pub fn build_from<P: ProfileSource>(
    out: impl AsRef<Path>,
    source: Source<P>,
    options: &BuildOptions,
    model: &Model,
    progress: &dyn Progress,
) -> Result<BuildReport, DbError> {
    let staging = stage(out.as_ref(), options, progress)?;
    write(staging, source, options, model, progress)
}

fn stage(out: &Path, options: &BuildOptions, progress: &dyn Progress) -> Result<Staging, DbError> {
    let (staging, notes) = Staging::new(out, options.overwrite)?;
    notes.iter().for_each(|note| progress.note(note));
    Ok(staging)
}

fn write<P: ProfileSource>(
    staging: Staging,
    source: Source<P>,
    options: &BuildOptions,
    model: &Model,
    progress: &dyn Progress,
) -> Result<BuildReport, DbError> {
    let Source { mut profiles, signatures, perturbagens, atc, atc_names } = source;
    let join = join(profiles.ids(), &signatures, options.keep_controls);
    if join.rows.is_empty() {
        return Err(nothing_to_store(&profiles, &join));
    }
    profiles.select(&join.rows.iter().map(|(profile, _)| *profile).collect::<Vec<_>>())?;
    let described = join.rows.iter().map(|&(_, row)| &signatures.rows()[row]);
    let unmet = perturbagens.as_ref().and_then(|table| unmet_perturbagens(described, table));
    let keys = DrugKeys::new(signatures.rows(), perturbagens.as_ref());
    let warnings = join.respelt.note().into_iter().chain(unmet).collect();
    let report = Summary { warnings, identity: keys.notes().to_vec(), ..Summary::default() };
    let (atc, atc_names) = (atc.as_ref(), &atc_names);
    let mut build = Build { options, model, staging, profiles, atc, atc_names, keys, progress, report };
    let segments = build.segments(&signatures, join.rows.len())?;
    build.finish(segments, join)
}

/// What is counted while segments are written.
#[derive(Default)]
struct Summary {
    signatures: usize,
    drugs: HashMap<String, (bool, bool)>,
    warnings: Vec<String>,
    identity: Vec<String>,
    audits: Vec<Audit>,
}

impl Summary {
    fn add(&mut self, rows: usize, drugs: &[Drug], audit: Option<Audit>) {
        self.signatures += rows;
        self.audits.extend(audit);
        for drug in drugs {
            self.drugs.insert(drug.key.clone(), (!drug.atc.is_empty(), !drug.moa.is_empty()));
        }
    }
}

/// A build under way.
struct Build<'a, P> {
    options: &'a BuildOptions,
    model: &'a Model,
    staging: Staging,
    profiles: P,
    atc: Option<&'a DrugAtc>,
    atc_names: &'a AtcNames,
    keys: DrugKeys<'a>,
    progress: &'a dyn Progress,
    report: Summary,
}

impl<P: ProfileSource> Build<'_, P> {
    fn segments(&mut self, table: &SignatureTable, rows: usize) -> Result<Vec<SegmentEntry>, DbError> {
        let mut entries = Vec::new();
        for _ in 0..rows.div_ceil(self.options.rows_per_segment.max(1)) {
            let file = names::segment(entries.len() + 1);
            entries.extend(self.segment(file, table)?);
        }
        if entries.is_empty() {
            let why = self.profiles.report().map_or_else(Vec::new, ReadReport::notes).join("; ");
            let profiles = self.profiles.origin().to_owned();
            return Err(DbError::NothingToStore { profiles, why, controls: 0 });
        }
        Ok(entries)
    }

    /// Writes one segment; none where no profile is left.
    fn segment(&mut self, file: String, table: &SignatureTable) -> Result<Option<SegmentEntry>, DbError> {
        let path = self.staging.path(&file);
        let mut draft = SegmentDraft::create(&path, self.owner(), self.options.keep_profiles)?;
        let (ids, vectors) = self.embed(&mut draft)?;
        if ids.is_empty() {
            fs::remove_file(&path).map_err(DbError::io(&path, "remove an empty segment"))?;
            return Ok(None);
        }
        let signatures: Vec<&Signature> = ids.iter().map(|id| described(table, id)).collect();
        let catalogue = Catalogue::new(signatures.iter().copied(), &self.keys, self.atc);
        let graph = self.graph();
        let written =
            draft.finish(&vectors, graph.as_ref(), &signatures, &catalogue, self.atc_names, self.progress)?;
        self.report.add(signatures.len(), catalogue.drugs(), written.audit);
        Ok(Some(SegmentEntry::new(file, signatures.len(), written.checksum)))
    }

    /// Reads, embeds and stores the profiles of a segment; returns their ids and embeddings.
    fn embed(&mut self, draft: &mut SegmentDraft) -> Result<(Vec<String>, Vectors), DbError> {
        let Self { options, model, profiles, progress, .. } = self;
        progress.begin("reading and embedding", profiles.remaining().min(options.rows_per_segment) as u64);
        let mut blocks = Blocks::new(profiles, model, options);
        draft.profiles(|| {
            let block = blocks.next()?;
            progress.advance(block.as_ref().map_or(0, ProfileMatrix::len) as u64);
            Ok(block)
        })?;
        progress.end();
        let (ids, embeddings) = blocks.into_parts();
        Ok((ids, Vectors::new(model.dim(), embeddings)?))
    }

    fn graph(&self) -> Option<BuildParams> {
        let wanted = match self.options.graph {
            Graph::Auto => self.model.dim() <= GRAPH_DIMENSIONS,
            Graph::Always => true,
            Graph::Never => false,
        };
        wanted.then(BuildParams::default)
    }

    fn owner(&self) -> [u8; 16] {
        hash::owner(self.model.digest(), GeneSpace::landmarks().digest())
    }

    fn finish(self, segments: Vec<SegmentEntry>, join: Join) -> Result<BuildReport, DbError> {
        let directory = self.staging.path(MODEL);
        self.model.save(&directory)?;
        let mut manifest = AtomicFile::create(self.staging.path(MANIFEST))?;
        manifest.put(self.manifest(segments).to_text().as_bytes())?;
        manifest.commit()?;
        let read = self.profiles.report().cloned();
        let late = self.staging.commit()?;
        let drugs = &self.report.drugs;
        let with_codes = || drugs.iter().map(|(key, (atc, _))| (key.as_str(), *atc));
        let mut warnings = self.report.warnings;
        warnings.extend(self.atc.and_then(|atc| unmet_atc(with_codes(), atc)));
        Ok(BuildReport {
            read,
            signatures: self.report.signatures,
            drugs: drugs.len(),
            drugs_with_atc: drugs.values().filter(|(atc, _)| *atc).count(),
            drugs_with_moa: drugs.values().filter(|(_, moa)| *moa).count(),
            controls: join.controls,
            profiles_without_row: join.profiles_without_row,
            rows_without_profile: join.rows_without_profile,
            malformed_atc: self.atc.map_or_else(Vec::new, |atc| atc.malformed().to_vec()),
            warnings,
            identity: self.report.identity,
            audits: self.report.audits,
            late,
        })
    }

    fn manifest(&self, segments: Vec<SegmentEntry>) -> Manifest {
        let file = self.profiles.origin().file_name().unwrap_or_default();
        let (format, kept_genes) = Manifest::keeping(self.options.universe());
        Manifest {
            format,
            generation: 1,
            gene_space: GeneSpace::landmarks().digest().to_owned(),
            model: self.model.digest().to_owned(),
            model_name: self.model.card().name.clone(),
            card: Some(Card::digest(self.model.card_text().as_bytes())),
            dimension: self.model.dim(),
            kept_genes,
            created_by: concat!("l1kdb ", env!("CARGO_PKG_VERSION")).to_owned(),
            profiles: file.to_string_lossy().into_owned(),
            segments,
            ignorable: toml::Table::new(),
        }
    }
}

/// The row of a profile that was selected, which the join only does with profiles that have one.
fn described<'a>(table: &'a SignatureTable, id: &str) -> &'a Signature {
    let row = table.find(id).expect("the join found the row of every profile it selected");
    &table.rows()[row]
}

fn nothing_to_store(profiles: &impl ProfileSource, join: &Join) -> DbError {
    let mut why = join.explanation().unwrap_or_default();
    if profiles.report().is_some_and(|report| report.format == Format::SignatureSearch) {
        why.push_str(
            "; signatureSearch names signatures `drug__cell__type`: write a table with these names as sig_id, and \
             pert_iname and cell_id beside them",
        );
    }
    DbError::NothingToStore { profiles: profiles.origin().to_owned(), why, controls: join.controls }
}
