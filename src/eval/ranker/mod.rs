//! The exact rank of every positive among all negatives of its query.
//!
//! A sort of all similarities of a query would tell, and costs ten times as much as computing them. Here each is
//! counted in one of 4,096 bins; only those that share a bin with a positive's similarity are compared with it.
//!
//! | file | responsibility |
//! |---|---|
//! | `tile` | similarities of twelve queries with 4,096 candidates at a time |
//! | `bins` | from a similarity to its bin |
//! | `thresholds` | the positives of one query, in order |
//! | `count` | the counts of one query |
//! | `overlap` | how similar positives and negatives are, over all queries |
//! | `wide` | one query in double precision, where single would rank wrongly |

mod bins;
mod count;
mod overlap;
mod thresholds;
pub(super) mod tile;
mod wide;

use std::sync::Mutex;

use rayon::prelude::*;

use super::positives::Positives;
use super::wide::Wide;
use super::{EvalError, PreparedRows};
use crate::progress::Progress;
use crate::simd::{Simd, Work, with_vectors};
use crate::stats::SimilarityHistogram;
use bins::Bins;
use count::{Counter, Scratch};
use overlap::Bin;
use tile::{Blocks, Queries, Similarities, TOGETHER};

/// Queries that go through the candidates together, so that a tile is read from far away once for all of them.
const GROUP: usize = 3 * TOGETHER;
/// Queries and candidates whose similarities place the bins.
const SAMPLE: usize = 256;

/// Ranks of the positives of one query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryRanks {
    /// Row of the query.
    pub query: usize,
    /// Number of negatives that the positives were ranked among.
    pub negatives: u32,
    /// Rows of its positives, ascending.
    pub positives: Vec<u32>,
    /// For every positive, twice the negatives above it plus those equal to it.
    pub doubled: Vec<u32>,
}

impl QueryRanks {
    /// Returns the quantiles of the positives, in their order: the share of negatives that are more similar, ties half.
    pub fn quantiles(&self) -> impl Iterator<Item = f64> {
        let doubled_negatives = 2.0 * f64::from(self.negatives);
        self.doubled.iter().map(move |&rank| f64::from(rank) / doubled_negatives)
    }
}

/// Candidates made ready to be scanned by queries.
pub struct ExactRanker<'a> {
    prepared: &'a PreparedRows,
    positives: &'a Positives<'a>,
    /// Rows that positives are ranked among.
    candidates: Vec<u32>,
    blocks: Blocks,
    /// Where only some rows are candidates: which.
    among: Option<Vec<bool>>,
    bins: Bins,
}

impl<'a> ExactRanker<'a> {
    /// Makes ready to rank positives among `candidates`, given by row; among all rows for `None`.
    ///
    /// # Errors
    /// When `prepared` and `positives` do not have the same number of rows, or a candidate is no row or named twice.
    pub fn new(
        prepared: &'a PreparedRows,
        positives: &'a Positives<'a>,
        candidates: Option<&[u32]>,
    ) -> Result<Self, EvalError> {
        if prepared.rows() != positives.rows() {
            return Err(EvalError::Rows { embeddings: prepared.rows(), labels: positives.rows() });
        }
        let among = candidates.map(|rows| among(rows, prepared.rows())).transpose()?;
        let candidates = candidates.map_or_else(|| (0..prepared.rows() as u32).collect(), <[u32]>::to_vec);
        let bins = Bins::over(sample(prepared, &candidates));
        // Of rows in double precision no product is computed in single.
        let blocks = Blocks::new(prepared, if prepared.wide().is_none() { &candidates } else { &[] });
        Ok(Self { prepared, positives, candidates, blocks, among, bins })
    }

