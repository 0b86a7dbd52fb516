use crate::annotate::{DrugRecord, SignatureRecord};

/// A drug of the answer. Missing annotations are empty.
#[derive(Debug, Clone, PartialEq)]
pub struct DrugHit {
    /// Place in the answer, from 1.
    pub rank: usize,
    /// The drug's name.
    pub drug: String,
    /// Every `pert_id` of the drug, sorted.
    pub pert_ids: Vec<String>,
    /// The drug's score, in -1 to 1; larger is nearer.
    pub score: f32,
    /// The drug's most similar signature.
    pub best_sig_id: String,
    /// Cosine similarity of that signature.
    pub best_similarity: f32,
    /// How many signatures the score was made from, after filters.
    pub n_signatures: usize,
    /// Every ATC code, sorted.
    pub atc: Vec<String>,
    /// Mechanisms of action, sorted.
    pub moa: Vec<String>,
    /// Target genes, sorted.
    pub targets: Vec<String>,
}

/// A signature of the answer. Missing metadata is empty.
#[derive(Debug, Clone, PartialEq)]
pub struct SignatureHit {
    /// Place in the answer, from 1.
    pub rank: usize,
    /// The signature as stored.
    pub signature: SignatureRecord,
    /// The drug as stored.
    pub drug: DrugRecord,
    /// Cosine similarity to the query, in -1 to 1; larger is nearer.
    pub similarity: f32,
}
