//! Tables of text: TSV or CSV, gzipped or not, with a header.

use std::borrow::Cow;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::ProfileError;
use super::decimal::Numbers;
use super::records::{Delimiter, Record, Records};
use super::text::Source;

/// A table read as text: a header and rows that all have as many fields.
///
/// Tabs, commas or semicolons separate fields, whichever the header has (or an Excel line `sep=;` before it). Fields come
/// without blanks around them. Quotes that enclose a field work as in RFC 4180: it may hold separators, line ends, and
/// quotes that are doubled. In tab-separated files any other quote is an ordinary character.
///
/// Lines end with LF, CR LF or CR. UTF-16 and UTF-32 are read as well as UTF-8, and what is not UTF-8 is taken as
/// Windows-1252, with or without a byte-order mark. Leading lines that begin with `!` are skipped, as are rows without any
/// content, and columns without name and content after the last. Where R wrote names of rows and none above them, the
/// first column has an empty name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    header: Vec<String>,
    /// All fields one after another, in one string: a table of a million rows costs its text and 8 bytes a field.
    text: String,
    /// Where each field ends in `text`, row by row.
    ends: Vec<usize>,
    /// The line of the file in which each row begins; empty for a table that was made in memory.
    lines: Vec<u64>,
    path: PathBuf,
    delimiter: Delimiter,
}

impl Table {
    /// Returns a table without rows.
    pub fn new(header: Vec<String>) -> Self {
        Self { header, ..Self::default() }
    }

    /// Reads a whole file.
    ///
    /// # Errors
    /// [`ProfileError::Read`], [`ProfileError::Empty`] for a file without a header, [`ProfileError::FieldCount`]
    /// with the line number for a row that is longer or shorter than the header.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, ProfileError> {
        Self::from_source(path.as_ref(), Source::open(path.as_ref())?)
    }

    pub(super) fn from_source(path: &Path, source: Source) -> Result<Self, ProfileError> {
        let mut rows = TableRows::new(source)?;
        let delimiter = rows.delimiter();
        let mut table = Self { path: path.to_owned(), delimiter, ..Self::new(rows.header().to_vec()) };
        while let Some(record) = rows.next()? {
            table.lines.push(record.line);
            table.push(record.fields());
        }
        Ok(table)
    }

    /// Refuses a table without rows.
    ///
    /// # Errors
    /// [`ProfileError::Empty`].
    pub fn filled(self) -> Result<Self, ProfileError> {
        match self.is_empty() {
            true => Err(no_rows(&self.path)),
            false => Ok(self),
        }
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

    /// Returns the number of rows, without the header.
    pub fn len(&self) -> usize {
        self.ends.len().checked_div(self.header.len()).unwrap_or(0)
    }

    /// Tells whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Returns the column that bears the first of `names` that is there, in lower or upper case.
    pub fn column(&self, names: &[&str]) -> Option<usize> {
        column(&self.header, names)
    }

    /// Returns the field in `row` and `column`, empty when there is no such place.
    pub fn cell(&self, row: usize, column: usize) -> &str {
        if column >= self.header.len() {
            return "";
        }
        let at = row * self.header.len() + column;
        let Some(&end) = self.ends.get(at) else { return "" };
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.text[start..end]
    }

    /// Returns the fields of `row`, one per column.
    pub fn row(&self, row: usize) -> impl Iterator<Item = &str> {
        (0..self.header.len()).map(move |column| self.cell(row, column))
    }

    /// Returns the line of the file in which `row` begins, counted from 1 as editors count. Of a table that was made in
    /// memory, the place of the row, from 1.
    pub fn line(&self, row: usize) -> u64 {
        self.lines.get(row).copied().unwrap_or(row as u64 + 1)
    }

    /// Returns the numbers in `columns` of all rows, row-major. What is missing is NaN. Fractions may be written with commas,
    /// as long as that can be meant in one way only.
    ///
    /// # Errors
    /// [`ProfileError::Line`] with line, column and the first field of the row, for a field that is no number.
    pub fn numbers(&self, columns: Range<usize>) -> Result<Vec<f32>, ProfileError> {
        let mut numbers = Numbers::new(self.delimiter);
        let mut values = Vec::with_capacity(self.len() * columns.len());
        for row in 0..self.len() {
            for column in columns.clone() {
                let value = numbers.read(self.cell(row, column).as_bytes(), self.line(row));
                values.push(value.ok_or_else(|| self.no_number(row, column))?);
            }
        }
        numbers.check(&self.path)?;
        Ok(values)
    }

    /// Returns the numbers in a column in double precision, NaN where they are missing. Of `< 2.2e-16`, as R prints small
    /// p-values, the bound is taken.
    ///
    /// # Errors
    /// As [`numbers`](Self::numbers).
    pub(super) fn doubles(&self, column: usize) -> Result<Vec<f64>, ProfileError> {
        let mut numbers = Numbers::new(self.delimiter);
        let mut values = Vec::with_capacity(self.len());
        for row in 0..self.len() {
            let (cell, line) = (self.cell(row, column), self.line(row));
            let bound = cell.strip_prefix('<').map_or(cell, str::trim_start);
            // `<NA>` is no bound.
            let value = numbers.read_double(bound.as_bytes(), line);
            let value = value.or_else(|| numbers.read_double(cell.as_bytes(), line));
            values.push(value.ok_or_else(|| self.no_number(row, column))?);
        }
        numbers.check(&self.path)?;
        Ok(values)
    }

    /// Whether most of the first fields of a column are numbers or missing, and not all missing.
    pub(super) fn holds_numbers(&self, column: usize) -> bool {
        const LOOKED_AT: usize = 1000;
        let mut numbers = Numbers::new(self.delimiter);
        let cells = (0..self.len().min(LOOKED_AT)).map(|row| self.cell(row, column));
        let read: Vec<Option<f64>> = cells
            .map(|cell| numbers.read_double(cell.trim_start_matches(['<', ' ']).as_bytes(), 0))
            .collect();
        let count = read.iter().flatten().count();
        2 * count > read.len() && read.iter().flatten().any(|value| !value.is_nan())
    }

    /// The table with what was taken for its header as its first row, and columns named by their number.
    pub(super) fn without_header(self) -> Self {
        let header = (1..=self.header.len()).map(|number| format!("column {number}")).collect();
        let mut table = Self { path: self.path.clone(), delimiter: self.delimiter, ..Self::new(header) };
        table.push(&self.header);
        (0..self.len()).for_each(|row| table.push(self.row(row)));
        table.lines = [&[1], &self.lines[..]].concat();
        table
    }

    /// The file, for messages.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    fn no_number(&self, row: usize, column: usize) -> ProfileError {
        ProfileError::Line {
            path: self.path.clone(),
            line: self.line(row),
            reason: format!(
                "expected a number in column `{}` of `{}`, found `{}`",
                shown(&self.header[column]),
                shown(self.cell(row, 0)),
                shown(self.cell(row, column))
            ),
        }
    }

    /// Returns all rows, each as its fields.
    pub fn rows(&self) -> impl Iterator<Item = Vec<&str>> {
        (0..self.len()).map(|row| self.row(row).collect())
    }
}

