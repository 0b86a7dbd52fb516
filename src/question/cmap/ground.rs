//! The signatures of a database as CMap's chain sees them.

use std::collections::{BTreeMap, HashSet};

use crate::db::{Db, DbError, Filter, Population, Queries};

/// Columns that mark signatures.
const REFERENCE: &str = "is_ncs_sig";
const NULL: &str = "is_null_sig";

/// What a mark is where it is set.
const SET: [&str; 3] = ["1", "true", "1.0"];

/// Types of perturbagens that count as compounds.
const COMPOUNDS: [&str; 2] = ["trt_poscon", "ctl_vehicle"];

/// The signatures of a database, with what normalising takes.
pub struct Ground {
    pub population: Population,
    /// Of each signature, the number of its cell line and type of perturbagen.
    pub groups: Vec<u32>,
    /// Of each signature, whether means are made of it.
    pub reference: Vec<bool>,
    /// Of each signature, whether it is a null signature.
    pub null: Vec<bool>,
    has_reference: bool,
}

impl Ground {
    /// Reads all signatures. Scores are normalised over all, whatever a filter keeps.
    pub fn read(db: &Db) -> Result<Self, DbError> {
        let population = db.queries(&[]).population()?;
        let (reference, null) = (marked(db, REFERENCE)?, marked(db, NULL)?);
        let is_in = |ids: &Option<HashSet<String>>, unless: bool| -> Vec<bool> {
            let signatures = population.signatures.iter();
            signatures.map(|row| ids.as_ref().map_or(unless, |ids| ids.contains(&row.sig_id))).collect()
        };
        let (has_reference, reference) = (reference.is_some(), is_in(&reference, true));
        let null = is_in(&null, false);
        Ok(Self { groups: groups(&population), population, reference, null, has_reference })
    }

    /// Returns of each signature whether it passes a filter, and may be a hit.
    pub fn passing(&self, db: &Db, filter: Option<Filter>) -> Result<Vec<bool>, DbError> {
        let Some(filter) = filter else { return Ok(vec![true; self.groups.len()]) };
        let passing = ids(&db.queries(&[]).filter(filter))?;
        Ok(self.population.signatures.iter().map(|row| passing.contains(&row.sig_id)).collect())
    }

    /// Returns what a user should know.
    pub fn notes(&self) -> Vec<String> {
        let all =
            "no signature has is_ncs_sig, so norm_cs is over the means of all signatures of a cell line";
        let none = "no signature has is_null_sig, so there is no fdr_q_nlog10";
        let notes = [(self.has_reference, all), (self.null.contains(&true), none)];
        notes.into_iter().filter(|(there, _)| !there).map(|(_, note)| note.to_owned()).collect()
    }
}

/// Tells whether a database has null signatures.
pub fn has_null(db: &Db) -> Result<bool, DbError> {
    Ok(marked(db, NULL)?.is_some_and(|ids| !ids.is_empty()))
}

/// The signatures whose mark is set; `None` where there is no such column.
fn marked(db: &Db, key: &str) -> Result<Option<HashSet<String>>, DbError> {
    if !db.filter_keys()?.iter().any(|known| known == key) {
        return Ok(None);
    }
    let mut all = HashSet::new();
    for value in SET {
        match ids(&db.queries(&[]).filter(Filter::any_of(key, [value]))) {
            Err(DbError::UnknownFilterValue { .. }) => {}
            found => all.extend(found?),
        }
    }
    Ok(Some(all))
}

fn ids(queries: &Queries<'_>) -> Result<HashSet<String>, DbError> {
    Ok(queries.population()?.signatures.into_iter().map(|row| row.sig_id).collect())
}

fn groups(population: &Population) -> Vec<u32> {
    let mut numbers = BTreeMap::new();
    let mut groups = Vec::with_capacity(population.signatures.len());
    for row in &population.signatures {
        let pert_type = row.pert_type.to_lowercase();
        let pert_type = if COMPOUNDS.contains(&&*pert_type) { "trt_cp".to_owned() } else { pert_type };
        let next = numbers.len() as u32;
        groups.push(*numbers.entry((row.cell_id.to_lowercase(), pert_type)).or_insert(next));
    }
    groups
}
