//! Scores of reference queries, which tau compares with.

use super::ground::Ground;
use super::normalise::{drugs, normalised};
use crate::connectivity::{Score, tau_reference};
use crate::db::Db;
use crate::profile::GeneSet;
use crate::question::prepared::gene_sets;
use crate::question::{QuestionError, ScoreBy};

/// Magnitudes of the scores of reference queries, sorted, of every signature and every drug; empty without reference queries.
#[derive(Default)]
pub struct References {
    signatures: Vec<Vec<f32>>,
    drugs: Vec<Vec<f32>>,
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
        let (mut signatures, mut of_drugs) =
            (vec![Vec::new(); ground.groups.len()], vec![Vec::new(); ground.population.drugs.len()]);
        for raw in table.rows() {
            let (_, norm) = normalised(raw, ground)?;
            drugs(&norm, ground).iter().for_each(|(&drug, summary)| of_drugs[drug].push(summary.score));
            signatures.iter_mut().zip(norm).for_each(|(scores, norm)| scores.push(norm));
        }
        let sorted = |scores: Vec<Vec<Option<f64>>>| scores.into_iter().map(tau_reference).collect();
        Ok(Self { signatures: sorted(signatures), drugs: sorted(of_drugs) })
    }

    /// Tells whether there are no reference queries.
    pub fn is_empty(&self) -> bool {
        self.signatures.is_empty()
    }

    /// Returns the magnitudes of a signature's scores.
    pub fn of_signature(&self, row: usize) -> Option<&[f32]> {
        self.signatures.get(row).map(Vec::as_slice)
    }

    /// Returns the magnitudes of a drug's scores.
    pub fn of_drug(&self, drug: usize) -> Option<&[f32]> {
        self.drugs.get(drug).map(Vec::as_slice)
    }
}
