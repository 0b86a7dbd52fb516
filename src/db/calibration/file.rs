//! Reading a calibration.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use bytemuck::AnyBitPattern;
use l1kdb_index::{Index, Mapped};

use super::CalibrationKey;
use super::entry::{self, Entry};
use super::head::{Head, NO_DRUG, ReferenceQueries, mark};
use crate::db::snapshot::Snapshot;
use crate::db::{Db, DbError};
use crate::stats::{NullTables, SIZE_CLASSES, Tail};

/// The null distributions of a database's drugs for queries of one kind by one score, open for reading.
#[derive(Debug)]
pub struct Calibration {
    path: PathBuf,
    index: Index<Mapped>,
    head: Head,
    drugs: usize,
}

impl Db {
    /// Returns what the calibrations of the database are of.
    pub fn calibrations(&self) -> Vec<CalibrationKey> {
        entry::of_manifest(self.snapshot.manifest()).into_iter().map(|entry| entry.key).collect()
    }

    /// Opens the calibration for queries of a kind by a score, if there is one.
    ///
    /// # Errors
    /// [`DbError::Calibration`] for one that is damaged, missing, or of other signatures or another network.
    pub fn calibration(&self, key: &CalibrationKey) -> Result<Option<Calibration>, DbError> {
        let entries = entry::of_manifest(self.snapshot.manifest());
        let entry = entries.into_iter().find(|entry| entry.key == *key);
        entry.map(|entry| Calibration::open(&self.snapshot, &entry)).transpose()
    }

    /// Reads all calibrations whole; returns how many there are.
    pub(in crate::db) fn verify_calibrations(&self) -> Result<usize, DbError> {
        let entries = entry::of_manifest(self.snapshot.manifest());
        for entry in &entries {
            Calibration::open(&self.snapshot, entry)?.verify()?;
        }
        Ok(entries.len())
    }
}

impl Calibration {
    fn open(snapshot: &Snapshot, entry: &Entry) -> Result<Self, DbError> {
        let path = snapshot.path().join(&entry.file);
        let file = snapshot.directory().file(&entry.file);
        let file = file.map_err(|e| damaged(&path, format!("it cannot be opened: {e}")))?;
        let index = Index::open_file(&file, &path).map_err(|e| damaged(&path, e.to_string()))?;
        if format!("{:016x}", index.checksum()) != entry.checksum {
            return Err(damaged(&path, "it is not the file that the manifest names".to_owned()));
        }
        if index.owner() != mark(snapshot) {
            let what = "it is of other signatures, or of another network, than the database";
            return Err(damaged(&path, what.to_owned()));
        }
        let head = Head::parse(index.section(*b"HEAD").unwrap_or_default());
        let head = head.map_err(|what| damaged(&path, what))?;
        if head.key != entry.key {
            return Err(damaged(&path, format!("it is of {}, expected {}", head.key, entry.key)));
        }
        Ok(Self { path, index, head, drugs: snapshot.drug_groups()?.len() })
    }

    /// Returns what it is of.
    pub fn key(&self) -> &CalibrationKey {
        &self.head.key
    }

    /// Returns the number of reference queries.
    pub fn references(&self) -> usize {
        self.head.references.queries
    }

    /// Returns the reference queries in words: how many, of how many drugs, and from where.
    pub fn description(&self) -> String {
        let ReferenceQueries { queries, drugs, source, .. } = &self.head.references;
        format!("{queries} reference queries of {drugs} drugs ({source})")
    }

    /// Returns the embeddings of the reference queries; none in gene space.
    pub(crate) fn embeddings(&self) -> Vec<f32> {
        let rows = (0..self.index.rows() as u32).filter_map(|row| self.index.vector(row));
        rows.flatten().copied().collect()
    }

    /// Returns of each reference query the number of the drug that it stems from.
    ///
    /// # Errors
    /// A damaged section.
    pub(crate) fn own(&self) -> Result<Vec<Option<usize>>, DbError> {
        let own: &[u32] = self.numbers(*b"REFD", self.references())?;
        Ok(own.iter().map(|&drug| (drug != NO_DRUG).then_some(drug as usize)).collect())
    }

    /// Returns the null distribution of every drug, in the order of their numbers, where they lie.
    ///
    /// # Errors
    /// A section that is missing or of another length.
    pub fn tables(&self) -> Result<NullTables<'_>, DbError> {
        let starts: &[u32] = self.numbers(*b"NPTR", self.drugs + 1)?;
        let scores: &[f32] = self.numbers(*b"NULL", starts.last().map_or(0, |&end| end as usize))?;
        Ok(NullTables {
            starts: Cow::Borrowed(starts),
            scores: Cow::Borrowed(scores),
            means: Cow::Borrowed(self.numbers(*b"MEAN", self.drugs)?),
            deviations: Cow::Borrowed(self.numbers(*b"DEVI", self.drugs)?),
            classes: Cow::Borrowed(self.numbers(*b"SIZE", self.drugs)?),
            tails: self.tails()?,
        })
    }

    fn tails(&self) -> Result<[Tail<'_>; SIZE_CLASSES], DbError> {
        let counts: &[u64] = self.numbers(*b"TCNT", 2 * SIZE_CLASSES)?;
        let kept = counts.chunks_exact(2).map(|counts| counts[1]).fold(0_u64, u64::saturating_add);
        let mut values: &[f32] = self.numbers(*b"TAIL", usize::try_from(kept).unwrap_or(usize::MAX))?;
        let mut tails: [Tail<'_>; SIZE_CLASSES] = Default::default();
        for (tail, counts) in tails.iter_mut().zip(counts.chunks_exact(2)) {
            let (largest, rest) = values.split_at(counts[1] as usize);
            *tail = Tail { count: counts[0], largest: largest.into() };
            values = rest;
        }
        Ok(tails)
    }

    /// The numbers of a section, of which there have to be so many.
    fn numbers<T: AnyBitPattern>(&self, section: [u8; 4], expected: usize) -> Result<&[T], DbError> {
        let name = || String::from_utf8_lossy(&section).into_owned();
        let bytes = self.index.section(section);
        let bytes = bytes.ok_or_else(|| self.damaged(format!("section {}: it is missing", name())))?;
        match bytemuck::try_cast_slice(bytes) {
            Ok(numbers) if numbers.len() == expected => Ok(numbers),
            _ => {
                let found = bytes.len() / size_of::<T>();
                Err(self.damaged(format!("section {}: expected {expected} numbers, found {found}", name())))
            }
        }
    }

    fn damaged(&self, what: String) -> DbError {
        damaged(&self.path, what)
    }

    /// Reads all of it: checksums, and that distributions are sorted.
    fn verify(&self) -> Result<(), DbError> {
        self.index.verify().map_err(|e| self.damaged(e.to_string()))?;
        let tables = self.tables()?;
        self.own()?;
        let in_order = tables.starts.is_sorted()
            && (0..tables.candidates()).all(|drug| tables.of_candidate(drug).is_sorted_by(|a, b| a >= b))
            && tables.tails.iter().all(|tail| tail.largest.is_sorted_by(|a, b| a >= b));
        if in_order { Ok(()) } else { Err(self.damaged("its scores are out of order".to_owned())) }
    }
}

fn damaged(path: &Path, what: String) -> DbError {
    DbError::Calibration { path: path.to_owned(), what }
}
