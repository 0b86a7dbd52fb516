//! The plate of each row, which its id begins with.

use roaring::RoaringBitmap;

use super::ast::{PLATE, Test};
use super::filtered::{Filtered, Rows};
use super::lookup::unknown_of;
use crate::annotate::nearest;
use crate::db::DbError;

/// Returns the rows of every part whose plate passes.
pub(super) fn rows(source: &impl Filtered, test: &Test) -> Result<Rows, DbError> {
    let passes = |plate: &str, text: &str, holds: fn(&str, &str) -> bool| {
        holds(&plate.to_lowercase(), &text.to_lowercase())
    };
    match test {
        Test::AnyOf(plates) => {
            let mut all = vec![RoaringBitmap::new(); source.plates()?.len()];
            for plate in plates {
                let of_plate = rows_where(source, plate, |found| passes(found, plate, |a, b| a == b))?;
                all.iter_mut().zip(of_plate).for_each(|(all, rows)| *all |= rows);
            }
            Ok(all)
        }
        Test::BeginsWith(start) => {
            rows_where(source, start, |plate| passes(plate, start, |plate, start| plate.starts_with(start)))
        }
        Test::Contains(part) => {
            rows_where(source, part, |plate| passes(plate, part, |plate, part| plate.contains(part)))
        }
        Test::Compare(_, number) => {
            Err(DbError::NotComparable { key: PLATE.to_owned(), value: number.to_string() })
        }
    }
}

/// The rows of plates that pass. That there is none is more likely a slip than a wish.
fn rows_where(source: &impl Filtered, asked: &str, passes: impl Fn(&str) -> bool) -> Result<Rows, DbError> {
    let mut all = Vec::new();
    let parts = source.plates()?;
    for plates in &parts {
        let plates = plates.iter().filter(|(plate, _)| passes(plate));
        all.push(plates.fold(RoaringBitmap::new(), |rows, (_, of_plate)| rows | of_plate));
    }
    if all.iter().any(|rows| !rows.is_empty()) {
        return Ok(all);
    }
    let plates = parts.iter().flat_map(|plates| plates.keys().map(String::as_str));
    Err(unknown_of(PLATE, asked, nearest(asked, plates, 3)))
}
