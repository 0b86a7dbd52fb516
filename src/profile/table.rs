//! Tables of text: TSV or CSV, gzipped or not, with a header.

use std::borrow::Cow;
use std::path::Path;

use super::ProfileError;
use super::records::{Record, Records, Text};

/// A table read as text: a header and rows that all have as many fields.
///
/// Fields come without blanks around them. In tab-separated files quotes are ordinary characters, unless they
/// enclose a whole field; in comma-separated files they work as in RFC 4180. Text that is not UTF-8 is taken as
/// Latin-1. Leading lines that begin with `!` are skipped, as are empty lines.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    header: Vec<String>,
    /// All fields one after another, in one string: a table of a million rows costs its text and 8 bytes a field.
    text: String,
    /// Where each field ends in `text`, row by row.
    ends: Vec<usize>,
}

impl Table {
    /// A table without rows.
    pub fn new(header: Vec<String>) -> Self {
        Self { header, ..Self::default() }
    }

    /// Reads a whole file.
    ///
    /// # Errors
    /// [`ProfileError::Read`], [`ProfileError::Empty`] for a file without a header, [`ProfileError::FieldCount`]
    /// with the line number for a row that is longer or shorter than the header.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, ProfileError> {
        Self::from_text(Text::open(path.as_ref())?)
    }

    pub(super) fn from_text(text: Text) -> Result<Self, ProfileError> {
        let mut rows = TableRows::new(text)?;
        let mut table = Self::new(rows.header().to_vec());
        while let Some(record) = rows.next()? {
            table.push(record.fields());
        }
        Ok(table)
    }

    /// Appends a row of as many fields as the header has; missing ones become empty, surplus ones are dropped.
    pub fn push<S: AsRef<str>>(&mut self, fields: impl IntoIterator<Item = S>) {
        let mut fields = fields.into_iter();
        for _ in 0..self.header.len() {
            if let Some(field) = fields.next() {
                self.text.push_str(field.as_ref());
            }
            self.ends.push(self.text.len());
        }
    }

    /// Names of the columns.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// Number of rows, without the header.
    pub fn len(&self) -> usize {
        self.ends.len().checked_div(self.header.len()).unwrap_or(0)
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The column that bears the first of `names` that is there, in lower or upper case.
    pub fn column(&self, names: &[&str]) -> Option<usize> {
        column(&self.header, names)
    }

    /// The field in `row` and `column`, empty when there is no such place.
    pub fn cell(&self, row: usize, column: usize) -> &str {
        if column >= self.header.len() {
            return "";
        }
        let at = row * self.header.len() + column;
        let Some(&end) = self.ends.get(at) else { return "" };
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.text[start..end]
    }

    /// The fields of `row`, one per column.
    pub fn row(&self, row: usize) -> impl Iterator<Item = &str> {
        (0..self.header.len()).map(move |column| self.cell(row, column))
    }

    /// All rows, each as its fields.
    pub fn rows(&self) -> impl Iterator<Item = Vec<&str>> {
        (0..self.len()).map(|row| self.row(row).collect())
    }
}

/// Reads a file of one value a line: every line as it stands, without its end, the blank ones included. What is true of
/// tables is true of such files: they may be gzipped, and text that is not UTF-8 is taken as Latin-1.
///
/// # Errors
/// [`ProfileError::Read`], [`ProfileError::UnknownFormat`].
pub fn read_lines(path: impl AsRef<Path>) -> Result<Vec<String>, ProfileError> {
    Text::open(path.as_ref())?.lines()
}

/// The rows of a table file one after another, for tables that are better not kept whole.
pub(super) struct TableRows {
    header: Vec<String>,
    records: Records,
}

impl TableRows {
    pub(super) fn new(text: Text) -> Result<Self, ProfileError> {
        let mut records = text.records(None)?;
        let header: Vec<String> = match records.next()? {
            Some(record) => record.fields().map(Cow::into_owned).collect(),
            None => {
                let path = records.path().to_owned();
                return Err(ProfileError::Empty { path, expected: "a table with a header" });
            }
        };
        records.expect_fields(header.len());
        Ok(Self { header, records })
    }

    pub(super) fn header(&self) -> &[String] {
        &self.header
    }

    pub(super) fn next(&mut self) -> Result<Option<Record<'_>>, ProfileError> {
        self.records.next()
    }
}

/// Where `header` has the first of `names` that it has, whatever the case.
pub(super) fn column(header: &[String], names: &[&str]) -> Option<usize> {
    names.iter().find_map(|name| header.iter().position(|column| column.eq_ignore_ascii_case(name)))
}

/// Whether a field says that nothing is known. The one rule of all readers, of metadata and of labels.
///
/// Missing are, whatever the blanks around them: nothing at all; `NA`, `N/A`, `NaN` and `null` in any case, with a sign
/// or in `<>` (`<NA>`, `-nan`); Python's `None`; `-666`, the sign of LINCS tables, in any spelling of the number; and what
/// spreadsheets and C libraries put in place of a number that they do not know (`#N/A`, `#VALUE!`, `1.#QNAN`). Words are
/// kept, since a drug or a class may be called so: `none`, `unknown`, `-`, `0`.
///
/// ```
/// use l1kdb::profile::is_missing;
///
/// assert!(["", " ", "NA", "nan", "<NA>", "None", "-666.0", "#N/A"].into_iter().all(is_missing));
/// assert!(!["none", "-", "0", "Nadolol", "-666a"].into_iter().any(is_missing));
/// ```
pub fn is_missing(field: &str) -> bool {
    const SIGNS: [&str; 23] = [
        "",
        "na",
        "n/a",
        "nan",
        "null",
        "<na>",
        "<nan>",
        "<null>",
        "-nan",
        "+nan",
        "-nan(ind)",
        "1.#qnan",
        "-1.#qnan",
        "1.#ind",
        "-1.#ind",
        "#na",
        "#n/a",
        "#value!",
        "#num!",
        "#div/0!",
        "#ref!",
        "#name?",
        "#null!",
    ];
    let field = field.trim();
    field == "None"
        || (field.len() <= 9 && SIGNS.iter().any(|sign| field.eq_ignore_ascii_case(sign)))
        || (field.starts_with("-666") && field.parse() == Ok(-666.0_f32))
}

/// The field, unless it says that nothing is known.
pub(super) fn present(field: &str) -> Option<String> {
    (!is_missing(field)).then(|| field.trim().to_owned())
}
