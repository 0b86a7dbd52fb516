//! Which names an InChIKey joins.

use std::collections::{BTreeMap, BTreeSet};

use crate::annotate::name::{Answers, StereoMarks, any_contradict};
use crate::annotate::structure::InchiKey;
use crate::disjoint_sets::DisjointSets;

/// What is known of one name.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// The marks of its spellings that have any.
    pub marks: BTreeSet<StereoMarks>,
    /// Its structures; several where unlike ones bear one name.
    pub structures: BTreeSet<InchiKey>,
}

impl Known {
    /// Whether its structures are of more than one compound.
    fn is_several(&self) -> bool {
        let bonds: BTreeSet<&str> = self.structures.iter().map(InchiKey::connectivity).collect();
        bonds.len() > 1 || self.structures.iter().filter_map(InchiKey::stereo).count() > 1
    }

    /// How a name that is of one compound says that the compound lies in space: by its structure, else by its marks.
    fn hand(&self) -> Option<Hand<'_>> {
        let drawn = self.structures.iter().find_map(InchiKey::stereo).map(Hand::Drawn);
        let said: BTreeSet<_> = self.marks.iter().map(StereoMarks::answers).collect();
        drawn.or_else(|| (!said.is_empty()).then_some(Hand::Said(said)))
    }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Hand<'a> {
    Drawn(&'a str),
    Said(BTreeSet<&'a Answers>),
}

/// Names by drug.
#[derive(Debug)]
pub(super) struct United {
    /// The first name of the drug of each name.
    pub first: Vec<usize>,
    /// Names that joined a drug although their structure does not say how it lies in space.
    pub unsaid: BTreeSet<usize>,
    /// Sets of names with the same bonds that are more than one drug.
    pub apart: Vec<Vec<usize>>,
}

/// Joins names by structure, whatever their order.
///
/// - Equal structures are one drug, unless the names bear marks that contradict each other.
/// - A structure that does not say how it lies in space, of a name without marks, is one drug with the only one of its
///   bonds that does; where there are several it belongs to none of them.
/// - A name with unlike structures joins the one drug that has one of them; where there are several it joins none.
pub(super) fn unite(names: &[Known]) -> United {
    let mut by_bonds: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for (at, name) in names.iter().enumerate() {
        for structure in &name.structures {
            by_bonds.entry(structure.connectivity()).or_default().insert(at);
        }
    }
    by_bonds.retain(|_, members| members.len() > 1);
    let mut uniting = Uniting { names, union: DisjointSets::new(names.len()), unsaid: BTreeSet::new() };
    by_bonds.iter().for_each(|(bonds, members)| uniting.single(bonds, members));
    uniting.several(&by_bonds);
    uniting.finish(&by_bonds)
}

struct Uniting<'a> {
    names: &'a [Known],
    union: DisjointSets,
    unsaid: BTreeSet<usize>,
}

impl<'a> Uniting<'a> {
    /// Joins the names of one compound each that have these bonds.
    fn single(&mut self, bonds: &str, members: &BTreeSet<usize>) {
        let names = self.names;
        let mut hands: BTreeSet<Hand<'a>> = BTreeSet::new();
        let mut alike: BTreeMap<Option<Hand<'a>>, Vec<usize>> = BTreeMap::new();
        for &at in members {
            if names[at].is_several() {
                let here = names[at].structures.iter().filter(|structure| structure.connectivity() == bonds);
                hands.extend(here.filter_map(InchiKey::stereo).map(Hand::Drawn));
            } else {
                hands.extend(names[at].hand());
                alike.entry(names[at].hand()).or_default().push(at);
            }
        }
        let whole: Vec<bool> = alike.values().map(|group| self.join_unless_contradicted(group)).collect();
        let unsaid = alike.remove(&None).unwrap_or_default();
        let (Some(&first), 1) = (unsaid.first(), hands.len()) else { return };
        if let (Some(group), Some(true)) = (alike.values().next(), whole.last()) {
            self.union.join(first as u32, group[0] as u32);
            self.unsaid.extend(unsaid.iter().filter(|_| matches!(hands.first(), Some(Hand::Drawn(_)))));
        }
    }

    /// Joins all of a group, or, where some contradict each other, those with the same marks. Whether it is all.
    fn join_unless_contradicted(&mut self, group: &[usize]) -> bool {
        let names = self.names;
        let whole = !any_contradict(group.iter().flat_map(|&at| &names[at].marks));
        let mut first_of: BTreeMap<Option<&BTreeSet<StereoMarks>>, usize> = BTreeMap::new();
        for &at in group {
            let first = *first_of.entry((!whole).then_some(&names[at].marks)).or_insert(at);
            self.union.join(first as u32, at as u32);
        }
        whole
    }

    /// Joins the names of several compounds to what the others have become.
    fn several(&mut self, by_bonds: &BTreeMap<&str, BTreeSet<usize>>) {
        let names = self.names;
        let several: BTreeSet<usize> =
            by_bonds.values().flatten().copied().filter(|&at| names[at].is_several()).collect();
        let mut alike: BTreeMap<&BTreeSet<InchiKey>, Vec<usize>> = BTreeMap::new();
        several.iter().for_each(|&at| alike.entry(&names[at].structures).or_default().push(at));
        let mut joining: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (structures, group) in alike {
            if !self.join_unless_contradicted(&group) {
                continue;
            }
            let of_bonds = structures.iter().filter_map(|structure| by_bonds.get(structure.connectivity()));
            let equal = of_bonds.flatten().filter(|at| !names[**at].is_several());
            let equal = equal.filter(|at| names[**at].structures.iter().any(|one| structures.contains(one)));
            let roots: BTreeSet<u32> = equal.map(|&at| self.union.root(at as u32)).collect();
            if let (Some(&root), 1) = (roots.first(), roots.len()) {
                joining.entry(root).or_default().extend(group);
            }
        }
        let mut within: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        (0..names.len()).for_each(|at| within.entry(self.union.root(at as u32)).or_default().push(at));
        for (root, group) in joining {
            if !any_contradict(within[&root].iter().chain(&group).flat_map(|&at| &names[at].marks)) {
                group.iter().for_each(|&at| self.union.join(root, at as u32));
            }
        }
    }

    fn finish(mut self, by_bonds: &BTreeMap<&str, BTreeSet<usize>>) -> United {
        let first: Vec<usize> = (0..self.names.len()).map(|at| self.union.root(at as u32) as usize).collect();
        let firsts = |members: &BTreeSet<usize>| -> Vec<usize> {
            let roots: BTreeSet<usize> = members.iter().map(|&at| first[at]).collect();
            roots.into_iter().collect()
        };
        let apart = by_bonds.values().map(firsts).filter(|roots| roots.len() > 1).collect();
        United { first, unsaid: self.unsaid, apart }
    }
}
