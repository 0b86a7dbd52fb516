//! The best rows by looking at the score of each.

use std::ops::Range;

use l1kdb_index::Neighbour;
use roaring::RoaringBitmap;

use super::Scorer;
use crate::db::DbError;
use crate::db::snapshot::LiveSegment;

/// Rows that are kept before any is dropped.
const LEAST: usize = 256;

/// Returns the `count` best rows for each of some questions, best first, by scoring all rows or those `within`. A score that is no number
/// takes no part.
pub(super) fn best_of_all(
    scorer: &impl Scorer,
    segment: &LiveSegment,
    questions: Range<usize>,
    count: usize,
    within: Option<&RoaringBitmap>,
) -> Result<Vec<Vec<Neighbour>>, DbError> {
    let rows: Vec<u32> = match within {
        Some(within) => within.iter().collect(),
        None => (0..segment.rows() as u32).collect(),
    };
    let mut best: Vec<_> = questions.clone().map(|_| Best::new(count)).collect();
    scorer.score(segment, &questions, &rows, |place, first, scores| {
        best[place].add(&rows[first..], scores);
    })?;
    Ok(best.into_iter().map(Best::finish).collect())
}

/// The best rows so far, at most twice as many as are asked for.
struct Best {
    count: usize,
    rows: Vec<Neighbour>,
}

impl Best {
    fn new(count: usize) -> Self {
        Self { count, rows: Vec::new() }
    }

    fn add(&mut self, rows: &[u32], scores: &[f32]) {
        let scored = rows.iter().zip(scores).filter(|(_, score)| !score.is_nan());
        self.rows.extend(scored.map(|(&row, &similarity)| Neighbour { row, similarity }));
        if self.rows.len() > self.count.saturating_mul(2).max(LEAST) {
            self.cut();
        }
    }

    fn cut(&mut self) {
        if self.count < self.rows.len() {
            self.rows.select_nth_unstable_by(self.count, Neighbour::nearest_first);
            self.rows.truncate(self.count);
        }
    }

    fn finish(mut self) -> Vec<Neighbour> {
        self.cut();
        self.rows.sort_unstable_by(Neighbour::nearest_first);
        self.rows
    }
}
