//! The drugs of a database, and their classes.

use std::sync::OnceLock;

use crate::db::{Db, DbError, DrugRecord};
use crate::enrichment::{DrugAnnotations, DrugClasses};

/// The drugs of a database, and their classes.
pub(in crate::question) struct Described {
    pub drugs: Vec<DrugRecord>,
    pub classes: DrugClasses,
}

impl Described {
    /// Reads them, once.
    pub fn once<'a>(kept: &'a OnceLock<Self>, db: &Db) -> Result<&'a Self, DbError> {
        if let Some(described) = kept.get() {
            return Ok(described);
        }
        let drugs = db.drug_records()?;
        let classes = classes_of(&drugs);
        Ok(kept.get_or_init(|| Self { drugs, classes }))
    }
}

/// The classes of a database's drugs.
pub(super) fn classes_of(drugs: &[DrugRecord]) -> DrugClasses {
    DrugClasses::of(drugs.iter().map(|drug| DrugAnnotations {
        atc: &drug.atc,
        mechanisms: &drug.moa,
        targets: &drug.targets,
    }))
}
