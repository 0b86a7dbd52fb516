//! Which drugs of which segments are one drug.

use std::collections::{BTreeMap, BTreeSet};

use crate::db::DbError;
use crate::db::segment::{DrugRecord, Segment};

/// The drugs of a database, each as its (segment, drug of that segment) places, in the order of their keys.
#[derive(Debug, Default)]
pub(in crate::db) struct Groups {
    groups: Vec<Vec<(usize, u32)>>,
    of: Vec<Vec<usize>>,
}

impl Groups {
    /// Groups the drugs of all segments by key. One segment needs no key read: it holds each drug once.
    pub fn new(segments: &[Segment]) -> Result<Self, DbError> {
        match segments {
            [only] => Ok(Self::single(only.drugs()?.len() as u32)),
            many => Self::merged(many),
        }
    }

    fn single(drugs: u32) -> Self {
        Self {
            groups: (0..drugs).map(|drug| vec![(0, drug)]).collect(),
            of: vec![(0..drugs as usize).collect()],
        }
    }

    fn merged(segments: &[Segment]) -> Result<Self, DbError> {
        let mut by_key: BTreeMap<String, Vec<(usize, u32)>> = BTreeMap::new();
        let mut of = Vec::new();
        for (place, segment) in segments.iter().enumerate() {
            let drugs = segment.drugs()?.all()?;
            of.push(vec![0; drugs.len()]);
            for (record, drug) in drugs.into_iter().zip(0..) {
                by_key.entry(record.key).or_default().push((place, drug));
            }
        }
        let groups: Vec<_> = by_key.into_values().collect();
        for (group, members) in groups.iter().enumerate() {
            members.iter().for_each(|(place, drug)| of[*place][*drug as usize] = group);
        }
        Ok(Self { groups, of })
    }

    /// Returns all groups.
    pub fn all(&self) -> &[Vec<(usize, u32)>] {
        &self.groups
    }

    /// Returns the group of a segment's drug; `None` where there is no such drug.
    pub fn of(&self, place: usize, drug: u32) -> Option<usize> {
        self.of.get(place)?.get(drug as usize).copied()
    }
}

/// Joins what the segments know of one drug.
pub(in crate::db) fn merge(records: impl IntoIterator<Item = DrugRecord>) -> DrugRecord {
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
