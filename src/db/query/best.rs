//! The best drugs of some queries, from the similarities of all their signatures.
//!
//! Similarities are not kept, but computed while they are in the first cache: once for the largest of each drug, which bounds its
//! score, and again for the drugs that may come in. Each time all queries that need a drug's rows pass over them together.

use std::mem;
use std::ops::Range;

use super::drugs::{Drugs, Largest, largest_of};
use super::ranked::{BestScores, Candidate, Ranked};
use super::scope::{LeftOut, Scope};
use super::scorer::Scorer;
use super::terms::Terms;
use crate::db::DbError;

/// Drugs that are scored first, for each that is asked for.
const FIRST: usize = 2;

/// Similarities that are kept at once, of a drug with as many signatures: 4 MB.
const SIMILARITIES: usize = 1 << 20;

/// Queries that are answered together.
pub(super) struct Block<'a, S> {
    scorer: &'a S,
    scopes: &'a [Scope<'a>],
    drugs: &'a Drugs,
    terms: Terms,
    /// The numbers of the queries.
    queries: Range<usize>,
    /// Of each segment, what the queries leave out.
    left_out: Vec<LeftOut>,
}

impl<'a, S: Scorer> Block<'a, S> {
    pub fn new(
        scorer: &'a S,
        scopes: &'a [Scope<'a>],
        drugs: &'a Drugs,
        terms: Terms,
        queries: Range<usize>,
    ) -> Self {
        let rows = scopes.iter().zip(&drugs.rows);
        let left_out = rows.map(|(scope, rows)| scope.left_out(queries.clone(), rows)).collect();
        Self { scorer, scopes, drugs, terms, queries, left_out }
    }

    /// Of each query the best drugs with ties, best first.
    pub fn best(&self) -> Result<Vec<Vec<Candidate>>, DbError> {
        let mut most = self.largest()?;
        let mut ranked: Vec<_> = self.queries.clone().map(|_| Ranked::new(self.drugs, self.terms)).collect();
        let mut bench = Bench::default();
        // Those that may be best come first, so that what the others have to reach is nearly as high as it will be.
        let first = self.first(&mut most);
        for drug in 0..self.drugs.len() {
            self.score(drug, |query, _| first[query], &mut most, &mut ranked, &mut bench)?;
        }
        for drug in 0..self.drugs.len() {
            self.score(drug, |_, ranked| ranked.least(), &mut most, &mut ranked, &mut bench)?;
        }
        Ok(ranked.into_iter().map(Ranked::finish).collect())
    }

    /// The same, by scoring every row once and keeping all scores: for scores that take longer to compute than to read again.
    pub fn best_at_once(&self) -> Result<Vec<Vec<Candidate>>, DbError> {
        let scores = self.all()?;
        let mut ranked: Vec<_> = self.queries.clone().map(|_| Ranked::new(self.drugs, self.terms)).collect();
        let mut of_drug = Vec::new();
        for (query, ranked) in ranked.iter_mut().enumerate() {
            for drug in 0..self.drugs.len() {
                scores.read(self.drugs, (query, drug), &mut of_drug);
                let most = of_drug.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                if most > f32::NEG_INFINITY {
                    ranked.add(drug, most, &mut of_drug);
                }
            }
        }
        Ok(ranked.into_iter().map(Ranked::finish).collect())
    }

    /// Of each query the best drugs, and the score of every drug, NaN where none of its rows takes part.
    pub fn best_and_all(&self) -> Result<Vec<BestAndAll>, DbError> {
        let (scores, mut of_drug) = (self.all()?, Vec::new());
        let mut of_query = |query: usize| {
            let (mut ranked, mut all) =
                (Ranked::new(self.drugs, self.terms), vec![f32::NAN; self.drugs.len()]);
            for (drug, score) in all.iter_mut().enumerate() {
                scores.read(self.drugs, (query, drug), &mut of_drug);
                let most = largest_of(&of_drug);
                if most > f32::NEG_INFINITY {
                    // Scoring changes the order, by which the best signature is found.
                    if most >= ranked.least() {
                        ranked.add(drug, most, &mut of_drug.clone());
                    }
                    of_drug.retain(|score| score.is_finite());
                    *score = self.terms.score.of(&mut of_drug).unwrap_or(f32::NAN);
                }
            }
            BestAndAll { best: ranked.finish(), all }
        };
        Ok((0..self.queries.len()).map(&mut of_query).collect())
    }

    /// The scores of all rows, each computed once.
    pub fn all(&self) -> Result<AllScores, DbError> {
        let mut all = Vec::new();
        for ((scope, rows), left_out) in self.scopes.iter().zip(&self.drugs.rows).zip(&self.left_out) {
            let mut scores = vec![f32::NAN; self.queries.len() * rows.len()];
            self.scorer.score(scope.segment, &self.queries, rows, |query, first, tile| {
                left_out.take_out(query, first, tile);
                scores[query * rows.len() + first..][..tile.len()].copy_from_slice(tile);
            })?;
            all.push(scores);
        }
        Ok(AllScores(all))
    }

    /// The largest similarity of each drug with each query.
    fn largest(&self) -> Result<Largest, DbError> {
        let mut most = Largest::none(self.drugs.len(), self.queries.len());
        for (segment, (scope, rows)) in self.scopes.iter().zip(&self.drugs.rows).enumerate() {
            let left_out = &self.left_out[segment];
            let (mut tile, mut part) = (usize::MAX, 0);
            let raise = |query: usize, first: usize, similarities: &mut [f32]| {
                left_out.take_out(query, first, similarities);
                if first != tile {
                    (tile, part) = (first, self.drugs.part(segment, first));
                }
                self.drugs.raise((segment, part), first, similarities, query, &mut most);
            };
            self.scorer.score(scope.segment, &self.queries, rows, raise)?;
        }
        Ok(most)
    }

    /// What the largest similarity of the drugs that are scored first reaches, of each query.
    fn first(&self, most: &mut Largest) -> Vec<f32> {
        let count = self.terms.top.saturating_mul(FIRST);
        let mut best: Vec<_> = self.queries.clone().map(|_| BestScores::new(count)).collect();
        for drug in 0..self.drugs.len() {
            best.iter_mut().zip(most.of(drug)).for_each(|(best, most)| best.add(*most));
        }
        best.iter().map(BestScores::least).collect()
    }

    /// Scores a drug for the queries of which it has to reach no more than its largest similarity.
    fn score(
        &self,
        drug: usize,
        least: impl Fn(usize, &Ranked<'_>) -> f32,
        most: &mut Largest,
        ranked: &mut [Ranked<'_>],
        bench: &mut Bench,
    ) -> Result<(), DbError> {
        let most = most.of(drug);
        let Bench { queries, similarities } = bench;
        queries.clear();
        for (query, (&most, ranked)) in most.iter().zip(&*ranked).enumerate() {
            if most > f32::NEG_INFINITY && most >= least(query, ranked) {
                queries.push(query);
            }
        }
        let rows = self.drugs.rows_of(drug).map(|(_, rows)| rows.len()).sum::<usize>().max(1);
        for queries in queries.chunks((SIMILARITIES / rows).max(1)) {
            self.look(drug, queries, similarities)?;
            for (&query, similarities) in queries.iter().zip(similarities.chunks_exact_mut(rows)) {
                // It is not looked at again.
                let most = mem::replace(&mut most[query], f32::NEG_INFINITY);
                ranked[query].add(drug, most, similarities);
            }
        }
        Ok(())
    }

    /// Computes the similarities of some queries with the rows of a drug, one query after another.
    fn look(&self, drug: usize, queries: &[usize], similarities: &mut Vec<f32>) -> Result<(), DbError> {
        let count = self.drugs.rows_of(drug).map(|(_, rows)| rows.len()).sum::<usize>();
        similarities.resize(queries.len() * count, 0.0);
        let mut before = 0;
        for (part, rows) in self.drugs.rows_of(drug) {
            let (scope, left_out) = (&self.scopes[part.segment], &self.left_out[part.segment]);
            let copy = |place: usize, first: usize, tile: &mut [f32]| {
                similarities[place * count + before + first..][..tile.len()].copy_from_slice(tile);
            };
            let asked = &queries.iter().map(|query| self.queries.start + query);
            self.scorer.score(scope.segment, asked, rows, copy)?;
            for (&query, similarities) in queries.iter().zip(similarities.chunks_exact_mut(count)) {
                left_out.take_out(query, part.start(), &mut similarities[before..][..rows.len()]);
            }
            before += rows.len();
        }
        Ok(())
    }
}

/// The best drugs of a query, and the score of every drug.
pub(super) struct BestAndAll {
    pub best: Vec<Candidate>,
    pub all: Vec<f32>,
}

/// Of each segment the scores of its rows, queries x rows; what a query leaves out is no number.
pub(super) struct AllScores(Vec<Vec<f32>>);

impl AllScores {
    /// Reads the scores of a query with the rows of a drug, in their order.
    pub fn read(&self, drugs: &Drugs, (query, drug): (usize, usize), scores: &mut Vec<f32>) {
        scores.clear();
        for (part, rows) in drugs.rows_of(drug) {
            let of_query = query * drugs.rows[part.segment].len();
            scores.extend_from_slice(&self.0[part.segment][of_query + part.start()..][..rows.len()]);
        }
    }
}

/// Memory that is used from drug to drug.
#[derive(Default)]
struct Bench {
    /// Queries that a drug is scored for, as places in the block.
    queries: Vec<usize>,
    similarities: Vec<f32>,
}
