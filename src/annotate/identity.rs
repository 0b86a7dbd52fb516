//! Which drug a signature is of: the one rule of who is who.
//!
//! | file | responsibility |
//! |---|---|
//! | `lookup` | a signature's row in the table of perturbagens |
//! | `unite` | names that an InChIKey joins |
//! | `said` | what a user has to know about it |

mod lookup;
mod said;
#[cfg(test)]
mod tests;
mod unite;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::leak::DrugTraits;
use super::name::{StereoMarks, any_contradict, drug_key};
use super::structure::InchiKey;
use crate::profile::{Perturbagen, PerturbagenTable, Signature};
use lookup::Lookup;
use unite::{Known, unite};

/// From the ways a signature names its drug to the one key that the drug is known by.
///
/// A database groups by it, and whoever keeps drugs apart has to. It depends on the tables as a whole and not on the
/// order of their rows:
/// 1. A signature's name is what the table of perturbagens calls it (its `drug` column, else its name), found by
///    `pert_id`, then by name; else the name that the signature carries; else its `pert_id`.
/// 2. Names with the same [`drug_key`] are one drug. Where the `drug` column gives one name to spellings whose marks
///    contradict each other, such as `(+)-JQ1` and `(-)-JQ1`, these keep their own.
/// 3. An InChIKey joins what names separate, charges apart. A structure that does not say how it lies in space joins the
///    only one of its bonds that does, and none where there are several; so mirror images are never joined.
#[derive(Debug, Default)]
pub struct DrugKeys<'a> {
    lookup: Lookup<'a>,
    /// Keys that stand for spellings which contradict each other.
    parted: HashSet<String>,
    /// The key of the drug of each name that an InChIKey joined to another one.
    joined: HashMap<String, String>,
    drugs: BTreeMap<String, Naming>,
    notes: Vec<String>,
}

/// What a drug is called, in the tables as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Naming {
    /// Keys of its names: the drug's own and those that an InChIKey joined to it, sorted.
    pub keys: BTreeSet<String>,
    /// Its names as written.
    pub names: BTreeSet<String>,
    /// The first blocks of its InChIKeys.
    pub connectivity: BTreeSet<String>,
}

/// What the tables tell of one name.
#[derive(Debug, Default)]
struct Named<'a> {
    spellings: BTreeSet<&'a str>,
    pert_ids: BTreeSet<&'a str>,
    structures: BTreeSet<InchiKey>,
    /// Whether a signature bears it.
    is_used: bool,
}

impl<'a> DrugKeys<'a> {
    /// Reads who is who from all signatures of a table, whether or not they have a profile, and from the table of
    /// perturbagens, if there is one.
    pub fn new(
        signatures: impl IntoIterator<Item = &'a Signature>,
        perturbagens: Option<&'a PerturbagenTable>,
    ) -> Self {
        let named: BTreeSet<(Option<&str>, Option<&str>)> =
            signatures.into_iter().map(|s| (s.pert_id.as_deref(), s.name.as_deref())).collect();
        let rows = perturbagens.map_or(&[][..], PerturbagenTable::rows);
        let lookup = Lookup::new(rows, named.iter().filter_map(|(_, name)| *name));
        let mut keys = Self { lookup, ..Self::default() };
        let treated: Vec<Treated<'a>> = named.into_iter().map(|(id, name)| keys.treated(id, name)).collect();
        let listed = rows.iter().map(|row| Treated { pert_id: None, name: None, row: Some(row) });
        let all: Vec<Treated<'a>> = treated.into_iter().chain(listed).collect();
        keys.parted = parted(&all);
        let names = keys.names(&all);
        keys.join(&names);
        keys
    }

    /// Returns the key of a signature's drug; `None` where it has neither name nor id.
    pub fn of(&self, signature: &Signature) -> Option<String> {
        let treated = self.treated(signature.pert_id.as_deref(), signature.name.as_deref());
        let key = treated.key(&self.parted)?;
        Some(self.joined.get(&key).cloned().unwrap_or(key))
    }

    /// Returns what the drug of this key is called; `None` for a key that [`of`](Self::of) does not give.
    pub(super) fn naming(&self, key: &str) -> Option<&Naming> {
        self.drugs.get(key)
    }

    /// Returns what tells whether the drug of this key may be another one.
    pub fn traits(&self, key: &str) -> DrugTraits {
        let alone = || DrugTraits { keys: [key.to_owned()].into(), ..DrugTraits::default() };
        self.naming(key).map_or_else(alone, |naming| DrugTraits {
            keys: naming.keys.clone(),
            connectivity: naming.connectivity.clone(),
        })
    }

