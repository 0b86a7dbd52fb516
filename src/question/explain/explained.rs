//! A hit with the genes that carry its agreement with a query.

use crate::db::SignatureRecord;
use crate::explain::{Explanation, Side};
use crate::profile::Universe;
use crate::question::ScoreBy;

/// Why a hit is in the answer to a query.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Explained {
    /// The query's id.
    pub query: String,
    /// The hit.
    pub hit: ExplainedHit,
    /// The score whose terms are told.
    pub by: ScoreBy,
    /// Whose genes contribute.
    pub side: Side,
    /// The genes that positions are of.
    pub universe: Universe,
    /// The genes, with what each contributes.
    pub explanation: Explanation,
}

/// A signature that is compared with a query.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExplainedHit {
    /// The signature.
    pub signature: SignatureRecord,
    /// Its drug's name.
    pub drug: String,
    /// Whether the drug was asked for, of which this is the signature that is most similar to the query.
    pub is_most_similar: bool,
}
