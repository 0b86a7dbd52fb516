//! Statistics on plain numbers: ROC, intervals over resamples, p-values.
//!
//! | file | responsibility |
//! |---|---|
//! | `quantile` | quantiles of positives by sorting: what tests hold ranks against |
//! | `similarity_histogram`, `roc` | positives and negatives by similarity, and one threshold for all queries |
//! | `bootstrap` | resamples of drugs |
//! | `interval` | percentiles of resamples, and when they make an interval |
//! | `isotonic` | probabilities that rise with a score, and how far they are off |
//! | `principal` | principal components |
//! | `null` | null distributions and p-values |
//! | `false_discovery` | corrections for many tests |

mod bootstrap;
mod false_discovery;
mod interval;
mod isotonic;
mod null;
mod principal;
#[cfg(test)]
mod quantile;
mod roc;
mod similarity_histogram;

pub use bootstrap::Bootstrap;
pub(crate) use bootstrap::{intervals, resampled};
pub use false_discovery::benjamini_hochberg;
pub use interval::Interval;
pub(crate) use interval::{MIN_DRAWN, check_resamples, check_runs, interval, middle, why_none};
pub use isotonic::{Isotonic, calibration_error};
pub(crate) use null::Tail;
pub use null::{NullTables, SIZE_CLASSES, size_class, standardise};
pub(crate) use principal::PrincipalComponents;
#[cfg(test)]
pub(crate) use quantile::{Quantiles, quantiles_of_positives};
pub(crate) use roc::Roc;
#[doc(hidden)]
pub use similarity_histogram::SimilarityHistogram;
pub(crate) use similarity_histogram::add_counts;
