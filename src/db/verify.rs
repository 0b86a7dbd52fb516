//! Reading everything, once, to know that it is whole.

use l1kdb_index::IndexError;

use super::segment::Segment;
use super::{Db, DbError, fingerprint};
use crate::annotate::{DrugRecord, SignatureRecord};
use crate::embed::EngineOptions;
use crate::progress::Progress;

/// What [`Db::verify`] has read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// Segments.
    pub segments: usize,
    /// Signatures.
    pub signatures: usize,
    /// Drugs.
    pub drugs: usize,
    /// Segments with a graph.
    pub graphs: usize,
}

impl Db {
    /// Reads the whole database: checksums, links, records, filters, profiles, and the network.
    ///
    /// # Errors
    /// The first thing that is damaged, with the file and the section.
    pub fn verify(&self, engine: &EngineOptions, progress: &dyn Progress) -> Result<Verified, DbError> {
        self.model(engine)?.prepare()?;
        progress.begin("verifying", self.segments.len() as u64);
        for segment in &self.segments {
            segment.verify()?;
            progress.advance(1);
        }
        progress.end();
        Ok(Verified {
            segments: self.segments.len(),
            signatures: self.rows(),
            drugs: self.drugs()?,
            graphs: self.segments.iter().filter(|segment| segment.index.has_graph()).count(),
        })
    }
}

impl Segment {
    fn verify(&self) -> Result<(), DbError> {
        let in_file = |e| IndexError::File { path: self.path.clone(), source: Box::new(e) };
        self.index.verify().map_err(in_file)?;
        let signatures = self.signatures()?.all()?;
        let drugs = self.drugs()?.all()?;
        self.count("ROWS", self.rows(), signatures.len())?;
        self.verify_sig_ids(&signatures)?;
        self.verify_drugs(&drugs)?;
        self.verify_filters()?;
        self.atc_names()?;
        self.verify_profiles()
    }

    fn verify_sig_ids(&self, signatures: &[SignatureRecord]) -> Result<(), DbError> {
        let (_, rows) = self.sig_ids()?;
        let mut seen = vec![false; signatures.len()];
        rows.iter().for_each(|row| seen.iter_mut().skip(*row as usize).take(1).for_each(|seen| *seen = true));
        self.count("SIDS", signatures.len(), seen.iter().filter(|seen| **seen).count())?;
        for (signature, row) in signatures.iter().zip(0..) {
            if self.row_of(&signature.sig_id)? != Some(row) {
                let found = fingerprint::of_sig_id(&signature.sig_id);
                return Err(self.damaged("SIDS", format!("row {row} is not found by its hash {found:016x}")));
            }
        }
        Ok(())
    }

    fn verify_drugs(&self, drugs: &[DrugRecord]) -> Result<(), DbError> {
        if !drugs.is_sorted_by(|a, b| a.key < b.key) {
            return Err(self.damaged("DRGS", "its keys are not in order".to_owned()));
        }
        let of_rows = self.drug_of_rows()?;
        let rows = self.rows_of_drugs()?;
        self.count("DPTR", drugs.len(), rows.len())?;
        let mut seen = 0;
        for drug in 0..drugs.len() {
            for row in rows.of(drug) {
                if of_rows.get(*row as usize).copied() != Some(drug as u32) {
                    return Err(self.damaged("DPTR", format!("row {row} is not of drug {drug}")));
                }
                seen += 1;
            }
        }
        self.count("DPTR", self.rows(), seen)
    }

    fn verify_filters(&self) -> Result<(), DbError> {
        if !self.filter_directory()?.is_sorted() {
            return Err(self.damaged("FILT", "its values are not in order".to_owned()));
        }
        for entry in self.filters()?.all() {
            let (key, value, rows) = entry?;
            if rows.max().is_some_and(|last| last as usize >= self.rows()) {
                return Err(self.damaged("FILT", format!("{key}={value} has a row out of bounds")));
            }
        }
        Ok(())
    }

    fn verify_profiles(&self) -> Result<(), DbError> {
        let profiles = self.profiles()?.unwrap_or_default();
        match profiles.iter().position(|value| !value.is_finite()) {
            Some(place) => Err(self.damaged("GENE", format!("value {place} is not finite"))),
            None => Ok(()),
        }
    }

    fn count(&self, section: &'static str, expected: usize, found: usize) -> Result<(), DbError> {
        if expected == found {
            return Ok(());
        }
        Err(self.damaged(section, format!("expected {expected} entries, found {found}")))
    }
}
