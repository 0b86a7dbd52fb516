//! What a user has to know about who was taken for whom.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::Named;
use super::unite::United;

/// Examples in a line.
const EXAMPLES: usize = 5;

/// One line for each kind of judgement that was passed on names which signatures bear.
pub(super) fn notes(
    names: &BTreeMap<String, Named<'_>>,
    united: &United,
    parted: &HashSet<String>,
) -> Vec<String> {
    let judged = Judged::new(names, united);
    let parted: BTreeSet<&String> = parted.iter().collect();
    let lines = [
        ("drugs with several pert_ids under one name", judged.with_several(|named| named.pert_ids.len())),
        (
            "drugs with unlike InChIKeys under one name, one drug each all the same",
            judged.with_several(|named| named.structures.len()),
        ),
        ("drugs with several names that an InChIKey joins", judged.joined(|_| true)),
        (
            "of these, joined although one structure does not say how it lies in space",
            judged.joined(|at| united.unsaid.contains(&at)),
        ),
        (
            "drugs with the same bonds but not one InChIKey, as mirror images have, which stay apart",
            judged.apart(),
        ),
        (
            "names of the table's drug column for spellings whose signs or stereo marks contradict each other, which stay \
             apart",
            parted.into_iter().cloned().collect(),
        ),
    ];
    lines.into_iter().filter_map(|(what, examples)| line(what, &examples)).collect()
}

/// Names by their places, and by drug those that signatures bear.
struct Judged<'a> {
    names: Vec<(&'a String, &'a Named<'a>)>,
    of_drug: BTreeMap<usize, Vec<usize>>,
    united: &'a United,
}

impl<'a> Judged<'a> {
    fn new(names: &'a BTreeMap<String, Named<'a>>, united: &'a United) -> Self {
        let names: Vec<_> = names.iter().collect();
        let mut of_drug: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, &first) in united.first.iter().enumerate().filter(|(at, _)| names[*at].1.is_used) {
            of_drug.entry(first).or_default().push(at);
        }
        Self { names, of_drug, united }
    }

    fn shown(&self, at: usize) -> String {
        let (key, named) = self.names[at];
        named.spellings.first().map_or_else(|| key.clone(), |name| (*name).to_owned())
    }

    fn listed(&self, names: &[usize], by: &str) -> String {
        names.iter().map(|&at| self.shown(at)).collect::<Vec<_>>().join(by)
    }

    fn with_several(&self, count: impl Fn(&Named<'_>) -> usize) -> Vec<String> {
        let used = self.of_drug.values().flatten().copied().collect::<BTreeSet<_>>();
        let counted = used.into_iter().map(|at| (at, count(self.names[at].1)));
        counted.filter(|(_, n)| *n > 1).map(|(at, n)| format!("{}: {n}", self.shown(at))).collect()
    }

    fn joined(&self, counts: impl Fn(usize) -> bool) -> Vec<String> {
        let several = self.of_drug.values().filter(|names| names.len() > 1);
        several
            .filter(|names| names.iter().any(|&at| counts(at)))
            .map(|names| self.listed(names, " = "))
            .collect()
    }

    fn apart(&self) -> Vec<String> {
        let first_used = |drug: &usize| self.of_drug.get(drug)?.first().copied();
        let sets =
            self.united.apart.iter().map(|drugs| drugs.iter().filter_map(first_used).collect::<Vec<_>>());
        sets.filter(|drugs| drugs.len() > 1).map(|drugs| self.listed(&drugs, " / ")).collect()
    }
}

fn line(what: &str, examples: &[String]) -> Option<String> {
    let more = if examples.len() > EXAMPLES { ", ..." } else { "" };
    let first = examples.iter().take(EXAMPLES).cloned().collect::<Vec<_>>().join(", ");
    (!examples.is_empty()).then(|| format!("{what}: {} ({first}{more})", examples.len()))
}
