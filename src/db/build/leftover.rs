//! What builds that were killed left beside a database: recognised, put back where it is all that there is, else removed.

use std::fs;
use std::path::{Path, PathBuf};

use super::contents;
use crate::db::DbError;
use crate::db::directory::rename_new;
use crate::db::names::{Part, find};
use crate::db::snapshot::Snapshot;

/// What became of the left-overs.
#[derive(Debug, Default)]
pub(super) struct Tidied {
    /// The left-over that is the database again.
    pub put_back: Option<PathBuf>,
    /// A sentence about each left-over.
    pub notes: Vec<String>,
}

/// Deals with everything that builds of `destination` left. The caller holds the lock, so none of it is in use.
///
/// Where there is no database, the only whole one is put back. A whole one is removed only where the destination holds
/// a whole one too; of all others only the files that a build writes.
pub(super) fn tidy(destination: &Path) -> Result<Tidied, DbError> {
    let mut left = find(destination)?;
    let mut tidied = Tidied::default();
    if left.is_empty() {
        return Ok(tidied);
    }
    if fs::symlink_metadata(destination).is_err()
        && let Some(at) = only_whole(&left)
    {
        let (_, path) = left.remove(at);
        rename_new(&path, destination).map_err(DbError::io(destination, "put the database back"))?;
        let (from, to) = (path.display(), destination.display());
        tidied.notes.push(format!("{to} is back: an interrupted build had left the database as {from}"));
        tidied.put_back = Some(path);
    }
    let in_place = is_whole(destination);
    tidied.notes.extend(left.iter().map(|(_, path)| clear(path, in_place)));
    Ok(tidied)
}

/// Where in the list the database is that stood, or was about to stand, at the destination: the only whole one set
/// aside, or without any, the only whole one just built.
fn only_whole(left: &[(Part, PathBuf)]) -> Option<usize> {
    let only = |part| {
        let mut whole = (0..left.len()).filter(|&at| left[at].0 == part && is_whole(&left[at].1));
        whole.next().map(|first| (first, whole.next().is_none()))
    };
    let (at, is_only) = only(Part::Replaced).or_else(|| only(Part::Building))?;
    is_only.then_some(at)
}

/// Removes a left-over unless it is more worth than what is in place; says what became of it.
fn clear(path: &Path, in_place: bool) -> String {
    let name = path.display();
    if !in_place && is_whole(path) {
        return format!("{name} is a whole database that an interrupted build left; rename it, or remove it");
    }
    match contents::remove(path) {
        Ok(true) => format!("removed {name}, which an interrupted build had left"),
        Ok(false) => {
            format!("{name} was left by an interrupted build and holds other files; remove it yourself")
        }
        Err(e) => format!("{name} was left by an interrupted build and cannot be removed: {e}"),
    }
}

fn is_whole(path: &Path) -> bool {
    Snapshot::open(path).is_ok()
}
