//! Writing a segment: everything its rows are, beside their vectors and graph.

use std::io::Write;
use std::path::{Path, PathBuf};

use half::f16;
use l1kdb_index::{Audit, BuildParams, SegmentWriter, Vectors, build_graph};

use super::filter::FilterBuilder;
use super::records::{DrugRecord, SignatureRecord, encode_blocks, encode_names};
use super::{ATCN, DPTR, DRGS, DROW, FILT, GENE, ROWS, SIDS};
use crate::annotate::{AtcNames, Catalogue};
use crate::db::DbError;
use crate::db::hash::of_sig_id;
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
        let mut section = self.writer.section(GENE)?;
        while let Some(block) = next()? {
            let halves = halves(block.values());
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
        self.write(ROWS, &encode_blocks(&signatures))?;
        self.write(SIDS, &sig_ids(rows))?;
        self.write(DROW, bytemuck::cast_slice(catalogue.of_signature()))?;
        self.write(DPTR, bytemuck::cast_slice(&drug_rows(catalogue)))?;
        self.write(DRGS, &encode_blocks(&drugs))?;
        self.write(FILT, &filters(rows, catalogue))?;
        self.write(ATCN, &encode_names(&names.only(codes)))
    }

    fn write(&mut self, kind: [u8; 4], bytes: &[u8]) -> Result<(), DbError> {
        let path = self.path.clone();
        self.writer.section(kind)?.write_all(bytes).map_err(DbError::io(&path, "write a section"))
    }
}

/// Half precision keeps three digits of a z-score; what would overflow is clipped to the largest half.
fn halves(values: &[f32]) -> Vec<f16> {
    let limit = f16::MAX.to_f32();
    values.iter().map(|value| f16::from_f32(value.clamp(-limit, limit))).collect()
}

fn sig_ids(rows: &[&Signature]) -> Vec<u8> {
    let mut hashes: Vec<(u64, u32)> = rows.iter().map(|row| of_sig_id(&row.sig_id)).zip(0..).collect();
    hashes.sort_unstable();
    let mut bytes: Vec<u8> = hashes.iter().flat_map(|(hash, _)| hash.to_le_bytes()).collect();
    bytes.extend(hashes.iter().flat_map(|(_, row)| row.to_le_bytes()));
    bytes
}

/// Where each drug's rows start, one more start for the end, then the rows drug by drug.
fn drug_rows(catalogue: &Catalogue) -> Vec<u32> {
    let drugs = catalogue.drugs().len();
    let mut starts = vec![0u32; drugs + 1];
    for drug in catalogue.of_signature() {
        starts[*drug as usize + 1] += 1;
    }
    for drug in 0..drugs {
        starts[drug + 1] += starts[drug];
    }
    let mut rows: Vec<u32> = (0..catalogue.of_signature().len() as u32).collect();
    rows.sort_by_key(|row| catalogue.of_signature()[*row as usize]);
    starts.extend(rows);
    starts
}

fn filters(rows: &[&Signature], catalogue: &Catalogue) -> Vec<u8> {
    let mut builder = FilterBuilder::default();
    for ((row, signature), drug) in (0..).zip(rows).zip(catalogue.of_signature()) {
        builder.add(row, signature, &catalogue.drugs()[*drug as usize]);
    }
    builder.finish()
}
