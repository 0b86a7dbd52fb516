//! Scores of rows by their embeddings.

use std::ops::Range;

use l1kdb_index::{Neighbour, Queries};
use roaring::RoaringBitmap;

use super::Scorer;
use super::best::best_of_all;
use crate::db::DbError;
use crate::db::snapshot::{LiveSegment, Snapshot};

/// Scores rows by the cosine similarity of their embeddings with those asked about, or by twice that less how near each row is to its
/// own neighbours.
#[derive(Debug)]
pub(in crate::db::query) struct EmbeddingScorer<'a> {
    dim: usize,
    /// questions x dim, row-major.
    values: &'a [f32],
    queries: Queries<'a>,
    nearness: Option<Nearness<'a>>,
}

/// How near each row is to its own neighbours.
#[derive(Debug)]
struct Nearness<'a> {
    snapshot: &'a Snapshot,
    /// Of all rows of the files, one segment after another.
    values: &'a [f32],
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
        Ok(Self { dim, values, queries: Queries::new(dim, values)?, nearness: None })
    }

    /// Scores by twice the similarity less the nearness of a row (cross-domain similarity local scaling, Conneau et al. 2018; what
    /// is the same for all rows of a query is left out). There is one value for each row of the files.
    pub fn less(self, snapshot: &'a Snapshot, values: &'a [f32]) -> Self {
        Self { nearness: Some(Nearness { snapshot, values }), ..self }
    }

    fn embeddings(&self, questions: Range<usize>) -> &'a [f32] {
        &self.values[questions.start * self.dim..questions.end * self.dim]
    }
}

impl Nearness<'_> {
    /// The values of a segment's rows.
    fn of(&self, segment: &LiveSegment) -> &[f32] {
        let mut start = 0;
        for other in self.snapshot.segments() {
            let end = start + other.segment().rows();
            if std::ptr::eq(other, segment) {
                return self.values.get(start..end).unwrap_or_default();
            }
            start = end;
        }
        &[]
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
        mut each: impl FnMut(usize, usize, &mut [f32]),
    ) -> Result<(), DbError> {
        let Some(nearness) = &self.nearness else {
            return Ok(segment.index().similarities_in_tiles(&self.queries, asked, rows, each)?);
        };
        let near = nearness.of(segment);
        let less = |query: usize, first: usize, scores: &mut [f32]| {
            for (score, &row) in scores.iter_mut().zip(&rows[first..]) {
                *score = 2.0 * *score - near.get(row as usize).copied().unwrap_or(f32::NAN);
            }
            each(query, first, scores);
        };
        Ok(segment.index().similarities_in_tiles(&self.queries, asked, rows, less)?)
    }

    fn best(
        &self,
        segment: &LiveSegment,
        questions: Range<usize>,
        count: usize,
        within: Option<&RoaringBitmap>,
    ) -> Result<Vec<Vec<Neighbour>>, DbError> {
        if self.nearness.is_some() {
            return best_of_all(self, segment, questions, count, within);
        }
        Ok(segment.index().exact_batch(self.embeddings(questions), count, within)?)
    }

    fn is_slow(&self) -> bool {
        false
    }

    fn has_graph(&self, segment: &LiveSegment) -> bool {
        self.nearness.is_none() && segment.index().has_graph()
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
