//! What a reader sees of a database: a manifest, the live rows of the segments that it names, and which of their drugs are one.
//!
//! | file | responsibility |
//! |---|---|
//! | `manifest` | the text that says which files make a database |
//! | `open` | opening, while others may replace it |
//! | `model_files` | the network's files, open as long as the database is |
//! | `live` | the rows of a segment that a reader sees |
//! | `at` | where a row or a drug is |
//! | `drug_groups` | one drug over several segments |

mod at;
mod drug_groups;
mod live;
mod manifest;
mod model_files;
mod open;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::OnceLock;

use super::DbError;
use super::directory::Directory;
use super::segment::{DrugRecord, Section};
use drug_groups::{DrugGroups, merge};

pub(in crate::db) use at::{DrugAt, RowAt};
pub(in crate::db) use live::LiveSegment;
pub(in crate::db) use manifest::{Manifest, SegmentEntry};
pub(in crate::db) use model_files::ModelFiles;

/// One state of a database, open for reading.
#[derive(Debug)]
pub(in crate::db) struct Snapshot {
    directory: Directory,
    manifest: Manifest,
    model: ModelFiles,
    segments: Vec<LiveSegment>,
    groups: OnceLock<DrugGroups>,
}

impl Snapshot {
    /// Returns the directory.
    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Returns the directory, held open.
    pub fn directory(&self) -> &Directory {
        &self.directory
    }

    /// Returns the manifest.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Returns the network's files.
    pub fn model_files(&self) -> &ModelFiles {
        &self.model
    }

    /// Returns the segments, in the order of the manifest.
    pub fn segments(&self) -> &[LiveSegment] {
        &self.segments
    }

    /// Returns the number of live rows.
    pub fn rows(&self) -> usize {
        self.segments.iter().map(LiveSegment::rows).sum()
    }

    /// Returns the length of an embedding.
    pub fn dim(&self) -> usize {
        self.manifest.dimension
    }

    /// Returns the live row of a signature id.
    pub fn row_of(&self, sig_id: &str) -> Result<Option<RowAt>, DbError> {
        for (segment, live) in self.segments.iter().enumerate() {
            if let Some(row) = live.row_of(sig_id)? {
                return Ok(Some(RowAt { segment, row }));
            }
        }
        Ok(None)
    }

    /// Returns which drugs are one, which the first call finds out.
    pub fn drug_groups(&self) -> Result<&DrugGroups, DbError> {
        if let Some(groups) = self.groups.get() {
            return Ok(groups);
        }
        let groups = DrugGroups::new(&self.segments)?;
        Ok(self.groups.get_or_init(|| groups))
    }

    /// Returns the group of a segment's drug.
    pub fn group_of(&self, at: DrugAt) -> Result<usize, DbError> {
        let segment = self.segments[at.segment].segment();
        let group = self.drug_groups()?.of(at);
        group.ok_or_else(|| segment.damaged(Section::DrugOfRow.fault(format!("no drug {}", at.drug))))
    }

    /// Returns the group of a row's drug.
    pub fn group_of_row(&self, RowAt { segment, row }: RowAt) -> Result<usize, DbError> {
        let drug = self.segments[segment].drug_of(row)?;
        self.group_of(DrugAt { segment, drug })
    }

    /// Returns the drug of a row, with what every segment knows of it.
    pub fn drug_of(&self, at: RowAt) -> Result<DrugRecord, DbError> {
        let group = BTreeSet::from([self.group_of_row(at)?]);
        Ok(self.merged_drugs(&group)?.remove(0))
    }

    /// Returns what every segment knows of some drugs, in the order of their groups.
    pub fn merged_drugs(&self, groups: &BTreeSet<usize>) -> Result<Vec<DrugRecord>, DbError> {
        let all = self.drug_groups()?;
        let mut records = vec![Vec::new(); groups.len()];
        for (segment, live) in self.segments.iter().enumerate() {
            let here = |(number, &group): (usize, &usize)| {
                let members = all.members(group).iter().filter(move |at| at.segment == segment);
                members.map(move |at| (number, at.drug))
            };
            let members: Vec<(usize, u32)> = groups.iter().enumerate().flat_map(here).collect();
            let read = live.drug_records(members.iter().map(|(_, drug)| *drug))?;
            members.iter().zip(read).for_each(|((number, _), record)| records[*number].push(record));
        }
        Ok(records.into_iter().map(merge).collect())
    }
}
