//! NPY, the array format of NumPy (<https://numpy.org/neps/nep-0001-npy-format.html>).

use std::path::Path;

use super::{AtomicFile, check_count};
use crate::profile::ProfileError;

/// Writes `values` (row-major, `dim` numbers a row) as a C-ordered float32 array of two dimensions, version 1.0.
///
/// # Errors
/// [`ProfileError::Write`], and [`ProfileError::Content`] when the rows are not all `dim` long.
pub fn write_npy(path: impl AsRef<Path>, values: &[f32], dim: usize) -> Result<(), ProfileError> {
    let path = path.as_ref();
    let rows = values.len().checked_div(dim).unwrap_or(0);
    check_count(path, "values in rows of equal length", rows * dim, values.len())?;
    let mut writer = NpyWriter::create(path, dim)?;
    writer.block(rows, values)?;
    writer.finish()
}

/// Writes an array in blocks of rows.
pub struct NpyWriter {
    file: AtomicFile,
    dim: usize,
    rows: usize,
}

impl NpyWriter {
    /// Starts an array of rows of `dim` numbers.
    pub fn create(path: &Path, dim: usize) -> Result<Self, ProfileError> {
        let mut file = AtomicFile::create(path)?;
        file.put(&header(0, dim))?;
        Ok(Self { file, dim, rows: 0 })
    }

    /// Appends rows.
    pub fn block(&mut self, rows: usize, values: &[f32]) -> Result<(), ProfileError> {
        check_count(self.file.path(), "values in a block", rows * self.dim, values.len())?;
        for values in values.chunks(1 << 16) {
            let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
            self.file.put(&bytes)?;
        }
        self.rows += rows;
        Ok(())
    }

    /// Says how many rows there are, and gives the file its name.
    pub fn finish(mut self) -> Result<(), ProfileError> {
        self.file.put_at_start(&header(self.rows, self.dim))?;
        self.file.commit()
    }
}

/// Length of the header: a multiple of 64 that has room for any number of rows.
const HEADER: usize = 128;

/// Magic, version, length and a Python dictionary, filled up with blanks.
fn header(rows: usize, dim: usize) -> Vec<u8> {
    let mut dictionary = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {dim}), }}");
    let total = HEADER;
    while 10 + dictionary.len() + 1 < total {
        dictionary.push(' ');
    }
    dictionary.push('\n');
    let mut header = b"\x93NUMPY\x01\x00".to_vec();
    header.extend((dictionary.len() as u16).to_le_bytes());
    header.extend(dictionary.bytes());
    header
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_names_type_and_shape_and_ends_at_a_multiple_of_64() {
        for (rows, dim) in [(0, 1), (3, 2), (118_050, 978)] {
            let header = header(rows, dim);
            assert_eq!(header.len() % 64, 0);
            let text = String::from_utf8_lossy(&header[10..]).into_owned();
            assert!(text.contains(&format!("'shape': ({rows}, {dim})")), "{text}");
            assert_eq!(usize::from(u16::from_le_bytes([header[8], header[9]])), header.len() - 10);
        }
    }

    #[test]
    fn rows_of_unequal_length_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("e.npy");
        for dim in [0, 2] {
            let error = write_npy(&path, &[1.0, 2.0, 3.0], dim);
            assert!(matches!(error, Err(ProfileError::Content { .. })));
        }
        assert!(!path.exists());
    }
}
