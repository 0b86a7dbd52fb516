//! A whole file of gene sets.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::format::recognise;
use super::{NamedSet, SetFormat, gmt, gmx, grp, rows};
use crate::profile::ProfileError;
use crate::profile::text::Source;

/// Named sets of gene ids, as a GMT, GMX or GRP file holds them.
///
/// The format is found by looking at the content, never at the name. Fields stand between tabs alone; blank ones are passed
/// over, and members that stand twice in a set are counted once. Files may be gzipped, in UTF-8 or UTF-16, with line ends of
/// any system.
///
/// ```
/// use l1kdb::profile::{GeneIds, SetFile, SetPairs, Universe};
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("sets.gmt");
/// std::fs::write(&path, "STRESS_UP\tna\tHSPA1A\tDNAJB1\nSTRESS_DN\tna\tCCND1\tMYC\n")?;
/// let pairs = SetPairs::of_file(SetFile::read(&path)?)?;
/// let set = pairs.pairs[0].map(&GeneIds::built_in(), Universe::All)?;
/// assert_eq!((set.name.as_str(), set.up.unwrap().genes.len(), set.down.unwrap().genes.len()), ("STRESS", 2, 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SetFile {
    /// The file.
    pub path: PathBuf,
    /// What it was read as.
    pub format: SetFormat,
    /// Its sets in the order of the file, of unlike names.
    pub sets: Vec<NamedSet>,
}

impl SetFile {
    /// Reads a file.
    ///
    /// # Errors
    /// [`ProfileError::NotGeneSets`] for a file of another kind, and for fields that stand between blanks or commas;
    /// [`ProfileError::Line`] for a line that is no set, [`ProfileError::DuplicateId`] for a name that stands twice,
    /// [`ProfileError::Empty`] for a file without sets, and those of reading text.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, ProfileError> {
        Self::from_source(path.as_ref(), Source::open(path.as_ref())?)
    }

    pub(in crate::profile) fn from_source(path: &Path, source: Source) -> Result<Self, ProfileError> {
        let rows = rows::read(source)?;
        let format = recognise(&rows);
        let format = format.map_err(|reason| ProfileError::NotGeneSets { path: path.to_owned(), reason })?;
        let sets = match format {
            SetFormat::Gmt => gmt::sets(path, &rows)?,
            SetFormat::Gmx => gmx::sets(path, &rows)?,
            SetFormat::Grp => grp::sets(path, &rows),
        };
        if sets.is_empty() {
            return Err(ProfileError::Empty {
                path: path.to_owned(),
                expected: "gene sets (GMT, GMX or GRP)",
            });
        }
        check_names(path, format, &sets)?;
        Ok(Self { path: path.to_owned(), format, sets })
    }

    /// Returns what a user should know about the sets, one sentence each: members that stand twice, and weights, which are
    /// not used.
    pub fn notes(&self) -> Vec<String> {
        let sum = |count: fn(&NamedSet) -> usize| self.sets.iter().map(count).sum::<usize>();
        let (repeated, weighted) = (sum(|set| set.repeated), sum(|set| set.weighted));
        let mut notes = Vec::new();
        if repeated > 0 {
            notes.push(format!("{repeated} members stand twice in their sets and were counted once"));
        }
        if weighted > 0 {
            notes.push(format!("{weighted} members have weights (such as `GENE,1.0`), which are not used"));
        }
        notes
    }
}

/// Answers about two sets of one name could not be told apart.
fn check_names(path: &Path, format: SetFormat, sets: &[NamedSet]) -> Result<(), ProfileError> {
    let mut places: HashMap<&str, usize> = HashMap::new();
    for set in sets {
        if let Some(first) = places.insert(&set.name, set.place) {
            return Err(ProfileError::DuplicateId {
                path: path.to_owned(),
                kind: "gene set",
                id: crate::profile::table::shown(&set.name),
                place: if format == SetFormat::Gmx { "columns" } else { "lines" },
                first,
                second: set.place,
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
