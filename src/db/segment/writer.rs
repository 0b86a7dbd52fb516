//! Writing a segment: everything its rows are, beside their vectors and graph.

use std::io::Write;
use std::path::{Path, PathBuf};

use l1kdb_index::{Audit, BuildParams, SegmentWriter, Vectors, build_graph};

use super::filter::FilterBuilder;
use super::records::{DrugRecord, SignatureRecord, encode_blocks, encode_names};
use super::section::Section;
use super::{drug_rows, profiles, sig_ids};
use crate::annotate::{AtcNames, Catalogue};
use crate::db::DbError;
use crate::profile::{ProfileMatrix, Signature};
use crate::progress::Progress;

/// What a finished segment is known by.
#[derive(Debug)]
pub(in crate::db) struct Written {
    pub checksum: u64,
    pub audit: Option<Audit>,
}

/// A segment being written: first the profiles as they come, then the rest in one go.
pub(in crate::db) struct SegmentDraft {
    path: PathBuf,
    writer: SegmentWriter,
    keep_profiles: bool,
}

impl SegmentDraft {
    pub fn create(path: &Path, owner: [u8; 16], keep_profiles: bool) -> Result<Self, DbError> {
        Ok(Self { path: path.to_owned(), writer: SegmentWriter::create(path, owner)?, keep_profiles })
    }

    /// Writes all profiles of the segment, block by block as `next` hands them out.
    pub fn profiles(
        &mut self,
        mut next: impl FnMut() -> Result<Option<ProfileMatrix>, DbError>,
    ) -> Result<(), DbError> {
        if !self.keep_profiles {
            while next()?.is_some() {}
            return Ok(());
        }
        let mut section = self.writer.section(Section::Profiles.kind())?;
        while let Some(block) = next()? {
            let halves = profiles::encode(block.values());
            section
                .write_all(bytemuck::cast_slice(&halves))
                .map_err(DbError::io(&self.path, "write the profiles"))?;
        }
        Ok(())
    }

    /// Writes vectors, graph and tables, and closes the file.
    pub fn finish(
        mut self,
        vectors: &Vectors,
        graph: Option<&BuildParams>,
        rows: &[&Signature],
        catalogue: &Catalogue,
        names: &AtcNames,
        progress: &dyn Progress,
    ) -> Result<Written, DbError> {
        self.writer.vectors(vectors)?;
        let audit = graph.map(|params| self.graph(vectors, params, progress)).transpose()?;
        self.tables(rows, catalogue, names)?;
        Ok(Written { checksum: self.writer.finish()?.checksum, audit })
    }

    fn graph(
        &mut self,
        vectors: &Vectors,
        params: &BuildParams,
        progress: &dyn Progress,
    ) -> Result<Audit, DbError> {
        progress.begin("building the graph", vectors.rows() as u64);
        let graph = build_graph(vectors, params, &|rows| progress.advance(rows))?;
        progress.end();
        self.writer.graph(&graph)?;
        Ok(*graph.audit())
    }

    fn tables(
        &mut self,
        rows: &[&Signature],
        catalogue: &Catalogue,
        names: &AtcNames,
    ) -> Result<(), DbError> {
        let signatures: Vec<SignatureRecord> = rows.iter().map(|row| SignatureRecord::from(*row)).collect();
        let drugs: Vec<DrugRecord> = catalogue.drugs().iter().map(DrugRecord::from).collect();
        let codes = catalogue.drugs().iter().flat_map(|drug| &drug.atc);
        self.write(Section::Signatures, &encode_blocks(&signatures))?;
        self.write(Section::SigIds, &sig_ids::encode(rows.iter().map(|row| row.sig_id.as_str())))?;
        self.write(Section::DrugOfRow, bytemuck::cast_slice(catalogue.of_signature()))?;
        self.write(
            Section::RowsOfDrug,
            bytemuck::cast_slice(&drug_rows::encode(catalogue.of_signature(), drugs.len())),
        )?;
        self.write(Section::Drugs, &encode_blocks(&drugs))?;
        self.write(Section::Filters, &filters(rows, catalogue))?;
        self.write(Section::AtcNames, &encode_names(&names.only(codes)))
    }

    fn write(&mut self, section: Section, bytes: &[u8]) -> Result<(), DbError> {
        let path = self.path.clone();
        self.writer.section(section.kind())?.write_all(bytes).map_err(DbError::io(&path, "write a section"))
    }
}

fn filters(rows: &[&Signature], catalogue: &Catalogue) -> Vec<u8> {
    let mut builder = FilterBuilder::default();
    for ((row, signature), drug) in (0..).zip(rows).zip(catalogue.of_signature()) {
        builder.add(row, signature, &catalogue.drugs()[*drug as usize]);
    }
    builder.finish()
}
