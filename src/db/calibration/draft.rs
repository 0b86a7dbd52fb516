//! Writing a calibration, and naming it in the manifest.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use l1kdb_index::{SegmentWriter, Vectors};

use super::CalibrationKey;
use super::entry::{self, Entry};
use super::head::{Head, NO_DRUG, ReferenceQueries, Usual, mark};
use crate::db::lock::Lock;
use crate::db::names::{self, MANIFEST};
use crate::db::snapshot::Snapshot;
use crate::db::{Db, DbError};
use crate::enrichment::{CallCalibration, ClassNulls, DrugClasses};
use crate::profile::{AtomicFile, sync_folder};
use crate::stats::NullTables;

/// The first format of manifests with a table of what may be ignored.
const IGNORABLE: u32 = 3;

/// A calibration that is to be kept.
pub(crate) struct CalibrationDraft<'a> {
    pub key: CalibrationKey,
    pub references: ReferenceQueries,
    /// Embeddings of the reference queries, unit vectors; empty in gene space.
    pub embeddings: Vec<f32>,
    pub tables: &'a NullTables<'a>,
    /// Of every row how near its neighbours are; empty where that does not matter.
    pub nearness: &'a [f32],
    /// The classes of the drugs, and their scores for the reference queries.
    pub classes: (&'a DrugClasses, &'a ClassNulls<'a>),
    /// How probable votes for classes are.
    pub calls: Vec<CallCalibration>,
    /// What the reference queries are like.
    pub usual: Usual,
}

impl Db {
    /// Keeps a calibration: writes its file, and names it in the manifest in one step, in the place of one of the same key. What was
    /// there is there still where anything fails.
    ///
    /// This database goes on seeing what it was opened with.
    pub(crate) fn keep_calibration(&self, draft: &CalibrationDraft<'_>) -> Result<(), DbError> {
        let path = fs::canonicalize(self.path()).map_err(DbError::io(self.path(), "find the database"))?;
        let _lock = Lock::take(names::sibling(&path, "lock"), &path)?;
        let current = Snapshot::open(&path)?;
        if mark(&current) != mark(&self.snapshot) {
            return Err(DbError::Replaced { path });
        }
        check_format(&current)?;
        remove_unfinished(&path);
        let mut entries = entry::of_manifest(current.manifest());
        let file = names::calibration(next_number(&path)?);
        let unfinished = Unfinished(path.join(format!(".{file}.tmp")));
        let checksum = draft.write(&unfinished.0, mark(&current), current.dim())?;
        fs::rename(&unfinished.0, path.join(&file)).map_err(DbError::io(&path, "name the calibration"))?;
        let replaced: Vec<Entry> = entries.extract_if(.., |entry| entry.key == draft.key).collect();
        entries.push(Entry {
            file: file.clone(),
            checksum: format!("{checksum:016x}"),
            key: draft.key.clone(),
        });
        if let Err(e) = write_manifest(&path, &current, &entries) {
            let _ = fs::remove_file(path.join(&file));
            return Err(e);
        }
        // Readers that have the old one open keep it; what cannot be removed is in nobody's way.
        replaced.iter().for_each(|old| drop(fs::remove_file(path.join(&old.file))));
        Ok(())
    }
}

/// That the manifest has a place for calibrations.
fn check_format(current: &Snapshot) -> Result<(), DbError> {
    let found = current.manifest().format;
    if found >= IGNORABLE {
        return Ok(());
    }
    let what = format!("its format {found} has no place for one, expected {IGNORABLE}; build it again");
    Err(DbError::Calibration { path: current.path().to_owned(), what })
}

fn write_manifest(path: &Path, current: &Snapshot, entries: &[Entry]) -> Result<(), DbError> {
    let mut manifest = current.manifest().clone();
    entry::put(&mut manifest, entries);
    sync_folder(path).map_err(DbError::io(path, "sync"))?;
    let mut file = AtomicFile::create(path.join(MANIFEST))?;
    file.put(manifest.to_text().as_bytes())?;
    Ok(file.commit()?)
}

/// A number that no calibration has or had since the database was built.
fn next_number(path: &Path) -> Result<usize, DbError> {
    let entries = fs::read_dir(path).map_err(DbError::io(path, "look for calibrations"))?;
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    Ok(1 + names.filter_map(|name| names::calibration_number(&name)).max().unwrap_or(0))
}

/// Removes what calibrations that were killed have left. Nobody writes one while the lock is held.
fn remove_unfinished(path: &Path) {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    let is_unfinished = |name: &str| names::is_unfinished_calibration(name);
    for entry in entries.filter(|entry| entry.file_name().to_str().is_some_and(is_unfinished)) {
        let _ = fs::remove_file(entry.path());
    }
}

/// A file that is removed unless it got another name.
struct Unfinished(PathBuf);

impl Drop for Unfinished {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

impl CalibrationDraft<'_> {
    fn write(&self, path: &Path, mark: [u8; 16], dim: usize) -> Result<u64, DbError> {
        let mut writer = SegmentWriter::create(path, mark)?;
        writer.vectors(&Vectors::new(dim, self.embeddings.clone())?)?;
        let (classes, of_classes) = self.classes;
        let head =
            Head::new(self.key.clone(), self.references.clone(), classes, &self.calls, self.usual.clone())
                .to_text();
        let own: Vec<u32> =
            of_classes.own.iter().map(|own| own.map_or(NO_DRUG, |drug| drug as u32)).collect();
        let tails = &self.tables.tails;
        let counts: Vec<u64> =
            tails.iter().flat_map(|tail| [tail.count, tail.largest.len() as u64]).collect();
        let ends: Vec<f32> = tails.iter().flat_map(|tail| tail.largest.iter()).copied().collect();
        let sections: [([u8; 4], &[u8]); 12] = [
            (*b"HEAD", head.as_bytes()),
            (*b"REFD", bytemuck::cast_slice(&own)),
            (*b"NPTR", bytemuck::cast_slice(&self.tables.starts)),
            (*b"NULL", bytemuck::cast_slice(&self.tables.scores)),
            (*b"MEAN", bytemuck::cast_slice(&self.tables.means)),
            (*b"DEVI", bytemuck::cast_slice(&self.tables.deviations)),
            (*b"SIZE", &self.tables.classes),
            (*b"TCNT", bytemuck::cast_slice(&counts)),
            (*b"TAIL", bytemuck::cast_slice(&ends)),
            (*b"ZSCO", bytemuck::cast_slice(&of_classes.scores)),
            (*b"CSTA", bytemuck::cast_slice(&of_classes.quarters)),
            (*b"CMES", bytemuck::cast_slice(&of_classes.mean_es)),
        ];
        let near: ([u8; 4], &[u8]) = (*b"NEAR", bytemuck::cast_slice(self.nearness));
        let near = (!self.nearness.is_empty()).then_some(near);
        for (kind, bytes) in sections.into_iter().chain(near) {
            writer.section(kind)?.write_all(bytes).map_err(DbError::io(path, "write a section"))?;
        }
        Ok(writer.finish()?.checksum)
    }
}
