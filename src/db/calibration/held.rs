//! The files of calibrations, held open.

use std::fs::File;
use std::io;
use std::sync::{Arc, OnceLock};

use super::entry::{self, Entry};
use crate::db::snapshot::Snapshot;

/// The file of a calibration, held open: a reader keeps what it was opened with, whatever becomes of the name.
#[derive(Debug)]
pub(in crate::db) struct Held<C> {
    pub(super) entry: Entry,
    pub(super) file: io::Result<File>,
    /// What was read of it, once it was asked for.
    pub(super) opened: OnceLock<Arc<C>>,
}

/// Opens the files of all calibrations that a database names. One that cannot be opened is an error once it is asked for.
pub(in crate::db) fn hold<C>(snapshot: &Snapshot) -> Vec<Held<C>> {
    let entries = entry::of_manifest(snapshot.manifest());
    let held = entries.into_iter().map(|entry| Held {
        file: snapshot.directory().file(&entry.file),
        entry,
        opened: OnceLock::new(),
    });
    held.collect()
}
