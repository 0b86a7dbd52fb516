//! Keys and values of a database, and which rows have them.

use std::collections::BTreeSet;

use roaring::RoaringBitmap;

use super::ast::{N_SIGNATURES, PLATE};
use super::value_list::{self, ListFault};
use crate::annotate::nearest;
use crate::db::DbError;
use crate::db::segment::DRUG_FILTER;
use crate::db::snapshot::{DrugAt, LiveSegment, Snapshot};

/// Returns the keys that some live row has a value of, sorted.
pub(in crate::db) fn keys(snapshot: &Snapshot) -> Result<Vec<String>, DbError> {
    let mut keys = BTreeSet::new();
    for segment in snapshot.segments() {
        keys.extend(segment.filter_directory()?.keys());
    }
    Ok(keys.into_iter().collect())
}

/// Returns the number of values of a key that live rows have.
pub(in crate::db) fn count_values(snapshot: &Snapshot, key: &str) -> Result<usize, DbError> {
    let mut values = BTreeSet::new();
    for segment in snapshot.segments() {
        values.extend(segment.filter_directory()?.values(key));
    }
    Ok(values.len())
}

/// Returns the values that a text such as `MCF7,PC3` means.
pub(in crate::db) fn values_meant(
    snapshot: &Snapshot,
    key: &str,
    text: &str,
) -> Result<Vec<String>, DbError> {
    let directories = snapshot.segments().iter().map(LiveSegment::filter_directory);
    let directories = directories.collect::<Result<Vec<_>, _>>()?;
    let most_commas = directories.iter().map(|directory| directory.most_commas(key)).max().unwrap_or(0);
    let typed = |value: &str| {
        let by = |key| directories.iter().any(|directory| directory.knows_typed(key, value));
        by(key) || (key == DRUG_FILTER && by("pert_id"))
    };
    let fault = match value_list::values_meant(text, most_commas, typed) {
        Ok(values) => return Ok(values),
        Err(fault) => fault,
    };
    require_key(snapshot, key)?;
    let ListFault::Unknown { part, run } = fault else {
        return Err(DbError::EmptyFilterValue { key: key.to_owned(), text: text.to_owned() });
    };
    // A comma may stand in another spelling of a name: `L-690,330` for `L-690330`.
    if !text.contains('"') && directories.iter().any(|directory| directory.knows(key, text)) {
        return Ok(vec![text.trim().to_owned()]);
    }
    let may_be_one = run != part && run.matches(',').count() <= most_commas + 1;
    let with_commas = may_be_one && near(snapshot, key, &run)?.iter().any(|value| value.contains(','));
    Err(unknown(snapshot, key, if with_commas { &run } else { &part })?)
}

/// Returns the rows of every segment that have one of some values.
pub(super) fn rows_of_values(
    snapshot: &Snapshot,
    key: &str,
    values: &[String],
) -> Result<Vec<RoaringBitmap>, DbError> {
    let mut rows = vec![RoaringBitmap::new(); snapshot.segments().len()];
    for value in values {
        let found = rows_of_value(snapshot, key, value)?;
        if found.iter().all(Option::is_none) {
            return Err(unknown(snapshot, key, value)?);
        }
        rows.iter_mut().zip(found).for_each(|(rows, found)| *rows |= found.unwrap_or_default());
    }
    Ok(rows)
}

/// The rows of every segment that have a value. A drug is found by its names, else by an id of it; and all of it is
/// found, also in segments that show it by another name.
fn rows_of_value(snapshot: &Snapshot, key: &str, value: &str) -> Result<Vec<Option<RoaringBitmap>>, DbError> {
    let stored = |key: &str| -> Result<Vec<Option<RoaringBitmap>>, DbError> {
        snapshot.segments().iter().map(|segment| segment.rows_with(key, value)).collect()
    };
    let found = stored(key)?;
    if key != DRUG_FILTER {
        return Ok(found);
    }
    let is_known = found.iter().any(Option::is_some);
    if is_known && found.len() == 1 {
        return Ok(found);
    }
    whole_drugs(snapshot, &if is_known { found } else { stored("pert_id")? })
}

/// Returns the rows of every segment that have a value which passes; none where the key has no such value anywhere.
pub(super) fn rows_where(
    snapshot: &Snapshot,
    key: &str,
    passes: impl Fn(&str) -> bool,
) -> Result<Option<Vec<RoaringBitmap>>, DbError> {
    require_key(snapshot, key)?;
    let found = snapshot.segments().iter().map(|segment| segment.rows_where(key, &passes));
    let mut found = found.collect::<Result<Vec<_>, _>>()?;
    if found.iter().all(Option::is_none) {
        return Ok(None);
    }
    if key == DRUG_FILTER && found.len() > 1 {
        found = whole_drugs(snapshot, &found)?;
    }
    Ok(Some(found.into_iter().map(Option::unwrap_or_default).collect()))
}

/// All rows of the drugs that some rows are of.
fn whole_drugs(
    snapshot: &Snapshot,
    rows: &[Option<RoaringBitmap>],
) -> Result<Vec<Option<RoaringBitmap>>, DbError> {
    let mut groups = BTreeSet::new();
    for (segment, rows) in rows.iter().enumerate() {
        let live = &snapshot.segments()[segment];
        let drugs: BTreeSet<u32> =
            rows.iter().flatten().map(|row| live.drug_of(row)).collect::<Result<_, _>>()?;
        for drug in drugs {
            groups.insert(snapshot.group_of(DrugAt { segment, drug })?);
        }
    }
    let all = snapshot.drug_groups()?;
    let mut whole: Vec<Option<RoaringBitmap>> = vec![None; snapshot.segments().len()];
    for &DrugAt { segment, drug } in groups.into_iter().flat_map(|group| all.members(group)) {
        let rows = snapshot.segments()[segment].rows_of_drugs()?.of(drug);
        whole[segment].get_or_insert_with(RoaringBitmap::new).extend(rows);
    }
    Ok(whole)
}

/// Returns a value of a key; empty where it has none.
pub(super) fn example(snapshot: &Snapshot, key: &str) -> Result<String, DbError> {
    for segment in snapshot.segments() {
        if let Some(value) = segment.filter_directory()?.values(key).next() {
            return Ok(value.to_owned());
        }
    }
    Ok(String::new())
}

/// Checks that some row has a value of a key.
fn require_key(snapshot: &Snapshot, key: &str) -> Result<(), DbError> {
    let mut known = keys(snapshot)?;
    if known.iter().any(|known| known == key) {
        return Ok(());
    }
    known.extend([N_SIGNATURES, PLATE].map(str::to_owned));
    Err(DbError::UnknownFilterKey { key: key.to_owned(), known })
}

/// A key or value that no segment knows is more likely a slip than a wish.
fn unknown(snapshot: &Snapshot, key: &str, value: &str) -> Result<DbError, DbError> {
    require_key(snapshot, key)?;
    Ok(unknown_of(key, value, near(snapshot, key, value)?))
}

/// A value that no row has.
pub(super) fn unknown_of(key: &str, value: &str, near: Vec<String>) -> DbError {
    DbError::UnknownFilterValue { key: key.to_owned(), value: value.to_owned(), near }
}

/// Returns the values of `key` that look like `value`, best first.
pub(super) fn near(snapshot: &Snapshot, key: &str, value: &str) -> Result<Vec<String>, DbError> {
    let mut near = BTreeSet::new();
    for segment in snapshot.segments() {
        near.extend(segment.filter_directory()?.near(key, value));
    }
    Ok(nearest(value, near.iter().map(String::as_str), 3))
}
