//! Classes of drugs, those of the same members together.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::annotate::{ATC_LEVELS, AtcCode};

/// The fewest drugs of a class that is tested.
pub(super) const LEAST: usize = 3;

/// What classes are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClassKind {
    /// ATC classes of levels 1 to 4; level 5 is single substances.
    Atc,
    /// Mechanisms of action.
    Mechanism,
    /// Target genes.
    Target,
}

impl ClassKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Atc, Self::Mechanism, Self::Target];

    /// Returns its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Atc => "ATC",
            Self::Mechanism => "mechanism",
            Self::Target => "target",
        }
    }
}

impl fmt::Display for ClassKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What is known of a drug.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DrugAnnotations<'a> {
    /// ATC codes.
    pub atc: &'a [String],
    /// Mechanisms of action.
    pub mechanisms: &'a [String],
    /// Target genes.
    pub targets: &'a [String],
}

/// Drugs of one class, or of several that have the same drugs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DrugClass {
    /// What it is of.
    pub kind: ClassKind,
    /// Its names, sorted.
    pub names: Vec<String>,
    /// The numbers of its drugs, ascending.
    pub members: Vec<u32>,
}

/// All classes of some drugs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DrugClasses {
    /// Classes of at least three drugs; those of a kind stand together.
    pub classes: Vec<DrugClass>,
    /// Names of smaller classes, which are not tested.
    pub small: usize,
    /// Number of drugs.
    pub drugs: usize,
    /// Of each kind, the numbers of drugs that have any class of it.
    annotated: [Vec<u32>; 3],
}

impl DrugClasses {
    /// Collects the classes of drugs, which are numbered in their order. A drug counts once in a class, and names are one whatever their
    /// case.
    pub fn of<'a>(drugs: impl IntoIterator<Item = DrugAnnotations<'a>>) -> Self {
        let mut members: BTreeMap<(ClassKind, String), (String, BTreeSet<u32>)> = BTreeMap::new();
        let mut annotated: [Vec<u32>; 3] = Default::default();
        let mut count = 0;
        for (number, drug) in (0..).zip(drugs) {
            for kind in ClassKind::ALL {
                let names = names(kind, &drug);
                if !names.is_empty() {
                    annotated[kind as usize].push(number);
                }
                for name in names {
                    let class = members.entry((kind, name.to_lowercase()));
                    class.or_insert_with(|| (name, BTreeSet::new())).1.insert(number);
                }
            }
            count += 1;
        }
        let small = members.values().filter(|(_, members)| members.len() < LEAST).count();
        let mut same: BTreeMap<(ClassKind, Vec<u32>), Vec<String>> = BTreeMap::new();
        for ((kind, _), (name, members)) in members {
            if members.len() >= LEAST {
                same.entry((kind, members.into_iter().collect())).or_default().push(name);
            }
        }
        let class = |((kind, members), names)| DrugClass { kind, names, members };
        Self { classes: same.into_iter().map(class).collect(), small, drugs: count, annotated }
    }

    /// Returns the numbers of drugs that have any class of a kind, ascending: what its classes are compared among.
    pub fn annotated(&self, kind: ClassKind) -> &[u32] {
        &self.annotated[kind as usize]
    }
}

/// The names of a drug's classes of a kind.
pub(super) fn names(kind: ClassKind, drug: &DrugAnnotations<'_>) -> Vec<String> {
    let given = |names: &[String]| {
        let names = names.iter().map(|name| name.trim()).filter(|name| !name.is_empty());
        names.map(str::to_owned).collect()
    };
    match kind {
        ClassKind::Atc => {
            let codes = drug.atc.iter().filter_map(|code| code.parse::<AtcCode>().ok());
            let classes = |code: AtcCode| -> Vec<String> {
                let levels = (1..ATC_LEVELS).filter_map(|level| code.at_level(level).map(str::to_owned));
                levels.collect()
            };
            codes.flat_map(classes).collect()
        }
        ClassKind::Mechanism => given(drug.mechanisms),
        ClassKind::Target => given(drug.targets),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_of_the_same_drugs_are_one_and_a_drug_counts_once() {
        let codes = [["L01EA01", "L01EA02"], ["L01EA03", "A02BC01"], ["L01EA04", "A02BC02"]];
        let codes = codes.map(|codes| codes.map(str::to_owned));
        let mechanisms = [vec!["HDAC inhibitor".to_owned()], vec!["hdac inhibitor".to_owned()], Vec::new()];
        let drugs = codes.iter().zip(&mechanisms);
        let drugs = drugs.map(|(atc, mechanisms)| DrugAnnotations { atc, mechanisms, targets: &[] });
        let classes = DrugClasses::of(drugs);
        assert_eq!(classes.classes.len(), 1);
        assert_eq!(classes.classes[0].names, ["L", "L01", "L01E", "L01EA"]);
        assert_eq!(classes.classes[0].members, [0, 1, 2]);
        // A, A02, A02B and A02BC, and the mechanism of two drugs.
        assert_eq!((classes.small, classes.drugs), (5, 3));
        assert_eq!(classes.annotated(ClassKind::Mechanism), [0, 1]);
    }
}
