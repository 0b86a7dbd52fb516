//! Scores of rows by their profiles, in gene space.

use std::ops::Range;

use l1kdb_index::Neighbour;
use rayon::prelude::*;
use roaring::RoaringBitmap;

use super::Scorer;
use super::best::best_of_all;
use crate::connectivity::{Score, Scratch};
use crate::db::DbError;
use crate::db::segment::Profiles;
use crate::db::snapshot::LiveSegment;
use crate::profile::Universe;

/// Rows that are scored together, for all questions. A thread holds the values of one at a time, whatever genes are kept.
const TILE: usize = 256;
/// Tiles that are scored side by side before their scores are handed on.
const TILES: usize = 64;

/// Scores rows by their profiles.
pub(in crate::db::query) struct ProfileScorer<'a> {
    questions: &'a [Box<dyn Score>],
    universe: Universe,
}

/// Memory that a thread uses again from tile to tile.
struct Memory {
    values: Vec<f32>,
    scratch: Scratch,
}

impl<'a> ProfileScorer<'a> {
    /// Takes questions that are ready to be scored against profiles of the genes that the database keeps.
    ///
    /// # Errors
    /// A question about another number of genes.
    pub fn new(questions: &'a [Box<dyn Score>], universe: Universe) -> Result<Self, DbError> {
        let expected = universe.size();
        match questions.iter().map(|question| question.genes()).find(|&genes| genes != expected) {
            Some(found) => Err(DbError::Genes { expected, found }),
            None => Ok(Self { questions, universe }),
        }
    }

    /// The scores of some rows for some questions, one question after another. What has no score is no number.
    fn tile(
        &self,
        segment: &LiveSegment,
        profiles: &Profiles<'_>,
        asked: &[usize],
        rows: &[u32],
        memory: &mut Memory,
    ) -> Result<Vec<f32>, DbError> {
        let mut scores = vec![f32::NAN; asked.len() * rows.len()];
        for (at, &row) in rows.iter().enumerate() {
            if !profiles.read(row, &mut memory.values) {
                return Err(segment.no_profile(row));
            }
            for (place, &question) in asked.iter().enumerate() {
                let score = self.questions[question].score(&memory.values, &mut memory.scratch);
                scores[place * rows.len() + at] = score.map_or(f32::NAN, |score| score as f32);
            }
        }
        Ok(scores)
    }
}

fn profiles(segment: &LiveSegment) -> Result<Profiles<'_>, DbError> {
    segment.profiles()?.ok_or_else(|| DbError::NoProfiles { path: segment.segment().path().clone() })
}

impl Scorer for ProfileScorer<'_> {
    fn len(&self) -> usize {
        self.questions.len()
    }

    fn score(
        &self,
        segment: &LiveSegment,
        asked: &(impl ExactSizeIterator<Item = usize> + Clone),
        rows: &[u32],
        mut each: impl FnMut(usize, usize, &mut [f32]),
    ) -> Result<(), DbError> {
        let (profiles, asked) = (profiles(segment)?, asked.clone().collect::<Vec<_>>());
        let memory = || Memory { values: vec![0.0; self.universe.size()], scratch: Scratch::default() };
        for (group, rows) in rows.chunks(TILE * TILES).enumerate() {
            let tiles = rows.par_chunks(TILE);
            let scores =
                tiles.map_init(memory, |memory, rows| self.tile(segment, &profiles, &asked, rows, memory));
            for (tile, scores) in scores.collect::<Vec<_>>().into_iter().enumerate() {
                let (first, mut scores) = ((group * TILES + tile) * TILE, scores?);
                let count = scores.len() / asked.len().max(1);
                let of_questions = scores.chunks_exact_mut(count.max(1)).enumerate();
                of_questions.for_each(|(place, scores)| each(place, first, scores));
            }
        }
        Ok(())
    }

    fn best(
        &self,
        segment: &LiveSegment,
        questions: Range<usize>,
        count: usize,
        within: Option<&RoaringBitmap>,
    ) -> Result<Vec<Vec<Neighbour>>, DbError> {
        best_of_all(self, segment, questions, count, within)
    }

    fn is_slow(&self) -> bool {
        true
    }

    fn has_graph(&self, _: &LiveSegment) -> bool {
        false
    }

    fn walk(
        &self,
        segment: &LiveSegment,
        question: usize,
        count: usize,
        within: Option<&RoaringBitmap>,
    ) -> Result<Vec<Neighbour>, DbError> {
        Ok(self.best(segment, question..question + 1, count, within)?.concat())
    }
}
