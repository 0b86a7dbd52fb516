//! Which drugs of which segments are one drug.

use std::collections::{BTreeMap, BTreeSet};

use super::at::DrugAt;
use super::live::LiveSegment;
use crate::db::DbError;
use crate::db::segment::DrugRecord;

/// The drugs of a database that have a live row, each as the drugs of the segments that it is, in the order of their keys.
#[derive(Debug, Default)]
pub(in crate::db) struct DrugGroups {
    groups: Vec<Vec<DrugAt>>,
    /// Of each segment, the group of each drug.
    of: Vec<Vec<Option<usize>>>,
}

impl DrugGroups {
    /// Groups the drugs of all segments by key. One segment needs no key read: it holds each drug once.
    pub fn new(segments: &[LiveSegment]) -> Result<Self, DbError> {
        let groups = match segments {
            [only] => only.drugs()?.into_iter().map(|drug| vec![DrugAt { segment: 0, drug }]).collect(),
            many => merged(many)?,
        };
        let drugs = segments.iter().map(|live| Ok(vec![None; live.segment().drugs()?]));
        let mut of = drugs.collect::<Result<Vec<Vec<Option<usize>>>, DbError>>()?;
        for (group, members) in groups.iter().enumerate() {
            for &DrugAt { segment, drug } in members {
                of[segment][drug as usize] = Some(group);
            }
        }
        Ok(Self { groups, of })
    }

    /// Returns the number of drugs.
    pub fn len(&self) -> usize {
        self.groups.len()
    }

    /// Returns the drugs of the segments that one drug is.
    pub fn members(&self, group: usize) -> &[DrugAt] {
        &self.groups[group]
    }

    /// Returns the group of a segment's drug; `None` where there is no such drug, or no live row of it.
    pub fn of(&self, at: DrugAt) -> Option<usize> {
        self.of.get(at.segment)?.get(at.drug as usize).copied()?
    }
}

fn merged(segments: &[LiveSegment]) -> Result<Vec<Vec<DrugAt>>, DbError> {
    let mut by_key: BTreeMap<String, Vec<DrugAt>> = BTreeMap::new();
    for (segment, live) in segments.iter().enumerate() {
        let drugs = live.drugs()?;
        for (record, drug) in live.drug_records(drugs.iter().copied())?.into_iter().zip(drugs) {
            by_key.entry(record.key).or_default().push(DrugAt { segment, drug });
        }
    }
    Ok(by_key.into_values().collect())
}

/// Joins what the segments know of one drug.
pub(super) fn merge(records: impl IntoIterator<Item = DrugRecord>) -> DrugRecord {
    let mut records = records.into_iter();
    let mut merged = records.next().unwrap_or_default();
    for other in records {
        unite(&mut merged.pert_ids, other.pert_ids);
        unite(&mut merged.atc, other.atc);
        unite(&mut merged.moa, other.moa);
        unite(&mut merged.targets, other.targets);
        if merged.drugbank_id.is_empty() {
            merged.drugbank_id = other.drugbank_id;
        }
    }
    merged
}

fn unite(all: &mut Vec<String>, more: Vec<String>) {
    let set: BTreeSet<String> = all.drain(..).chain(more).collect();
    all.extend(set);
}
