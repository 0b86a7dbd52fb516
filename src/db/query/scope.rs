//! Which rows take part in the answers to many questions.

use std::ops::Range;

use roaring::RoaringBitmap;

use super::filter::{self, Filter};
use crate::db::DbError;
use crate::db::snapshot::{LiveSegment, Snapshot};

/// What of a segment takes part.
pub(super) struct Scope<'a> {
    pub segment: &'a LiveSegment,
    /// The live rows that pass the filter; `None` where nothing is filtered.
    filtered: Option<RoaringBitmap>,
    /// The row that each question leaves out; empty where none does.
    without: Vec<Option<u32>>,
}

impl<'a> Scope<'a> {
    /// Returns what of each segment takes part. `without` is empty or names a signature for each question.
    pub fn of_segments(
        snapshot: &'a Snapshot,
        filter: Option<&Filter>,
        without: &[String],
    ) -> Result<Vec<Self>, DbError> {
        let mut filtered =
            filter.map(|filter| filter::rows(snapshot, filter)).transpose()?.map(Vec::into_iter);
        let mut scopes = Vec::new();
        for segment in snapshot.segments() {
            let filtered = filtered.as_mut().and_then(Iterator::next);
            let without = without.iter().map(|id| segment.row_of(id)).collect::<Result<_, _>>()?;
            scopes.push(Self { segment, filtered, without });
        }
        Ok(scopes)
    }

    /// Returns the rows that take part; `None` where all of the file do.
    pub fn within(&self) -> Option<&RoaringBitmap> {
        self.filtered.as_ref().or(self.segment.live())
    }

    /// Returns the rows that take part, one by one.
    pub fn rows(&self) -> Vec<u32> {
        match &self.filtered {
            Some(rows) => rows.iter().collect(),
            None => self.segment.live_rows().collect(),
        }
    }

    /// Returns the row that a question leaves out.
    pub fn own(&self, question: usize) -> Option<u32> {
        self.without.get(question).copied().flatten()
    }

    /// Finds among `rows` the rows that some questions leave out.
    pub fn left_out(&self, questions: Range<usize>, rows: &[u32]) -> LeftOut {
        let place = |own| rows.iter().position(|&row| row == own);
        LeftOut(questions.map(|question| self.own(question).and_then(place)).collect())
    }
}

/// Of each of some questions, the place of the row that it leaves out.
pub(super) struct LeftOut(Vec<Option<usize>>);

impl LeftOut {
    /// Makes the score of the row that a question leaves out no number, if it is among `scores`, of the rows from the place
    /// `first` on.
    pub fn take_out(&self, question: usize, first: usize, scores: &mut [f32]) {
        let at = self.0[question].and_then(|place| place.checked_sub(first));
        if let Some(score) = at.and_then(|at| scores.get_mut(at)) {
            *score = f32::NAN;
        }
    }
}
