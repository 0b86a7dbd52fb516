//! Segments, manifest and network, written source by source.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::mem;

use l1kdb_index::{Audit, BuildParams, Vectors};

use super::blocks::Blocks;
use super::joined::Joined;
use super::options::{BuildOptions, BuildReport, Graph, SourceReport};
use super::source::ProfileSource;
use super::sources::{self, Once, Twice};
use super::staging::Staging;
use crate::annotate::{AtcNames, Catalogue, Drug, DrugAtc, DrugKeys, unmet_atc};
use crate::db::names::{self, MANIFEST, MODEL};
use crate::db::segment::SegmentDraft;
use crate::db::snapshot::{Manifest, SegmentEntry};
use crate::db::{DbError, hash};
use crate::embed::{Card, Model};
use crate::profile::{
    AtomicFile, GeneSpace, ProfileMatrix, ReadReport, Signature, SignatureTable, Unmatched,
};
use crate::progress::Progress;

/// The key of filters that names the source of a signature.
const SOURCE: &str = "source";

/// Embeddings of more dimensions get no graph unless the user insists: building one over the 978 genes takes hours, and
/// a scan is the better search there.
const GRAPH_DIMENSIONS: usize = 128;

/// What is counted while segments are written.
#[derive(Default)]
pub(super) struct Summary {
    signatures: usize,
    drugs: HashMap<String, (bool, bool)>,
    pub warnings: Vec<String>,
    pub identity: Vec<String>,
    audits: Vec<Audit>,
    sources: Vec<SourceReport>,
    /// Of each source the size of its values.
    sizes: Vec<(String, f64)>,
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
pub(super) struct Build<'a> {
    pub options: &'a BuildOptions,
    pub model: &'a Model,
    pub staging: Staging,
    pub atc: Option<&'a DrugAtc>,
    pub atc_names: &'a AtcNames,
    pub keys: DrugKeys<'a>,
    pub twice: Twice,
    pub progress: &'a dyn Progress,
    pub report: Summary,
}

