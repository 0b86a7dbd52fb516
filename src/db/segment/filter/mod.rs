//! `FILT`: which rows have which value of a key.
//!
//! A section holds a directory of (key, value, bitmap's place) in blocks, sorted, and the bitmaps in roaring's
//! portable format. It is read only by a query that filters.
//!
//! | file | responsibility |
//! |---|---|
//! | `directory` | which values there are, and which of them is meant by what was typed |
//! | `values` | what values a signature has |
//! | `in_memory` | the values of one key with their rows, without a section |

mod directory;
mod in_memory;
mod values;

pub(crate) use directory::DRUG_FILTER;
pub(in crate::db) use directory::FilterDirectory;
pub(in crate::db) use in_memory::KeyRows;
pub(in crate::db) use values::{KEYS, each_value};

use std::collections::BTreeMap;

use roaring::{MultiOps, RoaringBitmap};

use super::records::{FilterRecord, encode_blocks};
use super::section::{Fault, Section};
use crate::annotate::Drug;
use crate::profile::Signature;

const SECTION: Section = Section::Filters;

/// The most values a quality column may have to become a filter key; more is a measurement, not a class.
const MAX_FLAG_VALUES: usize = 64;

/// Gathers which rows have which value, then writes the section.
#[derive(Debug, Default)]
pub(super) struct FilterBuilder {
    keys: BTreeMap<String, BTreeMap<String, RoaringBitmap>>,
    flags: Vec<String>,
}

impl FilterBuilder {
    /// Adds everything that row `row` can be found by: its metadata, its quality flags, and its drug's annotations.
    pub fn add(&mut self, row: u32, signature: &Signature, drug: &Drug) {
        for key in KEYS {
            each_value(key, signature, drug, |value| self.add_value(row, key, value));
        }
        for (flag, value) in &signature.flags {
            self.add_flag(row, flag, value);
        }
    }

    fn add_flag(&mut self, row: u32, flag: &str, value: &str) {
        if !self.flags.iter().any(|known| known == flag) {
            self.flags.push(flag.to_owned());
        }
        self.add_value(row, flag, value);
    }

    fn add_value(&mut self, row: u32, key: &str, value: &str) {
        let values = match self.keys.get_mut(key) {
            Some(values) => values,
            None => self.keys.entry(key.to_owned()).or_default(),
        };
        match values.get_mut(value) {
            Some(rows) => rows.insert(row),
            None => values.entry(value.to_owned()).or_default().insert(row),
        };
    }

    /// Writes the section. Quality columns of more than a few values are left out.
    pub fn finish(mut self) -> Vec<u8> {
        let flags = std::mem::take(&mut self.flags);
        self.keys.retain(|key, values| !flags.contains(key) || values.len() <= MAX_FLAG_VALUES);
        let mut bitmaps = Vec::new();
        let mut directory = Vec::new();
        for (key, values) in &self.keys {
            for (value, rows) in values {
                let offset = bitmaps.len() as u64;
                rows.serialize_into(&mut bitmaps).expect("writing to memory cannot fail");
                let length = bitmaps.len() as u64 - offset;
                directory.push(FilterRecord { key: key.clone(), value: value.clone(), offset, length });
            }
        }
        let directory = encode_blocks(&directory);
        let mut bytes = (directory.len() as u64).to_le_bytes().to_vec();
        bytes.extend(directory);
        bytes.extend(bitmaps);
        bytes
    }
}

/// The filters of one segment, over the bytes of its section.
#[derive(Debug, Clone, Copy)]
pub(in crate::db) struct Filters<'a> {
    directory: &'a FilterDirectory,
    bitmaps: &'a [u8],
}

impl<'a> Filters<'a> {
    /// Joins a section with its directory; bitmaps are read when asked for.
    ///
    /// # Errors
    /// When the head of the section is damaged.
    pub fn open(directory: &'a FilterDirectory, section: &'a [u8]) -> Result<Self, Fault> {
        let (_, bitmaps) = split(section)?;
        Ok(Self { directory, bitmaps })
    }

    /// Returns the rows that have what `value` means ([`FilterDirectory::knows`]); `None` where no row has.
    ///
    /// # Errors
    /// When a bitmap is damaged.
    pub fn rows(&self, key: &str, value: &str) -> Result<Option<RoaringBitmap>, Fault> {
        let mut rows = None;
        for place in self.directory.places(key, value) {
            *rows.get_or_insert_with(RoaringBitmap::new) |= self.bitmap(&self.directory.entries()[place])?;
        }
        Ok(rows)
    }

