//! Matrices of text: GCT 1.2 and 1.3, CSV and TSV. They are gone through twice: first for ids and metadata, then for
//! the values that are wanted.

use std::collections::HashMap;

use super::input::{Format, Input};
use super::records::{Record, Records};
use super::table::is_missing;
use super::{ProfileError, Table};

mod delimited;
mod gct;

/// A matrix of text. Ids and metadata are in memory; values only once they were asked for.
pub(super) struct TextMatrix {
    input: Input,
    outline: Outline,
    loaded: Option<Loaded>,
}

/// All of a text but its values.
struct Outline {
    format: Format,
    /// Records before the first one with values.
    preamble: usize,
    /// Fields of a record before its first value.
    leading: usize,
    /// Ids are in the first column of either table.
    row_metadata: Table,
    column_metadata: Table,
    row_ids: Vec<String>,
    column_ids: Vec<String>,
}

/// Values of some rows of the matrix in all of its columns, row-major by signature.
struct Loaded {
    rows: Vec<usize>,
    values: Vec<f32>,
}

impl TextMatrix {
    /// Finds out what kind of text it is, and reads ids and metadata.
    pub(super) fn new(input: Input) -> Result<Self, ProfileError> {
        let start = beginning(&input)?;
        refuse_other_files(&input, &start)?;
        let outline = match start.strip_prefix(b"#1.") {
            Some([b'2', ..]) => gct::outline(&input, Format::Gct12)?,
            Some([b'3', ..]) => gct::outline(&input, Format::Gct13)?,
            Some(_) => {
                let hint = "of the GCT versions, 1.2 and 1.3 are read";
                return Err(ProfileError::UnknownFormat { path: input.path, hint });
            }
            None => delimited::outline(&input)?,
        };
        Ok(Self { input, outline, loaded: None })
    }

    pub(super) fn format(&self) -> Format {
        self.outline.format
    }

    /// Ids of the genes.
    pub(super) fn row_ids(&self) -> &[String] {
        &self.outline.row_ids
    }

    /// Metadata of the genes, first column `id`.
    pub(super) fn row_metadata(&self) -> &Table {
        &self.outline.row_metadata
    }

    /// Ids of the signatures.
    pub(super) fn column_ids(&self) -> &[String] {
        &self.outline.column_ids
    }

    /// Metadata of the signatures, first column `id`.
    pub(super) fn column_metadata(&self) -> &Table {
        &self.outline.column_metadata
    }

    /// Reads the values of `rows` (genes) in `columns` (signatures), row-major by signature. All have to exist.
    /// The first call parses the text; later ones with the same rows are served from memory.
    pub(super) fn read(&mut self, rows: &[usize], columns: &[usize]) -> Result<Vec<f32>, ProfileError> {
        let loaded = match self.loaded.take() {
            Some(loaded) if loaded.rows == rows => loaded,
            _ => Loaded { rows: rows.to_vec(), values: self.load(rows)? },
        };
        let width = rows.len();
        let values = columns.iter().flat_map(|&column| &loaded.values[column * width..][..width]);
        let values = values.copied().collect();
        self.loaded = Some(loaded);
        Ok(values)
    }

    fn load(&self, rows: &[usize]) -> Result<Vec<f32>, ProfileError> {
        let outline = &self.outline;
        let mut records = self.input.text()?.records(None)?;
        for _ in 0..outline.preamble {
            records.next()?;
        }
        match outline.format {
            Format::SignaturesByLine => self.load_signatures(&mut records, rows),
            _ => self.load_genes(&mut records, rows),
        }
    }

    fn load_signatures(&self, records: &mut Records, rows: &[usize]) -> Result<Vec<f32>, ProfileError> {
        let signatures = self.outline.column_ids.len();
        let mut values = Vec::with_capacity(signatures * rows.len());
        while let Some(record) = records.next()? {
            for &row in rows {
                values.push(self.value(&record, self.outline.leading + row)?);
            }
        }
        self.check_unchanged(signatures * rows.len(), values.len())?;
        Ok(values)
    }

    fn load_genes(&self, records: &mut Records, rows: &[usize]) -> Result<Vec<f32>, ProfileError> {
        let (width, signatures) = (rows.len(), self.outline.column_ids.len());
        let mut wanted: HashMap<usize, Vec<usize>> = HashMap::with_capacity(width);
        for (place, &row) in rows.iter().enumerate() {
            wanted.entry(row).or_default().push(place);
        }
        let mut values = vec![0.0; signatures * width];
        let mut row = 0;
        while let Some(record) = records.next()? {
            for &place in wanted.get(&row).into_iter().flatten() {
                for column in 0..signatures {
                    values[column * width + place] = self.value(&record, self.outline.leading + column)?;
                }
            }
            row += 1;
        }
        self.check_unchanged(self.outline.row_ids.len(), row)?;
        Ok(values)
    }

    fn value(&self, record: &Record<'_>, field: usize) -> Result<f32, ProfileError> {
        parse_value(record.bytes(field)).ok_or_else(|| ProfileError::Line {
            path: self.input.path.clone(),
            line: record.line,
            reason: format!("expected a number in field {}, found `{}`", field + 1, record.field(field)),
        })
    }

    fn check_unchanged(&self, expected: usize, found: usize) -> Result<(), ProfileError> {
        if expected == found {
            return Ok(());
        }
        let what = "rows as when it was opened (did it change meanwhile?)";
        Err(shape(&self.input, what, expected, found))
    }
}

/// A number, or NaN where the text says that nothing is known. `-666` is a number here: that convention is one of
/// metadata.
fn parse_value(bytes: &[u8]) -> Option<f32> {
    let text = std::str::from_utf8(bytes).ok()?;
    match text.parse::<f64>() {
        Ok(value) => Some(value as f32),
        Err(_) => is_missing(text).then_some(f32::NAN),
    }
}

/// The first bytes of the text, at most a few thousand.
fn beginning(input: &Input) -> Result<Vec<u8>, ProfileError> {
    let mut text = input.text()?;
    let start = text.peek()?;
    Ok(start[..start.len().min(4096)].to_vec())
}

/// Says what a file is that is often given in place of a matrix of text.
fn refuse_other_files(input: &Input, start: &[u8]) -> Result<(), ProfileError> {
    let path = input.path.clone();
    let hint = match start {
        [] => return Err(ProfileError::Empty { path, expected: "a GCT, GCTX, CSV or TSV file" }),
        [b'P', b'K', 3, 4, ..] => "it is a zip or Excel file; unpack it, or save the sheet as CSV",
        [0x89, b'H', b'D', b'F', ..] => "it begins like HDF5 but is not; copy or download it again",
        [b'<', ..] => "it is an HTML or XML page, perhaps in place of a download",
        [b'{', ..] => "it is JSON",
        _ if start.contains(&0) => "it is a binary file",
        _ => return Ok(()),
    };
    Err(ProfileError::UnknownFormat { path, hint })
}

fn shape(input: &Input, what: &str, expected: usize, found: usize) -> ProfileError {
    let (what, expected, found) = (what.to_owned(), expected as u64, found as u64);
    ProfileError::Shape { path: input.path.clone(), what, expected, found }
}

/// The first column of a table.
fn ids_of(table: &Table) -> Vec<String> {
    (0..table.len()).map(|row| table.cell(row, 0).to_owned()).collect()
}
