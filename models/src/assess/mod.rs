//! Figures on drugs that a network has never seen, beside the baselines that they mean nothing without.

mod figures;
mod out_of_fold;
mod protocol;
mod same_label;

pub use figures::{Assessment, Figures, Stratum};
pub use out_of_fold::OutOfFold;
pub use protocol::{Embedder, Fold, Protocol, Standing, compare};
pub use same_label::SameLabel;
pub(crate) use same_label::retrieve;
