//! GCT 1.3 and TSV.

use std::path::Path;

use super::{AtomicFile, GctxContent, check_count};
use crate::profile::{ProfileError, Table};

/// Writes one line per row: its id and its values, under a header of `id` and `names`. Numbers are written in the
/// shortest way that reads back to the same float32.
///
/// # Errors
/// [`ProfileError::Write`], and [`ProfileError::Content`] when `values` does not hold a number for every id and name.
pub fn write_tsv(
    path: impl AsRef<Path>,
    ids: &[String],
    names: &[String],
    values: &[f32],
) -> Result<(), ProfileError> {
    let mut writer = TsvWriter::create(path.as_ref(), names)?;
    writer.block(ids, values)?;
    writer.finish()
}

/// Writes a TSV in blocks of rows.
pub struct TsvWriter {
    file: AtomicFile,
    line: String,
    names: usize,
}

impl TsvWriter {
    /// Starts a file under a header of `id` and `names`.
    pub fn create(path: &Path, names: &[String]) -> Result<Self, ProfileError> {
        let (mut file, mut line) = (AtomicFile::create(path)?, String::new());
        put_line(&mut file, &mut line, std::iter::once("id").chain(names.iter().map(String::as_str)), &[])?;
        Ok(Self { file, line, names: names.len() })
    }

    /// Appends rows.
    pub fn block(&mut self, ids: &[String], values: &[f32]) -> Result<(), ProfileError> {
        let Self { file, line, names } = self;
        check_count(file.path(), "values", ids.len() * *names, values.len())?;
        for (i, id) in ids.iter().enumerate() {
            put_line(file, line, std::iter::once(id.as_str()), &values[i * *names..][..*names])?;
        }
        Ok(())
    }

    /// Gives the file its name.
    pub fn finish(self) -> Result<(), ProfileError> {
        self.file.commit()
    }
}

/// Writes a GCT 1.3: one line per gene, one column per signature.
///
/// # Errors
/// [`ProfileError::Write`], and [`ProfileError::Content`] when two parts of `content` do not fit.
pub fn write_gct(path: impl AsRef<Path>, content: &GctxContent<'_>) -> Result<(), ProfileError> {
    let (path, genes, signatures) = (path.as_ref(), content.row_ids.len(), content.ids.len());
    check_count(path, "values", genes * signatures, content.values.len())?;
    let empty = Table::default();
    let (rows, columns) = (content.rows.unwrap_or(&empty), content.columns.unwrap_or(&empty));
    check_rows(path, "rows of gene metadata", genes, content.rows)?;
    check_rows(path, "rows of signature metadata", signatures, content.columns)?;
    let (row_fields, column_fields) = (metadata_columns(rows), metadata_columns(columns));

    let mut file = AtomicFile::create(path)?;
    let mut line = String::new();
    let extents = [genes, signatures, row_fields.len(), column_fields.len()].map(|extent| extent.to_string());
    file.put(b"#1.3\n")?;
    put_line(&mut file, &mut line, extents.iter().map(String::as_str), &[])?;
    let names = row_fields.iter().map(|&field| rows.header()[field].as_str());
    let ids = content.ids.iter().map(String::as_str);
    put_line(&mut file, &mut line, std::iter::once("id").chain(names).chain(ids), &[])?;
    for &field in &column_fields {
        let name = std::iter::once(columns.header()[field].as_str());
        let cells = (0..signatures).map(|signature| columns.cell(signature, field));
        put_line(&mut file, &mut line, name.chain(row_fields.iter().map(|_| "")).chain(cells), &[])?;
    }
    let mut values = vec![0.0; signatures];
    for (gene, id) in content.row_ids.iter().enumerate() {
        for (signature, value) in values.iter_mut().enumerate() {
            *value = content.values[signature * genes + gene];
        }
        let cells = row_fields.iter().map(|&field| rows.cell(gene, field));
        put_line(&mut file, &mut line, std::iter::once(id.as_str()).chain(cells), &values)?;
    }
    file.commit()
}

/// All columns but `id`, which GCT has of its own.
fn metadata_columns(table: &Table) -> Vec<usize> {
    (0..table.header().len()).filter(|&column| table.header()[column] != "id").collect()
}

fn check_rows(
    path: &Path,
    what: &'static str,
    expected: usize,
    table: Option<&Table>,
) -> Result<(), ProfileError> {
    table.map_or(Ok(()), |table| check_count(path, what, expected, table.len()))
}

/// A line of fields and numbers. What would end a field or a line becomes a blank, and what is missing `-666`.
fn put_line<'a>(
    file: &mut AtomicFile,
    line: &mut String,
    fields: impl Iterator<Item = &'a str>,
    values: &[f32],
) -> Result<(), ProfileError> {
    line.clear();
    for field in fields {
        match field {
            "" => line.push_str("-666"),
            _ => line.extend(field.chars().map(|c| if c.is_control() { ' ' } else { c })),
        }
        line.push('\t');
    }
    for value in values {
        line.push_str(&value.to_string());
        line.push('\t');
    }
    line.pop();
    line.push('\n');
    file.put(line.as_bytes())
}
