//! The rows that pass a filter.

use roaring::RoaringBitmap;

use super::ast::{Clause, Comparison, Filter, N_SIGNATURES, Node, PLATE, Test};
use super::filtered::{Filtered, Rows};
use super::number::{Column, Measure, Number};
use super::{counts, lookup, plates};
use crate::db::DbError;

/// Returns the rows of every part that pass a filter.
pub(in crate::db) fn rows(source: &impl Filtered, filter: &Filter) -> Result<Rows, DbError> {
    of_node(source, &filter.0)
}

/// Returns the rows of every part that pass a part of a filter.
pub(super) fn of_node(source: &impl Filtered, node: &Node) -> Result<Rows, DbError> {
    match node {
        Node::Clause(clause) => of_clause(source, clause),
        Node::Not(inner) => {
            let passing = of_node(source, inner)?;
            Ok(source.all().into_iter().zip(passing).map(|(all, passing)| all - passing).collect())
        }
        Node::All(parts) => combined(source, parts, |rows, part| *rows &= part),
        Node::Any(parts) => combined(source, parts, |rows, part| *rows |= part),
    }
}

fn combined(
    source: &impl Filtered,
    parts: &[Node],
    join: impl Fn(&mut RoaringBitmap, RoaringBitmap),
) -> Result<Rows, DbError> {
    let mut rows: Option<Rows> = None;
    // All are looked up, so that an unknown value is told wherever it stands.
    for part in parts {
        let part = of_node(source, part)?;
        match &mut rows {
            Some(rows) => rows.iter_mut().zip(part).for_each(|(rows, part)| join(rows, part)),
            None => rows = Some(part),
        }
    }
    Ok(rows.unwrap_or_default())
}

/// The rows that pass a clause. From the rows there are, so that a damaged filter section cannot name others.
fn of_clause(source: &impl Filtered, clause: &Clause) -> Result<Rows, DbError> {
    let key = clause.key.as_str();
    // A column of that name goes before the plates that ids name.
    let is_plate = key == PLATE && !lookup::keys(source)?.iter().any(|known| known == PLATE);
    let mut rows = match &clause.test {
        test if key == N_SIGNATURES => counts::rows(source, test)?,
        test if is_plate => plates::rows(source, test)?,
        Test::AnyOf(values) => lookup::rows_of_values(source, key, values)?,
        Test::BeginsWith(start) => of_texts(source, clause, start, |value, start| value.starts_with(start))?,
        Test::Contains(part) => of_texts(source, clause, part, |value, part| value.contains(part))?,
        Test::Compare(comparison, number) => of_numbers(source, key, *comparison, number)?,
    };
    rows.iter_mut().zip(source.all()).for_each(|(rows, all)| *rows &= all);
    Ok(rows)
}

/// The rows that have a value of which a text is a part.
fn of_texts(
    source: &impl Filtered,
    clause: &Clause,
    text: &str,
    passes: impl Fn(&str, &str) -> bool,
) -> Result<Rows, DbError> {
    let lower = text.to_lowercase();
    let found = lookup::rows_where(source, &clause.key, |value| passes(&value.to_lowercase(), &lower))?;
    let unknown = || {
        let near = lookup::near(source, &clause.key, text)?;
        Err(DbError::NoFilterMatch { clause: clause.to_string(), near })
    };
    found.map_or_else(unknown, Ok)
}

/// The rows whose number compares so with another.
fn of_numbers(
    source: &impl Filtered,
    key: &str,
    comparison: Comparison,
    number: &Number,
) -> Result<Rows, DbError> {
    let column = Column::of(key);
    let Some((measure, other)) = number.measured(column) else { return none(source, key) };
    let measured = |value: &str| of_measure(value, column, measure);
    let rows = lookup::rows_where(source, key, |value| {
        measured(value).is_some_and(|value| comparison.holds(value, other))
    })?;
    rows.map_or_else(|| none_if(source, key, |value| measured(value).is_some()), Ok)
}

/// The number of a stored value, where it measures the same.
fn of_measure(value: &str, column: Column, measure: Measure) -> Option<f64> {
    let (found, value) = Number::parse(value)?.measured(column)?;
    (found == measure).then_some(value)
}

/// No rows, if there are values that could have passed.
fn none_if(source: &impl Filtered, key: &str, could: impl Fn(&str) -> bool) -> Result<Rows, DbError> {
    if lookup::rows_where(source, key, could)?.is_some() {
        return Ok(vec![RoaringBitmap::new(); source.parts()]);
    }
    none(source, key)
}

/// A key without a number that could be compared is more likely a slip than a wish.
fn none(source: &impl Filtered, key: &str) -> Result<Rows, DbError> {
    Err(DbError::NotComparable { key: key.to_owned(), value: lookup::example(source, key)? })
}
