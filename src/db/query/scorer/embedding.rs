//! Scores of rows by their embeddings.

use std::ops::Range;

use l1kdb_index::{Neighbour, Queries};
use roaring::RoaringBitmap;

use super::Scorer;
use crate::db::DbError;
use crate::db::snapshot::LiveSegment;

/// Scores rows by the cosine similarity of their embeddings with those asked about.
#[derive(Debug)]
pub(in crate::db::query) struct EmbeddingScorer<'a> {
    dim: usize,
    /// questions x dim, row-major.
    values: &'a [f32],
    queries: Queries<'a>,
}

impl<'a> EmbeddingScorer<'a> {
    /// Takes embeddings, row by row.
    ///
    /// # Errors
    /// Values that do not fill whole embeddings; an embedding that is zero or not finite.
    pub fn new(dim: usize, values: &'a [f32]) -> Result<Self, DbError> {
        if !values.len().is_multiple_of(dim) {
            return Err(DbError::Dimension { expected: dim, found: values.len() });
        }
        Ok(Self { dim, values, queries: Queries::new(dim, values)? })
    }

    fn embeddings(&self, questions: Range<usize>) -> &'a [f32] {
        &self.values[questions.start * self.dim..questions.end * self.dim]
    }
}

impl Scorer for EmbeddingScorer<'_> {
    fn len(&self) -> usize {
        self.queries.len()
    }

    fn score(
        &self,
        segment: &LiveSegment,
        asked: &(impl ExactSizeIterator<Item = usize> + Clone),
        rows: &[u32],
        each: impl FnMut(usize, usize, &mut [f32]),
    ) -> Result<(), DbError> {
        Ok(segment.index().similarities_in_tiles(&self.queries, asked, rows, each)?)
    }

    fn best(
        &self,
        segment: &LiveSegment,
        questions: Range<usize>,
        count: usize,
        within: Option<&RoaringBitmap>,
    ) -> Result<Vec<Vec<Neighbour>>, DbError> {
        Ok(segment.index().exact_batch(self.embeddings(questions), count, within)?)
    }

    fn is_slow(&self) -> bool {
        false
    }

    fn has_graph(&self, segment: &LiveSegment) -> bool {
        segment.index().has_graph()
    }

    fn walk(
        &self,
        segment: &LiveSegment,
        question: usize,
        count: usize,
        within: Option<&RoaringBitmap>,
    ) -> Result<Vec<Neighbour>, DbError> {
        Ok(segment.index().ann(self.embeddings(question..question + 1), count, None, within)?)
    }
}
