//! Reading everything, once, to know that it is whole.

use std::collections::{HashMap, HashSet};

use l1kdb_index::IndexError;

use super::segment::{DrugRecord, SignatureRecord};
use super::segment::{Segment, hash_at};
use super::{Db, DbError, hash};
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
    /// Whether checksums cover the manifest and the network's card too. They do from format 2 on.
    pub sealed: bool,
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
        self.verify_unique()?;
        progress.end();
        Ok(Verified {
            segments: self.segments.len(),
            signatures: self.rows(),
            drugs: self.drugs()?,
            graphs: self.segments.iter().filter(|segment| segment.index.has_graph()).count(),
            sealed: self.manifest.is_sealed(),
        })
    }

    /// That no signature stands in two segments. Within one, its own table of ids was verified.
    fn verify_unique(&self) -> Result<(), DbError> {
        let mut seen = HashMap::new();
        for segment in self.segments.iter().filter(|_| self.segments.len() > 1) {
            for signature in segment.signatures()?.all()? {
                if let Some(first) = seen.insert(signature.sig_id.clone(), &segment.path) {
                    let (id, first) = (signature.sig_id, first.display());
                    return Err(segment.damaged("ROWS", format!("the signature {id} stands in {first} too")));
                }
            }
        }
        Ok(())
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
        let (hashes, rows) = self.sig_ids()?;
        check_sig_ids(hashes, rows, signatures).map_err(|what| self.damaged("SIDS", what))
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

/// That every id is found by its hash: what does not fit otherwise. All three have as many entries.
///
/// No id is searched for, since each search would check a block of records.
fn check_sig_ids(hashes: &[u8], rows: &[u32], signatures: &[SignatureRecord]) -> Result<(), String> {
    let ids: HashSet<&str> = signatures.iter().map(|signature| signature.sig_id.as_str()).collect();
    if ids.len() < signatures.len() {
        return Err("a signature id stands in two rows".to_owned());
    }
    if !(0..rows.len()).map(|place| hash_at(hashes, place)).is_sorted() {
        return Err("its hashes are not in order".to_owned());
    }
    let mut seen = vec![false; signatures.len()];
    for (place, &row) in rows.iter().enumerate() {
        let signature = signatures.get(row as usize).ok_or_else(|| format!("there is no row {row}"))?;
        let (expected, found) = (hash::of_sig_id(&signature.sig_id), hash_at(hashes, place));
        if expected != found {
            return Err(format!("expected row {row} at hash {expected:016x}, found it at {found:016x}"));
        }
        seen[row as usize] = true;
    }
    let missing = seen.iter().position(|seen| !seen);
    missing.map_or(Ok(()), |row| Err(format!("row {row} is not found by its hash")))
}

#[cfg(test)]
mod tests {
    use super::{SignatureRecord, check_sig_ids, hash};

    /// Signatures of these ids, and (hash, row) of each in the order of the section.
    fn section(ids: &[&str]) -> (Vec<SignatureRecord>, Vec<(u64, u32)>) {
        let record = |id: &&str| SignatureRecord { sig_id: (*id).to_owned(), ..Default::default() };
        let mut places: Vec<_> = ids.iter().map(|id| hash::of_sig_id(id)).zip(0..).collect();
        places.sort_unstable();
        (ids.iter().map(record).collect(), places)
    }

    fn check(signatures: &[SignatureRecord], places: &[(u64, u32)]) -> Result<(), String> {
        let hashes: Vec<u8> = places.iter().flat_map(|(hash, _)| hash.to_le_bytes()).collect();
        let rows: Vec<u32> = places.iter().map(|(_, row)| *row).collect();
        check_sig_ids(&hashes, &rows, signatures)
    }

    #[test]
    fn ids_that_are_found_by_their_hashes_pass() {
        for ids in [&[][..], &["A"], &["A", "B", "C", "D"]] {
            let (signatures, places) = section(ids);
            assert_eq!(check(&signatures, &places), Ok(()));
        }
    }

    #[test]
    fn whatever_would_hide_a_row_from_a_search_is_found() {
        let (signatures, whole) = section(&["A", "B", "C", "D"]);
        let refused = |change: fn(&mut Vec<(u64, u32)>), what: &str| {
            let mut places = whole.clone();
            change(&mut places);
            let said = check(&signatures, &places).unwrap_err();
            assert!(said.contains(what), "expected {what:?}, found {said:?}");
        };
        refused(|places| places.swap(1, 2), "order");
        refused(|places| places[3].0 ^= 1, "expected row");
        refused(|places| places[1].1 = places[2].1, "expected row");
        refused(|places| places[1] = places[2], "not found");
        refused(|places| places[0].1 = 4, "no row 4");
        let (twice, places) = section(&["A", "B", "A"]);
        assert!(check(&twice, &places).unwrap_err().contains("two rows"));
    }
}
