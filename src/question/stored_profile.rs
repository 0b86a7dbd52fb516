//! A profile that a database keeps, over the genes that are asked for.

use super::QuestionError;
use crate::db::{Db, DbError};
use crate::profile::Universe;

/// Returns a stored profile over the genes of a universe, NaN for genes that the database does not keep.
pub(super) fn stored_profile(db: &Db, sig_id: &str, universe: Universe) -> Result<Vec<f32>, QuestionError> {
    let missing = || DbError::NoProfiles { path: db.path().to_owned() };
    Ok(kept_profile(db, sig_id, universe)?.ok_or_else(missing)?)
}

/// The same; `None` where the database keeps no profiles.
pub(super) fn kept_profile(db: &Db, sig_id: &str, universe: Universe) -> Result<Option<Vec<f32>>, DbError> {
    let Some(values) = db.profile(sig_id)? else { return Ok(None) };
    if universe == db.universe() {
        return Ok(Some(values));
    }
    let value = |gene| universe.position_in(gene, db.universe()).map_or(f32::NAN, |at| values[at]);
    Ok(Some((0..universe.size()).map(value).collect()))
}
