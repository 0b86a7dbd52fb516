//! The drugs of one query, as they are scored.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::drugs::Drugs;
use super::score::{Scored, in_order, keep_best, ordered};
use super::terms::Terms;
use crate::db::snapshot::RowAt;

/// A drug that was scored, before anything about it was read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub group: usize,
    pub score: f32,
    pub signatures: usize,
    pub best: Best,
}

/// A drug's most similar signature; the first of several.
#[derive(Debug, Clone, Copy)]
pub(super) struct Best {
    pub at: RowAt,
    pub similarity: f32,
}

/// The drugs of a query that were scored so far.
pub(super) struct Ranked<'a> {
    drugs: &'a Drugs,
    terms: Terms,
    best: BestScores,
    candidates: Vec<Candidate>,
}

impl<'a> Ranked<'a> {
    pub fn new(drugs: &'a Drugs, terms: Terms) -> Self {
        Self { drugs, terms, best: BestScores::new(terms.top), candidates: Vec::new() }
    }

    /// Returns the score that another drug has to reach.
    pub fn least(&self) -> f32 {
        self.best.least()
    }

    /// Scores a drug by the similarities of its rows, `most` the largest, unless it cannot come in. One that is not finite takes no
    /// part.
    pub fn add(&mut self, drug: usize, most: f32, similarities: &mut [f32]) {
        let score = self.terms.score;
        let cannot = |last| most < last || !score.may_reach(last, most, similarities);
        if self.best.last().is_some_and(cannot) {
            return;
        }
        let Some(Scored { score, most, place, signatures }) = score.scored(most, similarities) else {
            return;
        };
        let Some(at) = self.drugs.row(drug, place) else { return };
        self.best.add(score);
        let (group, best) = (self.drugs.group(drug), Best { at, similarity: most });
        self.candidates.push(Candidate { group, score, signatures, best });
    }

    /// Returns the best drugs with ties, best first.
    pub fn finish(mut self) -> Vec<Candidate> {
        self.candidates.sort_unstable_by_key(|candidate| candidate.group);
        keep_best(&mut self.candidates, self.terms.top, |candidate| candidate.score);
        self.candidates
    }
}

/// The best scores so far.
pub(super) struct BestScores {
    most: usize,
    worst_first: BinaryHeap<Reverse<i32>>,
}

impl BestScores {
    pub fn new(most: usize) -> Self {
        Self { most, worst_first: BinaryHeap::new() }
    }

    /// The worst of them, once there are as many as are asked for.
    fn last(&self) -> Option<f32> {
        let is_full = self.worst_first.len() == self.most;
        is_full.then(|| self.worst_first.peek().map_or(f32::INFINITY, |&Reverse(worst)| in_order(worst)))
    }

    /// Returns what another score has to reach: the worst of them, or anything as long as there are fewer than asked for.
    pub fn least(&self) -> f32 {
        self.last().unwrap_or(f32::NEG_INFINITY)
    }

    pub fn add(&mut self, score: f32) {
        if self.last().is_some_and(|last| score <= last) {
            return;
        }
        self.worst_first.push(Reverse(ordered(score)));
        if self.worst_first.len() > self.most {
            self.worst_first.pop();
        }
    }
}
