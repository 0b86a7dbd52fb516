//! Embeddings that another program made.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::eval::RowName;
use crate::profile::{MatrixFile, Table, is_missing, read_npy};
use crate::study::StudyError;

/// Embeddings of a file.
pub(super) struct EmbeddingFile {
    /// Ids of the rows, where the file names them.
    pub ids: Option<Vec<String>>,
    /// rows x dim, row-major.
    values: Vec<f32>,
    pub dim: usize,
}

impl EmbeddingFile {
    pub fn rows(&self) -> usize {
        self.values.len().checked_div(self.dim).unwrap_or(0)
    }

    pub fn row(&self, row: usize) -> &[f32] {
        &self.values[row * self.dim..][..self.dim]
    }
}

/// Reads NPY by its name or bytes, GCTX by its bytes, and anything else as a table of ids and numbers.
pub(super) fn read(path: &Path) -> Result<EmbeddingFile, StudyError> {
    let is_named_npy = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("npy"));
    let mut start = [0; 4];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut start));
    match (read.is_ok(), &start) {
        _ if is_named_npy => npy(path),
        (true, b"\x93NUM") => npy(path),
        (true, b"\x89HDF") => gctx(path),
        _ => text(path),
    }
}

/// The ids are in a file beside the numbers, as `l1kdb embed` writes it.
fn npy(path: &Path) -> Result<EmbeddingFile, StudyError> {
    let (values, dim) = read_npy(path)?;
    let beside = path.with_extension("ids.tsv");
    let rows = values.len() / dim;
    let ids = if beside.exists() { Some(first_column(&Table::read(&beside)?)) } else { None };
    if let Some(ids) = ids.as_ref().filter(|ids| ids.len() != rows) {
        return Err(StudyError::IdCount { path: beside, found: ids.len(), rows, of: path.to_owned() });
    }
    Ok(EmbeddingFile { ids, values, dim })
}

fn gctx(path: &Path) -> Result<EmbeddingFile, StudyError> {
    let mut file = MatrixFile::open(path)?;
    let (dim, ids) = (file.row_count(), file.column_ids().to_vec());
    let values = file.read(&(0..dim).collect::<Vec<_>>(), &(0..ids.len()).collect::<Vec<_>>())?;
    Ok(EmbeddingFile { ids: Some(ids), values, dim })
}

fn text(path: &Path) -> Result<EmbeddingFile, StudyError> {
    let table = Table::read(path)?;
    let dim = table.header().len().saturating_sub(1);
    if dim == 0 {
        return Err(StudyError::NoNumbers { path: path.to_owned() });
    }
    refuse_numbers_as_names(path, &table.header()[1..])?;
    let mut values = Vec::with_capacity(table.len() * dim);
    for row in 0..table.len() {
        for column in 1..=dim {
            let value = number(table.cell(row, column)).map_err(|why| StudyError::NotANumber {
                path: path.to_owned(),
                row: RowName::named(row, table.cell(row, 0)),
                column: table.header()[column].clone(),
                why,
            })?;
            values.push(value);
        }
    }
    Ok(EmbeddingFile { ids: Some(first_column(&table)), values, dim })
}

fn first_column(table: &Table) -> Vec<String> {
    (0..table.len()).map(|row| table.cell(row, 0).to_owned()).collect()
}

/// Refuses a file without a header, of which the first row would be taken for one. Names of columns may be numbers, if
/// they count the columns.
fn refuse_numbers_as_names(path: &Path, names: &[String]) -> Result<(), StudyError> {
    let numbers: Option<Vec<f64>> = names.iter().map(|name| name.parse().ok()).collect();
    let count = |numbers: &[f64]| numbers.windows(2).all(|pair| pair[1] == pair[0] + 1.0);
    if numbers.is_some_and(|numbers| !count(&numbers) || numbers[0].fract() != 0.0) {
        return Err(StudyError::NoHeader { path: path.to_owned(), found: names[0].clone() });
    }
    Ok(())
}

/// Returns a number that can be compared, or why there is none.
fn number(cell: &str) -> Result<f32, String> {
    match cell.parse::<f32>() {
        Ok(value) if value.is_finite() => Ok(value),
        _ if is_missing(cell) => {
            Err("the value is missing: leave the row out, or put a number there".to_owned())
        }
        Ok(_) => Err(format!("`{cell}` is not finite: leave the row out, or put a number there")),
        Err(_) if cell.replacen(',', ".", 1).parse::<f32>().is_ok() => {
            Err(format!("`{cell}` has a decimal comma: write all numbers with a point"))
        }
        Err(_) => {
            Err(format!("`{cell}` is no number: expected ids in the first column and numbers in all others"))
        }
    }
}