    /// Ranks the positives of every query that has a positive and a negative, and calls `each` with what was found,
    /// from several threads. The answers are in the order of `queries`; they do not depend on the number of threads.
    ///
    /// # Errors
    /// [`EvalError::Unranked`] when counts do not add up, which no finite values have been seen to do.
    pub fn rank<T: Send>(
        &self,
        queries: &[u32],
        progress: &dyn Progress,
        each: impl Fn(QueryRanks) -> T + Sync,
    ) -> Result<(Vec<T>, SimilarityHistogram), EvalError> {
        let overlap = Mutex::new(Bin::none());
        let groups = queries.par_chunks(GROUP).map_init(Bench::new, |bench, group| {
            let (found, bins) = self.group(group, bench)?;
            overlap.lock().unwrap_or_else(std::sync::PoisonError::into_inner).add(&bins);
            progress.advance(group.len() as u64);
            Ok(found.into_iter().map(&each).collect::<Vec<T>>())
        });
        let groups: Result<Vec<Vec<T>>, EvalError> = groups.collect();
        let overlap = overlap.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        Ok((groups?.into_iter().flatten().collect(), overlap.named(self.bins, self.unit())))
    }

    fn group(&self, queries: &[u32], bench: &mut Bench) -> Result<(Vec<QueryRanks>, Bin), EvalError> {
        match self.prepared.wide() {
            Some(rows) => Ok(self.ranks_in_double(rows, queries)),
            None => with_vectors(Group { ranker: self, queries, bench }),
        }
    }

    /// Returns what a similarity of 1 in the bins is.
    fn unit(&self) -> f64 {
        self.prepared.wide().map_or(1.0, Wide::unit)
    }

    /// Computes the similarities of the positives: the thresholds of the count.
    #[inline(always)]
    fn prepare<S: Simd>(&self, simd: S, query: u32, asked: &mut Asked) {
        self.positives.sort(query as usize, &mut asked.positives, &mut asked.left_out);
        asked.query = query;
        asked.left_out.push(query);
        let values = self.prepared.query(query as usize);
        asked.thresholds.clear();
        tile::one(simd, self.prepared, values, &asked.positives, &mut asked.thresholds);
        asked.others.clear();
        tile::one(simd, self.prepared, values, &asked.left_out, &mut asked.others);
        asked.counter.begin(self.bins, &asked.thresholds);
    }

    /// Takes the query's own rows out of the counts; what is left is about negatives.
    #[inline(always)]
    fn finish(&self, asked: &mut Asked, bins: &mut Bin) -> Option<Result<QueryRanks, EvalError>> {
        let own = asked.positives.iter().zip(&asked.thresholds);
        let own = own.chain(asked.left_out.iter().zip(&asked.others));
        asked.own.clear();
        asked.own.extend(own.filter(|(row, _)| self.is_candidate(**row)).map(|(_, &similarity)| similarity));
        let negatives = self.blocks.len() - asked.own.len();
        if asked.positives.is_empty() || negatives == 0 {
            return None;
        }
        let counted = asked.counter.finish(self.bins, &asked.own);
        bins.add_query(self.bins, counted.histogram, &asked.thresholds);
        let row = asked.query as usize;
        let most = 2 * negatives as u64;
        let doubled: Option<Vec<u32>> =
            counted.doubled().map(|doubled| (doubled <= most).then_some(doubled as u32)).collect();
        Some(doubled.ok_or(EvalError::Unranked { row: row.into() }).map(|doubled| QueryRanks {
            query: row,
            negatives: negatives as u32,
            doubled,
            positives: asked.positives.clone(),
        }))
    }

    fn is_candidate(&self, row: u32) -> bool {
        self.among.as_ref().is_none_or(|among| among[row as usize])
    }
}

/// Marks the rows that are candidates.
fn among(candidates: &[u32], rows: usize) -> Result<Vec<bool>, EvalError> {
    let mut among = vec![false; rows];
    for &row in candidates {
        match among.get_mut(row as usize) {
            Some(is_candidate) if !*is_candidate => *is_candidate = true,
            _ => return Err(EvalError::Candidate { row, rows }),
        }
    }
    Ok(among)
}

