//! One segment, open for reading: vectors and graph from `l1kdb-index`, and the sections that tell what a row is.
//!
//! Nothing here trusts a section further than it has looked: every number read is checked where it is used.

use std::path::PathBuf;
use std::sync::OnceLock;

use half::f16;
use l1kdb_index::{Index, Mapped};

use super::filter::{FilterDirectory, Filters};
use super::records::{Blocks, DrugRecord, SignatureRecord, read_names};
use super::{ATCN, DPTR, DRGS, DROW, FILT, GENE, ROWS, SIDS};
use crate::annotate::AtcNames;
use crate::db::DbError;
use crate::db::directory::Directory;
use crate::db::hash::of_sig_id;
use crate::db::snapshot::SegmentEntry;
use crate::profile::GENES;

/// An open segment.
#[derive(Debug)]
pub(in crate::db) struct Segment {
    pub path: PathBuf,
    pub index: Index<Mapped>,
    filters: OnceLock<FilterDirectory>,
}

impl Segment {
    /// Maps a segment and checks that it is the one the manifest means. Costs the same whatever its size.
    pub fn open(
        directory: &Directory,
        entry: &SegmentEntry,
        owner: [u8; 16],
        dimension: usize,
    ) -> Result<Self, DbError> {
        let path = directory.path().join(&entry.file);
        let file = directory.file(&entry.file).map_err(DbError::io(&path, "open the segment"))?;
        let index = Index::open_file(&file, &path)?;
        let segment = Self { path, index, filters: OnceLock::new() };
        segment.expect("rows", &entry.rows.to_string(), &segment.index.rows().to_string())?;
        segment.expect("checksum", &entry.checksum, &format!("{:016x}", segment.index.checksum()))?;
        segment.expect("dimension", &dimension.to_string(), &segment.index.dim().to_string())?;
        segment.expect("owner", &hex(owner), &hex(segment.index.owner()))?;
        Ok(segment)
    }

    fn expect(&self, what: &'static str, expected: &str, found: &str) -> Result<(), DbError> {
        if expected == found {
            return Ok(());
        }
        let (expected, found) = (expected.to_owned(), found.to_owned());
        Err(DbError::Mismatch { path: self.path.clone(), what, expected, found })
    }

    /// Returns the number of signatures.
    pub fn rows(&self) -> usize {
        self.index.rows()
    }

