//! How long work tells whoever is waiting how far it has come.
//!
//! The library never prints. A caller who wants a progress bar passes something that implements [`Progress`];
//! everyone else passes [`Quiet`].

/// Hears of the tasks of a long operation, one after another.
///
/// `advance` may be called from several threads at once.
pub trait Progress: Sync {
    /// Starts a task of `total` units (signatures, rows, ...), 0 when the number is not known beforehand.
    fn begin(&self, task: &str, total: u64);
    /// Tells that `done` more units of the current task are finished.
    fn advance(&self, done: u64);
    /// Ends the current task.
    fn end(&self);
    /// Tells something that whoever waits should know, in one sentence; by default it is not heard.
    fn note(&self, _text: &str) {}
}

/// Hears everything and says nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Quiet;

impl Progress for Quiet {
    fn begin(&self, _task: &str, _total: u64) {}
    fn advance(&self, _done: u64) {}
    fn end(&self) {}
}
