//! What a segment remembers of its signatures and drugs. The only file that names `rkyv`.
//!
//! Records lie in blocks of [`BLOCK_ROWS`], each an archive of its own, so that opening a database reads none of them
//! and a hit pays for the check of one block, not of the whole table. Little-endian, 32-bit relative pointers, no
//! alignment; the layout is described in `index/FORMAT.md` and held by a golden file.

use std::marker::PhantomData;

use rkyv::api::high::{HighDeserializer, HighSerializer, HighValidator};
use rkyv::bytecheck::CheckBytes;
use rkyv::rancor::Error as Rancor;
use rkyv::ser::allocator::ArenaHandle;
use rkyv::util::AlignedVec;
use rkyv::{Archive, Archived, Deserialize, Serialize};

use super::section::{Fault, Section};
use crate::annotate::{AtcNames, Drug};
use crate::profile::Signature;

/// Records in a block.
pub(super) const BLOCK_ROWS: usize = 256;

/// A signature as stored. Empty text is a missing value.
#[derive(Debug, Clone, PartialEq, Eq, Default, Archive, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SignatureRecord {
    /// The signature's own id.
    pub sig_id: String,
    /// The perturbagen's id.
    pub pert_id: String,
    /// The kind of perturbagen, `trt_cp` and so on.
    pub pert_type: String,
    /// The cell line.
    pub cell_id: String,
    /// The dose with its unit, `10 uM`.
    pub pert_dose: String,
    /// The time with its unit, `24 h`.
    pub pert_time: String,
}

impl From<&Signature> for SignatureRecord {
    fn from(signature: &Signature) -> Self {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        Self {
            sig_id: signature.sig_id.clone(),
            pert_id: text(&signature.pert_id),
            pert_type: text(&signature.pert_type),
            cell_id: text(&signature.cell_id),
            pert_dose: signature.dose.as_ref().map(ToString::to_string).unwrap_or_default(),
            pert_time: signature.time.as_ref().map(ToString::to_string).unwrap_or_default(),
        }
    }
}

/// A drug as stored. Empty text is a missing value.
#[derive(Debug, Clone, PartialEq, Eq, Default, Archive, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DrugRecord {
    /// The canonical name.
    pub key: String,
    /// The name to show.
    pub name: String,
    /// Every `pert_id`, sorted.
    pub pert_ids: Vec<String>,
    /// The DrugBank id.
    pub drugbank_id: String,
    /// Every ATC code, sorted.
    pub atc: Vec<String>,
    /// Mechanisms of action, sorted.
    pub moa: Vec<String>,
    /// Target genes, sorted.
    pub targets: Vec<String>,
}

impl From<&Drug> for DrugRecord {
    fn from(drug: &Drug) -> Self {
        Self {
            key: drug.key.clone(),
            name: drug.name.clone(),
            pert_ids: drug.pert_ids.clone(),
            drugbank_id: drug.drugbank_id.clone().unwrap_or_default(),
            atc: drug.atc.iter().map(ToString::to_string).collect(),
            moa: drug.moa.clone(),
            targets: drug.targets.clone(),
        }
    }
}

/// A place in a filter section: the rows that have `key` = `value`.
#[derive(Debug, Clone, PartialEq, Eq, Archive, Serialize, Deserialize)]
pub(super) struct FilterRecord {
    /// The filter's key.
    pub key: String,
    /// One of its values.
    pub value: String,
    /// Where the bitmap starts, in bytes after the directory.
    pub offset: u64,
    /// The bitmap's length in bytes.
    pub length: u64,
}

