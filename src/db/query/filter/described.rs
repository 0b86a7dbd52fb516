//! Signatures that are described in memory, as a filter asks of them: one part, whose values are gathered key by key as filters
//! name them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use roaring::RoaringBitmap;

use super::ast::Filter;
use super::explain::{FilterSteps, steps};
use super::filtered::{Filtered, Found, Plates, Rows};
use super::{compile, lookup, typed};
use crate::annotate::Catalogue;
use crate::db::DbError;
use crate::db::segment::{FilterDirectory, KEYS, KeyRows, each_value};
use crate::profile::{Signature, Table, is_missing, plate};

/// Signatures with their drugs, by which filters pass what they pass of a database of them.
///
/// Further columns may describe them, whose names are keys too; unlike quality columns in a database these may have any number
/// of values.
#[derive(Debug)]
pub(crate) struct DescribedRows<'a> {
    signatures: &'a [Signature],
    catalogue: &'a Catalogue,
    more: Option<MoreColumns<'a>>,
    keys: BTreeMap<String, OnceLock<KeyRows>>,
}

/// Further columns: a table, and which of its rows describes each signature.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MoreColumns<'a> {
    pub table: &'a Table,
    pub rows: &'a [usize],
}

impl<'a> DescribedRows<'a> {
    /// Takes signatures, their drugs in the same order, and further columns, of which the first holds ids and is no key.
    pub fn new(signatures: &'a [Signature], catalogue: &'a Catalogue, more: Option<MoreColumns<'a>>) -> Self {
        let mut described = Self { signatures, catalogue, more, keys: BTreeMap::new() };
        let flags = signatures.iter().flat_map(|signature| &signature.flags).map(|(flag, _)| *flag);
        let header = more.into_iter().flat_map(|more| more.table.header()).skip(1).map(String::as_str);
        let names: BTreeSet<&str> = KEYS.into_iter().chain(flags).chain(header).collect();
        let known = names.into_iter().filter(|key| described.has_value(key));
        described.keys = known.map(|key| (key.to_owned(), OnceLock::new())).collect();
        described
    }

    /// Returns the rows that pass a filter.
    ///
    /// # Errors
    /// A key that no row has, or a value; a comparison that cannot be made.
    pub fn passing(&self, filter: &Filter) -> Result<RoaringBitmap, DbError> {
        Ok(compile::rows(self, filter)?.remove(0))
    }

    /// Counts the rows that a filter leaves, part by part.
    ///
    /// # Errors
    /// As [`passing`](Self::passing).
    pub fn steps(&self, filter: &Filter) -> Result<FilterSteps, DbError> {
        steps(self, filter)
    }

    /// Returns the filter that a text means, as [`Db::parse_filter`](crate::db::Db::parse_filter) does.
    ///
    /// # Errors
    /// A key or value that no row has; a text that is no filter.
    pub fn parse(&self, text: &str) -> Result<Filter, DbError> {
        typed::meant(self, text)
    }

    /// Returns the values that a text such as `MCF7,PC3` means.
    ///
    /// # Errors
    /// A key or value that no row has; an empty value.
    pub fn values_meant(&self, key: &str, text: &str) -> Result<Vec<String>, DbError> {
        lookup::values_meant(self, key, text)
    }

    /// Returns the keys that some row has a value of, sorted.
    pub fn known_keys(&self) -> Vec<String> {
        self.keys.keys().cloned().collect()
    }

    fn has_value(&self, key: &str) -> bool {
        let (mut found, column) = (false, self.column(key));
        (0..self.signatures.len()).any(|row| {
            self.each_value(key, column, row, |_| found = true);
            found
        })
    }

    /// The further column of a key, but for the keys that every database may have.
    fn column(&self, key: &str) -> Option<usize> {
        let more = self.more.filter(|_| !KEYS.contains(&key));
        more.and_then(|more| more.table.header().iter().skip(1).position(|name| name == key)).map(|at| at + 1)
    }

