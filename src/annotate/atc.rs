//! The Anatomical Therapeutic Chemical classification: codes, levels, names.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::str::FromStr;

use super::AnnotateError;
use crate::profile::{Table, is_missing};

/// The number of levels of the hierarchy: anatomical group, therapeutic, pharmacological and chemical subgroup,
/// substance.
pub const ATC_LEVELS: u8 = 5;

/// Characters of a code at each level.
const LENGTHS: [usize; ATC_LEVELS as usize] = [1, 3, 4, 5, 7];

/// The 14 anatomical main groups, named in our own spelling.
const MAIN_GROUPS: [(&str, &str); 14] = [
    ("A", "Alimentary tract and metabolism"),
    ("B", "Blood and blood forming organs"),
    ("C", "Cardiovascular system"),
    ("D", "Dermatologicals"),
    ("G", "Genito-urinary system and sex hormones"),
    ("H", "Systemic hormonal preparations"),
    ("J", "Antiinfectives for systemic use"),
    ("L", "Antineoplastic and immunomodulating agents"),
    ("M", "Musculo-skeletal system"),
    ("N", "Nervous system"),
    ("P", "Antiparasitic products"),
    ("R", "Respiratory system"),
    ("S", "Sensory organs"),
    ("V", "Various"),
];

/// An ATC code of any level, in capitals.
///
/// ```
/// use l1kdb::annotate::AtcCode;
///
/// let simvastatin: AtcCode = "C10AA01".parse()?;
/// assert_eq!(simvastatin.level(), 5);
/// assert_eq!(simvastatin.prefixes().collect::<Vec<_>>(), ["C", "C10", "C10A", "C10AA", "C10AA01"]);
/// # Ok::<(), l1kdb::annotate::AnnotateError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AtcCode(String);

impl AtcCode {
    /// Returns the code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the level, 1 (anatomical group) to 5 (substance).
    pub fn level(&self) -> u8 {
        LENGTHS.iter().filter(|length| **length <= self.0.len()).count() as u8
    }

    /// Returns the class at `level`, or `None` where the code does not reach that deep.
    pub fn at_level(&self, level: u8) -> Option<&str> {
        let length = *LENGTHS.get(usize::from(level).checked_sub(1)?)?;
        self.0.get(..length)
    }

    /// Returns the code's classes from level 1 down to its own.
    pub fn prefixes(&self) -> impl Iterator<Item = &str> {
        (1..=ATC_LEVELS).filter_map(|level| self.at_level(level))
    }
}

impl FromStr for AtcCode {
    type Err = AnnotateError;

    fn from_str(text: &str) -> Result<Self, AnnotateError> {
        let code = text.trim().to_ascii_uppercase();
        let shaped = code.bytes().zip(*b"ADDAADD").all(|(found, class)| match class {
            b'A' => found.is_ascii_uppercase(),
            _ => found.is_ascii_digit(),
        });
        if shaped && LENGTHS.contains(&code.len()) {
            return Ok(Self(code));
        }
        Err(AnnotateError::NotAtc { text: text.to_owned() })
    }
}

impl fmt::Display for AtcCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Names of ATC classes. The 14 main groups are always there; deeper names come from the user's own table.
///
/// The WHO Collaborating Centre restricts redistribution of its table, so none is shipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtcNames(BTreeMap<String, String>);

impl Default for AtcNames {
    fn default() -> Self {
        Self(MAIN_GROUPS.iter().map(|(code, name)| ((*code).to_owned(), (*name).to_owned())).collect())
    }
}

impl AtcNames {
    /// Reads a table with the columns `atc_code` and `atc_name` (any levels). Rows whose code is malformed are skipped.
    ///
    /// # Errors
    /// When the file cannot be read as a table or lacks a column.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, AnnotateError> {
        let path = path.as_ref();
        let table = Table::read(path)?.filled()?;
        let code = column(&table, path, &["atc_code", "atc", "code"], "atc_code")?;
        let name = column(&table, path, &["atc_name", "name"], "atc_name")?;
        let mut names = Self::default();
        for row in table.rows() {
            names.insert(row[code], row[name]);
        }
        Ok(names)
    }

    fn insert(&mut self, code: &str, name: &str) {
        let name = name.trim();
        if let (Ok(code), false) = (code.parse::<AtcCode>(), is_missing(name)) {
            // Our spelling of a main group is kept: the usual tables shout it.
            self.0.entry(code.0).or_insert_with(|| name.to_owned());
        }
    }

    /// Returns the name of a class of any level.
    pub fn name(&self, code: &str) -> Option<&str> {
        self.0.get(code).map(String::as_str)
    }

    /// Keeps the main groups and the classes that `codes` fall in.
    #[must_use]
    pub fn only<'a>(&self, codes: impl IntoIterator<Item = &'a AtcCode>) -> Self {
        let mut kept = Self::default();
        for prefix in codes.into_iter().flat_map(AtcCode::prefixes) {
            if let Some(name) = self.0.get(prefix) {
                kept.0.insert(prefix.to_owned(), name.clone());
            }
        }
        kept
    }

    /// Returns every (code, name), in code order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(code, name)| (code.as_str(), name.as_str()))
    }
}

impl FromIterator<(String, String)> for AtcNames {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(names: I) -> Self {
        let mut all = Self::default();
        all.0.extend(names);
        all
    }
}

/// Finds the first of `accepted` among the table's columns.
pub(super) fn column(
    table: &Table,
    path: &Path,
    accepted: &[&str],
    expected: &'static str,
) -> Result<usize, AnnotateError> {
    table.column(accepted).ok_or_else(|| AnnotateError::MissingColumn {
        path: path.to_owned(),
        expected,
        found: table.header().to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use super::{AtcCode, AtcNames};

    #[test]
    fn levels_are_prefixes_of_1_3_4_5_and_7_characters() {
        let code: AtcCode = " d01ac02 ".parse().unwrap();
        assert_eq!(code.level(), 5);
        assert_eq!(code.prefixes().collect::<Vec<_>>(), ["D", "D01", "D01A", "D01AC", "D01AC02"]);
        assert_eq!("D01A".parse::<AtcCode>().unwrap().at_level(5), None);
    }

    #[test]
    fn malformed_codes_are_refused() {
        for text in ["", "1", "D1", "D01AC2", "D01AC022", "DD1AC02", "D01ÄC02"] {
            assert!(text.parse::<AtcCode>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_main_groups_are_named_without_any_table() {
        let names = AtcNames::default();
        assert_eq!(names.iter().count(), 14);
        assert_eq!(names.name("N"), Some("Nervous system"));
        assert_eq!(names.name("N02"), None);
    }

    #[test]
    fn only_keeps_the_ancestors_of_the_codes_in_use() {
        let mut names = AtcNames::default();
        names.insert("C10", "LIPID MODIFYING AGENTS");
        names.insert("D01", "ANTIFUNGALS");
        let kept = names.only(&["C10AA05".parse().unwrap()]);
        assert_eq!(kept.name("C10"), Some("LIPID MODIFYING AGENTS"));
        assert_eq!(kept.name("D01"), None);
    }
}
