//! Many queries over all segments: similarities, and the nearest signatures.

use std::collections::BTreeSet;
use std::ops::Range;

use l1kdb_index::Neighbour;
use rayon::prelude::*;

use super::best::{BestAndAll, Block};
use super::drugs::Drugs;
use super::filter::Filter;
use super::hits::{self, DrugHit, NearRow, ScoredDrugs, SignatureHit};
use super::ranked::Candidate;
use super::scope::Scope;
use super::score::keep_best;
use super::scorer::Scorer;
use super::terms::{Search, Terms};
use crate::db::DbError;
use crate::db::snapshot::{RowAt, Snapshot};

/// The most rows that are scanned rather than searched by graph, when the user does not say.
const SCAN_AT_MOST: usize = 1_000_000;

/// Signatures that a graph search fetches for each drug asked for, and at least, to find the drugs worth scoring.
const SIGNATURES_PER_DRUG: usize = 20;
const SIGNATURES_AT_LEAST: usize = 500;

/// Drugs times queries of which a thread keeps the largest similarity at once: 16 MB.
const LARGEST: usize = 1 << 22;
/// Scores that a thread keeps at once, where each is computed once: 64 MB.
const SCORES: usize = 1 << 24;
/// Queries that a thread takes at once; more make a scan no faster.
pub(super) const QUERIES: usize = 256;

/// Queries with all that is the same for each of them.
pub(super) struct Asked<'a, S> {
    pub snapshot: &'a Snapshot,
    pub scorer: S,
    pub terms: Terms,
    pub scopes: Vec<Scope<'a>>,
    by_graph: bool,
}

impl<'a, S: Scorer> Asked<'a, S> {
    /// Looks up what is the same for all queries, given the rows of each segment that take part.
    pub fn new(
        snapshot: &'a Snapshot,
        scorer: S,
        filter: Option<&Filter>,
        without: &[String],
        terms: Terms,
    ) -> Result<Self, DbError> {
        let scopes = Scope::of_segments(snapshot, filter, without)?;
        let by_graph = by_graph(snapshot, &scorer, terms.search)?;
        Ok(Self { snapshot, scorer, terms, scopes, by_graph })
    }

    /// Returns the nearest drugs of each query.
    pub fn drugs(&self) -> Result<Vec<Vec<DrugHit>>, DbError> {
        let ranked = if self.by_graph {
            self.in_blocks(QUERIES, |queries| queries.map(|query| self.near_drugs(query)).collect())?
        } else if self.scorer.is_slow() {
            let drugs = Drugs::new(self.snapshot, &self.scopes, 0..self.snapshot.drug_groups()?.len())?;
            let most = (SCORES / self.snapshot.rows().max(1)).clamp(1, QUERIES);
            self.in_blocks(most, |queries| self.block(&drugs, queries).best_at_once())?
        } else {
            let drugs = Drugs::new(self.snapshot, &self.scopes, 0..self.snapshot.drug_groups()?.len())?;
            let most = (LARGEST / drugs.len().max(1)).clamp(1, QUERIES);
            self.in_blocks(most, |queries| self.best_drugs(&drugs, queries))?
        };
        hits::of_drugs(self.snapshot, &ranked, self.terms.top)
    }

    /// Returns the nearest drugs of each query, and for each the scores of all drugs by their numbers, NaN for what takes no part.
    pub fn drugs_and_scores(&self) -> Result<ScoredDrugs, DbError> {
        let drugs = Drugs::new(self.snapshot, &self.scopes, 0..self.snapshot.drug_groups()?.len())?;
        let most = (SCORES / self.snapshot.rows().max(1)).clamp(1, QUERIES);
        let found = self.in_blocks(most, |queries| self.block(&drugs, queries).best_and_all())?;
        let (best, scores): (Vec<_>, Vec<_>) =
            found.into_iter().map(|BestAndAll { best, all }| (best, all)).unzip();
        Ok(ScoredDrugs { hits: hits::of_drugs(self.snapshot, &best, self.terms.top)?, scores })
    }

    /// Returns the nearest signatures of each query.
    pub fn signatures(&self) -> Result<Vec<Vec<SignatureHit>>, DbError> {
        let nearest = self.in_blocks(QUERIES, |queries| {
            let mut all = vec![Vec::new(); queries.len()];
            for (segment, scope) in self.scopes.iter().enumerate() {
                let found = self.nearest(scope, queries.clone(), self.terms.top)?;
                let row = |Neighbour { row, similarity }| NearRow { at: RowAt { segment, row }, similarity };
                all.iter_mut().zip(found).for_each(|(all, found)| all.extend(found.into_iter().map(row)));
            }
            all.iter_mut().for_each(|all| keep_best(all, self.terms.top, |near| near.similarity));
            Ok(all)
        })?;
        hits::of_signatures(self.snapshot, &nearest, self.terms.top)
    }

