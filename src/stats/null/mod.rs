//! Null distributions of scores: how a candidate scores for reference queries that have nothing to do with it, and the p-value
//! of a score against that.
//!
//! | file | responsibility |
//! |---|---|
//! | `standardise` | scores of a query in units of their spread over candidates |
//! | `tables` | the null distribution of every candidate |
//! | `tail` | the upper end of the distributions of candidates of one size together |
//! | `p_value` | p-values |

mod p_value;
mod standardise;
mod tables;
mod tail;

pub use standardise::standardise;
pub use tables::{NullTables, SIZE_CLASSES, size_class};
pub(crate) use tail::Tail;
