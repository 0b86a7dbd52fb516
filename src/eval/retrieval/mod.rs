//! Retrieval: does a signature find the others of its drug, a drug the others of its class?
//!
//! | file | responsibility |
//! |---|---|
//! | `accumulator` | what the queries of every drug found |
//! | `rank_histogram` | quantiles of many pairs, exact and small |
//! | `figures` | recall, median, AUC, hits: over pairs and over labels |
//! | `intervals` | intervals over drugs, paired differences |
//! | `strata` | parts of the pairs |

mod accumulator;
mod figures;
mod intervals;
mod rank_histogram;
mod strata;

pub use accumulator::{DrugResults, HITS_AT, RetrievalResults, RetrievalSet};
#[cfg(test)]
use figures::Counts;
pub use figures::{Figures, Measures};
pub use intervals::StratumFound;
pub use rank_histogram::Ranks;

use super::{EvalError, Positives, PreparedRows, Similarity};
use crate::Rows;
use crate::progress::Quiet;

/// The quantiles at which recall is reported, those of the literature on L1000 embeddings.
pub const RECALL_AT: [f64; 7] = [1e-4, 1e-3, 1e-2, 5e-2, 0.1, 0.2, 0.3];

impl RetrievalResults {
    /// Ranks the rows of one label among each other by cosine, every row a query against all others.
    ///
    /// Rows may be of any length but 0. A row that is alone with its label is no query but remains a negative. Time grows
    /// with rows squared; all processors are used, and the result does not depend on their number. Several classes a row, other similarities, held-out sets and strata are asked of a
    /// [`Study`](crate::study::Study).
    ///
    /// # Errors
    /// [`EvalError`] when there are not as many labels as rows, a value is not finite, a row is zero, or no quantile exists.
    pub fn of_labels(embeddings: Rows<'_>, labels: &[u32]) -> Result<Self, EvalError> {
        let prepared = PreparedRows::new(embeddings, Similarity::Cosine)?;
        let positives = Positives::of_labels(labels);
        let mut tally = Self::default();
        tally.add(&RetrievalSet::new(&prepared, &positives, labels), &Quiet)?;
        Ok(tally)
    }
}

#[cfg(test)]
mod tests;