    /// Answers in the order of the queries, of at most `most` at a time. One query starts no threads.
    pub fn in_blocks<T: Send>(
        &self,
        most: usize,
        answer: impl Fn(Range<usize>) -> Result<Vec<T>, DbError> + Sync,
    ) -> Result<Vec<T>, DbError> {
        let queries = self.scorer.len();
        if queries <= 1 {
            return answer(0..queries);
        }
        let size = queries.div_ceil(rayon::current_num_threads()).clamp(1, most);
        let blocks = (0..queries).into_par_iter().step_by(size);
        let answers: Vec<_> = blocks.map(|first| answer(first..queries.min(first + size))).collect();
        let mut all = Vec::with_capacity(queries);
        for answers in answers {
            all.append(&mut answers?);
        }
        Ok(all)
    }

    /// Of each query, the `count` nearest rows of a segment, and all that tie with the last of them.
    pub fn nearest(
        &self,
        scope: &Scope<'_>,
        queries: Range<usize>,
        count: usize,
    ) -> Result<Vec<Vec<Neighbour>>, DbError> {
        let asks =
            queries.clone().map(|query| count.saturating_add(1 + usize::from(scope.own(query).is_some())));
        let found = if self.by_graph {
            let near = asks.clone().zip(queries.clone()).map(|(ask, query)| self.look(scope, query, ask));
            near.collect::<Result<Vec<_>, _>>()?
        } else {
            let ask = asks.clone().max().unwrap_or(0);
            self.scorer.best(scope.segment, queries.clone(), ask, scope.within())?
        };
        found
            .into_iter()
            .zip(asks)
            .zip(queries)
            .map(|((mut near, mut ask), query)| {
                while !settle(&mut near, ask, count, scope.own(query)) {
                    ask = ask.saturating_mul(2);
                    near = self.look(scope, query, ask)?;
                }
                Ok(near)
            })
            .collect()
    }

    fn look(&self, scope: &Scope<'_>, query: usize, count: usize) -> Result<Vec<Neighbour>, DbError> {
        if self.by_graph {
            return self.scorer.walk(scope.segment, query, count, scope.within());
        }
        Ok(self.scorer.best(scope.segment, query..query + 1, count, scope.within())?.concat())
    }

    /// The best of some drugs, of each query.
    fn best_drugs(&self, drugs: &Drugs, queries: Range<usize>) -> Result<Vec<Vec<Candidate>>, DbError> {
        self.block(drugs, queries).best()
    }

    pub fn block<'b>(&'b self, drugs: &'b Drugs, queries: Range<usize>) -> Block<'b, S> {
        Block::new(&self.scorer, &self.scopes, drugs, self.terms, queries)
    }

    /// The best of the drugs whose signatures the graph finds near.
    fn near_drugs(&self, query: usize) -> Result<Vec<Candidate>, DbError> {
        let count = self.terms.top.saturating_mul(SIGNATURES_PER_DRUG).max(SIGNATURES_AT_LEAST);
        let mut near = BTreeSet::new();
        for (segment, scope) in self.scopes.iter().enumerate() {
            for Neighbour { row, .. } in self.nearest(scope, query..query + 1, count)?.concat() {
                near.insert(self.snapshot.group_of_row(RowAt { segment, row })?);
            }
        }
        let drugs = Drugs::new(self.snapshot, &self.scopes, near)?;
        Ok(self.best_drugs(&drugs, query..query + 1)?.concat())
    }
}

fn by_graph(snapshot: &Snapshot, scorer: &impl Scorer, search: Search) -> Result<bool, DbError> {
    let graph = snapshot.segments().iter().all(|segment| scorer.has_graph(segment));
    match search {
        Search::Exact => Ok(false),
        Search::Auto => Ok(graph && snapshot.rows() > SCAN_AT_MOST),
        Search::Ann if graph => Ok(true),
        Search::Ann => Err(DbError::NoGraph { path: snapshot.path().to_owned() }),
    }
}

/// Cuts what was found when asked for `ask` rows to the best `count`, with ties, other than `own`; false where ties may go on
/// beyond what was found.
fn settle(near: &mut Vec<Neighbour>, ask: usize, count: usize, own: Option<u32>) -> bool {
    let all = near.len() < ask;
    near.retain(|neighbour| Some(neighbour.row) != own);
    let last = count.checked_sub(1).and_then(|last| near.get(last)).map(|last| last.similarity);
    let ties_end = last.is_none_or(|last| near.last().is_some_and(|n| n.similarity < last));
    keep_best(near, count, |neighbour| neighbour.similarity);
    all || ties_end
}
