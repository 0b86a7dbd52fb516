//! Matrices of text: GCT 1.2 and 1.3, CSV and TSV. They are gone through twice: first for ids and metadata, then for
//! the values that are wanted.

use std::collections::HashMap;

use super::decimal::Numbers;
use super::input::{Format, Input};
use super::records::{Record, Records};
use super::table::shown;
use super::{ProfileError, Table};

mod delimited;
mod gct;
mod gene_sets;

/// A matrix of text. Ids and metadata are in memory; values only once they were asked for.
pub(super) struct TextMatrix {
    input: Input,
    outline: Outline,
    loaded: Option<Loaded>,
}

/// All of a text but its values.
struct Outline {
    format: Format,
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
        let version = match input.records()?.next()? {
            Some(first) => first.field(0).into_owned(),
            None => {
                let expected = "a GCT, GCTX, CSV or TSV file";
                return Err(ProfileError::Empty { path: input.path, expected });
            }
        };
        let outline = match version.strip_prefix("#1.").map(str::as_bytes) {
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
        let Outline { format, column_metadata, .. } = &self.outline;
        let mut records = match format {
            Format::GenesByLine | Format::SignaturesByLine => delimited::body(&self.input)?,
            format => gct::body(&self.input, *format, column_metadata.header().len() - 1)?,
        };
        let mut numbers = Numbers::new(records.delimiter());
        let values = match format {
            Format::SignaturesByLine => self.load_signatures(&mut records, &mut numbers, rows),
            _ => self.load_genes(&mut records, &mut numbers, rows),
        }?;
        numbers.check(&self.input.path)?;
        Ok(values)
    }

    fn load_signatures(
        &self,
        records: &mut Records,
        numbers: &mut Numbers,
        rows: &[usize],
    ) -> Result<Vec<f32>, ProfileError> {
        let signatures = self.outline.column_ids.len();
        let mut values = Vec::with_capacity(signatures * rows.len());
        let mut line = 0;
        while let Some(record) = records.next()? {
            for &row in rows {
                let names = (self.outline.row_ids.get(row), self.outline.column_ids.get(line));
                values.push(self.value(numbers, &record, self.outline.leading + row, names)?);
            }
            line += 1;
        }
        self.check_unchanged(signatures * rows.len(), values.len())?;
        Ok(values)
    }

    fn load_genes(
        &self,
        records: &mut Records,
        numbers: &mut Numbers,
        rows: &[usize],
    ) -> Result<Vec<f32>, ProfileError> {
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
                    let names = (self.outline.row_ids.get(row), self.outline.column_ids.get(column));
                    let value = self.value(numbers, &record, self.outline.leading + column, names)?;
                    values[column * width + place] = value;
                }
            }
            row += 1;
        }
        self.check_unchanged(self.outline.row_ids.len(), row)?;
        Ok(values)
    }

    /// The number in a field; `names` are those of its gene and its signature.
    fn value(
        &self,
        numbers: &mut Numbers,
        record: &Record<'_>,
        field: usize,
        names: (Option<&String>, Option<&String>),
    ) -> Result<f32, ProfileError> {
        numbers.read(record.bytes(field), record.line).ok_or_else(|| {
            let [gene, signature] =
                [names.0, names.1].map(|name| shown(name.map(String::as_str).unwrap_or_default()));
            ProfileError::Line {
                path: self.input.path.clone(),
                line: record.line,
                reason: format!(
                    "expected a number in field {} (gene `{gene}`, signature `{signature}`), found `{}`",
                    field + 1,
                    shown(&record.field(field))
                ),
            }
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

fn shape(input: &Input, what: &str, expected: usize, found: usize) -> ProfileError {
    let (what, expected, found) = (what.to_owned(), expected as u64, found as u64);
    ProfileError::Shape { path: input.path.clone(), what, expected, found }
}

/// The first column of a table.
fn ids_of(table: &Table) -> Vec<String> {
    (0..table.len()).map(|row| table.cell(row, 0).to_owned()).collect()
}
