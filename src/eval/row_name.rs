//! Names of rows in messages.

use std::fmt;

/// A row as people look for it: by its number, and by its id where it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowName {
    /// Its number, from 0; shown from 1.
    pub row: usize,
    /// Its id.
    pub id: Option<String>,
}

impl RowName {
    /// A row by its number from 0 and by its id, unless that says nothing else.
    pub fn named(row: usize, id: &str) -> Self {
        let plain = Self { row, id: None };
        let id = (!id.is_empty() && id != plain.to_string()).then(|| id.to_owned());
        Self { id, ..plain }
    }
}

impl From<usize> for RowName {
    /// A row without an id, by its number from 0.
    fn from(row: usize) -> Self {
        Self { row, id: None }
    }
}

impl fmt::Display for RowName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "row {}", self.row + 1)?;
        self.id.as_ref().map_or(Ok(()), |id| write!(f, " ({id})"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_counted_from_1_and_named_by_its_id_unless_that_says_the_same() {
        let shown = |id| RowName::named(4, id).to_string();
        assert_eq!(
            [shown("r4"), shown(""), shown("row 5"), shown("row 4")],
            ["row 5 (r4)", "row 5", "row 5", "row 5 (row 4)"]
        );
        assert_eq!(RowName::from(0).to_string(), "row 1");
    }
}