    /// Returns the rows that have a value which passes; `None` where no value of `key` does.
    ///
    /// # Errors
    /// When a bitmap is damaged.
    pub fn rows_where(
        &self,
        key: &str,
        passes: &dyn Fn(&str) -> bool,
    ) -> Result<Option<RoaringBitmap>, Fault> {
        let passing = self.directory.of_key(key).iter().filter(|entry| passes(&entry.value));
        let bitmaps = passing.map(|entry| self.bitmap(entry)).collect::<Result<Vec<_>, _>>()?;
        Ok((!bitmaps.is_empty()).then(|| bitmaps.union()))
    }

    /// Reads every bitmap, each once: (key, value, rows), in the order of the directory.
    pub fn all(&self) -> impl Iterator<Item = Result<(&'a str, &'a str, RoaringBitmap), Fault>> {
        let read = *self;
        self.directory
            .entries()
            .iter()
            .map(move |entry| Ok((entry.key.as_str(), entry.value.as_str(), read.bitmap(entry)?)))
    }

    fn bitmap(&self, entry: &FilterRecord) -> Result<RoaringBitmap, Fault> {
        let damaged = || corrupt(&format!("the rows of {}={} are damaged", entry.key, entry.value));
        let start = usize::try_from(entry.offset).map_err(|_| damaged())?;
        let end = usize::try_from(entry.length).ok().and_then(|length| start.checked_add(length));
        let bytes = end.and_then(|end| self.bitmaps.get(start..end)).ok_or_else(damaged)?;
        RoaringBitmap::deserialize_from(bytes).map_err(|_| damaged())
    }
}

/// The directory's bytes and the bitmaps' bytes of a section.
fn split(section: &[u8]) -> Result<(&[u8], &[u8]), Fault> {
    let (length, rest) = section.split_first_chunk().ok_or_else(|| corrupt("its head is cut short"))?;
    let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_| corrupt("its length is absurd"))?;
    rest.split_at_checked(length).ok_or_else(|| corrupt("its directory is cut short"))
}

fn corrupt(what: &str) -> Fault {
    SECTION.fault(what)
}

#[cfg(test)]
mod tests {
    use super::{FilterBuilder, FilterDirectory, Filters};

    fn section() -> Vec<u8> {
        let mut builder = FilterBuilder::default();
        for (row, cell) in ["A375", "MCF7", "A375", "PC3"].iter().enumerate() {
            builder.add_value(row as u32, "cell_id", cell);
            builder.add_value(row as u32, "pert_dose", "10 uM");
            builder.add_flag(row as u32, "tas", &row.to_string());
        }
        builder.finish()
    }

    #[test]
    fn rows_are_found_whatever_the_letter_case() {
        let bytes = section();
        let directory = FilterDirectory::read(&bytes).unwrap();
        let filters = Filters::open(&directory, &bytes).unwrap();
        assert_eq!(filters.rows("cell_id", "a375").unwrap().unwrap().iter().collect::<Vec<_>>(), [0, 2]);
        assert!(filters.rows("cell_id", "A37").unwrap().is_none());
        assert_eq!(directory.near("cell_id", "A357"), ["A375"]);
    }

    #[test]
    fn every_value_is_listed_once_with_its_rows() {
        let bytes = section();
        let directory = FilterDirectory::read(&bytes).unwrap();
        assert!(directory.is_sorted());
        assert_eq!(directory.keys(), ["cell_id", "pert_dose", "tas"]);
        assert_eq!(directory.values("cell_id").collect::<Vec<_>>(), ["A375", "MCF7", "PC3"]);
        let filters = Filters::open(&directory, &bytes).unwrap();
        for (key, value, rows) in filters.all().map(Result::unwrap) {
            assert_eq!(filters.rows(key, value).unwrap(), Some(rows), "{key}={value}");
        }
        assert_eq!(filters.all().count(), 3 + 1 + 4);
    }

    #[test]
    fn a_cut_section_is_an_error() {
        let bytes = section();
        for end in 0..bytes.len() {
            if let Ok(directory) = FilterDirectory::read(&bytes[..end]) {
                let filters = Filters::open(&directory, &bytes[..end]).unwrap();
                assert!(filters.all().any(|entry| entry.is_err()), "cut at {end}");
            }
        }
    }
}
