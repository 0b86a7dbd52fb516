//! A signature's row in the table of perturbagens.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;

use crate::annotate::name::{drug_key, is_reduced, letters_and_digits};
use crate::profile::Perturbagen;

/// Rows of a table by the ways to name them.
#[derive(Debug, Default)]
pub(super) struct Lookup<'a> {
    by_id: HashMap<&'a str, &'a Perturbagen>,
    by_name: HashMap<String, &'a Perturbagen>,
    /// By names that keep letters and digits only.
    by_reduced: HashMap<String, &'a Perturbagen>,
    /// How many keys look the same once they are reduced, of those that lose something by it.
    alike: HashMap<String, BTreeSet<String>>,
}

impl<'a> Lookup<'a> {
    /// Prepares to look up signatures with these names.
    pub fn new(rows: &'a [Perturbagen], names: impl Iterator<Item = &'a str>) -> Self {
        let mut lookup = Self::default();
        for row in rows {
            if let Some(id) = &row.pert_id {
                keep_first(&mut lookup.by_id, id.as_str(), row);
            }
            if let Some(name) = &row.name {
                keep_first(&mut lookup.by_name, drug_key(name), row);
            }
            for name in row.key.iter().chain(&row.name).filter(|name| is_reduced(name)) {
                keep_first(&mut lookup.by_reduced, name.clone(), row);
            }
        }
        for name in names.chain(rows.iter().filter_map(|row| row.name.as_deref())) {
            let key = drug_key(name);
            if let Some(reduced) = without_separators(&key) {
                lookup.alike.entry(reduced).or_default().insert(key);
            }
        }
        lookup
    }

    /// Returns the row of an id, else of a name, else of the reduced name, where just one name is reduced to that.
    pub fn find(&self, pert_id: Option<&str>, name: Option<&str>) -> Option<&'a Perturbagen> {
        let by_id = pert_id.and_then(|id| self.by_id.get(id));
        let by_name = || {
            let key = drug_key(name?);
            self.by_name.get(&key).or_else(|| self.by_reduced.get(&self.reduced(&key)?))
        };
        by_id.or_else(by_name).copied()
    }

    /// Returns a key without what stands between its numbers; `None` where nothing does, or where other keys would look
    /// the same.
    pub fn reduced(&self, key: &str) -> Option<String> {
        let reduced = without_separators(key)?;
        let is_only = self.alike.get(&reduced).is_none_or(|alike| alike.iter().all(|other| other == key));
        is_only.then_some(reduced)
    }
}

/// A key without what stands between its numbers. Signs are not lost so lightly.
fn without_separators(key: &str) -> Option<String> {
    let reduced = letters_and_digits(key);
    (reduced.len() < key.len() && !key.contains(['(', '+'])).then_some(reduced)
}

/// Of rows that are named alike, the first by what they say, whatever their order in the table.
fn keep_first<'a, K: Hash + Eq>(rows: &mut HashMap<K, &'a Perturbagen>, key: K, row: &'a Perturbagen) {
    let rank = |row: &'a Perturbagen| (row.key.is_none(), &row.key, &row.name, &row.pert_id);
    let kept = rows.entry(key).or_insert(row);
    if rank(row) < rank(kept) {
        *kept = row;
    }
}
