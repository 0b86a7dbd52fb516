//! Builds a database, all of it or nothing.
//!
//! | file | responsibility |
//! |---|---|
//! | `options` | what a database is built from and how, and what became of it |
//! | `staging` | all of it or nothing: the directory a build writes to |
//! | `lock`, `leftover` | one build at a time; what killed ones left |
//! | `contents` | which files belong to a database; removing those and no others |

mod contents;
mod leftover;
mod lock;
mod options;
mod staging;

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use l1kdb_index::{Audit, BuildParams, Vectors, replace_file};

use super::DbError;
use super::hash;
use super::names::{self, MANIFEST, MODEL};
use super::segment::SegmentDraft;
use super::snapshot::{FORMAT, Manifest, SegmentEntry};
use crate::annotate::{AtcNames, Catalogue, Drug, DrugAtc, DrugKeys, unmet_atc, unmet_perturbagens};
use crate::embed::{Card, Model};
use crate::profile::{
    Format, GeneSpace, Join, PerturbagenTable, ProfileMatrix, ProfileReader, Signature, SignatureTable, join,
};
use crate::progress::Progress;
use staging::Staging;

pub use options::{BuildOptions, BuildReport, Graph};

/// Signatures that are read, embedded and written at a time.
const BLOCK: usize = 4096;

/// Embeddings of more dimensions get no graph unless the user insists: building one over the 978 genes takes hours, and
/// a scan is the better search there.
const GRAPH_DIMENSIONS: usize = 128;

/// Builds the database `out`, all of it or nothing.
///
/// Memory is bounded by a block of signatures, their metadata, and the embeddings.
///
/// # Errors
/// Anything that is wrong with the input; an `out` that exists; a disk that is full or read-only. In every case nothing
/// half-built stays, and what stood at `out` stands there still. What an earlier build that was killed had left beside
/// `out` is put back or removed, and told by [`Progress::note`].
pub fn build(
    out: impl AsRef<Path>,
    options: &BuildOptions,
    model: &Model,
    progress: &dyn Progress,
) -> Result<BuildReport, DbError> {
    let (staging, notes) = Staging::new(out.as_ref(), options.overwrite)?;
    notes.iter().for_each(|note| progress.note(note));
    let mut reader = ProfileReader::open(&options.profiles, &options.read)?;
    let signatures = SignatureTable::read(&options.sig_info)?;
    let join = join(reader.ids(), &signatures, options.keep_controls);
    if join.rows.is_empty() {
        return Err(nothing_to_store(options, &join, reader.report().format));
    }
    reader.select(&join.rows.iter().map(|(profile, _)| *profile).collect::<Vec<_>>())?;
    let annotations = Annotations::read(options)?;
    let described = join.rows.iter().map(|&(_, row)| &signatures.rows()[row]);
    let keys = DrugKeys::new(signatures.rows(), annotations.perturbagens.as_ref());
    let (warnings, identity) = (warnings(&join, described, &annotations), keys.notes().to_vec());
    let report = Summary { warnings, identity, ..Summary::default() };
    let annotations = &annotations;
    let mut build = Build { options, model, staging, reader, annotations, keys, progress, report };
    let segments = build.segments(&signatures, join.rows.len())?;
    build.finish(segments, join)
}

/// The user's tables about drugs.
struct Annotations {
    perturbagens: Option<PerturbagenTable>,
    atc: Option<DrugAtc>,
    names: AtcNames,
}

impl Annotations {
    fn read(options: &BuildOptions) -> Result<Self, DbError> {
        Ok(Self {
            perturbagens: options.pert_info.as_ref().map(PerturbagenTable::read).transpose()?,
            atc: options.atc.as_ref().map(DrugAtc::read).transpose()?,
            names: options.atc_names.as_ref().map(AtcNames::read).transpose()?.unwrap_or_default(),
        })
    }
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
struct Build<'a> {
    options: &'a BuildOptions,
    model: &'a Model,
    staging: Staging,
    reader: ProfileReader,
    annotations: &'a Annotations,
    keys: DrugKeys<'a>,
    progress: &'a dyn Progress,
    report: Summary,
}

