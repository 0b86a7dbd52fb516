//! Figures of embeddings on plain rows: how well they bring the signatures of one drug together, and what they look like.
//!
//! Every signature is a query against all the others. Those of the same label are its positives, the rest its
//! negatives, and the *quantile* of a positive is the share of negatives that are more similar to the query, ties
//! counting one half: 0 is best, 0.5 is chance. Everything reported here is made of these quantiles.
//!
//! | file | what it answers |
//! |---|---|
//! | `retrieval` | [`RetrievalResults::of_labels`]: all queries of a labelled set of embeddings |
//! | `geometry` | [`Geometry`]: how many directions rows use, equal rows, hubs |
//! | `replicates` | [`Replicating`]: which drugs stand out from sets of unrelated rows |
//! | `tsne` | [`Tsne`]: a map of embeddings for the eye |
//! | [`classification`] | do embeddings of drugs predict their class, and which drugs are predicted as another |
//! | `positives`, `ranker` | the positives of each row, and their exact ranks |
//! | `prepared_rows`, `wide` | rows made ready for comparison, in double precision where single would rank wrongly |
//! | `row_name` | how messages name a row |
//!
//! The search is exact: the rank of every positive among *all* negatives is needed, which an approximate index does
//! not know. A statistic that does not exist (no label with two members, no negative) is an [`EvalError`] or `None`,
//! never a NaN.
//!
//! ```
//! use l1kdb::Rows;
//! use l1kdb::eval::RetrievalResults;
//!
//! // Four unit vectors of two numbers; the first two belong to drug 0, the others to drug 1. For the second vector one
//! // of the two negatives is nearer than its positive (q = 0.5), for the third one is just as near (q = 0.25).
//! let embeddings = Rows::new(&[1.0, 0.0, 0.6, 0.8, 0.0, 1.0, -0.6, 0.8], 2)?;
//! let found = RetrievalResults::of_labels(embeddings, &[0, 0, 1, 1])?;
//! assert_eq!(found.queries(), 4);
//! assert_eq!(found.figures()?.micro.auc_quantile, 1.0 - (0.5 + 0.25) / 4.0);
//! # Ok::<(), l1kdb::eval::EvalError>(())
//! ```

pub mod classification;
mod error;
#[cfg(test)]
pub(crate) mod fixture;
mod geometry;
mod positives;
mod prepared_rows;
mod ranker;
mod replicates;
mod retrieval;
mod row_name;
mod similarity;
mod tsne;
mod wide;

pub use error::EvalError;
pub use geometry::{Geometry, Hubness};
pub use replicates::{Replicates, Replicating, ReplicatingOptions};
pub(crate) use retrieval::{DrugResults, HITS_AT, RECALL_AT, StratumFound};
pub use retrieval::{Figures, Measures, RetrievalResults};
pub use row_name::RowName;
pub use similarity::Similarity;
pub use tsne::Tsne;

/// For the crates of this workspace.
#[doc(hidden)]
pub use positives::Positives;
/// For the crates of this workspace.
#[doc(hidden)]
pub use prepared_rows::PreparedRows;
/// For the crates of this workspace.
#[doc(hidden)]
pub use ranker::{ExactRanker, QueryRanks};
/// For the crates of this workspace.
#[doc(hidden)]
pub use retrieval::RetrievalSet;
