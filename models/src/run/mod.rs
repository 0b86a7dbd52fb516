//! A run on disk: settings, log, learning curve, checkpoint, model; embeddings of held-out profiles.

mod checkpoint;
mod folder;
mod log;
mod out_of_fold;
mod seal;

pub use folder::{Existing, RunFolder};
pub use out_of_fold::OutOfFold;
