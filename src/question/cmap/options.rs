//! What the chain compares with.

use crate::profile::GeneSet;

/// That answers are those of CMap's chain.
///
/// `raw_cs` is the weighted connectivity. `norm_cs` is that over the mean of its sign among the reference signatures (`is_ncs_sig`,
/// else all) of the same cell line and type of perturbagen. `fdr_q_nlog10` is there where the database has null signatures
/// (`is_null_sig`); near the best score it is extrapolated, as in CMap's own program. `tau` is there where reference queries are. A
/// drug's score is the maximum quantile of its `norm_cs`, in each cell line and then over cell lines. Each query is normalised by
/// itself.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct CmapChain {
    /// Queries that `tau` compares with: its share of weaker scores among theirs.
    pub references: Vec<GeneSet>,
}

impl CmapChain {
    /// Compares with no reference queries.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the reference queries of `tau`.
    #[must_use]
    pub fn references(self, references: Vec<GeneSet>) -> Self {
        Self { references }
    }
}
