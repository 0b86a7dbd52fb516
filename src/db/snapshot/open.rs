//! Opening a database, while a build may be putting another one in its place.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

use super::Snapshot;
use super::live::LiveSegment;
use super::manifest::{Manifest, SegmentEntry};
use super::model_files::ModelFiles;
use crate::db::directory::Directory;
use crate::db::names::{self, MANIFEST};
use crate::db::segment::{Expected, Segment};
use crate::db::{DbError, hash};
use crate::profile::GeneSpace;

/// Times that opening starts again because another database has taken the place, and the pause before each.
const RETRIES: usize = 100;
const PAUSE: Duration = Duration::from_millis(2);

impl Snapshot {
    /// Opens what is at a path. See [`Db::open`](crate::db::Db::open).
    pub fn open(path: &Path) -> Result<Self, DbError> {
        let mut retries = 0..RETRIES;
        loop {
            let opened = Directory::open(path)
                .map_err(|e| (no_directory(path, e), is_between_names(path)))
                .and_then(Self::open_in);
            match opened {
                // Its files are gone because another database has taken its place, or is about to.
                Err((_, true)) if retries.next().is_some() => std::thread::sleep(PAUSE),
                opened => return opened.map_err(|(e, _)| e),
            }
        }
    }

    /// Opens a database in a directory; with an error, whether another directory has taken its place.
    fn open_in(directory: Directory) -> Result<Self, (DbError, bool)> {
        match Parts::open(&directory) {
            Ok(Parts { manifest, model, segments }) => {
                Ok(Self { directory, manifest, model, segments, groups: OnceLock::new() })
            }
            Err(e) => Err((e, !directory.is_current())),
        }
    }
}

/// The open files of a database.
struct Parts {
    manifest: Manifest,
    model: ModelFiles,
    segments: Vec<LiveSegment>,
}

impl Parts {
    fn open(directory: &Directory) -> Result<Self, DbError> {
        let manifest = Manifest::read(directory)?;
        let expected = GeneSpace::landmarks().digest();
        if manifest.gene_space != expected {
            return Err(DbError::Mismatch {
                path: directory.path().join(MANIFEST),
                what: "gene space",
                expected: expected.to_owned(),
                found: manifest.gene_space,
            });
        }
        let universe = manifest.universe();
        let owner = hash::owner(&manifest.model, &manifest.gene_space);
        let open = |entry: &SegmentEntry| {
            let SegmentEntry { file, rows, checksum, .. } = entry;
            let expected = Expected { file, rows: *rows, checksum, owner, dim: manifest.dimension, universe };
            Ok(LiveSegment::new(Segment::open(directory, expected)?, None).of_source(entry.source()))
        };
        let segments = manifest.segments.iter().map(open).collect::<Result<_, DbError>>()?;
        let model = ModelFiles::open(directory)?;
        if model.lack() && !directory.is_current() {
            let gone = DbError::io(model.path(), "open the network of the database");
            return Err(gone(ErrorKind::NotFound.into()));
        }
        Ok(Self { manifest, model, segments })
    }
}

/// Whether the name of a database is missing for the moment between two renames: then a build is at work beside it.
fn is_between_names(path: &Path) -> bool {
    path.file_name().is_some() && !path.exists() && names::sibling(path, "lock").exists()
}

fn no_directory(path: &Path, e: std::io::Error) -> DbError {
    let what = match e.kind() {
        ErrorKind::NotFound => match names::first(path) {
            Some(left) => format!(
                "there is nothing, but an interrupted build left {}, which the next build of it looks after",
                left.display()
            ),
            None => "there is nothing".to_owned(),
        },
        ErrorKind::NotADirectory => "it is a file, and a database is a directory".to_owned(),
        _ => return DbError::io(path, "open the database")(e),
    };
    DbError::NotADatabase { path: path.to_owned(), what }
}
