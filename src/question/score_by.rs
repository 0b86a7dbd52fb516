//! Which score a question is asked by.

use std::fmt;

use crate::connectivity::GeneWeights;

/// The score of a signature. All but that of embeddings compare profiles, gene by gene.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum ScoreBy {
    /// Cosine of the embeddings.
    #[default]
    Embedding,
    /// Cosine of the profiles.
    Cosine,
    /// Pearson correlation of the profiles.
    Pearson,
    /// Spearman correlation of the profiles.
    Spearman,
    /// Cosine over the 100 highest and the 100 lowest genes of the signature; of profiles.
    XCos,
    /// Sum of products of signed ranks, over the largest that it can be.
    Zhang,
    /// Sum over the genes of sets among the 100 highest and 100 lowest of the signature.
    XSum,
    /// CMap's weighted connectivity of gene sets, `raw_cs`. Of a profile the sets are the 100 genes that rise most and the 100 that
    /// fall most, here as for the other scores of sets.
    Wtcs,
    /// The same, every gene weighing alike.
    Cs,
}

impl ScoreBy {
    /// Returns its name: `embedding`, `cosine` and so on.
    pub fn name(self) -> &'static str {
        match self {
            Self::Embedding => "embedding",
            Self::Cosine => "cosine",
            Self::Pearson => "pearson",
            Self::Spearman => "spearman",
            Self::XCos => "xcos",
            Self::Zhang => "zhang",
            Self::XSum => "xsum",
            Self::Wtcs => "wtcs",
            Self::Cs => "cs",
        }
    }

    /// Returns what it is, for a title.
    pub fn description(self) -> &'static str {
        match self {
            Self::Embedding => "cosine of embeddings",
            Self::Cosine => "cosine",
            Self::Pearson => "Pearson correlation",
            Self::Spearman => "Spearman correlation",
            Self::XCos => "XCos",
            Self::Zhang => "Zhang's score",
            Self::XSum => "XSum",
            Self::Wtcs => "weighted connectivity (WTCS)",
            Self::Cs => "unweighted connectivity",
        }
    }

    /// Tells whether it is a score in gene space, of stored profiles.
    pub fn is_in_gene_space(self) -> bool {
        self != Self::Embedding
    }

    /// Tells whether it compares the values of profiles, not the genes of sets.
    pub fn is_of_profiles(self) -> bool {
        !matches!(self, Self::XSum | Self::Wtcs | Self::Cs)
    }

    /// Tells whether it is a score of gene sets.
    pub fn is_of_sets(self) -> bool {
        !matches!(self, Self::Spearman | Self::XCos)
    }

    /// Returns the weights of genes, for CMap's connectivity.
    pub(super) fn weights(self) -> Option<GeneWeights> {
        match self {
            Self::Wtcs => Some(GeneWeights::Magnitude),
            Self::Cs => Some(GeneWeights::Equal),
            _ => None,
        }
    }
}

impl fmt::Display for ScoreBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