/// A few queries and the bench that they are worked on.
struct Group<'a> {
    ranker: &'a ExactRanker<'a>,
    queries: &'a [u32],
    bench: &'a mut Bench,
}

impl Work for Group<'_> {
    type Output = Result<(Vec<QueryRanks>, Bin), EvalError>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Self::Output {
        let Self { ranker, queries, bench } = self;
        let asked = &mut bench.asked[..queries.len()];
        for (asked, &query) in asked.iter_mut().zip(queries) {
            ranker.prepare(simd, query, asked);
        }
        let dim = ranker.prepared.dim();
        let pack =
            |rows: &[u32]| Queries::new(dim, rows.iter().map(|&row| ranker.prepared.query(row as usize)));
        let packed: Vec<Queries> = queries.chunks(TOGETHER).map(pack).collect();
        for (tile, candidates) in ranker.blocks.tiles() {
            for (queries, asked) in packed.iter().zip(asked.chunks_mut(TOGETHER)) {
                tile::product(simd, queries, tile, dim, &mut bench.similarities);
                for (asked, similarities) in asked.iter_mut().zip(bench.similarities.rows()) {
                    asked.counter.add(ranker.bins, &similarities[..candidates], &mut bench.scratch);
                }
            }
        }
        let mut bins = Bin::none();
        let mut found = Vec::with_capacity(queries.len());
        for asked in asked {
            if let Some(ranks) = ranker.finish(asked, &mut bins) {
                found.push(ranks?);
            }
        }
        Ok((found, bins))
    }
}

/// Similarities of some queries with some candidates, evenly spread over both.
fn sample(prepared: &PreparedRows, rows: &[u32]) -> Vec<f32> {
    let step = rows.len().div_ceil(SAMPLE).max(1);
    let chosen: Vec<u32> = rows.iter().copied().step_by(step).collect();
    let mut sample = Vec::new();
    for &query in chosen.iter().step_by(chosen.len().div_ceil(SAMPLE / 4).max(1)) {
        match prepared.wide() {
            None => {
                let query = prepared.query(query as usize);
                with_vectors(One { prepared, query, rows: &chosen, out: &mut sample });
            }
            Some(rows) => {
                let compared = rows.compare(query as usize, &chosen).into_iter();
                sample.extend(compared.map(|compared| rows.shown(query as usize, compared)));
            }
        }
    }
    sample
}

/// The similarities of one query with some rows.
struct One<'a> {
    prepared: &'a PreparedRows,
    query: &'a [f32],
    rows: &'a [u32],
    out: &'a mut Vec<f32>,
}

impl Work for One<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        tile::one(simd, self.prepared, self.query, self.rows, self.out);
    }
}

/// Buffers that one thread keeps from group to group.
struct Bench {
    asked: Vec<Asked>,
    similarities: Similarities,
    scratch: Scratch,
}

impl Bench {
    fn new() -> Self {
        Self {
            asked: (0..GROUP).map(|_| Asked::new()).collect(),
            similarities: Similarities::new(),
            scratch: Scratch::new(),
        }
    }
}

/// One query of a group.
struct Asked {
    query: u32,
    positives: Vec<u32>,
    /// Similarities of the positives.
    thresholds: Vec<f32>,
    /// The query itself, and positives that are excluded.
    left_out: Vec<u32>,
    /// Their similarities.
    others: Vec<f32>,
    /// Similarities of those of both that are candidates.
    own: Vec<f32>,
    counter: Counter,
}

impl Asked {
    fn new() -> Self {
        Self {
            query: 0,
            positives: Vec::new(),
            thresholds: Vec::new(),
            left_out: Vec::new(),
            others: Vec::new(),
            own: Vec::new(),
            counter: Counter::new(),
        }
    }
}

#[cfg(test)]
mod tests;
