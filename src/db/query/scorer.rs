//! Scores of rows for many questions at a time.

use std::ops::Range;

use l1kdb_index::{Neighbour, Queries};
use roaring::RoaringBitmap;

use crate::db::DbError;
use crate::db::snapshot::LiveSegment;

/// Questions by which rows are scored; the nearer a row, the larger its score. Every call is about many rows, so that a way to
/// score can read them in whatever order and company is quickest.
pub(super) trait Scorer: Sync {
    /// Returns the number of questions.
    fn len(&self) -> usize;

    /// Calls `each` with the scores of some rows for the questions of these numbers, a tile of rows after another: the place of the
    /// question among those asked, that of the tile's first row among `rows`, and the scores in their order.
    fn score(
        &self,
        segment: &LiveSegment,
        asked: &(impl ExactSizeIterator<Item = usize> + Clone),
        rows: &[u32],
        each: impl FnMut(usize, usize, &mut [f32]),
    ) -> Result<(), DbError>;

    /// Returns the `count` best rows for each of some questions, best first, by looking at all rows or at those `within`.
    fn best(
        &self,
        segment: &LiveSegment,
        questions: Range<usize>,
        count: usize,
        within: Option<&RoaringBitmap>,
    ) -> Result<Vec<Vec<Neighbour>>, DbError>;

    /// Tells whether a segment has a graph that leads to the best rows.
    fn has_graph(&self, segment: &LiveSegment) -> bool;

    /// Returns nearly always what [`best`](Self::best) does for a question, by a walk over the graph.
    fn walk(
        &self,
        segment: &LiveSegment,
        question: usize,
        count: usize,
        within: Option<&RoaringBitmap>,
    ) -> Result<Vec<Neighbour>, DbError>;
}

/// Scores rows by the cosine similarity of their embeddings with those asked about.
#[derive(Debug)]
pub(super) struct EmbeddingScorer<'a> {
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
