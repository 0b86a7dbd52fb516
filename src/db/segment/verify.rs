//! Reads all of a segment once, to know that it is whole.

use l1kdb_index::IndexError;
use roaring::RoaringBitmap;

use super::reader::Segment;
use super::section::{Fault, Section};
use crate::db::DbError;

impl Segment {
    /// Reads checksums, vectors, links, records, filters and profiles.
    ///
    /// # Errors
    /// The first thing that is damaged, with the file and the section.
    pub fn verify(&self) -> Result<(), DbError> {
        let in_file = |e| IndexError::File { path: self.path().clone(), source: Box::new(e) };
        self.index().verify().map_err(in_file)?;
        let signatures = self.checked(self.signature_blocks()?.all())?;
        self.checked(Section::Signatures.expect("entries", self.rows(), signatures.len()))?;
        self.checked(self.sig_ids()?.verify(&signatures))?;
        self.verify_drugs()?;
        self.verify_filters()?;
        self.atc_names()?;
        self.profiles()?.map_or(Ok(()), |profiles| self.checked(profiles.verify()))
    }

    fn verify_drugs(&self) -> Result<(), DbError> {
        let drugs = self.checked(self.drug_blocks()?.all())?;
        if !drugs.is_sorted_by(|a, b| a.key < b.key) {
            return Err(self.damaged(Section::Drugs.fault("its keys are not in order")));
        }
        let rows = self.rows_of_drugs()?;
        self.checked(Section::RowsOfDrug.expect("entries", drugs.len(), rows.len()))?;
        self.checked(rows.verify(self.drug_of_rows()?))
    }

    fn verify_filters(&self) -> Result<(), DbError> {
        let directory = self.filter_directory(None)?;
        if !directory.is_sorted() {
            return Err(self.damaged(Section::Filters.fault("its values are not in order")));
        }
        let in_bounds = |entry: Result<_, Fault>| {
            let (key, value, rows): (&str, &str, RoaringBitmap) = entry?;
            match rows.max().is_some_and(|last| last as usize >= self.rows()) {
                true => Err(Section::Filters.fault(format!("{key}={value} has a row out of bounds"))),
                false => Ok(()),
            }
        };
        self.checked(self.filters(&directory)?.all().try_for_each(in_bounds))
    }
}
