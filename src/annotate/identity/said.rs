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
    let all: Vec<(&String, &Named<'_>)> = names.iter().collect();
    let used = |at: usize| all[at].1.is_used;
    let shown = |at: usize| shown(all[at].0, all[at].1);
    let counted = |count: fn(&Named<'_>) -> usize| -> Vec<String> {
        let several =
            (0..all.len()).map(|at| (at, count(all[at].1))).filter(|(at, count)| used(*at) && *count > 1);
        several.map(|(at, count)| format!("{} ({count})", shown(at))).collect()
    };
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    united.first.iter().enumerate().for_each(|(at, first)| members.entry(*first).or_default().push(at));
    let of_drug = |first: &usize| members[first].iter().copied().filter(|&at| used(at)).collect::<Vec<_>>();
    let joined: Vec<Vec<usize>> = members.keys().map(of_drug).filter(|names| names.len() > 1).collect();
    let listed = |names: &[usize], by: &str| names.iter().map(|at| shown(*at)).collect::<Vec<_>>().join(by);
    let unsaid = |names: &&Vec<usize>| names.iter().any(|at| united.unsaid.contains(at));
    let apart =
        united.apart.iter().map(|drugs| drugs.iter().filter_map(|drug| of_drug(drug).first().copied()));
    let apart = apart.map(Iterator::collect::<Vec<_>>).filter(|drugs| drugs.len() > 1);
    let parted: BTreeSet<&String> = parted.iter().collect();
    let lines = [
        ("drugs have several pert_ids under one name", counted(|named| named.pert_ids.len())),
        (
            "drugs have unlike InChIKeys under one name and are one drug each all the same",
            counted(|named| named.structures.len()),
        ),
        (
            "drugs have several names that an InChIKey joins",
            joined.iter().map(|names| listed(names, " = ")).collect(),
        ),
        (
            "of these are joined although one structure does not say how it lies in space",
            joined.iter().filter(unsaid).map(|names| listed(names, " = ")).collect(),
        ),
        (
            "sets of drugs have the same bonds but not one InChIKey, as mirror images have, and stay apart",
            apart.map(|drugs| listed(&drugs, " / ")).collect(),
        ),
        (
            "names of the table's drug column stand for spellings whose signs or stereo marks contradict each other, which \
             stay apart",
            parted.into_iter().cloned().collect(),
        ),
    ];
    lines.into_iter().filter_map(|(what, examples)| line(what, &examples)).collect()
}

fn shown(key: &str, named: &Named<'_>) -> String {
    named.spellings.first().map_or_else(|| key.to_owned(), |name| (*name).to_owned())
}

fn line(what: &str, examples: &[String]) -> Option<String> {
    let more = if examples.len() > EXAMPLES { ", ..." } else { "" };
    let first = examples.iter().take(EXAMPLES).cloned().collect::<Vec<_>>().join(", ");
    (!examples.is_empty()).then(|| format!("{} {what}: {first}{more}", examples.len()))
}