/// Writes records in blocks: the count (u64), the offset of each block's end (u64 each), then the blocks.
pub(super) fn encode_blocks<T>(records: &[T]) -> Vec<u8>
where
    T: Clone + for<'a> Serialize<HighSerializer<AlignedVec, ArenaHandle<'a>, Rancor>>,
    Vec<T>: for<'a> Serialize<HighSerializer<AlignedVec, ArenaHandle<'a>, Rancor>>,
{
    let blocks: Vec<AlignedVec> = records.chunks(BLOCK_ROWS).map(|block| archive(&block.to_vec())).collect();
    let mut bytes = (records.len() as u64).to_le_bytes().to_vec();
    let mut end = 0u64;
    for block in &blocks {
        end += block.len() as u64;
        bytes.extend_from_slice(&end.to_le_bytes());
    }
    blocks.iter().for_each(|block| bytes.extend_from_slice(block));
    bytes
}

fn archive<T>(value: &T) -> AlignedVec
where
    T: for<'a> Serialize<HighSerializer<AlignedVec, ArenaHandle<'a>, Rancor>>,
{
    rkyv::to_bytes::<Rancor>(value).expect("text and lists in memory always archive")
}

/// Records of type `T` over the bytes of a section.
#[derive(Debug, Clone, Copy)]
pub(super) struct Blocks<'a, T> {
    section: Section,
    count: usize,
    ends: &'a [u8],
    blocks: &'a [u8],
    record: PhantomData<T>,
}

impl<'a, T> Blocks<'a, T>
where
    T: Archive + 'a,
    Archived<T>: for<'b> CheckBytes<HighValidator<'b, Rancor>> + Deserialize<T, HighDeserializer<Rancor>>,
{
    /// Looks at the head of a section. Nothing else is read, whatever the count.
    ///
    /// # Errors
    /// When the section is shorter than its own head says.
    pub fn open(section: Section, bytes: &'a [u8]) -> Result<Self, Fault> {
        let corrupt = || section.fault("its head is cut short");
        let (count, rest) = bytes.split_first_chunk().ok_or_else(corrupt)?;
        let count = usize::try_from(u64::from_le_bytes(*count)).map_err(|_| corrupt())?;
        let head = count.div_ceil(BLOCK_ROWS).checked_mul(8).ok_or_else(corrupt)?;
        let (ends, blocks) = rest.split_at_checked(head).ok_or_else(corrupt)?;
        Ok(Self { section, count, ends, blocks, record: PhantomData })
    }

    /// Returns the number of records.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Returns the number of blocks.
    pub fn blocks(&self) -> usize {
        self.count.div_ceil(BLOCK_ROWS)
    }

    /// Reads one record.
    ///
    /// # Errors
    /// When its block is damaged or has no such record.
    pub fn record(&self, i: usize) -> Result<T, Fault> {
        Ok(self.some([i])?.remove(0))
    }

    /// Reads some records, in the order of `places`. Neighbours in that order that lie in one block pay for its check
    /// together.
    ///
    /// # Errors
    /// As [`record`](Self::record).
    pub fn some(&self, places: impl IntoIterator<Item = usize>) -> Result<Vec<T>, Fault> {
        let mut open: Option<(usize, &[Archived<T>])> = None;
        let mut records = Vec::new();
        for i in places {
            let (number, block) = match open {
                Some(open) if open.0 == i / BLOCK_ROWS => open,
                _ => (i / BLOCK_ROWS, self.archived(i / BLOCK_ROWS)?),
            };
            open = Some((number, block));
            let record = block.get(i % BLOCK_ROWS).ok_or_else(|| self.corrupt(format!("no record {i}")))?;
            records.push(self.owned(record)?);
        }
        Ok(records)
    }

    /// Reads every record of one block.
    ///
    /// # Errors
    /// When the block is damaged.
    pub fn block(&self, block: usize) -> Result<Vec<T>, Fault> {
        self.archived(block)?.iter().map(|record| self.owned(record)).collect()
    }

    /// Reads every record.
    ///
    /// # Errors
    /// When a block is damaged.
    pub fn all(&self) -> Result<Vec<T>, Fault> {
        let mut records = Vec::new();
        for block in 0..self.blocks() {
            records.append(&mut self.block(block)?);
        }
        if records.len() == self.count {
            return Ok(records);
        }
        Err(self.corrupt(format!("expected {} records, found {}", self.count, records.len())))
    }

    fn archived(&self, block: usize) -> Result<&'a [Archived<T>], Fault> {
        let bytes =
            self.block_bytes(block).ok_or_else(|| self.corrupt(format!("block {block} is out of bounds")))?;
        let records = rkyv::access::<Archived<Vec<T>>, Rancor>(bytes);
        match records {
            Ok(records) => Ok(records.as_slice()),
            Err(e) => Err(self.corrupt(format!("block {block}: {e}"))),
        }
    }

    fn block_bytes(&self, block: usize) -> Option<&'a [u8]> {
        let start = if block == 0 { 0 } else { self.end(block - 1)? };
        self.blocks.get(start..self.end(block)?)
    }

    fn end(&self, block: usize) -> Option<usize> {
        let at = block.checked_mul(8)?;
        let bytes = self.ends.get(at..at.checked_add(8)?)?;
        usize::try_from(u64::from_le_bytes(bytes.try_into().ok()?)).ok()
    }

    fn owned(&self, record: &Archived<T>) -> Result<T, Fault> {
        rkyv::deserialize::<T, Rancor>(record).map_err(|e| self.corrupt(e.to_string()))
    }

    fn corrupt(&self, what: String) -> Fault {
        self.section.fault(what)
    }
}

