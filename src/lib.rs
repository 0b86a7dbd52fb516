//! l1kdb: which drugs act like this one?
#![forbid(unsafe_code)]

pub mod embed;
pub mod eval;
pub mod profile;
pub mod progress;
pub mod simulate;
