//! How crowded it is around each signature.

use super::{Db, DbError, Hubness};
use crate::progress::Progress;

/// Neighbours that are looked at; 3 to 30 do alike.
const NEIGHBOURS: usize = 10;

/// Signatures whose neighbours are looked for together.
const TOGETHER: usize = 4096;

impl Db {
    /// Computes of each row of the segments' files, one segment after another, the mean similarity of its embedding to those of its 10
    /// nearest other signatures; NaN for a row that no reader sees, and where there is no other signature.
    pub(crate) fn nearness(&self, progress: &dyn Progress) -> Result<Vec<f32>, DbError> {
        progress.begin("finding neighbours", self.signatures() as u64);
        let mut nearness = Vec::new();
        for segment in self.snapshot.segments() {
            let start = nearness.len();
            nearness.resize(start + segment.segment().rows(), f32::NAN);
            let rows: Vec<u32> = segment.live_rows().collect();
            for rows in rows.chunks(TOGETHER) {
                let mut embeddings = Vec::with_capacity(rows.len() * self.dim());
                for &row in rows {
                    embeddings.extend_from_slice(segment.vector(row)?);
                }
                let own = segment.signatures(rows.iter().copied())?.into_iter().map(|record| record.sig_id);
                let found = self.queries(&embeddings).without(own).top(NEIGHBOURS).mean_of_nearest()?;
                rows.iter().zip(found).for_each(|(&row, near)| nearness[start + row as usize] = near);
                progress.advance(rows.len() as u64);
            }
        }
        progress.end();
        Ok(nearness)
    }

    /// Returns the nearness of all rows that a calibration for answers without hubs keeps, if there is one.
    pub(crate) fn kept_nearness(&self) -> Result<Option<Vec<f32>>, DbError> {
        let key = self.calibrations().into_iter().find(|key| key.hubness == Hubness::Csls);
        let kept = key.map(|key| self.calibration(&key)).transpose()?.flatten();
        kept.map(|kept| kept.nearness()).transpose()
    }
}
