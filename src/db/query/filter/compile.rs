//! The rows that pass a filter.

use roaring::RoaringBitmap;

use super::ast::{Clause, Comparison, Filter, N_SIGNATURES, Node, PLATE, Test};
use super::number::{Column, Measure, Number};
use super::{counts, lookup, plates};
use crate::db::DbError;
use crate::db::snapshot::{LiveSegment, Snapshot};

/// Rows of every segment.
type Rows = Vec<RoaringBitmap>;

/// Returns the live rows of every segment that pass a filter.
pub(in crate::db) fn rows(snapshot: &Snapshot, filter: &Filter) -> Result<Rows, DbError> {
    of_node(snapshot, &filter.0)
}

/// Returns the live rows of every segment that pass a part of a filter.
pub(super) fn of_node(snapshot: &Snapshot, node: &Node) -> Result<Rows, DbError> {
    match node {
        Node::Clause(clause) => of_clause(snapshot, clause),
        Node::Not(inner) => {
            let passing = of_node(snapshot, inner)?;
            let live = snapshot.segments().iter().map(LiveSegment::live_set);
            Ok(live.zip(passing).map(|(live, passing)| live - passing).collect())
        }
        Node::All(parts) => combined(snapshot, parts, |rows, part| *rows &= part),
        Node::Any(parts) => combined(snapshot, parts, |rows, part| *rows |= part),
    }
}

fn combined(
    snapshot: &Snapshot,
    parts: &[Node],
    join: impl Fn(&mut RoaringBitmap, RoaringBitmap),
) -> Result<Rows, DbError> {
    let mut rows: Option<Rows> = None;
    // All are looked up, so that an unknown value is told wherever it stands.
    for part in parts {
        let part = of_node(snapshot, part)?;
        match &mut rows {
            Some(rows) => rows.iter_mut().zip(part).for_each(|(rows, part)| join(rows, part)),
            None => rows = Some(part),
        }
    }
    Ok(rows.unwrap_or_default())
}

/// The live rows that pass a clause. From the rows there are, so that a damaged filter section cannot name others.
fn of_clause(snapshot: &Snapshot, clause: &Clause) -> Result<Rows, DbError> {
    let key = clause.key.as_str();
    let mut rows = match &clause.test {
        test if key == N_SIGNATURES => counts::rows(snapshot, test)?,
        test if key == PLATE => plates::rows(snapshot, test)?,
        Test::AnyOf(values) => lookup::rows_of_values(snapshot, key, values)?,
        Test::BeginsWith(start) => {
            of_texts(snapshot, clause, start, |value, start| value.starts_with(start))?
        }
        Test::Contains(part) => of_texts(snapshot, clause, part, |value, part| value.contains(part))?,
        Test::Compare(comparison, number) => of_numbers(snapshot, key, *comparison, number)?,
    };
    rows.iter_mut().zip(snapshot.segments()).for_each(|(rows, segment)| *rows &= segment.live_set());
    Ok(rows)
}

/// The rows that have a value of which a text is a part.
fn of_texts(
    snapshot: &Snapshot,
    clause: &Clause,
    text: &str,
    passes: impl Fn(&str, &str) -> bool,
) -> Result<Rows, DbError> {
    let lower = text.to_lowercase();
    let found = lookup::rows_where(snapshot, &clause.key, |value| passes(&value.to_lowercase(), &lower))?;
    let unknown = || {
        let near = lookup::near(snapshot, &clause.key, text)?;
        Err(DbError::NoFilterMatch { clause: clause.to_string(), near })
    };
    found.map_or_else(unknown, Ok)
}

/// The rows whose number compares so with another.
fn of_numbers(
    snapshot: &Snapshot,
    key: &str,
    comparison: Comparison,
    number: &Number,
) -> Result<Rows, DbError> {
    let column = Column::of(key);
    let Some((measure, other)) = number.measured(column) else { return none(snapshot, key) };
    let measured = |value: &str| of_measure(value, column, measure);
    let rows = lookup::rows_where(snapshot, key, |value| {
        measured(value).is_some_and(|value| comparison.holds(value, other))
    })?;
    rows.map_or_else(|| none_if(snapshot, key, |value| measured(value).is_some()), Ok)
}

/// The number of a stored value, where it measures the same.
fn of_measure(value: &str, column: Column, measure: Measure) -> Option<f64> {
    let (found, value) = Number::parse(value)?.measured(column)?;
    (found == measure).then_some(value)
}

/// No rows, if there are values that could have passed.
fn none_if(snapshot: &Snapshot, key: &str, could: impl Fn(&str) -> bool) -> Result<Rows, DbError> {
    if lookup::rows_where(snapshot, key, could)?.is_some() {
        return Ok(vec![RoaringBitmap::new(); snapshot.segments().len()]);
    }
    none(snapshot, key)
}

/// A key without a number that could be compared is more likely a slip than a wish.
fn none(snapshot: &Snapshot, key: &str) -> Result<Rows, DbError> {
    Err(DbError::NotComparable { key: key.to_owned(), value: lookup::example(snapshot, key)? })
}
