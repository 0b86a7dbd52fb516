//! One segment, open for reading: vectors and graph from `l1kdb-index`, and the sections that tell what a row is.
//!
//! Nothing here trusts a section further than it has looked: every number read is checked where it is used.

use std::path::PathBuf;

use l1kdb_index::{Index, Mapped};
use roaring::RoaringBitmap;

use super::drug_rows::{DrugRows, drug_of_rows};
use super::filter::{FilterDirectory, Filters};
use super::profiles::Profiles;
use super::records::{Blocks, DrugRecord, SignatureRecord, read_names};
use super::section::{Fault, Section};
use super::sig_ids::SigIds;
use crate::annotate::AtcNames;
use crate::db::DbError;
use crate::db::directory::Directory;
use crate::profile::Universe;

/// An open segment, with all the rows that its file holds. What a reader sees of it is a
/// [`LiveSegment`](crate::db::snapshot::LiveSegment).
#[derive(Debug)]
pub(in crate::db) struct Segment {
    path: PathBuf,
    index: Index<Mapped>,
    universe: Universe,
}

/// What a database says of one of its segments.
#[derive(Debug, Clone, Copy)]
pub(in crate::db) struct Expected<'a> {
    pub file: &'a str,
    pub rows: u64,
    /// Checksum over the segment's header and section table, 16 hexadecimal digits.
    pub checksum: &'a str,
    pub owner: [u8; 16],
    pub dim: usize,
    /// The genes of the profiles, where they are kept.
    pub universe: Universe,
}

impl Segment {
    /// Maps a segment and checks that it is the one that is meant. Costs the same whatever its size.
    pub fn open(directory: &Directory, expected: Expected<'_>) -> Result<Self, DbError> {
        let path = directory.path().join(expected.file);
        let file = directory.file(expected.file).map_err(DbError::io(&path, "open the segment"))?;
        let index = Index::open_file(&file, &path)?;
        let segment = Self { path, index, universe: expected.universe };
        segment.expect("rows", &expected.rows.to_string(), &segment.index.rows().to_string())?;
        segment.expect("checksum", expected.checksum, &format!("{:016x}", segment.index.checksum()))?;
        segment.expect("dimension", &expected.dim.to_string(), &segment.index.dim().to_string())?;
        segment.expect("owner", &hex(expected.owner), &hex(segment.index.owner()))?;
        Ok(segment)
    }

    fn expect(&self, what: &'static str, expected: &str, found: &str) -> Result<(), DbError> {
        if expected == found {
            return Ok(());
        }
        let (expected, found) = (expected.to_owned(), found.to_owned());
        Err(DbError::Mismatch { path: self.path.clone(), what, expected, found })
    }

    /// Returns the vectors and the graph.
    pub fn index(&self) -> &Index<Mapped> {
        &self.index
    }

    /// Returns the file.
    pub fn path(&self) -> &PathBuf {
        &self.path
    }

    /// Returns the number of rows in the file.
    pub fn rows(&self) -> usize {
        self.index.rows()
    }

    /// Returns the number of drugs in the file.
    pub fn drugs(&self) -> Result<usize, DbError> {
        Ok(self.drug_blocks()?.len())
    }

    /// Reads the records of some rows, in the order given. Neighbours in that order are read together.
    pub fn signatures(&self, rows: impl IntoIterator<Item = u32>) -> Result<Vec<SignatureRecord>, DbError> {
        let rows = rows.into_iter().map(|row| row as usize);
        self.checked(self.signature_blocks()?.some(rows))
    }

    /// Reads the records of some drugs, in the order given.
    pub fn drug_records(&self, drugs: impl IntoIterator<Item = u32>) -> Result<Vec<DrugRecord>, DbError> {
        let drugs = drugs.into_iter().map(|drug| drug as usize);
        self.checked(self.drug_blocks()?.some(drugs))
    }

    /// Reads which values there are to filter by: all, or those that one of some rows has.
    pub fn filter_directory(&self, rows: Option<&RoaringBitmap>) -> Result<FilterDirectory, DbError> {
        let section = self.section(Section::Filters)?;
        let read = rows
            .map_or_else(|| FilterDirectory::read(section), |rows| FilterDirectory::of_rows(section, rows));
        self.checked(read)
    }

    /// Returns the rows of each value in the `directory` of this segment.
    pub fn filters<'a>(&'a self, directory: &'a FilterDirectory) -> Result<Filters<'a>, DbError> {
        self.checked(Filters::open(directory, self.section(Section::Filters)?))
    }

    /// Reads the names of the ATC classes in use.
    pub fn atc_names(&self) -> Result<AtcNames, DbError> {
        self.checked(read_names(self.section(Section::AtcNames)?))
    }

    /// Returns the drug of every row.
    pub fn drug_of_rows(&self) -> Result<&[u32], DbError> {
        self.checked(drug_of_rows(self.section(Section::DrugOfRow)?, self.rows()))
    }

    /// Returns the rows of every drug.
    pub fn rows_of_drugs(&self) -> Result<DrugRows<'_>, DbError> {
        let bytes = self.section(Section::RowsOfDrug)?;
        self.checked(DrugRows::open(bytes, self.drugs()?, self.rows()))
    }

    /// Returns the row of a signature id, if it is here.
    pub fn row_of(&self, sig_id: &str) -> Result<Option<u32>, DbError> {
        let signatures = self.signature_blocks()?;
        for row in self.sig_ids()?.candidates(sig_id) {
            if self.checked(signatures.record(row as usize))?.sig_id == sig_id {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    /// Returns the embedding of a row.
    pub fn vector(&self, row: u32) -> Result<&[f32], DbError> {
        self.index.vector(row).ok_or_else(|| self.no_row(Section::Vectors, row))
    }

    /// Returns all stored profiles, if they were kept.
    pub fn profiles(&self) -> Result<Option<Profiles<'_>>, DbError> {
        let bytes = self.index.section(Section::Profiles.kind());
        bytes.map(|bytes| self.checked(Profiles::open(bytes, self.rows(), self.universe))).transpose()
    }

    pub(super) fn sig_ids(&self) -> Result<SigIds<'_>, DbError> {
        self.checked(SigIds::open(self.section(Section::SigIds)?, self.rows()))
    }

    pub(super) fn signature_blocks(&self) -> Result<Blocks<'_, SignatureRecord>, DbError> {
        self.checked(Blocks::open(Section::Signatures, self.section(Section::Signatures)?))
    }

    pub(super) fn drug_blocks(&self) -> Result<Blocks<'_, DrugRecord>, DbError> {
        self.checked(Blocks::open(Section::Drugs, self.section(Section::Drugs)?))
    }

    fn section(&self, section: Section) -> Result<&[u8], DbError> {
        let bytes = self.index.section(section.kind());
        bytes.ok_or_else(|| self.damaged(section.fault("it is missing")))
    }

    /// Puts the file's name to what is wrong with a section of it.
    pub fn checked<T>(&self, read: Result<T, Fault>) -> Result<T, DbError> {
        read.map_err(|fault| self.damaged(fault))
    }

    /// Returns the error of a section without a row that it should have.
    pub fn no_row(&self, section: Section, row: u32) -> DbError {
        self.damaged(section.fault(format!("no row {row}")))
    }

    /// Returns the error of a section that is damaged.
    pub fn damaged(&self, Fault { section, what }: Fault) -> DbError {
        DbError::Damaged { path: self.path.clone(), section: section.name(), what }
    }
}

fn hex(bytes: [u8; 16]) -> String {
    format!("{:032x}", u128::from_be_bytes(bytes))
}
