//! Which rows take part in the answers to many queries.

use std::ops::Range;

use roaring::RoaringBitmap;

use super::segment::Segment;
use super::{Db, DbError};

/// What of a segment takes part.
pub(super) struct Scope<'a> {
    pub segment: &'a Segment,
    pub within: Option<RoaringBitmap>,
    /// The row that each query leaves out; empty where none does.
    without: Vec<Option<u32>>,
}

impl<'a> Scope<'a> {
    /// What of each segment takes part. `without` is empty or names a signature for each query.
    pub fn of_segments(
        db: &'a Db,
        filters: &[(String, Vec<String>)],
        without: &[String],
    ) -> Result<Vec<Self>, DbError> {
        let mut scopes = Vec::new();
        for (segment, within) in db.segments.iter().zip(db.rows_within(filters)?) {
            let without = without.iter().map(|id| segment.row_of(id)).collect::<Result<_, _>>()?;
            scopes.push(Self { segment, within, without });
        }
        Ok(scopes)
    }

    /// The row that a query leaves out.
    pub fn own(&self, query: usize) -> Option<u32> {
        self.without.get(query).copied().flatten()
    }

    /// Makes no number of the similarity of each query with the row that it leaves out.
    pub fn leave_out(&self, queries: Range<usize>, rows: &[u32], similarities: &mut [f32]) {
        for (query, similarities) in queries.zip(similarities.chunks_exact_mut(rows.len().max(1))) {
            if let Some(place) = self.own(query).and_then(|own| rows.iter().position(|&row| row == own)) {
                similarities[place] = f32::NAN;
            }
        }
    }
}
