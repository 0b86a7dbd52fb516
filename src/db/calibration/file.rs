//! Reading a calibration.

use std::path::{Path, PathBuf};

use l1kdb_index::{Index, Mapped};

use super::head::{Head, ReferenceQueries, class_digest, mark};
use super::held::Held;
use super::sections;
use super::{CalibrationKey, Hubness};
use crate::db::DbError;
use crate::db::snapshot::Snapshot;
use crate::enrichment::{CallCalibration, ClassNulls, DrugClasses};
use crate::stats::NullTables;

/// The null distributions of a database's drugs for queries of one kind by one score, open for reading.
#[derive(Debug)]
pub struct Calibration {
    path: PathBuf,
    index: Index<Mapped>,
    head: Head,
    drugs: usize,
    /// Rows of all segments' files.
    rows: usize,
}

impl Calibration {
    pub(super) fn open(snapshot: &Snapshot, Held { entry, file, .. }: &Held<Self>) -> Result<Self, DbError> {
        let path = snapshot.path().join(&entry.file);
        let file = file.as_ref().map_err(|e| damaged(&path, format!("it cannot be opened: {e}")))?;
        let index = Index::open_file(file, &path).map_err(|e| damaged(&path, e.to_string()))?;
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
        let rows = snapshot.segments().iter().map(|segment| segment.segment().rows()).sum();
        Ok(Self { path, index, head, drugs: snapshot.drug_groups()?.len(), rows })
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
        sections::own(&self.index, self.references()).map_err(|what| damaged(&self.path, what))
    }

    /// Returns the null distribution of every drug, in the order of their numbers, where they lie.
    ///
    /// # Errors
    /// A section that is missing or of another length.
    pub fn tables(&self) -> Result<NullTables<'_>, DbError> {
        sections::tables(&self.index, self.drugs).map_err(|what| damaged(&self.path, what))
    }

    /// Returns of every row of the segments' files how near its neighbours are.
    ///
    /// # Errors
    /// A damaged section, and a calibration that has none.
    pub(crate) fn nearness(&self) -> Result<Vec<f32>, DbError> {
        let found = sections::nearness(&self.index, self.rows).map_err(|what| damaged(&self.path, what));
        Ok(found?.to_vec())
    }

    /// Returns what classes of the database's drugs score for the reference queries.
    ///
    /// # Errors
    /// A damaged section; other classes than those that were scored.
    pub(crate) fn class_nulls(&self, classes: &DrugClasses) -> Result<ClassNulls<'_>, DbError> {
        if class_digest(classes) != self.head.classes {
            let what = "its classes of drugs are others than this version of l1kdb makes of them";
            return Err(damaged(&self.path, what.to_owned()));
        }
        let shape = (self.references(), self.drugs, classes.classes.len());
        sections::class_nulls(&self.index, shape).map_err(|what| damaged(&self.path, what))
    }

    /// Returns how probable votes for classes are, of each kind of which enough drugs were asked with.
    pub(crate) fn calls(&self) -> Vec<CallCalibration> {
        self.head.calls()
    }

    /// Returns a quantile of how near reference queries are to their ten nearest signatures, by embedding.
    pub(crate) fn usual_nearness(&self, share: f64) -> Option<f64> {
        of_steps(&self.head.usual.nearness, share)
    }

    /// Returns a quantile of the root mean square of the z-scores of reference queries, of profiles.
    pub(crate) fn usual_size(&self, share: f64) -> Option<f64> {
        of_steps(&self.head.usual.size, share)
    }

    /// Reads all of it: checksums, and that distributions are sorted.
    pub(super) fn verify(&self) -> Result<(), DbError> {
        self.index.verify().map_err(|e| damaged(&self.path, e.to_string()))?;
        let shape = (self.references(), self.drugs, self.head.class_count);
        sections::class_nulls(&self.index, shape).map_err(|what| damaged(&self.path, what))?;
        if self.head.key.hubness == Hubness::Csls {
            self.nearness()?;
        }
        match sections::are_in_order(&self.tables()?) {
            true => Ok(()),
            false => Err(damaged(&self.path, "its scores are out of order".to_owned())),
        }
    }
}

/// The quantile at a share, of quantiles in equal steps.
fn of_steps(quantiles: &[f64], share: f64) -> Option<f64> {
    let last = quantiles.len().checked_sub(1)?;
    quantiles.get((share * last as f64).round() as usize).copied()
}

fn damaged(path: &Path, what: String) -> DbError {
    DbError::Calibration { path: path.to_owned(), what }
}
