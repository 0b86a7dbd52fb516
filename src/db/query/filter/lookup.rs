//! Keys and values, and which rows have them.

use std::collections::BTreeSet;

use roaring::RoaringBitmap;

use super::ast::{N_SIGNATURES, PLATE};
use super::filtered::{Filtered, Found, Rows};
use super::value_list::{self, ListFault};
use crate::annotate::nearest;
use crate::db::DbError;
use crate::db::segment::DRUG_FILTER;

/// Returns the keys that some row has a value of, sorted.
pub(in crate::db) fn keys(source: &impl Filtered) -> Result<Vec<String>, DbError> {
    source.keys()
}

/// Returns the number of values of a key that live rows have.
pub(in crate::db) fn count_values(source: &impl Filtered, key: &str) -> Result<usize, DbError> {
    let mut values = BTreeSet::new();
    for directory in source.directories(key)? {
        values.extend(directory.values(key));
    }
    Ok(values.len())
}

/// Returns the values that a text such as `MCF7,PC3` means.
pub(in crate::db) fn values_meant(
    source: &impl Filtered,
    key: &str,
    text: &str,
) -> Result<Vec<String>, DbError> {
    let directories = source.directories(key)?;
    let ids = if key == DRUG_FILTER { source.directories("pert_id")? } else { Vec::new() };
    let most_commas = directories.iter().map(|directory| directory.most_commas(key)).max().unwrap_or(0);
    let typed = |value: &str| {
        directories.iter().any(|directory| directory.knows_typed(key, value))
            || ids.iter().any(|directory| directory.knows_typed("pert_id", value))
    };
    let fault = match value_list::values_meant(text, most_commas, typed) {
        Ok(values) => return Ok(values),
        Err(fault) => fault,
    };
    require_key(source, key)?;
    let ListFault::Unknown { part, run } = fault else {
        return Err(DbError::EmptyFilterValue { key: key.to_owned(), text: text.to_owned() });
    };
    // A comma may stand in another spelling of a name: `L-690,330` for `L-690330`.
    if !text.contains('"') && directories.iter().any(|directory| directory.knows(key, text)) {
        return Ok(vec![text.trim().to_owned()]);
    }
    let may_be_one = run != part && run.matches(',').count() <= most_commas + 1;
    let with_commas = may_be_one && near(source, key, &run)?.iter().any(|value| value.contains(','));
    Err(unknown(source, key, if with_commas { &run } else { &part })?)
}

/// Returns the rows of every part that have one of some values.
pub(super) fn rows_of_values(source: &impl Filtered, key: &str, values: &[String]) -> Result<Rows, DbError> {
    let mut rows = vec![RoaringBitmap::new(); source.parts()];
    for value in values {
        let found = rows_of_value(source, key, value)?;
        if found.iter().all(Option::is_none) {
            return Err(unknown(source, key, value)?);
        }
        rows.iter_mut().zip(found).for_each(|(rows, found)| *rows |= found.unwrap_or_default());
    }
    Ok(rows)
}

/// The rows of every part that have a value. A drug is found by its names, else by an id of it; and all of it is
/// found, also in parts that show it by another name.
fn rows_of_value(source: &impl Filtered, key: &str, value: &str) -> Result<Found, DbError> {
    let found = source.rows_with(key, value)?;
    if key != DRUG_FILTER {
        return Ok(found);
    }
    let is_known = found.iter().any(Option::is_some);
    if is_known && found.len() == 1 {
        return Ok(found);
    }
    source.whole_drugs(&if is_known { found } else { source.rows_with("pert_id", value)? })
}

/// Returns the rows of every part that have a value which passes; none where the key has no such value anywhere.
pub(super) fn rows_where(
    source: &impl Filtered,
    key: &str,
    passes: impl Fn(&str) -> bool,
) -> Result<Option<Rows>, DbError> {
    require_key(source, key)?;
    let mut found = source.rows_where(key, &passes)?;
    if found.iter().all(Option::is_none) {
        return Ok(None);
    }
    if key == DRUG_FILTER && found.len() > 1 {
        found = source.whole_drugs(&found)?;
    }
    Ok(Some(found.into_iter().map(Option::unwrap_or_default).collect()))
}

/// Returns a value of a key; empty where it has none.
pub(super) fn example(source: &impl Filtered, key: &str) -> Result<String, DbError> {
    for directory in source.directories(key)? {
        if let Some(value) = directory.values(key).next() {
            return Ok(value.to_owned());
        }
    }
    Ok(String::new())
}

/// Checks that some row has a value of a key.
fn require_key(source: &impl Filtered, key: &str) -> Result<(), DbError> {
    let mut known = keys(source)?;
    if known.iter().any(|known| known == key) {
        return Ok(());
    }
    known.extend([N_SIGNATURES, PLATE].map(str::to_owned));
    Err(DbError::UnknownFilterKey { key: key.to_owned(), known })
}

/// A key or value that no part knows is more likely a slip than a wish.
fn unknown(source: &impl Filtered, key: &str, value: &str) -> Result<DbError, DbError> {
    require_key(source, key)?;
    Ok(unknown_of(key, value, near(source, key, value)?))
}

/// A value that no row has.
pub(super) fn unknown_of(key: &str, value: &str, near: Vec<String>) -> DbError {
    DbError::UnknownFilterValue { key: key.to_owned(), value: value.to_owned(), near }
}

/// Returns the values of `key` that look like `value`, best first.
pub(super) fn near(source: &impl Filtered, key: &str, value: &str) -> Result<Vec<String>, DbError> {
    let mut near = BTreeSet::new();
    for directory in source.directories(key)? {
        near.extend(directory.near(key, value));
    }
    Ok(nearest(value, near.iter().map(String::as_str), 3))
}
