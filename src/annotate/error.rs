use std::path::PathBuf;

use crate::profile::ProfileError;

/// What can be wrong with an annotation, a filter, or the stored form of either.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AnnotateError {
    /// Text that is no ATC code.
    #[error(
        "{text:?} is not an ATC code: expected a letter, two digits, two letters, two digits, or the start of it (C, C10, C10A, C10AA, C10AA05)"
    )]
    NotAtc {
        /// The text as found.
        text: String,
    },
    /// A table without a column that it needs.
    #[error("{}: no column {expected}; found the columns {}", .path.display(), .found.join(", "))]
    MissingColumn {
        /// The table.
        path: PathBuf,
        /// The column, with its accepted spellings.
        expected: &'static str,
        /// The columns of the table.
        found: Vec<String>,
    },
    /// A table that could not be read.
    #[error(transparent)]
    Table(#[from] ProfileError),
    /// A filter over something the database does not know.
    #[error("unknown filter key {key:?}; this database knows {}", .known.join(", "))]
    UnknownKey {
        /// The key as given.
        key: String,
        /// The keys there are.
        known: Vec<String>,
    },
    /// A filter without a value, or with one that is empty.
    #[error(
        "an empty value stands in {key}={}: expected KEY=VALUE or KEY=V1,V2; a value that begins or ends in a comma is \
         written between double quotes",
        shortened(.text)
    )]
    EmptyValue {
        /// The key.
        key: String,
        /// The values as given.
        text: String,
    },
    /// A filter value that no row has.
    #[error("no signature has {key}={}{}", shortened(.value), suggestion(.near))]
    UnknownValue {
        /// The key.
        key: String,
        /// The value as given.
        value: String,
        /// Values of that key that look like it, best first.
        near: Vec<String>,
    },
    /// A stored section that is damaged.
    #[error("section {section} is damaged: {what}; run `l1kdb verify`, then rebuild the database")]
    Corrupt {
        /// The section's four letters.
        section: &'static str,
        /// What does not fit.
        what: String,
    },
}

/// What was typed, as far as a line of text can show it.
fn shortened(text: &str) -> String {
    const SHOWN: usize = 80;
    let start: String = text.chars().take(SHOWN).collect();
    if start.len() < text.len() { start + "..." } else { start }
}

fn suggestion(near: &[String]) -> String {
    match near {
        [] => String::new(),
        near => format!("; did you mean {}?", near.join(" or ")),
    }
}
