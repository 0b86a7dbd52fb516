//! Calibrations in the manifest, in its table of what a reader may ignore.

use serde::{Deserialize, Serialize};
use toml::Value;

use super::CalibrationKey;
use crate::db::names::calibration_number;
use crate::db::snapshot::Manifest;

/// The key in the table.
const CALIBRATIONS: &str = "calibrations";

/// One calibration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub file: String,
    /// Checksum over the file's header and section table, 16 hexadecimal digits.
    pub checksum: String,
    #[serde(flatten)]
    pub key: CalibrationKey,
}

/// Returns the calibrations that a manifest names. What a later version wrote in another form is passed over.
pub(super) fn of_manifest(manifest: &Manifest) -> Vec<Entry> {
    let Some(Value::Array(entries)) = manifest.ignorable.get(CALIBRATIONS) else { return Vec::new() };
    let read = entries.iter().filter_map(|entry| entry.clone().try_into::<Entry>().ok());
    read.filter(|entry| calibration_number(&entry.file).is_some()).collect()
}

/// Names calibrations in a manifest.
pub(super) fn put(manifest: &mut Manifest, entries: &[Entry]) {
    let entries = entries.iter().filter_map(|entry| Value::try_from(entry).ok()).collect();
    manifest.ignorable.insert(CALIBRATIONS.to_owned(), Value::Array(entries));
}
