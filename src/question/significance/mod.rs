//! Is a score more than chance? P-values of drugs against what they score for reference queries of other drugs.
//!
//! | file | responsibility |
//! |---|---|
//! | `calibrate` | what drugs score for reference queries, computed and kept in a database |
//! | `references` | the reference queries: which, and of which drugs |
//! | `scored` | scores of all drugs for the queries of a question |
//! | `null` | the null distributions that fit a question, or why there are none |
//! | `columns` | p and q of hits |
//! | `classes`, `described` | classes of drugs at the top of answers; the drugs of a database and their classes |

mod calibrate;
mod classes;
mod columns;
mod described;
mod likeness;
mod null;
mod references;
mod scored;

pub use calibrate::{Calibrate, CalibrationReport};
pub(super) use columns::{COLUMNS, add, add_empty};
pub(super) use described::Described;
