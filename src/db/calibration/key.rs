//! What a calibration is of.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::db::DrugScore;

/// The kind of queries that a calibration is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CalibrationOf {
    /// Profiles, results of differential expression, stored signatures.
    Profiles,
    /// Gene sets.
    GeneSets,
}

impl CalibrationOf {
    /// Returns its name: `profiles`, `gene-sets`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Profiles => "profiles",
            Self::GeneSets => "gene-sets",
        }
    }
}

/// What a calibration is of: scores of drugs for queries of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CalibrationKey {
    /// The kind of queries.
    pub of: CalibrationOf,
    /// The name of the score of a signature, such as `embedding`.
    pub by: String,
    /// The name of the score of a drug, such as `best-quarter`.
    pub drug_score: String,
    /// Whether what acts against the query comes first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reverse: bool,
}

impl CalibrationKey {
    /// Joins a kind of queries and the names of scores.
    pub fn new(of: CalibrationOf, by: &str, drug_score: DrugScore) -> Self {
        Self { of, by: by.to_owned(), drug_score: drug_score.name().to_owned(), reverse: false }
    }

    /// Sets whether what acts against the query comes first.
    #[must_use]
    pub fn reverse(self, reverse: bool) -> Self {
        Self { reverse, ..self }
    }
}

impl fmt::Display for CalibrationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = match self.of {
            CalibrationOf::Profiles => "profiles",
            CalibrationOf::GeneSets => "gene sets",
        };
        let reversed = if self.reverse { ", reversed" } else { "" };
        write!(f, "{of} by {}, drugs by {}{reversed}", self.by, self.drug_score)
    }
}