/// Writes names of ATC classes as one archive.
pub(super) fn encode_names(names: &AtcNames) -> Vec<u8> {
    let pairs: Vec<(String, String)> =
        names.iter().map(|(code, name)| (code.to_owned(), name.to_owned())).collect();
    archive(&pairs).to_vec()
}

/// Reads what [`encode_names`] wrote.
///
/// # Errors
/// When the archive is damaged.
pub(super) fn read_names(bytes: &[u8]) -> Result<AtcNames, Fault> {
    let corrupt = |e: Rancor| Section::AtcNames.fault(e.to_string());
    let pairs = rkyv::access::<Archived<Vec<(String, String)>>, Rancor>(bytes).map_err(corrupt)?;
    Ok(pairs.iter().map(|pair| (pair.0.as_str().to_owned(), pair.1.as_str().to_owned())).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{BLOCK_ROWS, Blocks, Section, SignatureRecord, encode_blocks, encode_names, read_names};
    use crate::annotate::AtcNames;

    fn records(count: usize) -> Vec<SignatureRecord> {
        let record =
            |i| SignatureRecord { sig_id: format!("S{i}"), cell_id: "MCF7".into(), ..Default::default() };
        (0..count).map(record).collect()
    }

    #[test]
    fn what_is_written_is_read_whatever_the_number_of_blocks() {
        for count in [0, 1, BLOCK_ROWS, BLOCK_ROWS + 1, 3 * BLOCK_ROWS] {
            let written = records(count);
            let bytes = encode_blocks(&written);
            let blocks = Blocks::<SignatureRecord>::open(Section::Signatures, &bytes).unwrap();
            assert_eq!(blocks.all().unwrap(), written);
            if let Some(last) = count.checked_sub(1) {
                assert_eq!(blocks.record(last).unwrap(), written[last]);
            }
            assert!(blocks.record(count).is_err());
        }
    }

    #[test]
    fn names_survive_a_round_trip() {
        let names = AtcNames::default();
        assert_eq!(read_names(&encode_names(&names)).unwrap(), names);
    }

    proptest! {
        #[test]
        fn a_damaged_section_is_an_error_or_other_text_but_no_panic(at in 0usize..2000, bit in 0u8..8, cut in 0usize..2000) {
            let mut bytes = encode_blocks(&records(300));
            let length = bytes.len();
            bytes[at % length] ^= 1 << bit;
            bytes.truncate(length.saturating_sub(cut % length));
            if let Ok(blocks) = Blocks::<SignatureRecord>::open(Section::Signatures, &bytes) {
                let _ = blocks.record(0);
                let _ = blocks.record(299);
            }
        }
    }
}
