//! `SIDS`: rows by the hash of their `sig_id`.

use std::collections::HashSet;

use super::records::SignatureRecord;
use super::section::{Fault, Section};
use crate::db::hash::of_sig_id;

const SECTION: Section = Section::SigIds;

/// Writes the section: the hashes, ascending, then the row of each.
pub(super) fn encode<'a>(sig_ids: impl IntoIterator<Item = &'a str>) -> Vec<u8> {
    let mut hashes: Vec<(u64, u32)> = sig_ids.into_iter().map(of_sig_id).zip(0..).collect();
    hashes.sort_unstable();
    let mut bytes: Vec<u8> = hashes.iter().flat_map(|(hash, _)| hash.to_le_bytes()).collect();
    bytes.extend(hashes.iter().flat_map(|(_, row)| row.to_le_bytes()));
    bytes
}

/// The section, open: as many hashes as rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct SigIds<'a> {
    hashes: &'a [u8],
    rows: &'a [u32],
}

impl<'a> SigIds<'a> {
    /// Takes the bytes of a section of so many rows.
    pub fn open(bytes: &'a [u8], rows: usize) -> Result<Self, Fault> {
        SECTION.expect("bytes", rows * 12, bytes.len())?;
        let (hashes, rows) = bytes.split_at(rows * 8);
        let rows = bytemuck::try_cast_slice(rows).map_err(|e| SECTION.fault(e.to_string()))?;
        Ok(Self { hashes, rows })
    }

    /// Returns the rows whose `sig_id` has the hash of this one.
    pub fn candidates(&self, sig_id: &str) -> impl Iterator<Item = u32> {
        let (read, wanted) = (*self, of_sig_id(sig_id));
        let start = partition_point(read.rows.len(), |i| read.hash(i) < wanted);
        let same = (start..read.rows.len()).take_while(move |&i| read.hash(i) == wanted);
        same.map(move |i| read.rows[i])
    }

    /// Checks that every id is found by its hash.
    ///
    /// No id is searched for, since each search would check a block of records.
    pub fn verify(&self, signatures: &[SignatureRecord]) -> Result<(), Fault> {
        let ids: HashSet<&str> = signatures.iter().map(|signature| signature.sig_id.as_str()).collect();
        if ids.len() < signatures.len() {
            return Err(SECTION.fault("a signature id stands in two rows"));
        }
        if !(0..self.rows.len()).map(|i| self.hash(i)).is_sorted() {
            return Err(SECTION.fault("its hashes are not in order"));
        }
        let mut seen = vec![false; signatures.len()];
        for (i, &row) in self.rows.iter().enumerate() {
            let signature = signatures.get(row as usize);
            let signature = signature.ok_or_else(|| SECTION.fault(format!("there is no row {row}")))?;
            let (expected, found) = (of_sig_id(&signature.sig_id), self.hash(i));
            if expected != found {
                let what = format!("expected row {row} at hash {expected:016x}, found it at {found:016x}");
                return Err(SECTION.fault(what));
            }
            seen[row as usize] = true;
        }
        let missing = seen.iter().position(|seen| !seen);
        missing.map_or(Ok(()), |row| Err(SECTION.fault(format!("row {row} is not found by its hash"))))
    }

    fn hash(&self, i: usize) -> u64 {
        let bytes = self.hashes[i * 8..].first_chunk().expect("the section holds eight bytes a row");
        u64::from_le_bytes(*bytes)
    }
}

/// `slice::partition_point` over indices instead of elements.
fn partition_point(length: usize, before: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, length);
    while low < high {
        let middle = low + (high - low) / 2;
        if before(middle) { low = middle + 1 } else { high = middle }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::{SigIds, SignatureRecord, encode, of_sig_id};

    fn signatures(ids: &[&str]) -> Vec<SignatureRecord> {
        ids.iter().map(|id| SignatureRecord { sig_id: (*id).to_owned(), ..Default::default() }).collect()
    }

    /// (hash, row) of each id in the order of the section.
    fn entries(ids: &[&str]) -> Vec<(u64, u32)> {
        let mut entries: Vec<_> = ids.iter().map(|id| of_sig_id(id)).zip(0..).collect();
        entries.sort_unstable();
        entries
    }

    fn verify(signatures: &[SignatureRecord], entries: &[(u64, u32)]) -> Result<(), String> {
        let hashes: Vec<u8> = entries.iter().flat_map(|(hash, _)| hash.to_le_bytes()).collect();
        let rows: Vec<u32> = entries.iter().map(|(_, row)| *row).collect();
        SigIds { hashes: &hashes, rows: &rows }.verify(signatures).map_err(|fault| fault.what)
    }

    #[test]
    fn ids_that_are_found_by_their_hashes_pass() {
        for ids in [&[][..], &["A"], &["A", "B", "C", "D"]] {
            assert_eq!(verify(&signatures(ids), &entries(ids)), Ok(()));
        }
    }

    #[test]
    fn what_is_written_finds_each_row() {
        let ids = ["A", "B", "C", "D"];
        let bytes = encode(ids);
        // The rows behind the hashes are read as numbers, which takes bytes at their place in memory.
        let mut numbers = vec![0u32; bytes.len() / 4];
        bytemuck::cast_slice_mut(&mut numbers).copy_from_slice(&bytes);
        let section = SigIds::open(bytemuck::cast_slice(&numbers), ids.len()).unwrap();
        for (id, row) in ids.iter().zip(0..) {
            assert_eq!(section.candidates(id).collect::<Vec<_>>(), [row]);
        }
        assert_eq!(section.candidates("E").count(), 0);
        assert!(SigIds::open(&bytes[1..], ids.len()).is_err());
    }

    #[test]
    fn whatever_would_hide_a_row_from_a_search_is_found() {
        let ids = ["A", "B", "C", "D"];
        let refused = |change: fn(&mut Vec<(u64, u32)>), what: &str| {
            let mut changed = entries(&ids);
            change(&mut changed);
            let said = verify(&signatures(&ids), &changed).unwrap_err();
            assert!(said.contains(what), "expected {what:?}, found {said:?}");
        };
        refused(|entries| entries.swap(1, 2), "order");
        refused(|entries| entries[3].0 ^= 1, "expected row");
        refused(|entries| entries[1].1 = entries[2].1, "expected row");
        refused(|entries| entries[1] = entries[2], "not found");
        refused(|entries| entries[0].1 = 4, "no row 4");
        let twice = ["A", "B", "A"];
        assert!(verify(&signatures(&twice), &entries(&twice)).unwrap_err().contains("two rows"));
    }
}
