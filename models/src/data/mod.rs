//! Profiles and their drugs, divided by drug, brought to one scale.

mod dataset;
mod held_out;
mod standard;

pub use dataset::{Dataset, Files};
pub use held_out::seed_of_fold;
pub(crate) use standard::unit_length;
pub use standard::{Scale, Standardisation, Standardiser};
