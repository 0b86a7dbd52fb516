//! Names: of the files in a database, of its lock beside it, and of the directories of builds.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::{Path, PathBuf};

use super::DbError;

/// The manifest of a database.
pub(super) const MANIFEST: &str = "MANIFEST";

/// The directory of the network within a database.
pub(super) const MODEL: &str = "model";

/// Returns the name of a segment's file, by its number from 1.
pub(super) fn segment(number: usize) -> String {
    format!("segment-{number:06}.l1k")
}

/// Whether `name` is the plain name of a segment's file: it leads to nowhere but the database's own directory.
pub(super) fn is_segment(name: &str) -> bool {
    let number = name.strip_prefix("segment-").and_then(|rest| rest.strip_suffix(".l1k"));
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Returns the name of a calibration's file, by its number from 1.
pub(super) fn calibration(number: usize) -> String {
    format!("calibration-{number:06}.l1k")
}

/// Returns the number in the plain name of a calibration's file.
pub(super) fn calibration_number(name: &str) -> Option<usize> {
    let number = name.strip_prefix("calibration-")?.strip_suffix(".l1k")?;
    number.bytes().all(|byte| byte.is_ascii_digit()).then(|| number.parse().ok())?
}

/// Whether `name` is that of a calibration's file which was not finished.
pub(super) fn is_unfinished_calibration(name: &str) -> bool {
    name.starts_with(".calibration-") && name.ends_with(".tmp")
}

/// The folder that a path lies in.
pub(super) fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

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

/// Returns a left-over beside `destination`, if there is one.
pub(super) fn first(destination: &Path) -> Option<PathBuf> {
    find(destination).ok()?.into_iter().next().map(|(_, path)| path)
}

/// The directories beside `destination` that only a build of it makes, in the order of their names. Links are not
/// followed.
pub(super) fn find(destination: &Path) -> Result<Vec<(Part, PathBuf)>, DbError> {
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
