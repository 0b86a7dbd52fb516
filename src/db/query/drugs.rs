//! Drugs that take part in an answer, with their rows.

use std::ops::Range;

use l1kdb_index::simd::{Simd, Work, with_vectors};

use super::scope::Scope;
use crate::db::DbError;
use crate::db::snapshot::{DrugAt, RowAt, Snapshot};

/// Drugs that take part in an answer, with their rows.
///
/// Rows of a drug lie side by side, so that the largest similarity of a drug is that of a few in sequence.
#[derive(Debug, Default)]
pub(super) struct Drugs {
    /// Of each segment, the rows of one drug after another.
    pub rows: Vec<Vec<u32>>,
    drugs: Vec<Drug>,
    parts: Vec<Part>,
    /// Of each segment, where the places of a part end, and the number of its drug; ascending.
    ends: Vec<Vec<(usize, usize)>>,
}

/// A drug: its group, and where its parts are.
#[derive(Debug)]
struct Drug {
    group: usize,
    parts: Range<usize>,
}

/// Rows of a drug in one segment.
#[derive(Debug)]
pub(super) struct Part {
    pub segment: usize,
    /// Places in the segment's list of rows.
    places: Range<usize>,
}

impl Part {
    /// Returns the place of the first row.
    pub fn start(&self) -> usize {
        self.places.start
    }
}

impl Drugs {
    /// Returns the drugs of some groups, with the rows that take part.
    pub fn new(
        snapshot: &Snapshot,
        scopes: &[Scope<'_>],
        groups: impl IntoIterator<Item = usize>,
    ) -> Result<Self, DbError> {
        let all = snapshot.drug_groups()?;
        let members =
            scopes.iter().map(|scope| scope.segment.rows_of_drugs()).collect::<Result<Vec<_>, _>>()?;
        let (rows, ends) = (vec![Vec::new(); scopes.len()], vec![Vec::new(); scopes.len()]);
        let mut drugs = Self { rows, ends, ..Self::default() };
        for group in groups {
            let first = drugs.parts.len();
            for &DrugAt { segment, drug } in all.members(group) {
                let rows = &mut drugs.rows[segment];
                let start = rows.len();
                let of_drug = members[segment].of(drug);
                match scopes[segment].within() {
                    None => rows.extend_from_slice(of_drug),
                    Some(within) => rows.extend(of_drug.iter().filter(|&&row| within.contains(row))),
                }
                drugs.ends[segment].push((rows.len(), drugs.drugs.len()));
                drugs.parts.push(Part { segment, places: start..rows.len() });
            }
            drugs.drugs.push(Drug { group, parts: first..drugs.parts.len() });
        }
        Ok(drugs)
    }

    /// Returns the number of drugs.
    pub fn len(&self) -> usize {
        self.drugs.len()
    }

    /// Raises the largest similarity of each drug with a query, of `most`, by the similarities of some of a segment's
    /// [`rows`](Self::rows), from the place `first` on, which lies in the [part](Self::part) of this number. One that is not a number
    /// takes no part.
    pub fn raise(
        &self,
        (segment, part): (usize, usize),
        first: usize,
        similarities: &[f32],
        query: usize,
        most: &mut Largest,
    ) {
        with_vectors(Raise { ends: &self.ends[segment][part..], first, similarities, query, most });
    }

    /// Returns the number of the part of a segment that a place lies in.
    pub fn part(&self, segment: usize, place: usize) -> usize {
        self.ends[segment].partition_point(|&(end, _)| end <= place)
    }

    /// Returns the group of a drug.
    pub fn group(&self, drug: usize) -> usize {
        self.drugs[drug].group
    }

    /// Returns the rows of a drug, segment by segment.
    pub fn rows_of(&self, drug: usize) -> impl Iterator<Item = (&Part, &[u32])> {
        let parts = self.parts[self.drugs[drug].parts.clone()].iter();
        parts.map(|part| (part, &self.rows[part.segment][part.places.clone()]))
    }

    /// Returns the row at a place among those of a drug.
    pub fn row(&self, drug: usize, mut place: usize) -> Option<RowAt> {
        for (part, rows) in self.rows_of(drug) {
            if let Some(&row) = rows.get(place) {
                return Some(RowAt { segment: part.segment, row });
            }
            place -= rows.len();
        }
        None
    }
}

/// The largest similarity of each drug with each of some queries; minus infinity where there is none. Those of a drug lie side by
/// side, for rows go by once for all queries.
#[derive(Debug)]
pub(super) struct Largest {
    queries: usize,
    values: Vec<f32>,
}

impl Largest {
    pub fn none(drugs: usize, queries: usize) -> Self {
        Self { queries, values: vec![f32::NEG_INFINITY; drugs * queries] }
    }

    /// Returns those of a drug, in the order of the queries.
    pub fn of(&mut self, drug: usize) -> &mut [f32] {
        &mut self.values[drug * self.queries..][..self.queries]
    }
}

/// Raises the largest similarities of drugs.
struct Raise<'a> {
    ends: &'a [(usize, usize)],
    first: usize,
    similarities: &'a [f32],
    query: usize,
    most: &'a mut Largest,
}

impl Work for Raise<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { ends, first, mut similarities, query, most } = self;
        let mut start = first;
        for &(end, drug) in ends {
            if similarities.is_empty() {
                break;
            }
            let (of_drug, others) = similarities.split_at(similarities.len().min(end - start));
            let most = &mut most.values[drug * most.queries + query];
            *most = larger(*most, largest(of_drug));
            (start, similarities) = (end, others);
        }
    }
}

/// Values that are looked at together.
const LANES: usize = 8;

/// Returns the largest value that is a number; minus infinity of none.
pub(super) fn largest_of(values: &[f32]) -> f32 {
    with_vectors(LargestOf(values))
}

struct LargestOf<'a>(&'a [f32]);

impl Work for LargestOf<'_> {
    type Output = f32;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> f32 {
        largest(self.0)
    }
}

/// The largest value that is a number. Lane by lane, so that it takes as many at once as the processor does.
#[inline(always)]
fn largest(values: &[f32]) -> f32 {
    let mut most = [f32::NEG_INFINITY; LANES];
    let (lanes, rest) = values.as_chunks::<LANES>();
    for lane in lanes {
        raise(&mut most, lane);
    }
    // The last ones are looked at twice where that spares looking at them one by one.
    match values.last_chunk::<LANES>() {
        Some(last) if !rest.is_empty() => raise(&mut most, last),
        Some(_) => (),
        None => rest.iter().for_each(|&value| most[0] = larger(most[0], value)),
    }
    for half in [4, 2, 1] {
        for at in 0..half {
            most[at] = larger(most[at], most[at + half]);
        }
    }
    most[0]
}

#[inline(always)]
fn raise(most: &mut [f32; LANES], values: &[f32; LANES]) {
    for (most, &value) in most.iter_mut().zip(values) {
        *most = larger(*most, value);
    }
}

/// The larger of two, of which the first is a number.
#[inline(always)]
fn larger(a: f32, b: f32) -> f32 {
    if b > a { b } else { a }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::largest;

    proptest! {
        #[test]
        fn the_largest_is_that_of_looking_one_by_one(mut values in prop::collection::vec(-1.0f32..1.0, 0..40), gap in 0usize..40) {
            if let Some(value) = values.get_mut(gap) {
                *value = f32::NAN;
            }
            let expected = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            prop_assert_eq!(largest(&values), expected);
        }
    }
}
