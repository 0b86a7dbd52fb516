//! The nearest drugs of a query, from the similarities of their signatures.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

use l1kdb_index::simd::{Simd, Work, with_vectors};

use super::scope::Scope;
use super::score::{in_order, keep_best, ordered};
use super::terms::Terms;
use super::{Db, DbError};

/// Drugs that take part in an answer, with their rows.
///
/// Rows of a drug lie side by side, and so do their similarities: what is looked at most is read in order.
#[derive(Debug, Default)]
pub(super) struct Drugs {
    /// Of each segment, the rows of one drug after another.
    pub rows: Vec<Vec<u32>>,
    drugs: Vec<Drug>,
    parts: Vec<Part>,
}

/// A drug: its group, and where its parts are.
#[derive(Debug)]
struct Drug {
    group: usize,
    parts: Range<usize>,
}

/// Rows of a drug in one segment, as places in its list of rows.
#[derive(Debug)]
struct Part {
    segment: usize,
    places: Range<usize>,
}

/// A drug that was scored, before anything about it was read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub group: usize,
    pub score: f32,
    pub signatures: usize,
    pub best: Best,
}

/// A drug with its largest similarity, which bounds its score.
struct Bounded<'a> {
    most: f32,
    drug: &'a Drug,
}

/// Drugs that are scored first, for each that is asked for.
const FIRST: usize = 2;

/// A drug's most similar signature; the first of several.
#[derive(Debug, Clone, Copy)]
pub(super) struct Best {
    pub segment: usize,
    pub row: u32,
    pub similarity: f32,
}

impl Drugs {
    /// The drugs of some groups, with the rows that take part.
    pub fn new(
        db: &Db,
        scopes: &[Scope<'_>],
        groups: impl IntoIterator<Item = usize>,
    ) -> Result<Self, DbError> {
        let all = db.drug_groups()?;
        let members =
            scopes.iter().map(|scope| scope.segment.rows_of_drugs()).collect::<Result<Vec<_>, _>>()?;
        let mut drugs = Self { rows: vec![Vec::new(); scopes.len()], ..Self::default() };
        for group in groups {
            let first = drugs.parts.len();
            for &(segment, drug) in &all[group] {
                let rows = &mut drugs.rows[segment];
                let start = rows.len();
                let of_drug = members[segment].of(drug as usize);
                match &scopes[segment].within {
                    None => rows.extend_from_slice(of_drug),
                    Some(within) => rows.extend(of_drug.iter().filter(|&&row| within.contains(row))),
                }
                drugs.parts.push(Part { segment, places: start..rows.len() });
            }
            drugs.drugs.push(Drug { group, parts: first..drugs.parts.len() });
        }
        Ok(drugs)
    }

    /// The best drugs with ties, best first. Of each segment there is a similarity for each of its [`rows`](Self::rows); one that
    /// is not finite takes no part.
    ///
    /// No score is above the best similarity of its drug: most drugs cannot come in, and are not scored.
    pub fn best(&self, similarities: &[&[f32]], terms: Terms) -> Vec<Candidate> {
        let mut drugs = with_vectors(Bounds { drugs: self, similarities });
        // Those that may be best come first, so that what the others have to reach is soon as high as it will be.
        let first = terms.top.saturating_mul(FIRST).min(drugs.len());
        if first < drugs.len() {
            drugs.select_nth_unstable_by_key(first, |bounded| Reverse(ordered(bounded.most)));
        }
        let (mut candidates, mut values) = (Vec::new(), Vec::new());
        let mut best = BestScores::new(terms.top);
        for Bounded { most, drug } in drugs {
            let cannot =
                |last| most < last || !terms.score.may_reach(last, most, self.of(drug, similarities));
            if best.last().is_some_and(cannot) {
                continue;
            }
            let Some(candidate) = self.score(drug, similarities, terms, &mut values) else { continue };
            best.add(candidate.score);
            candidates.push(candidate);
        }
        candidates.sort_unstable_by_key(|candidate: &Candidate| candidate.group);
        keep_best(&mut candidates, terms.top, |candidate| candidate.score);
        candidates
    }

    /// The similarities of a drug's rows, part by part.
    fn of<'s>(&self, drug: &Drug, similarities: &[&'s [f32]]) -> impl Iterator<Item = &'s [f32]> {
        self.parts[drug.parts.clone()].iter().map(|part| &similarities[part.segment][part.places.clone()])
    }

    fn score(
        &self,
        drug: &Drug,
        similarities: &[&[f32]],
        terms: Terms,
        values: &mut Vec<f32>,
    ) -> Option<Candidate> {
        values.clear();
        values.extend(self.of(drug, similarities).flatten().filter(|similarity| similarity.is_finite()));
        let similarity = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let signatures = values.len();
        let score = terms.score.of(values)?;
        let part = self.parts[drug.parts.clone()].iter().find_map(|part| {
            let of_part = &similarities[part.segment][part.places.clone()];
            Some((part, of_part.iter().position(|&found| found == similarity)?))
        });
        let (Part { segment, places }, at) = part?;
        let best = Best { segment: *segment, row: self.rows[*segment][places.start + at], similarity };
        Some(Candidate { group: drug.group, score, signatures, best })
    }
}

/// Finds the largest similarity of each drug that takes part.
struct Bounds<'a> {
    drugs: &'a Drugs,
    similarities: &'a [&'a [f32]],
}

impl<'a> Work for Bounds<'a> {
    type Output = Vec<Bounded<'a>>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Vec<Bounded<'a>> {
        let mut bounded = Vec::with_capacity(self.drugs.drugs.len());
        for drug in &self.drugs.drugs {
            let mut most = f32::NEG_INFINITY;
            for part in &self.drugs.parts[drug.parts.clone()] {
                most = most.max(largest(&self.similarities[part.segment][part.places.clone()]));
            }
            if most > f32::NEG_INFINITY {
                bounded.push(Bounded { most, drug });
            }
        }
        bounded
    }
}

/// The best scores so far.
struct BestScores {
    most: usize,
    worst_first: BinaryHeap<Reverse<i32>>,
}

impl BestScores {
    fn new(most: usize) -> Self {
        Self { most, worst_first: BinaryHeap::new() }
    }

    /// The worst of them, once there are as many as are asked for.
    fn last(&self) -> Option<f32> {
        let is_full = self.worst_first.len() == self.most;
        is_full.then(|| self.worst_first.peek().map_or(f32::INFINITY, |&Reverse(worst)| in_order(worst)))
    }

    fn add(&mut self, score: f32) {
        self.worst_first.push(Reverse(ordered(score)));
        if self.worst_first.len() > self.most {
            self.worst_first.pop();
        }
    }
}

/// The largest value that is a number. Lane by lane, so that it takes as many at once as the processor does.
#[inline(always)]
fn largest(values: &[f32]) -> f32 {
    let larger = |a: f32, b: f32| if b > a { b } else { a };
    let (lanes, rest) = values.as_chunks::<8>();
    let mut most = [f32::NEG_INFINITY; 8];
    for lane in lanes {
        for (most, &value) in most.iter_mut().zip(lane) {
            *most = larger(*most, value);
        }
    }
    most.iter().chain(rest).copied().fold(f32::NEG_INFINITY, larger)
}
