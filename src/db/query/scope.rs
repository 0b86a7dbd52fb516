//! Which rows take part in the answers to many queries.

use std::ops::Range;

use roaring::RoaringBitmap;

use crate::db::segment::Segment;
use crate::db::{Db, DbError};

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

    /// Of each query, the place among `rows` of the row that it leaves out.
    pub fn own_places(&self, queries: Range<usize>, rows: &[u32]) -> Vec<Option<usize>> {
        queries.map(|query| place(rows, self.own(query)?)).collect()
    }

    /// Makes no number of the similarity with the row that a query leaves out.
    pub fn leave_out(&self, query: usize, rows: &[u32], similarities: &mut [f32]) {
        if let Some(place) = self.own(query).and_then(|own| place(rows, own)) {
            similarities[place] = f32::NAN;
        }
    }
}

fn place(rows: &[u32], own: u32) -> Option<usize> {
    rows.iter().position(|&row| row == own)
}