impl Build<'_> {
    /// Writes the segments of all sources, one source after another.
    pub fn sources<P: ProfileSource>(
        &mut self,
        joined: &mut [Joined<P>],
        tables: &[SignatureTable],
    ) -> Result<Vec<SegmentEntry>, DbError> {
        let mut entries = Vec::new();
        for (source, table) in joined.iter_mut().zip(tables) {
            let before = self.report.signatures;
            let mut drugs = HashSet::new();
            let mut twice = mem::take(&mut self.twice);
            let (name, rows) = (source.name.clone(), source.join.rows.len());
            let mut once = Once::new(&mut source.profiles, name.as_deref(), &mut twice);
            self.segments(&mut once, (table, name.as_deref(), rows), &mut entries, &mut drugs)?;
            let (left_out, size) = (once.left_out, once.size());
            // Whoever has nothing of its own but what an earlier one had is no fault.
            if self.report.signatures == before && left_out == 0 {
                return Err(nothing_left(&source.profiles));
            }
            self.twice = twice;
            self.report.sizes.push((source.called(), size));
            self.report.sources.push(SourceReport {
                name: name.unwrap_or_default(),
                signatures: self.report.signatures - before,
                drugs: drugs.len(),
                twice: left_out,
                controls: source.join.controls,
                read: source.profiles.report().cloned(),
                size,
            });
        }
        Ok(entries)
    }

    fn segments<P: ProfileSource>(
        &mut self,
        profiles: &mut P,
        (table, source, rows): (&SignatureTable, Option<&str>, usize),
        entries: &mut Vec<SegmentEntry>,
        drugs: &mut HashSet<String>,
    ) -> Result<(), DbError> {
        for _ in 0..rows.div_ceil(self.options.rows_per_segment.max(1)) {
            let file = names::segment(entries.len() + 1);
            entries.extend(self.segment(profiles, file, (table, source), drugs)?);
        }
        Ok(())
    }

    /// Writes one segment; none where no profile is left.
    fn segment<P: ProfileSource>(
        &mut self,
        profiles: &mut P,
        file: String,
        (table, source): (&SignatureTable, Option<&str>),
        drugs: &mut HashSet<String>,
    ) -> Result<Option<SegmentEntry>, DbError> {
        let path = self.staging.path(&file);
        let mut draft = SegmentDraft::create(&path, self.owner(), self.options.keep_profiles)?;
        let (ids, vectors) = self.embed(profiles, &mut draft)?;
        if ids.is_empty() {
            fs::remove_file(&path).map_err(DbError::io(&path, "remove an empty segment"))?;
            return Ok(None);
        }
        let named: Vec<Signature> = match source {
            Some(source) => ids.iter().map(|id| of_source(described(table, id), source)).collect(),
            None => Vec::new(),
        };
        let signatures: Vec<&Signature> = match source {
            Some(_) => named.iter().collect(),
            None => ids.iter().map(|id| described(table, id)).collect(),
        };
        let catalogue = Catalogue::new(signatures.iter().copied(), &self.keys, self.atc);
        let graph = self.graph();
        let written =
            draft.finish(&vectors, graph.as_ref(), &signatures, &catalogue, self.atc_names, self.progress)?;
        drugs.extend(catalogue.drugs().iter().map(|drug| drug.key.clone()));
        self.report.add(signatures.len(), catalogue.drugs(), written.audit);
        let entry = SegmentEntry::new(file, signatures.len(), written.checksum);
        Ok(Some(match source {
            Some(source) => entry.of_source(source),
            None => entry,
        }))
    }

    /// Reads, embeds and stores the profiles of a segment; returns their ids and embeddings.
    fn embed<P: ProfileSource>(
        &mut self,
        profiles: &mut P,
        draft: &mut SegmentDraft,
    ) -> Result<(Vec<String>, Vectors), DbError> {
        let Self { options, model, progress, .. } = self;
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

    pub fn finish<P: ProfileSource>(
        self,
        segments: Vec<SegmentEntry>,
        joined: Vec<Joined<P>>,
    ) -> Result<BuildReport, DbError> {
        let directory = self.staging.path(MODEL);
        self.model.save(&directory)?;
        let mut manifest = AtomicFile::create(self.staging.path(MANIFEST))?;
        manifest.put(self.manifest(segments, &joined).to_text().as_bytes())?;
        manifest.commit()?;
        let read =
            joined.first().filter(|_| joined.len() == 1).and_then(|one| one.profiles.report().cloned());
        let late = self.staging.commit()?;
        let drugs = &self.report.drugs;
        let with_codes = || drugs.iter().map(|(key, (atc, _))| (key.as_str(), *atc));
        let mut warnings = self.report.warnings;
        warnings.extend(self.atc.and_then(|atc| unmet_atc(with_codes(), atc)));
        warnings.extend(sources::scales(&self.report.sizes));
        let (mut controls, mut profiles_without_row, mut rows_without_profile) =
            (0, Unmatched::default(), Unmatched::default());
        for Joined { join, .. } in joined {
            controls += join.controls;
            profiles_without_row.join(join.profiles_without_row);
            rows_without_profile.join(join.rows_without_profile);
        }
        Ok(BuildReport {
            read,
            signatures: self.report.signatures,
            drugs: drugs.len(),
            drugs_with_atc: drugs.values().filter(|(atc, _)| *atc).count(),
            drugs_with_moa: drugs.values().filter(|(_, moa)| *moa).count(),
            controls,
            profiles_without_row,
            rows_without_profile,
            sources: self.report.sources,
            malformed_atc: self.atc.map_or_else(Vec::new, |atc| atc.malformed().to_vec()),
            warnings,
            identity: self.report.identity,
            audits: self.report.audits,
            late,
        })
    }

    fn manifest<P: ProfileSource>(&self, segments: Vec<SegmentEntry>, joined: &[Joined<P>]) -> Manifest {
        let name = |source: &Joined<P>| {
            source.profiles.origin().file_name().unwrap_or_default().to_string_lossy().into_owned()
        };
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
            profiles: joined.iter().map(name).collect::<Vec<_>>().join(", "),
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

/// That nothing is left of what was read.
fn nothing_left(profiles: &impl ProfileSource) -> DbError {
    let why = profiles.report().map_or_else(Vec::new, ReadReport::notes).join("; ");
    DbError::NothingToStore { profiles: profiles.origin().to_owned(), why, controls: 0 }
}

/// A signature with the name of its source, which is a key of filters.
fn of_source(signature: &Signature, source: &str) -> Signature {
    let mut named = signature.clone();
    named.flags.push((SOURCE, source.to_owned()));
    named
}
