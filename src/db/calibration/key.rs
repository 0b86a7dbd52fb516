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

/// What becomes of hubs: signatures that are near to everything, and so in every answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hubness {
    /// Nothing: similarities are as they are.
    #[default]
    None,
    /// Twice a similarity less the mean similarity of the signature to its own 10 nearest (cross-domain similarity local scaling,
    /// Conneau et al. 2018).
    Csls,
}

impl Hubness {
    /// Returns its name: `none`, `csls`.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Csls => "csls",
        }
    }

    fn is_none(&self) -> bool {
        *self == Self::None
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
    /// What becomes of hubs.
    #[serde(default, skip_serializing_if = "Hubness::is_none")]
    pub hubness: Hubness,
}

impl CalibrationKey {
    /// Joins a kind of queries and the names of scores.
    pub fn new(of: CalibrationOf, by: &str, drug_score: DrugScore) -> Self {
        let (by, drug_score) = (by.to_owned(), drug_score.name().to_owned());
        Self { of, by, drug_score, reverse: false, hubness: Hubness::None }
    }

    /// Sets whether what acts against the query comes first.
    #[must_use]
    pub fn reverse(self, reverse: bool) -> Self {
        Self { reverse, ..self }
    }

    /// Sets what becomes of hubs.
    #[must_use]
    pub fn hubness(self, hubness: Hubness) -> Self {
        Self { hubness, ..self }
    }
}

impl fmt::Display for CalibrationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = match self.of {
            CalibrationOf::Profiles => "profiles",
            CalibrationOf::GeneSets => "gene sets",
        };
        let reversed = if self.reverse { ", reversed" } else { "" };
        let hubness = if self.hubness == Hubness::Csls { ", without hubs" } else { "" };
        write!(f, "{of} by {}, drugs by {}{reversed}{hubness}", self.by, self.drug_score)
    }
}
