//! l1kdb: which drugs act like this one?
#![forbid(unsafe_code)]

pub mod eval;
pub mod progress;
