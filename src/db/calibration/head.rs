//! The text that begins a calibration.

use serde::{Deserialize, Serialize};

use super::CalibrationKey;
use crate::db::hash;
use crate::db::snapshot::Snapshot;
use crate::enrichment::DrugClasses;

/// The format of the file.
const FORMAT: u32 = 1;

/// A reference query that stems from no drug of the database.
pub(super) const NO_DRUG: u32 = u32::MAX;

/// The mark of a database's network and segments.
pub(super) fn mark(snapshot: &Snapshot) -> [u8; 16] {
    let manifest = snapshot.manifest();
    hash::of_contents(&manifest.model, manifest.segments.iter().map(|segment| segment.checksum.as_str()))
}

/// The digest of classes, which a later version may make otherwise of the same drugs.
pub(super) fn class_digest(classes: &DrugClasses) -> String {
    format!("xxh3:{:016x}", hash::of_bytes(&classes.to_bytes()))
}

/// The reference queries of a calibration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ReferenceQueries {
    /// How many they are.
    pub queries: usize,
    /// Of how many drugs.
    pub drugs: usize,
    /// The most that one drug has.
    pub per_drug: usize,
    /// Where they come from, in words.
    pub source: String,
}

/// What a calibration says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Head {
    format: u32,
    pub created_by: String,
    pub key: CalibrationKey,
    pub references: ReferenceQueries,
    /// How many classes of drugs were scored.
    pub class_count: usize,
    /// Their digest.
    pub classes: String,
}

impl Head {
    pub fn new(key: CalibrationKey, references: ReferenceQueries, classes: &DrugClasses) -> Self {
        let created_by = concat!("l1kdb ", env!("CARGO_PKG_VERSION")).to_owned();
        let (class_count, classes) = (classes.classes.len(), class_digest(classes));
        Self { format: FORMAT, created_by, key, references, class_count, classes }
    }

    pub fn to_text(&self) -> String {
        toml::to_string(self).expect("a head holds numbers and text only")
    }

    /// Reads a head, or says what is wrong with it.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let text = str::from_utf8(bytes).map_err(|_| "its head is not text".to_owned())?;
        let head: Self =
            toml::from_str(text).map_err(|e| format!("its head does not read: {}", e.message()))?;
        match head.format {
            FORMAT => Ok(head),
            found => Err(format!("it has format {found}, expected {FORMAT}")),
        }
    }
}
