//! What builds that were killed left beside a database: recognised, put back where it is all that there is, else removed.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::{Path, PathBuf};

use super::directory::rename_new;
use super::{Db, DbError, contents, parent};

/// The parts that a directory beside a database can play.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// A database being built, or, for the instant after an exchange, the one that it replaced.
    Building,
    /// A database set aside where two names cannot be exchanged.
    Replaced,
}

impl Part {
    fn word(self) -> &'static str {
        match self {
            Self::Building => "building",
            Self::Replaced => "replaced",
        }
    }
}

/// What became of the left-overs.
#[derive(Debug, Default)]
pub(super) struct Tidied {
    /// The left-over that is the database again.
    pub put_back: Option<PathBuf>,
    /// A sentence about each left-over.
    pub notes: Vec<String>,
}

/// Returns a name beside `destination` that nothing bears: `.NAME.building-` and sixteen hexadecimal digits that nobody
/// can foretell.
pub(super) fn new_name(destination: &Path, part: Part) -> PathBuf {
    let random = RandomState::new().build_hasher().finish();
    sibling(destination, &format!("{}-{random:016x}", part.word()))
}

/// Returns `.NAME.end`, beside `destination`.
pub(super) fn sibling(destination: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(destination.file_name().unwrap_or_default());
    name.push(".");
    name.push(end);
    destination.with_file_name(name)
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

/// Returns a left-over beside `destination`, if there is one.
pub(super) fn first(destination: &Path) -> Option<PathBuf> {
    find(destination).ok()?.into_iter().next().map(|(_, path)| path)
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
    Db::open(path).is_ok()
}

/// The directories beside `destination` that only a build of it makes, in the order of their names. Links are not
/// followed.
fn find(destination: &Path) -> Result<Vec<(Part, PathBuf)>, DbError> {
    let folder = parent(destination);
    let failed = |e| DbError::io(folder, "look for what earlier builds left")(e);
    let mut left = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let part = part_of(destination, &entry.file_name());
        if let Some(part) = part.filter(|_| entry.file_type().is_ok_and(|kind| kind.is_dir())) {
            left.push((part, destination.with_file_name(entry.file_name())));
        }
    }
    left.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(left)
}

/// The part that a name tells of; earlier versions wrote it without digits.
fn part_of(destination: &Path, name: &OsStr) -> Option<Part> {
    [Part::Building, Part::Replaced].into_iter().find(|part| {
        let plain = sibling(destination, part.word());
        let plain = plain.file_name().unwrap_or_default().as_encoded_bytes();
        let digits = name.as_encoded_bytes().strip_prefix(plain);
        digits.is_some_and(|digits| digits.is_empty() || is_digits(digits))
    })
}

fn is_digits(bytes: &[u8]) -> bool {
    matches!(bytes, [b'-', digits @ ..] if digits.len() == 16 && digits.iter().all(u8::is_ascii_hexdigit))
}
