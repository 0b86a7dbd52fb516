//! Scores of rows for many questions at a time.
//!
//! | file | by what |
//! |---|---|
//! | `embedding` | cosine similarity of embeddings |
//! | `profile` | any score of profiles, in gene space |
//!
//! `best` finds the best rows by the score of each.

mod best;
mod embedding;
mod profile;

use std::ops::Range;

use l1kdb_index::Neighbour;
use roaring::RoaringBitmap;

use crate::db::DbError;
use crate::db::snapshot::LiveSegment;

pub(super) use embedding::EmbeddingScorer;
pub(super) use profile::ProfileScorer;

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

    /// Tells whether a score takes so long that it is better kept than computed twice.
    fn is_slow(&self) -> bool;

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
