//! What a signature can be found by.

use std::collections::BTreeSet;

use super::directory::DRUG_FILTER;
use crate::annotate::{AtcCode, Drug, drug_key};
use crate::profile::Signature;

/// Every key but the quality columns, which are keys of their own names.
pub(in crate::db) const KEYS: [&str; 9] =
    [DRUG_FILTER, "pert_id", "pert_type", "cell_id", "pert_dose", "pert_time", "moa", "target", "atc"];

/// Calls `each` with the values that a signature of a drug has of a key.
pub(in crate::db) fn each_value(key: &str, signature: &Signature, drug: &Drug, mut each: impl FnMut(&str)) {
    match key {
        DRUG_FILTER => names(drug).for_each(each),
        "pert_id" => signature.pert_id.as_deref().into_iter().for_each(each),
        "pert_type" => signature.pert_type.as_deref().into_iter().for_each(each),
        "cell_id" => signature.cell_id.as_deref().into_iter().for_each(each),
        "pert_dose" => signature.dose.iter().for_each(|dose| each(&dose.to_string())),
        "pert_time" => signature.time.iter().for_each(|time| each(&time.to_string())),
        "moa" => drug.moa.iter().for_each(|moa| each(moa)),
        "target" => drug.targets.iter().for_each(|target| each(target)),
        "atc" => drug.atc.iter().flat_map(AtcCode::prefixes).for_each(each),
        flag => {
            let own = signature.flags.iter().filter(|(name, _)| *name == flag);
            own.for_each(|(_, value)| each(value));
        }
    }
}

/// The name to show, and every other name that is no mere spelling of it.
fn names(drug: &Drug) -> impl Iterator<Item = &str> {
    let mut known = BTreeSet::new();
    [&drug.name]
        .into_iter()
        .chain(&drug.names)
        .filter(move |name| known.insert(drug_key(name)))
        .map(String::as_str)
}
