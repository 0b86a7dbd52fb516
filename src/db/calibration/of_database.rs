//! The calibrations of a database.

use std::sync::Arc;

use super::CalibrationKey;
use super::file::Calibration;
use super::held::Held;
use crate::db::{Db, DbError};

impl Db {
    /// Returns what the calibrations of the database are of.
    pub fn calibrations(&self) -> Vec<CalibrationKey> {
        self.calibrations.iter().map(|held| held.entry.key.clone()).collect()
    }

    /// Opens the calibration for queries of a kind by a score, if there is one; once, whoever asks for it.
    ///
    /// # Errors
    /// [`DbError::Calibration`] for one that is damaged, missing, or of other signatures or another network.
    pub fn calibration(&self, key: &CalibrationKey) -> Result<Option<Arc<Calibration>>, DbError> {
        let held = self.calibrations.iter().find(|held| held.entry.key == *key);
        held.map(|held| self.opened(held)).transpose()
    }

    fn opened(&self, held: &Held<Calibration>) -> Result<Arc<Calibration>, DbError> {
        if let Some(opened) = held.opened.get() {
            return Ok(Arc::clone(opened));
        }
        let opened = Arc::new(Calibration::open(&self.snapshot, held)?);
        Ok(Arc::clone(held.opened.get_or_init(|| opened)))
    }

    /// Reads all calibrations whole; returns how many there are.
    pub(in crate::db) fn verify_calibrations(&self) -> Result<usize, DbError> {
        for held in &self.calibrations {
            Calibration::open(&self.snapshot, held)?.verify()?;
        }
        Ok(self.calibrations.len())
    }
}
