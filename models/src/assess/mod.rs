//! Figures on drugs that a network has never seen, beside the baselines that they mean nothing without.

mod figures;
mod protocol;

pub use figures::{Assessment, Figures, Stratum};
pub use protocol::{Embedder, Fold, Protocol, Standing, compare};
