//! A run on disk: settings, log, learning curve, checkpoint, model.

mod checkpoint;
mod folder;
mod log;

pub use folder::{Existing, RunFolder};
