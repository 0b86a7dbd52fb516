//! The text that begins a calibration.

use serde::{Deserialize, Serialize};

use super::CalibrationKey;
use crate::db::hash;
use crate::db::snapshot::Snapshot;
use crate::enrichment::{CallCalibration, ClassKind, DrugClasses};
use crate::stats::Isotonic;

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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Head {
    format: u32,
    pub created_by: String,
    pub key: CalibrationKey,
    pub references: ReferenceQueries,
    /// How many classes of drugs were scored.
    pub class_count: usize,
    /// Their digest.
    pub classes: String,
    /// How probable votes for classes are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    calls: Vec<Call>,
    /// What reference queries are like.
    #[serde(default)]
    pub usual: Usual,
}

/// What reference queries are like: quantiles, from the smallest to the largest value in equal steps; none where it is not known.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Usual {
    /// Of the mean similarity to their ten nearest signatures, by embedding.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nearness: Vec<f64>,
    /// Of the root mean square of their z-scores, of profiles.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub size: Vec<f64>,
}

/// How probable votes for classes of a kind are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Call {
    kind: String,
    queries: usize,
    drugs: usize,
    error: f64,
    coverage: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    precision: Option<f64>,
    /// Shares and their probabilities.
    steps: Vec<(f64, f64)>,
}

impl From<&CallCalibration> for Call {
    fn from(call: &CallCalibration) -> Self {
        let CallCalibration { kind, by_share, queries, drugs, error, coverage, precision } = call.clone();
        let (kind, steps) = (kind.name().to_owned(), by_share.steps);
        Self { kind, queries, drugs, error, coverage, precision, steps }
    }
}

impl Call {
    /// Reads it; `None` of a kind that is not known.
    fn read(self) -> Option<CallCalibration> {
        let kind = ClassKind::ALL.into_iter().find(|kind| kind.name() == self.kind)?;
        let Self { queries, drugs, error, coverage, precision, steps, .. } = self;
        let by_share = Isotonic { steps };
        Some(CallCalibration { kind, by_share, queries, drugs, error, coverage, precision })
    }

    fn is_sound(&self) -> bool {
        let probable = |(_, p): &(f64, f64)| (0.0..=1.0).contains(p);
        self.steps.iter().all(probable) && self.steps.is_sorted_by(|a, b| a.0 < b.0 && a.1 <= b.1)
    }
}

impl Head {
    pub fn new(
        key: CalibrationKey,
        references: ReferenceQueries,
        classes: &DrugClasses,
        calls: &[CallCalibration],
        usual: Usual,
    ) -> Self {
        let created_by = concat!("l1kdb ", env!("CARGO_PKG_VERSION")).to_owned();
        let (class_count, classes) = (classes.classes.len(), class_digest(classes));
        let calls = calls.iter().map(Call::from).collect();
        Self { format: FORMAT, created_by, key, references, class_count, classes, calls, usual }
    }

    /// Returns how probable votes for classes are.
    pub fn calls(&self) -> Vec<CallCalibration> {
        self.calls.iter().cloned().filter_map(Call::read).collect()
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
            FORMAT if !head.calls.iter().all(Call::is_sound) => {
                Err("its probabilities of calls do not rise from 0 to 1".to_owned())
            }
            FORMAT => Ok(head),
            found => Err(format!("it has format {found}, expected {FORMAT}")),
        }
    }
}
