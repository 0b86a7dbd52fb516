//! What the chain compares a query with.

use std::borrow::Cow;

use super::ground::Ground;
use super::references::References;
use crate::db::{Db, Filter};
use crate::profile::GeneSet;
use crate::question::QuestionError;

/// What is the same for all queries to a database, and read once.
pub struct Basis {
    pub ground: Ground,
    pub references: References,
}

/// The rows that may be hits of some queries.
pub struct Rows<'a> {
    pub basis: &'a Basis,
    /// Of each signature, whether it may be a hit.
    kept: Vec<bool>,
    /// Of each drug, the magnitudes of its scores for reference queries, sorted.
    of_drugs: Vec<Vec<f32>>,
}

impl Basis {
    /// Reads signatures, and runs reference queries.
    pub fn read(db: &Db, references: &[GeneSet]) -> Result<Self, QuestionError> {
        let ground = Ground::read(db)?;
        Ok(Self { references: References::new(db, &ground, references)?, ground })
    }

    /// Finds the rows that pass a filter.
    pub fn rows(&self, db: &Db, filter: Option<Filter>) -> Result<Rows<'_>, QuestionError> {
        let kept = self.ground.passing(db, filter)?;
        let of_drugs = self.references.of_drugs(&self.ground, &kept);
        Ok(Rows { basis: self, kept, of_drugs })
    }
}

impl Rows<'_> {
    /// Returns of each signature whether it may be a hit, without that of an id.
    pub fn without(&self, own: Option<&str>) -> Cow<'_, [bool]> {
        let signatures = &self.basis.ground.population.signatures;
        let place = own.and_then(|own| signatures.iter().position(|row| row.sig_id == own));
        let Some(place) = place else { return Cow::Borrowed(&self.kept) };
        let mut kept = self.kept.clone();
        kept[place] = false;
        Cow::Owned(kept)
    }

    /// Returns the magnitudes of a drug's scores for reference queries.
    pub fn of_drug(&self, drug: usize) -> Option<&[f32]> {
        self.of_drugs.get(drug).filter(|_| !self.basis.references.is_empty()).map(Vec::as_slice)
    }
}