    /// Calls `each` with the values that a row has of a key: a quality column goes before a further one of its name.
    fn each_value(&self, key: &str, column: Option<usize>, row: usize, mut each: impl FnMut(&str)) {
        let drug = &self.catalogue.drugs()[self.catalogue.of_signature()[row] as usize];
        let mut is_known = false;
        each_value(key, &self.signatures[row], drug, |value| {
            is_known = true;
            each(value);
        });
        let more = self.more.zip(column).filter(|_| !is_known);
        let cell = more.map(|(more, column)| more.table.cell(more.rows[row], column));
        cell.filter(|cell| !is_missing(cell)).into_iter().for_each(each);
    }

    /// The values of a key, which the first call gathers.
    fn of_key(&self, key: &str) -> Option<&KeyRows> {
        Some(self.keys.get(key)?.get_or_init(|| {
            let mut rows: BTreeMap<String, RoaringBitmap> = BTreeMap::new();
            let column = self.column(key);
            for row in 0..self.signatures.len() {
                self.each_value(key, column, row, |value| {
                    let row = row as u32;
                    match rows.get_mut(value) {
                        Some(rows) => rows.insert(row),
                        None => rows.entry(value.to_owned()).or_default().insert(row),
                    };
                });
            }
            KeyRows::new(key, rows)
        }))
    }

    /// The rows of some drugs, by a flag each.
    fn of_drugs(&self, drugs: &[bool]) -> RoaringBitmap {
        let rows = self.catalogue.of_signature().iter().zip(0..);
        rows.filter(|(drug, _)| drugs[**drug as usize]).map(|(_, row)| row).collect()
    }
}

impl Filtered for DescribedRows<'_> {
    fn parts(&self) -> usize {
        1
    }

    fn all(&self) -> Rows {
        let mut all = RoaringBitmap::new();
        all.insert_range(..self.signatures.len() as u32);
        vec![all]
    }

    fn keys(&self) -> Result<Vec<String>, DbError> {
        Ok(self.known_keys())
    }

    fn directories(&self, key: &str) -> Result<Vec<&FilterDirectory>, DbError> {
        Ok(self.of_key(key).map(KeyRows::directory).into_iter().collect())
    }

    fn rows_with(&self, key: &str, value: &str) -> Result<Found, DbError> {
        Ok(vec![self.of_key(key).and_then(|rows| rows.rows_with(key, value))])
    }

    fn rows_where(&self, key: &str, passes: &dyn Fn(&str) -> bool) -> Result<Found, DbError> {
        Ok(vec![self.of_key(key).and_then(|rows| rows.rows_where(key, passes))])
    }

    fn whole_drugs(&self, rows: &Found) -> Result<Found, DbError> {
        let mut drugs = vec![false; self.catalogue.drugs().len()];
        let of = self.catalogue.of_signature();
        rows.iter().flatten().flatten().for_each(|row| drugs[of[row as usize] as usize] = true);
        let whole = self.of_drugs(&drugs);
        Ok(vec![(!whole.is_empty()).then_some(whole)])
    }

    fn plates(&self) -> Result<Vec<Cow<'_, Plates>>, DbError> {
        let mut plates = Plates::new();
        for (row, signature) in (0..).zip(self.signatures) {
            if let Some(plate) = plate(&signature.sig_id) {
                plates.entry(plate.to_owned()).or_default().insert(row);
            }
        }
        Ok(vec![Cow::Owned(plates)])
    }

    fn rows_by_count(&self, passes: &dyn Fn(f64) -> bool) -> Result<Rows, DbError> {
        let mut counts = vec![0_u32; self.catalogue.drugs().len()];
        self.catalogue.of_signature().iter().for_each(|&drug| counts[drug as usize] += 1);
        let drugs: Vec<bool> = counts.into_iter().map(|count| passes(f64::from(count))).collect();
        Ok(vec![self.of_drugs(&drugs)])
    }
}
