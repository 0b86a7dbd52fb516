//! A run on disk: settings, log, learning curve, checkpoint, model.

mod checkpoint;
mod folder;
mod log;
mod seal;

pub use folder::{Existing, RunFolder};
