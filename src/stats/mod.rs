//! Statistics on plain numbers: quantiles among negatives, ROC, intervals over resamples.
//!
//! | file | responsibility |
//! |---|---|
//! | `quantile` | the quantiles of one query's positives, and statistics of many quantiles |
//! | `similarity_histogram`, `roc` | positives and negatives by similarity, and one threshold for all queries |
//! | `bootstrap` | resamples of drugs |
//! | `interval` | percentiles of resamples, and when they make an interval |

mod bootstrap;
mod interval;
mod quantile;
mod roc;
mod similarity_histogram;

pub use bootstrap::Bootstrap;
pub(crate) use bootstrap::{intervals, resampled};
pub use interval::{Interval, MAX_RESAMPLES, MIN_DRAWN, MIN_RESAMPLES};
pub(crate) use interval::{check_resamples, check_runs, interval, middle, why_none};
pub use quantile::{Quantiles, quantiles_of_positives};
pub use roc::Roc;
pub use similarity_histogram::SimilarityHistogram;
pub(crate) use similarity_histogram::add_counts;
