//! Calibrations: what every drug of a database scores for reference queries that have nothing to do with it.
//!
//! A calibration is a segment file of `l1kdb-index`, whose vectors are the embeddings of the reference queries, if they have any.
//! It bears a mark of the network and the segments that it was computed of. The manifest names it among what a reader may ignore.
//!
//! | section | what |
//! |---|---|
//! | `HEAD` | text: what it is of, how many reference queries, of how many drugs, from where; how often votes for classes are right; what reference queries are like |
//! | `REFD` | of each reference query the number of the drug that it stems from, 2^32 - 1 for none of the database: 4 bytes |
//! | `NPTR` | where the scores of each drug start in `NULL`, and where the last end: 4 bytes a drug + 4 |
//! | `NULL` | standardised scores, drug after drug, descending: floats |
//! | `MEAN`, `DEVI` | mean and standard deviation of those of each drug: floats |
//! | `SIZE` | class of the number of signatures of each drug: a byte |
//! | `TCNT`, `TAIL` | of each such class: number of values, and of those kept of the upper end (8 bytes each); those values, floats |
//! | `ZSCO` | the standardised scores themselves, reference queries x drugs, NaN where a query stems from the drug: floats |
//! | `CSTA` | of each class of drugs, for each reference query, the mean of its best quarter, the smallest score in that, the largest beyond: floats |
//! | `NEAR` | only without hubs: of every row of the segments, one after another, the mean similarity to its 10 nearest: floats |
//! | `CMES` | of each class the mean of its positive and of its negative enrichment scores: floats |
//!
//! | file | responsibility |
//! |---|---|
//! | `key` | what a calibration is of |
//! | `entry` | calibrations in the manifest |
//! | `head` | the text that begins a file |
//! | `sections` | its numbers, where they lie |
//! | `file`, `held`, `of_database` | reading one; files held open; those of a database |
//! | `draft` | writing one and naming it in the manifest |
//! | `fuzzing` | bytes from anywhere as one |

mod draft;
mod entry;
mod file;
pub(super) mod fuzzing;
mod head;
mod held;
mod key;
mod of_database;
mod sections;

pub(crate) use draft::CalibrationDraft;
pub use file::Calibration;

pub(crate) use head::{ReferenceQueries, Usual};
pub(super) use held::{Held, hold};
pub use key::{CalibrationKey, CalibrationOf, Hubness};