impl Build<'_> {
    fn segments(&mut self, table: &SignatureTable, rows: usize) -> Result<Vec<SegmentEntry>, DbError> {
        let mut entries = Vec::new();
        for _ in 0..rows.div_ceil(self.options.rows_per_segment.max(1)) {
            let file = names::segment(entries.len() + 1);
            entries.extend(self.segment(file, table)?);
        }
        if entries.is_empty() {
            let why = self.reader.report().notes().join("; ");
            return Err(DbError::NothingToStore { profiles: self.options.profiles.clone(), why });
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
        let Annotations { atc, names, .. } = self.annotations;
        let catalogue = Catalogue::new(signatures.iter().copied(), &self.keys, atc.as_ref());
        let graph = self.graph();
        let written =
            draft.finish(&vectors, graph.as_ref(), &signatures, &catalogue, names, self.progress)?;
        self.report.add(signatures.len(), catalogue.drugs(), written.audit);
        let checksum = format!("{:016x}", written.checksum);
        Ok(Some(SegmentEntry { file, rows: signatures.len() as u64, checksum }))
    }

    /// Reads, embeds and stores the profiles of a segment; returns their ids and embeddings.
    fn embed(&mut self, draft: &mut SegmentDraft) -> Result<(Vec<String>, Vectors), DbError> {
        let (mut ids, mut values) = (Vec::new(), Vec::new());
        let Self { options, model, reader, progress, .. } = self;
        progress.begin("reading and embedding", reader.remaining().min(options.rows_per_segment) as u64);
        draft.profiles(|| {
            let room = options.rows_per_segment.max(1) - ids.len();
            let Some(block) = next_block(reader, room.min(BLOCK))? else { return Ok(None) };
            reader.report().check_signs()?;
            values.extend_from_slice(model.embed(&block)?.values());
            ids.extend_from_slice(block.ids());
            progress.advance(block.len() as u64);
            Ok(Some(block))
        })?;
        progress.end();
        Ok((ids, Vectors::new(model.dimension(), values)?))
    }

    fn graph(&self) -> Option<BuildParams> {
        let wanted = match self.options.graph {
            Graph::Auto => self.model.dimension() <= GRAPH_DIMENSIONS,
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
        let manifest = self.staging.path(MANIFEST);
        replace_file(&manifest, self.manifest(segments).to_text().as_bytes())?;
        let report = self.reader.report().clone();
        let late = self.staging.commit()?;
        let drugs = &self.report.drugs;
        let with_codes = || drugs.iter().map(|(key, (atc, _))| (key.as_str(), *atc));
        let mut warnings = self.report.warnings;
        warnings.extend(self.annotations.atc.as_ref().and_then(|atc| unmet_atc(with_codes(), atc)));
        Ok(BuildReport {
            read: report,
            signatures: self.report.signatures,
            drugs: drugs.len(),
            drugs_with_atc: drugs.values().filter(|(atc, _)| *atc).count(),
            drugs_with_moa: drugs.values().filter(|(_, moa)| *moa).count(),
            controls: join.controls,
            profiles_without_row: join.profiles_without_row,
            rows_without_profile: join.rows_without_profile,
            malformed_atc: self
                .annotations
                .atc
                .as_ref()
                .map_or_else(Vec::new, |atc| atc.malformed().to_vec()),
            warnings,
            identity: self.report.identity,
            audits: self.report.audits,
            late,
        })
    }

    fn manifest(&self, segments: Vec<SegmentEntry>) -> Manifest {
        let file = self.options.profiles.file_name().unwrap_or_default();
        Manifest {
            format: FORMAT,
            generation: 1,
            gene_space: GeneSpace::landmarks().digest().to_owned(),
            model: self.model.digest().to_owned(),
            model_name: self.model.card().name.clone(),
            card: Some(Card::digest(self.model.card_text().as_bytes())),
            dimension: self.model.dimension(),
            created_by: concat!("l1kdb ", env!("CARGO_PKG_VERSION")).to_owned(),
            profiles: file.to_string_lossy().into_owned(),
            segments,
        }
    }
}

/// The next block of profiles that is not empty: a block whose signatures were all dropped is no end.
fn next_block(reader: &mut ProfileReader, rows: usize) -> Result<Option<ProfileMatrix>, DbError> {
    if rows == 0 {
        return Ok(None);
    }
    loop {
        match reader.next_block(rows)? {
            Some(block) if block.is_empty() => {}
            block => return Ok(block),
        }
    }
}

/// The row of a profile that was selected, which the join only does with profiles that have one.
fn described<'a>(table: &'a SignatureTable, id: &str) -> &'a Signature {
    let row = table.find(id).expect("the join found the row of every profile it selected");
    &table.rows()[row]
}

fn warnings<'a>(
    join: &Join,
    described: impl Iterator<Item = &'a Signature> + Clone,
    annotations: &Annotations,
) -> Vec<String> {
    let unmet = annotations.perturbagens.as_ref().and_then(|table| unmet_perturbagens(described, table));
    join.respelt.note().into_iter().chain(unmet).collect()
}

fn nothing_to_store(options: &BuildOptions, join: &Join, format: Format) -> DbError {
    let mut why = join.explanation().unwrap_or_default();
    if format == Format::SignatureSearch {
        why.push_str(
            "; signatureSearch names signatures `drug__cell__type`: write a table with these names as sig_id, and \
             pert_iname and cell_id beside them",
        );
    }
    if join.controls > 0 {
        why.push_str("; keep them with --keep-controls");
    }
    DbError::NothingToStore { profiles: options.profiles.clone(), why }
}
