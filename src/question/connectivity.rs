//! Enrichment scores beside the connectivity that is made of them.

use rayon::prelude::*;

use super::QuestionError;
use super::hit::Hit;
use crate::connectivity::{EnrichmentScores, Scratch, WtcsQuery};
use crate::db::{Db, FurtherScore};

/// Names of the columns.
pub(super) const COLUMNS: [&str; 3] = ["raw_cs", "es_up", "es_down"];

/// Adds to the hits of each query the connectivity of its gene sets with their signatures, and the enrichment scores of both sets.
pub(super) fn add_enrichment<H: Hit>(
    db: &Db,
    queries: &[WtcsQuery],
    answers: &mut [Vec<H>],
) -> Result<(), QuestionError> {
    let of_query = |(query, hits): (&WtcsQuery, &mut Vec<H>)| -> Result<(), QuestionError> {
        let mut scratch = Scratch::default();
        hits.iter_mut().try_for_each(|hit| add(db, query, hit, &mut scratch))
    };
    if let ([query], [hits]) = (queries, &mut *answers) {
        // One query starts no threads.
        return of_query((query, hits));
    }
    queries.par_iter().zip(answers).map(of_query).collect()
}

fn add<H: Hit>(db: &Db, query: &WtcsQuery, hit: &mut H, scratch: &mut Scratch) -> Result<(), QuestionError> {
    let profile = db.profile(hit.sig_id())?;
    let scores = profile.and_then(|profile| query.enrichment(&profile, scratch));
    add_first(hit, scores);
    Ok(())
}

/// Adds connectivity and enrichment scores, before further scores that a hit has.
pub(super) fn add_first<H: Hit>(hit: &mut H, scores: Option<EnrichmentScores>) {
    hit.further().splice(0..0, columns(scores));
}

/// The connectivity and the enrichment scores as columns.
fn columns(scores: Option<EnrichmentScores>) -> impl Iterator<Item = FurtherScore> {
    let values = [
        scores.map(|scores| scores.connectivity()),
        scores.and_then(|scores| scores.up),
        scores.and_then(|scores| scores.down),
    ];
    COLUMNS.into_iter().zip(values).map(|(name, value)| FurtherScore::new(name, value))
}
