//! How many signatures the drug of each row has.

use roaring::RoaringBitmap;

use super::ast::{N_SIGNATURES, Test};
use super::number::{Column, Number};
use crate::db::DbError;
use crate::db::snapshot::{DrugAt, LiveSegment, Snapshot};

/// Returns the rows of every segment whose drug has a number of live signatures that passes.
pub(super) fn rows(snapshot: &Snapshot, test: &Test) -> Result<Vec<RoaringBitmap>, DbError> {
    let passes = passing(test)?;
    let mut drugs = Vec::new();
    for segment in snapshot.segments() {
        drugs.push(vec![false; segment.segment().drugs()?]);
    }
    let groups = snapshot.drug_groups()?;
    for group in 0..groups.len() {
        let mut count = 0;
        for &DrugAt { segment, drug } in groups.members(group) {
            count += live_rows(&snapshot.segments()[segment], drug)?;
        }
        if passes(count as f64) {
            groups.members(group).iter().for_each(|at| drugs[at.segment][at.drug as usize] = true);
        }
    }
    snapshot.segments().iter().zip(drugs).map(|(segment, drugs)| rows_of(segment, &drugs)).collect()
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

fn live_rows(segment: &LiveSegment, drug: u32) -> Result<usize, DbError> {
    let rows = segment.rows_of_drugs()?.of(drug);
    Ok(match segment.live() {
        None => rows.len(),
        Some(live) => rows.iter().filter(|&&row| live.contains(row)).count(),
    })
}

/// The rows of some drugs of a segment, by a bit each.
fn rows_of(segment: &LiveSegment, drugs: &[bool]) -> Result<RoaringBitmap, DbError> {
    let passes = |drug: &u32| drugs.get(*drug as usize).copied().unwrap_or(false);
    let eight = |drugs: &[u32]| {
        drugs.iter().enumerate().fold(0, |bits, (at, drug)| bits | u8::from(passes(drug)) << at)
    };
    let bits: Vec<u8> = segment.segment().drug_of_rows()?.chunks(8).map(eight).collect();
    Ok(RoaringBitmap::from_lsb0_bytes(0, &bits))
}
