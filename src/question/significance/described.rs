//! The drugs of a database, and their classes.

use std::sync::OnceLock;

use crate::db::{Db, DbError, DrugRecord};
use crate::enrichment::{ClassKind, DrugAnnotations, DrugClasses, Voters};

/// The drugs of a database, and their classes.
pub(in crate::question) struct Described {
    pub drugs: Vec<DrugRecord>,
    pub classes: DrugClasses,
    /// The classes that are called.
    pub voters: Vec<Voters>,
}

impl Described {
    /// Reads them, once.
    pub fn once<'a>(kept: &'a OnceLock<Self>, db: &Db) -> Result<&'a Self, DbError> {
        if let Some(described) = kept.get() {
            return Ok(described);
        }
        let drugs = db.drug_records()?;
        let (classes, voters) = (classes_of(&drugs), voters_of(&drugs));
        Ok(kept.get_or_init(|| Self { drugs, classes, voters }))
    }
}

/// The classes of a database's drugs.
pub(super) fn classes_of(drugs: &[DrugRecord]) -> DrugClasses {
    DrugClasses::of(annotations(drugs))
}

/// The ATC classes of level 1 and the mechanisms of a database's drugs.
pub(super) fn voters_of(drugs: &[DrugRecord]) -> Vec<Voters> {
    [ClassKind::Atc, ClassKind::Mechanism].map(|kind| Voters::of(kind, annotations(drugs))).into()
}

fn annotations(drugs: &[DrugRecord]) -> impl Iterator<Item = DrugAnnotations<'_>> {
    drugs.iter().map(|drug| DrugAnnotations { atc: &drug.atc, mechanisms: &drug.moa, targets: &drug.targets })
}
