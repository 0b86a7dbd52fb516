//! Rows of unit length, checked once.

use crate::error::{IndexError, Result};

/// How far the length of a row may lie from 1.
pub const UNIT_TOLERANCE: f64 = 1e-3;

/// Unit vectors: `rows x dim` f32, row-major.
///
/// Every value is finite and every row has length 1 within [`UNIT_TOLERANCE`], so that the product of
/// two rows is their cosine. There may be no row at all.
#[derive(Debug, Clone, PartialEq)]
pub struct Vectors {
    dim: usize,
    data: Vec<f32>,
}

impl Vectors {
    /// Takes `data`, row-major, rows of `dim` values.
    ///
    /// # Errors
    /// `dim` is 0; the values do not fill whole rows; there are more than `u32::MAX` rows; or a row holds a
    /// NaN or an infinity, is all zero or is not of unit length. The message names the row.
    ///
    /// ```
    /// use l1kdb_index::Vectors;
    /// let two = Vectors::new(2, vec![1.0, 0.0, 0.6, 0.8])?;
    /// assert_eq!((two.rows(), two.row(1)), (2, &[0.6, 0.8][..]));
    /// assert!(Vectors::new(2, vec![f32::NAN, 0.0]).unwrap_err().to_string().contains("row 0"));
    /// # Ok::<(), l1kdb_index::IndexError>(())
    /// ```
    pub fn new(dim: usize, data: Vec<f32>) -> Result<Self> {
        check_shape(dim, data.len())?;
        for (row, vector) in data.chunks_exact(dim).enumerate() {
            check_unit(row, vector)?;
        }
        Ok(Self { dim, data })
    }

    /// Returns the number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.data.len() / self.dim
    }

    /// Values in a row.
    #[must_use]
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// Returns one row.
    ///
    /// # Panics
    /// If there is no such row.
    #[must_use]
    pub fn row(&self, row: usize) -> &[f32] {
        &self.data[row * self.dim..(row + 1) * self.dim]
    }

    /// Returns all values, row-major.
    #[must_use]
    pub fn as_slice(&self) -> &[f32] {
        &self.data
    }

    /// Gives the values back.
    #[must_use]
    pub fn into_inner(self) -> Vec<f32> {
        self.data
    }
}

fn check_shape(dim: usize, values: usize) -> Result<()> {
    if dim == 0 || u32::try_from(dim).is_err() {
        return Err(IndexError::invalid("the dimension", "1 to 4294967295", dim));
    }
    if !values.is_multiple_of(dim) {
        return Err(IndexError::invalid("the number of values", format!("a multiple of {dim}"), values));
    }
    if values / dim >= u32::MAX as usize {
        return Err(IndexError::invalid("the number of rows", "under 4294967295", values / dim));
    }
    Ok(())
}

/// Refuses a row that is not finite or not of unit length.
pub(crate) fn check_unit(row: usize, vector: &[f32]) -> Result<()> {
    if let Some(at) = vector.iter().position(|x| !x.is_finite()) {
        return Err(IndexError::invalid(format!("value {at} of row {row}"), "a finite number", vector[at]));
    }
    let length = length(vector);
    if (length - 1.0).abs() > UNIT_TOLERANCE {
        let expected = format!("1 within {UNIT_TOLERANCE}");
        return Err(IndexError::invalid(format!("the length of row {row}"), expected, length));
    }
    Ok(())
}

fn length(vector: &[f32]) -> f64 {
    vector.iter().map(|&x| f64::from(x) * f64::from(x)).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(dim: usize, data: &[f32]) -> String {
        Vectors::new(dim, data.to_vec()).unwrap_err().to_string()
    }

    #[test]
    fn bad_rows_are_refused_by_name() {
        assert_eq!(message(0, &[]), "the dimension is 0, expected 1 to 4294967295");
        assert_eq!(message(2, &[1.0]), "the number of values is 1, expected a multiple of 2");
        assert_eq!(message(1, &[1.0, f32::NAN]), "value 0 of row 1 is NaN, expected a finite number");
        assert_eq!(message(2, &[0.0, f32::INFINITY]), "value 1 of row 0 is inf, expected a finite number");
        assert_eq!(message(2, &[1.0, 0.0, 0.0, 0.0]), "the length of row 1 is 0, expected 1 within 0.001");
        assert!(message(1, &[1.1]).starts_with("the length of row 0 is 1.1"));
    }

    #[test]
    fn no_rows_are_fine() {
        let none = Vectors::new(3, Vec::new()).unwrap();
        assert_eq!((none.rows(), none.dim()), (0, 3));
    }
}
