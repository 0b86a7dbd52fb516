//! Profiles and their drugs, divided by drug, brought to one scale.

mod dataset;
mod split;
mod standard;

pub use dataset::{Dataset, Files, Loaded};
pub use split::{Split, folds, hold_out};
pub(crate) use standard::unit_length;
pub use standard::{Scale, Standardisation, Standardiser};
