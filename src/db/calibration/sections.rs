//! The numbers of a calibration, where they lie.

use std::borrow::Cow;

use bytemuck::AnyBitPattern;
use l1kdb_index::Index;

use super::head::NO_DRUG;
use crate::enrichment::ClassNulls;
use crate::stats::{NullTables, SIZE_CLASSES, Tail};

/// Bytes by the four letters of their section.
pub(super) trait Sections {
    /// Returns the bytes of a section, if there is one of that kind.
    fn bytes(&self, kind: [u8; 4]) -> Option<&[u8]>;
}

impl<D: AsRef<[u8]>> Sections for Index<D> {
    fn bytes(&self, kind: [u8; 4]) -> Option<&[u8]> {
        self.section(kind)
    }
}

/// Reads the null distributions of so many drugs, or says what is wrong with a section.
pub(super) fn tables(sections: &impl Sections, drugs: usize) -> Result<NullTables<'_>, String> {
    let starts: &[u32] = numbers(sections, *b"NPTR", drugs + 1)?;
    let scores: &[f32] = numbers(sections, *b"NULL", starts.last().map_or(0, |&end| end as usize))?;
    Ok(NullTables {
        starts: Cow::Borrowed(starts),
        scores: Cow::Borrowed(scores),
        means: Cow::Borrowed(numbers(sections, *b"MEAN", drugs)?),
        deviations: Cow::Borrowed(numbers(sections, *b"DEVI", drugs)?),
        classes: Cow::Borrowed(numbers(sections, *b"SIZE", drugs)?),
        tails: tails(sections)?,
    })
}

fn tails(sections: &impl Sections) -> Result<[Tail<'_>; SIZE_CLASSES], String> {
    let counts: &[u64] = numbers(sections, *b"TCNT", 2 * SIZE_CLASSES)?;
    let kept = counts.chunks_exact(2).map(|counts| counts[1]).fold(0_u64, u64::saturating_add);
    let mut values: &[f32] = numbers(sections, *b"TAIL", usize::try_from(kept).unwrap_or(usize::MAX))?;
    let mut tails: [Tail<'_>; SIZE_CLASSES] = Default::default();
    for (tail, counts) in tails.iter_mut().zip(counts.chunks_exact(2)) {
        let (largest, rest) = values.split_at(counts[1] as usize);
        *tail = Tail { count: counts[0], largest: largest.into() };
        values = rest;
    }
    Ok(tails)
}

/// Reads of so many reference queries the number of the drug that each stems from.
pub(super) fn own(sections: &impl Sections, queries: usize) -> Result<Vec<Option<usize>>, String> {
    let own: &[u32] = numbers(sections, *b"REFD", queries)?;
    Ok(own.iter().map(|&drug| (drug != NO_DRUG).then_some(drug as usize)).collect())
}

/// Reads what classes score for reference queries: so many queries, drugs and classes.
pub(super) fn class_nulls(
    sections: &impl Sections,
    (queries, drugs, classes): (usize, usize, usize),
) -> Result<ClassNulls<'_>, String> {
    Ok(ClassNulls {
        scores: Cow::Borrowed(numbers(sections, *b"ZSCO", queries.saturating_mul(drugs))?),
        own: Cow::Owned(own(sections, queries)?),
        quarters: Cow::Borrowed(numbers(
            sections,
            *b"CSTA",
            queries.saturating_mul(classes).saturating_mul(3),
        )?),
        mean_es: Cow::Borrowed(numbers(sections, *b"CMES", 2 * classes)?),
    })
}

/// Reads of so many rows how near their neighbours are.
pub(super) fn nearness(sections: &impl Sections, rows: usize) -> Result<&[f32], String> {
    numbers(sections, *b"NEAR", rows)
}

/// Tells whether the scores of every distribution are in order.
pub(super) fn are_in_order(tables: &NullTables<'_>) -> bool {
    let mut drugs = (0..tables.candidates()).map(|drug| tables.of_candidate(drug));
    tables.starts.is_sorted()
        && drugs.all(|scores| scores.is_sorted_by(|a, b| a >= b))
        && tables.tails.iter().all(|tail| tail.largest.is_sorted_by(|a, b| a >= b))
}

/// The numbers of a section, of which there have to be so many.
fn numbers<T: AnyBitPattern>(
    sections: &impl Sections,
    kind: [u8; 4],
    expected: usize,
) -> Result<&[T], String> {
    let name = || String::from_utf8_lossy(&kind).into_owned();
    let bytes = sections.bytes(kind).ok_or_else(|| format!("section {}: it is missing", name()))?;
    match bytemuck::try_cast_slice(bytes) {
        Ok(numbers) if numbers.len() == expected => Ok(numbers),
        _ => {
            let found = bytes.len() / size_of::<T>();
            Err(format!("section {}: expected {expected} numbers, found {found}", name()))
        }
    }
}
