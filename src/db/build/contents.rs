//! The files of a database directory: which names belong to it, what is a database, and removing one without touching
//! anything else.

use std::ffi::OsStr;
use std::fs::{self, DirEntry};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use crate::db::DbError;
use crate::db::names::{MANIFEST, MODEL, calibration_number, is_segment, is_unfinished_calibration};

/// The lock that databases of format 1 carry.
const OLD_LOCK: &str = "LOCK";

/// What desktops leave in directories that people look at.
const DESKTOP: [&str; 3] = [".DS_Store", "Thumbs.db", "desktop.ini"];

/// The first bytes of a segment.
const SEGMENT: &[u8] = b"\x89L1K";

/// What stands at a path where a database may be, or may come to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing.
    Nothing,
    /// A database, whole or damaged, and nothing else.
    Database,
    /// Anything else, in words.
    Other(String),
}

/// Looks at what stands at `path`, following no symbolic link.
///
/// A database is a directory that holds the files of one and nothing else, among them a manifest or a segment: so a
/// damaged one can be replaced, and nothing that a user has put there can be lost with it.
pub(super) fn look(path: &Path) -> Result<Found, DbError> {
    let metadata = match fs::symlink_metadata(path) {
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(Found::Nothing),
        metadata => metadata.map_err(DbError::io(path, "look at what is there"))?,
    };
    if metadata.is_symlink() {
        return Ok(Found::Other("is not a database but a symbolic link, which is not followed".to_owned()));
    }
    if !metadata.is_dir() {
        return Ok(Found::Other("is not a database but a file".to_owned()));
    }
    look_inside(path).map_err(DbError::io(path, "look at what is there"))
}

fn look_inside(directory: &Path) -> io::Result<Found> {
    let mut known = false;
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        if !belongs(&entry)? {
            let name = entry.file_name();
            return Ok(Found::Other(format!("is not a database alone: it holds `{}`", name.display())));
        }
        known = known || bears_witness(&entry)?;
    }
    Ok(if known { Found::Database } else { Found::Other("is not a database".to_owned()) })
}

/// Whether an entry of a database directory is a file that this program writes there.
fn belongs(entry: &DirEntry) -> io::Result<bool> {
    let (name, kind) = (entry.file_name(), entry.file_type()?);
    let Some(name) = name.to_str() else { return Ok(false) };
    if name == MODEL && kind.is_dir() {
        for entry in fs::read_dir(entry.path())? {
            let entry = entry?;
            if !entry.file_type()?.is_file() || !is_of_model(&entry.file_name()) {
                return Ok(false);
            }
        }
        return Ok(true);
    }
    Ok(kind.is_file() && is_of_database(name))
}

fn is_of_database(name: &str) -> bool {
    let is_tombstones = |name: &str| name.starts_with("deleted-") && name.ends_with(".roar");
    name == MANIFEST
        || name == OLD_LOCK
        || is_unfinished(name, MANIFEST)
        || is_segment(name)
        || is_tombstones(name)
        || calibration_number(name).is_some()
        || is_unfinished_calibration(name)
        || DESKTOP.contains(&name)
}

fn is_of_model(name: &OsStr) -> bool {
    let Some(name) = name.to_str() else { return false };
    let files = ["card.toml", "model.onnx"];
    files.iter().any(|file| name == *file || is_unfinished(name, file)) || DESKTOP.contains(&name)
}

/// Whether `name` is that of a file which becomes `file` by a rename: `.card.toml.123-0.tmp`.
fn is_unfinished(name: &str, file: &str) -> bool {
    name.strip_prefix('.').and_then(|rest| rest.strip_prefix(file)).is_some_and(|rest| rest.ends_with(".tmp"))
}

/// Whether a file of a known name also has the content: a folder with a `MANIFEST` of another trade is no database.
fn bears_witness(entry: &DirEntry) -> io::Result<bool> {
    let name = entry.file_name();
    if name == MANIFEST {
        return Ok(start(&entry.path())?.starts_with(b"format ="));
    }
    Ok(name.to_str().is_some_and(is_segment) && start(&entry.path())?.starts_with(SEGMENT))
}

fn start(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(16).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Removes the files of a database and then its directory; returns whether the directory is gone. Anything that is no
/// part of a database stays where it is, and so does the directory then.
///
/// The manifest goes first: what is left of a removal that was cut short is never taken for a database.
pub(super) fn remove(directory: &Path) -> io::Result<bool> {
    ignore_absent(fs::remove_file(directory.join(MANIFEST)))?;
    let model = directory.join(MODEL);
    if fs::symlink_metadata(&model).is_ok_and(|there| there.is_dir()) {
        remove_files(&model, is_of_model)?;
    }
    remove_files(directory, |name| name.to_str().is_some_and(is_of_database))
}

/// Removes the files whose names are `ours`, and the directory if nothing else was in it.
fn remove_files(directory: &Path, ours: impl Fn(&OsStr) -> bool) -> io::Result<bool> {
    let entries = match fs::read_dir(directory) {
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(true),
        entries => entries?,
    };
    // Collected first: what a directory lists while it shrinks is up to the file system.
    for entry in entries.collect::<io::Result<Vec<_>>>()? {
        if entry.file_type()?.is_file() && ours(&entry.file_name()) {
            ignore_absent(fs::remove_file(entry.path()))?;
        }
    }
    match fs::remove_dir(directory) {
        Err(e) if e.kind() == ErrorKind::DirectoryNotEmpty => Ok(false),
        done => ignore_absent(done).map(|()| true),
    }
}

fn ignore_absent(done: io::Result<()>) -> io::Result<()> {
    done.or_else(|e| if e.kind() == ErrorKind::NotFound { Ok(()) } else { Err(e) })
}
