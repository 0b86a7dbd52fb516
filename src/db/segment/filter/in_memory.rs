//! The values of one key with their rows, in memory.

use std::collections::BTreeMap;

use roaring::{MultiOps, RoaringBitmap};

use super::FilterDirectory;
use crate::db::segment::records::FilterRecord;

/// The values of one key, and the rows that have each.
#[derive(Debug)]
pub(in crate::db) struct KeyRows {
    directory: FilterDirectory,
    /// The rows of each entry of the directory.
    rows: Vec<RoaringBitmap>,
}

impl KeyRows {
    /// Takes the rows of each value of a key.
    pub fn new(key: &str, rows_of_values: BTreeMap<String, RoaringBitmap>) -> Self {
        let (values, rows): (Vec<String>, Vec<RoaringBitmap>) = rows_of_values.into_iter().unzip();
        let entry = |value| FilterRecord { key: key.to_owned(), value, offset: 0, length: 0 };
        Self { directory: FilterDirectory::new(values.into_iter().map(entry).collect()), rows }
    }

    /// Returns the values.
    pub fn directory(&self) -> &FilterDirectory {
        &self.directory
    }

    /// Returns the rows that have what `value` means ([`FilterDirectory::knows`]); `None` where no row has.
    pub fn rows_with(&self, key: &str, value: &str) -> Option<RoaringBitmap> {
        self.union(self.directory.places(key, value))
    }

    /// Returns the rows that have a value which passes; `None` where no value does.
    pub fn rows_where(&self, key: &str, passes: &dyn Fn(&str) -> bool) -> Option<RoaringBitmap> {
        let entries = self.directory.of_key(key).iter().enumerate();
        self.union(entries.filter(|(_, entry)| passes(&entry.value)).map(|(place, _)| place).collect())
    }

    fn union(&self, places: Vec<usize>) -> Option<RoaringBitmap> {
        (!places.is_empty()).then(|| places.into_iter().map(|place| &self.rows[place]).union())
    }
}
