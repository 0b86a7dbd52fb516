//! What filters are asked of.

use std::borrow::Cow;
use std::collections::BTreeMap;

use roaring::RoaringBitmap;

use crate::db::DbError;
use crate::db::segment::FilterDirectory;

/// Rows of every part.
pub(in crate::db) type Rows = Vec<RoaringBitmap>;

/// The rows of each plate.
pub(in crate::db) type Plates = BTreeMap<String, RoaringBitmap>;

/// Of every part the rows that have a value; `None` where the part has no such value.
pub(in crate::db) type Found = Vec<Option<RoaringBitmap>>;

/// Rows with what they can be found by, in one part or several: the segments of a database, or signatures in memory.
pub(in crate::db) trait Filtered {
    /// Returns the number of parts.
    fn parts(&self) -> usize;

    /// Returns all rows that there are.
    fn all(&self) -> Rows;

    /// Returns the keys that some row has a value of, sorted.
    fn keys(&self) -> Result<Vec<String>, DbError>;

    /// Returns where the values of a key are looked up, part by part.
    fn directories(&self, key: &str) -> Result<Vec<&FilterDirectory>, DbError>;

    /// Returns the rows that have what `value` means.
    fn rows_with(&self, key: &str, value: &str) -> Result<Found, DbError>;

    /// Returns the rows that have a value which passes.
    fn rows_where(&self, key: &str, passes: &dyn Fn(&str) -> bool) -> Result<Found, DbError>;

    /// Returns all rows of the drugs that some rows are of.
    fn whole_drugs(&self, rows: &Found) -> Result<Found, DbError>;

    /// Returns the rows of each plate that ids name.
    fn plates(&self) -> Result<Vec<Cow<'_, Plates>>, DbError>;

    /// Returns the rows whose drug has a number of signatures that passes.
    fn rows_by_count(&self, passes: &dyn Fn(f64) -> bool) -> Result<Rows, DbError>;
}