    /// Returns what a user has to know about who was taken for whom: one line each, with counts and examples.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Returns the row of the table that describes a signature's perturbagen.
    pub(super) fn row(&self, signature: &Signature) -> Option<&'a Perturbagen> {
        self.lookup.find(signature.pert_id.as_deref(), signature.name.as_deref())
    }

    /// What a key looks like in tables that keep letters and digits only, where no other name looks the same.
    pub(super) fn reduced(&self, key: &str) -> Option<String> {
        self.lookup.reduced(key)
    }

    fn treated<'s>(&self, pert_id: Option<&'s str>, name: Option<&'s str>) -> Treated<'s>
    where
        'a: 's,
    {
        Treated { pert_id, name, row: self.lookup.find(pert_id, name) }
    }

    fn names(&self, all: &[Treated<'a>]) -> BTreeMap<String, Named<'a>> {
        let mut names: BTreeMap<String, Named<'a>> = BTreeMap::new();
        for treated in all {
            let Some(key) = treated.key(&self.parted) else { continue };
            let named = names.entry(key).or_default();
            named.is_used |= treated.pert_id.is_some() || treated.name.is_some();
            named.pert_ids.extend(treated.pert_id);
            named
                .spellings
                .extend(treated.spellings().filter(|name| treated.is_spelling(name, &self.parted)));
            named.structures.extend(treated.row.and_then(structure));
        }
        names
    }

    fn join(&mut self, names: &BTreeMap<String, Named<'a>>) {
        let known: Vec<Known> = names.values().map(Named::known).collect();
        let united = unite(&known);
        self.notes = said::notes(names, &united, &self.parted);
        let keys: Vec<&String> = names.keys().collect();
        for ((at, key), named) in (0..).zip(&keys).zip(names.values()) {
            let drug = keys[united.first[at]];
            if drug != *key {
                self.joined.insert((*key).clone(), drug.clone());
            }
            let naming = self.drugs.entry(drug.clone()).or_default();
            naming.keys.insert((*key).clone());
            naming.names.extend(named.spellings.iter().map(|&name| name.to_owned()));
            naming.connectivity.extend(named.structures.iter().map(|one| one.connectivity().to_owned()));
        }
    }
}

impl Named<'_> {
    fn known(&self) -> Known {
        let marks = self.spellings.iter().map(|name| StereoMarks::of(name));
        Known {
            marks: marks.filter(|marks| !marks.is_empty()).collect(),
            structures: self.structures.clone(),
        }
    }
}

fn structure(row: &Perturbagen) -> Option<InchiKey> {
    row.inchi_key.as_deref()?.parse().ok()
}

/// What a signature, or a row of the table alone, says of its perturbagen.
#[derive(Debug, Clone, Copy)]
struct Treated<'a> {
    pert_id: Option<&'a str>,
    name: Option<&'a str>,
    row: Option<&'a Perturbagen>,
}

impl<'a> Treated<'a> {
    /// The names as written, that of the signature first.
    fn spellings(self) -> impl Iterator<Item = &'a str> {
        self.name.into_iter().chain(self.row.and_then(|row| row.name.as_deref()))
    }

    /// What it is called, whatever the marks of its spellings.
    fn common_key(self) -> Option<String> {
        let listed = self.row.and_then(|row| row.key.as_deref().or(row.name.as_deref()));
        let id = || self.pert_id.or_else(|| self.row?.pert_id.as_deref());
        listed.or(self.name).map(drug_key).or_else(|| id().map(str::to_owned))
    }

    /// What it is called; by its own spelling where the common name stands for spellings that contradict each other.
    fn key(self, parted: &HashSet<String>) -> Option<String> {
        let common = self.common_key()?;
        if !parted.contains(&common) {
            return Some(common);
        }
        let marked = self.spellings().find(|name| !StereoMarks::of(name).is_empty());
        Some(marked.map_or(common, drug_key))
    }

    /// Whether one of its names is a name of its drug: not so the name of a row whose signature contradicts it.
    fn is_spelling(self, name: &str, parted: &HashSet<String>) -> bool {
        let apart = self.common_key().is_some_and(|common| parted.contains(&common));
        !apart || self.key(parted).is_some_and(|key| drug_key(name) == key)
    }
}

/// Names that stand for spellings which contradict each other.
fn parted(all: &[Treated<'_>]) -> HashSet<String> {
    let mut spellings: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for treated in all {
        if let Some(key) = treated.common_key() {
            spellings.entry(key).or_default().extend(treated.spellings());
        }
    }
    let contradicted = |names: &BTreeSet<&str>| {
        names.len() > 1 && any_contradict(&names.iter().map(|name| StereoMarks::of(name)).collect::<Vec<_>>())
    };
    spellings.into_iter().filter(|(_, names)| contradicted(names)).map(|(key, _)| key).collect()
}
