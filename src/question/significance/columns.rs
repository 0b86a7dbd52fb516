//! P and q of hits.

use crate::db::{Db, DbError, DrugHit, FurtherScore, ScoredDrugs};
use crate::stats::{NullTables, benjamini_hochberg, standardise};

/// Names of the columns.
pub(in crate::question) const COLUMNS: [&str; 2] = ["p", "q"];

/// A false discovery rate that has to be within reach, or none is told.
pub(super) const REACHABLE: f64 = 0.1;

/// Adds p and q to the hits of each query, and leaves the scores of all drugs standardised.
pub(in crate::question) fn add(
    db: &Db,
    nulls: &NullTables<'_>,
    found: &mut ScoredDrugs,
) -> Result<(), DbError> {
    for (hits, scores) in found.hits.iter_mut().zip(&mut found.scores) {
        standardise(scores);
        let p = nulls.p_values(scores);
        let q = if can_reach(nulls, &p) { benjamini_hochberg(&p) } else { vec![None; p.len()] };
        for hit in hits {
            let number = db.drug_number(&hit.best_sig_id)?;
            let of = |values: &[Option<f64>]| number.and_then(|number| *values.get(number)?);
            let values = COLUMNS.into_iter().zip([of(&p), of(&q)]);
            hit.further.extend(values.map(|(name, value)| FurtherScore::new(name, value)));
        }
    }
    Ok(())
}

/// Adds columns without values.
pub(in crate::question) fn add_empty(hit: &mut DrugHit) {
    hit.further.extend(COLUMNS.map(|name| FurtherScore::new(name, None)));
}

/// Tells whether one lone hit could be significant among all drugs.
fn can_reach(nulls: &NullTables<'_>, p: &[Option<f64>]) -> bool {
    let drugs = p.iter().flatten().count();
    nulls.smallest() * drugs as f64 <= REACHABLE
}
