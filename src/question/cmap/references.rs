//! Scores of reference queries, which tau compares with.

use super::ground::Ground;
use super::normalise::{drugs, normalised};
use crate::connectivity::{Score, tau_reference};
use crate::db::Db;
use crate::profile::GeneSet;
use crate::question::prepared::gene_sets;
use crate::question::{QuestionError, ScoreBy};

/// Normalised scores of reference queries; empty without any.
#[derive(Default)]
pub struct References {
    /// Of every query those of every signature, NaN where there is none.
    norms: Vec<Vec<f32>>,
    /// Of every signature their magnitudes, sorted.
    signatures: Vec<Vec<f32>>,
}

impl References {
    /// Runs the chain of every reference query. Memory is that of all their scores.
    pub fn new(db: &Db, ground: &Ground, sets: &[GeneSet]) -> Result<Self, QuestionError> {
        if sets.is_empty() {
            return Ok(Self::default());
        }
        let mut scores: Vec<Box<dyn Score>> = Vec::new();
        for set in sets {
            let in_database = gene_sets(set, db.universe());
            let in_database = in_database
                .map_err(|source| QuestionError::Connectivity { query: set.name.clone(), source })?;
            scores.push(ScoreBy::Wtcs.prepare_sets(&set.name, &in_database)?);
        }
        let table = db.queries_by(&scores).signature_scores()?;
        let mut norms = Vec::new();
        for raw in table.rows() {
            let norm = normalised(raw, ground)?.1;
            norms.push(norm.into_iter().map(|score| score.map_or(f32::NAN, |score| score as f32)).collect());
        }
        let of_row = |row: usize| tau_reference(norms.iter().map(|norm: &Vec<f32>| known(norm[row])));
        let signatures = (0..ground.groups.len()).map(of_row).collect();
        Ok(Self { norms, signatures })
    }

    /// Tells whether there are no reference queries.
    pub fn is_empty(&self) -> bool {
        self.norms.is_empty()
    }

    /// Returns the magnitudes of a signature's scores, sorted.
    pub fn of_signature(&self, row: usize) -> Option<&[f32]> {
        self.signatures.get(row).map(Vec::as_slice)
    }

    /// Returns the magnitudes of every drug's scores, sorted: of those of its signatures that may be hits.
    pub fn of_drugs(&self, ground: &Ground, kept: &[bool]) -> Vec<Vec<f32>> {
        let mut scores = vec![Vec::new(); ground.population.drugs.len()];
        for norm in &self.norms {
            let of_query = drugs(|row| known(norm[row]), ground, kept);
            of_query.iter().for_each(|(&drug, summary)| scores[drug].push(summary.score));
        }
        scores.into_iter().map(tau_reference).collect()
    }
}

fn known(score: f32) -> Option<f64> {
    (!score.is_nan()).then_some(f64::from(score))
}
