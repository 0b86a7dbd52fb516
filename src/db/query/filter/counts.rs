//! How many signatures the drug of each row has.

use super::ast::{N_SIGNATURES, Test};
use super::filtered::{Filtered, Rows};
use super::number::{Column, Number};
use crate::db::DbError;

/// Returns the rows of every part whose drug has a number of signatures that passes.
pub(super) fn rows(source: &impl Filtered, test: &Test) -> Result<Rows, DbError> {
    source.rows_by_count(&passing(test)?)
}

/// What a number of signatures has to fulfil.
fn passing(test: &Test) -> Result<Box<dyn Fn(f64) -> bool + '_>, DbError> {
    let number = |number: &Number| number.measured(Column::Plain).map(|(_, value)| value);
    let unknown =
        |value: &str| DbError::NotComparable { key: N_SIGNATURES.to_owned(), value: value.to_owned() };
    match test {
        Test::AnyOf(values) => {
            let read =
                |text: &String| Number::parse(text).as_ref().and_then(number).ok_or_else(|| unknown(text));
            let values = values.iter().map(read).collect::<Result<Vec<f64>, _>>()?;
            Ok(Box::new(move |count| values.contains(&count)))
        }
        Test::Compare(comparison, other) => {
            let other = number(other).ok_or_else(|| unknown(&other.to_string()))?;
            Ok(Box::new(move |count| comparison.holds(count, other)))
        }
        Test::BeginsWith(start) => Ok(Box::new(move |count| count.to_string().starts_with(start.as_str()))),
        Test::Contains(part) => Ok(Box::new(move |count| count.to_string().contains(part.as_str()))),
    }
}