/// The rows of a table file one after another, for tables that are better not kept whole.
pub(super) struct TableRows {
    header: Vec<String>,
    records: Records,
}

impl TableRows {
    pub(super) fn new(source: Source) -> Result<Self, ProfileError> {
        let mut records = Records::new(source)?;
        let mut header: Vec<String> = match records.next()? {
            Some(record) => record.fields().map(Cow::into_owned).collect(),
            None => {
                let path = records.path().to_owned();
                return Err(ProfileError::Empty { path, expected: "a table with a header" });
            }
        };
        if records.have_row_names(header.len())? {
            header.insert(0, String::new());
        }
        let room = header.len();
        let named = header.iter().rposition(|name| !name.is_empty()).map_or(room, |last| last + 1);
        header.truncate(named);
        records.expect_fields(named, room, "as in the header");
        Ok(Self { header, records })
    }

    /// The names of the columns, up to the last that has one.
    pub(super) fn header(&self) -> &[String] {
        &self.header
    }

    /// What separates the fields.
    pub(super) fn delimiter(&self) -> Delimiter {
        self.records.delimiter()
    }

    /// From now on, columns without a name have to be empty.
    pub(super) fn expect_names(&mut self) {
        self.records.expect_fields(self.header.len(), self.header.len(), "as in the header");
    }

    pub(super) fn next(&mut self) -> Result<Option<Record<'_>>, ProfileError> {
        self.records.next()
    }

    /// The rows that are left.
    pub(super) fn into_records(self) -> Records {
        self.records
    }
}

/// What a table without rows is.
pub(super) fn no_rows(path: &Path) -> ProfileError {
    ProfileError::Empty { path: path.to_owned(), expected: "rows below the header" }
}

/// As much of a text as a message has room for, on one line.
pub(super) fn shown(text: &str) -> String {
    const ROOM: usize = 60;
    let more = if text.chars().nth(ROOM).is_some() { "..." } else { "" };
    let shown: String = text.chars().take(ROOM).map(|c| if c.is_control() { ' ' } else { c }).collect();
    shown + more
}

/// Where `header` has the first of `names` that it has, whatever the case.
pub(super) fn column(header: &[String], names: &[&str]) -> Option<usize> {
    names.iter().find_map(|name| header.iter().position(|column| column.eq_ignore_ascii_case(name)))
}