    pub fn signatures(&self) -> Result<Blocks<'_, SignatureRecord>, DbError> {
        Ok(Blocks::open("ROWS", self.section(ROWS, "ROWS")?)?)
    }

    pub fn drugs(&self) -> Result<Blocks<'_, DrugRecord>, DbError> {
        Ok(Blocks::open("DRGS", self.section(DRGS, "DRGS")?)?)
    }

    /// Returns the directory of the filters, which the first call decodes.
    pub fn filter_directory(&self) -> Result<&FilterDirectory, DbError> {
        if let Some(directory) = self.filters.get() {
            return Ok(directory);
        }
        let directory = FilterDirectory::read(self.section(FILT, "FILT")?)?;
        Ok(self.filters.get_or_init(|| directory))
    }

    pub fn filters(&self) -> Result<Filters<'_>, DbError> {
        Ok(Filters::open(self.filter_directory()?, self.section(FILT, "FILT")?)?)
    }

    pub fn atc_names(&self) -> Result<AtcNames, DbError> {
        Ok(read_names(self.section(ATCN, "ATCN")?)?)
    }

    /// Returns the drug of every row.
    pub fn drug_of_rows(&self) -> Result<&[u32], DbError> {
        let drugs = self.numbers(DROW, "DROW")?;
        if drugs.len() == self.rows() {
            return Ok(drugs);
        }
        Err(self.damaged("DROW", format!("expected {} rows, found {}", self.rows(), drugs.len())))
    }

    /// Returns the rows of every drug.
    pub fn rows_of_drugs(&self) -> Result<DrugRows<'_>, DbError> {
        let numbers = self.numbers(DPTR, "DPTR")?;
        let drugs = self.drugs()?.len();
        let (starts, rows) = numbers.split_at_checked(drugs + 1).ok_or_else(|| {
            self.damaged("DPTR", format!("expected {} numbers or more, found {}", drugs + 1, numbers.len()))
        })?;
        if rows.len() == self.rows() {
            return Ok(DrugRows { starts, rows });
        }
        Err(self.damaged("DPTR", format!("expected {} rows, found {}", self.rows(), rows.len())))
    }

    /// Returns the row of a signature id, if it is here.
    pub fn row_of(&self, sig_id: &str) -> Result<Option<u32>, DbError> {
        let (hashes, rows) = self.sig_ids()?;
        let wanted = of_sig_id(sig_id);
        let signatures = self.signatures()?;
        let start = partition_point(hashes.len() / 8, |i| hash_at(hashes, i) < wanted);
        for i in (start..rows.len()).take_while(|i| hash_at(hashes, *i) == wanted) {
            if signatures.record(rows[i] as usize)?.sig_id == sig_id {
                return Ok(Some(rows[i]));
            }
        }
        Ok(None)
    }

    /// Returns the (hashes, rows) of the `SIDS` section, as many of each as there are rows.
    pub fn sig_ids(&self) -> Result<(&[u8], &[u32]), DbError> {
        let bytes = self.section(SIDS, "SIDS")?;
        let expected = self.rows() * 12;
        if bytes.len() != expected {
            return Err(self.damaged("SIDS", format!("expected {expected} bytes, found {}", bytes.len())));
        }
        let (hashes, rows) = bytes.split_at(self.rows() * 8);
        let rows = bytemuck::try_cast_slice(rows).map_err(|e| self.damaged("SIDS", e.to_string()))?;
        Ok((hashes, rows))
    }

    /// Returns the stored profile of a row, if profiles were kept: 978 z-scores, rounded to half precision.
    pub fn profile(&self, row: u32) -> Result<Option<Vec<f32>>, DbError> {
        let Some(halves) = self.profiles()? else { return Ok(None) };
        let start = row as usize * GENES;
        let profile = halves.get(start..start + GENES);
        let profile = profile.ok_or_else(|| self.damaged("GENE", format!("no row {row}")))?;
        Ok(Some(profile.iter().map(|half| half.to_f32()).collect()))
    }

    /// Returns all stored profiles, row by row, if they were kept.
    pub fn profiles(&self) -> Result<Option<&[f16]>, DbError> {
        let Some(bytes) = self.index.section(GENE) else { return Ok(None) };
        let halves: &[f16] =
            bytemuck::try_cast_slice(bytes).map_err(|e| self.damaged("GENE", e.to_string()))?;
        if halves.len() == self.rows() * GENES {
            return Ok(Some(halves));
        }
        Err(self.damaged("GENE", format!("expected {} values, found {}", self.rows() * GENES, halves.len())))
    }

    fn section(&self, kind: [u8; 4], name: &'static str) -> Result<&[u8], DbError> {
        self.index.section(kind).ok_or_else(|| self.damaged(name, "it is missing".to_owned()))
    }

    fn numbers(&self, kind: [u8; 4], name: &'static str) -> Result<&[u32], DbError> {
        bytemuck::try_cast_slice(self.section(kind, name)?).map_err(|e| self.damaged(name, e.to_string()))
    }

    pub fn damaged(&self, section: &'static str, what: String) -> DbError {
        DbError::Damaged { path: self.path.clone(), section, what }
    }
}

/// The rows of every drug of a segment.
#[derive(Debug, Clone, Copy)]
pub(in crate::db) struct DrugRows<'a> {
    starts: &'a [u32],
    rows: &'a [u32],
}

impl<'a> DrugRows<'a> {
    /// Returns the number of drugs.
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Returns the rows of a drug; none where the section is damaged.
    pub fn of(&self, drug: usize) -> &'a [u32] {
        let bounds = self.starts.get(drug).zip(self.starts.get(drug + 1));
        bounds.and_then(|(start, end)| self.rows.get(*start as usize..*end as usize)).unwrap_or_default()
    }
}

/// The hash at place `i` of the `SIDS` section.
pub(in crate::db) fn hash_at(hashes: &[u8], i: usize) -> u64 {
    let bytes = hashes[i * 8..].first_chunk().expect("the section holds eight bytes a row");
    u64::from_le_bytes(*bytes)
}

/// `slice::partition_point` over places instead of elements.
fn partition_point(length: usize, before: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, length);
    while low < high {
        let middle = low + (high - low) / 2;
        if before(middle) { low = middle + 1 } else { high = middle }
    }
    low
}

fn hex(bytes: [u8; 16]) -> String {
    format!("{:032x}", u128::from_be_bytes(bytes))
}
