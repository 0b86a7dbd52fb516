//! Signatures and drugs of the database as questions.

use roaring::RoaringBitmap;

use super::query::{Filter, filter};
use super::segment::DRUG_FILTER;
use super::snapshot::{RowAt, Snapshot};
use super::{Db, DbError};
use crate::Rows;
use crate::annotate::nearest;
use crate::rows::to_unit_length;

/// Stored signatures with their embeddings, to ask with.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Stored {
    /// The signatures.
    pub sig_ids: Vec<String>,
    /// Their embeddings, unit vectors, signatures x dim, row-major.
    pub embeddings: Vec<f32>,
    /// Length of an embedding.
    pub dim: usize,
}

impl Stored {
    /// Returns the unit vector in the direction of the mean of all embeddings; `None` where they cancel out.
    pub fn mean(&self) -> Option<Vec<f32>> {
        let mut sums = vec![0.0_f64; self.dim];
        for row in Rows::whole(&self.embeddings, self.dim) {
            sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += f64::from(*value));
        }
        let count = self.sig_ids.len().max(1) as f64;
        let mut mean: Vec<f32> = sums.into_iter().map(|sum| (sum / count) as f32).collect();
        to_unit_length(&mut mean).then_some(mean)
    }

    fn read(snapshot: &Snapshot, rows: impl IntoIterator<Item = RowAt>) -> Result<Self, DbError> {
        let mut stored = Self { sig_ids: Vec::new(), embeddings: Vec::new(), dim: snapshot.dim() };
        for RowAt { segment, row } in rows {
            let segment = &snapshot.segments()[segment];
            stored.sig_ids.extend(segment.signatures([row])?.into_iter().map(|record| record.sig_id));
            stored.embeddings.extend_from_slice(segment.vector(row)?);
        }
        Ok(stored)
    }
}

impl Db {
    /// Returns stored signatures, in the order of their ids, to ask which others are like them.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let db = l1kdb::db::Db::open("lincs.l1kdb")?;
    /// let stored = db.stored_signatures(&["CPC004_A375_6H:BRD-A10188456-001-03-1:10"])?;
    /// let answers = db.queries(&stored.embeddings).without(&stored.sig_ids).run()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// An id that the database does not hold, with those that look like it; a damaged section.
    pub fn stored_signatures(&self, sig_ids: &[impl AsRef<str>]) -> Result<Stored, DbError> {
        let row = |id: &str| self.snapshot.row_of(id)?.map_or_else(|| Err(self.unknown_signature(id)?), Ok);
        let rows = sig_ids.iter().map(|id| row(id.as_ref())).collect::<Result<Vec<_>, DbError>>()?;
        Stored::read(&self.snapshot, rows)
    }

    /// Returns the signatures of a drug, known by any of its names and ids, in the order of the database.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let db = l1kdb::db::Db::open("lincs.l1kdb")?;
    /// let mean = db.stored_drug("vorinostat")?.mean().ok_or("its signatures cancel out")?;
    /// let hits = db.query(&mean).without_drug("vorinostat").run()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// A drug that the database does not hold, with those that look like it; a damaged section.
    pub fn stored_drug(&self, drug: &str) -> Result<Stored, DbError> {
        let rows = filter::rows(&self.snapshot, &Filter::any_of(DRUG_FILTER, [drug]))?;
        let of_segment =
            |(segment, rows): (usize, RoaringBitmap)| rows.into_iter().map(move |row| RowAt { segment, row });
        Stored::read(&self.snapshot, rows.into_iter().enumerate().flat_map(of_segment))
    }

    /// Returns the sum of the embeddings of every drug, by the numbers that calibrations have: drugs x dim, row-major.
    pub(crate) fn sums_of_embeddings(&self) -> Result<Vec<f32>, DbError> {
        let dim = self.dim();
        let mut sums = vec![0.0_f32; self.snapshot.drug_groups()?.len() * dim];
        for (segment, live) in self.snapshot.segments().iter().enumerate() {
            for row in live.live_rows() {
                let drug = self.snapshot.group_of_row(RowAt { segment, row })?;
                let of_drug = &mut sums[drug * dim..][..dim];
                of_drug.iter_mut().zip(live.vector(row)?).for_each(|(sum, value)| *sum += value);
            }
        }
        Ok(sums)
    }

    fn unknown_signature(&self, id: &str) -> Result<DbError, DbError> {
        let mut ids = Vec::new();
        for segment in self.snapshot.segments() {
            ids.extend(segment.signatures(segment.live_rows())?.into_iter().map(|record| record.sig_id));
        }
        let near = nearest(id, ids.iter().map(String::as_str), 3);
        Ok(DbError::UnknownSignature { path: self.path().to_owned(), id: id.to_owned(), near })
    }
}
