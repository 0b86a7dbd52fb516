//! Lines of cells between tabs. What separates the cells of a file of sets is never guessed: names and descriptions hold
//! blanks and commas.

use crate::profile::ProfileError;
use crate::profile::records::{decode, unquoted};
use crate::profile::text::Source;

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// From 1.
    pub(super) line: u64,
    /// Without blanks and quotes around them, up to the last that is not empty.
    pub(super) cells: Vec<String>,
}

impl Row {
    /// The cell in a column, empty where there is none.
    pub(super) fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }

    pub(super) fn is_blank(&self) -> bool {
        self.cells.is_empty()
    }
}

/// Reads all lines from the first that is not blank on. Blank ones after it are kept, since a line of descriptions may be one.
pub(super) fn read(source: Source) -> Result<Vec<Row>, ProfileError> {
    let mut lines = source.lines()?;
    let (mut rows, mut line) = (Vec::new(), Vec::new());
    while lines.read(&mut line)? {
        let cells: Vec<String> = line.split(|&byte| byte == b'\t').map(cell).collect();
        let filled = cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
        if filled > 0 || !rows.is_empty() {
            rows.push(Row { line: lines.number(), cells: cells.into_iter().take(filled).collect() });
        }
        line.clear();
    }
    Ok(rows)
}

fn cell(bytes: &[u8]) -> String {
    decode(&unquoted(bytes.trim_ascii())).trim().to_owned()
}
