//! One way of describing every row by numbers.

use crate::{Rows, RowsError};

/// A named matrix: rows of `dim` values each.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    /// What it is, for tables.
    pub name: String,
    values: Vec<f32>,
    dim: usize,
}

impl Matrix {
    /// Names rows of `dim` values each.
    ///
    /// # Errors
    /// [`RowsError`] for a dimension of 0, or values that are no multiple of it.
    pub fn new(name: impl Into<String>, values: Vec<f32>, dim: usize) -> Result<Self, RowsError> {
        Rows::new(&values, dim)?;
        Ok(Self { name: name.into(), values, dim })
    }

    /// Returns the rows.
    pub fn rows(&self) -> Rows<'_> {
        Rows::whole(&self.values, self.dim)
    }

    /// Returns all values, row by row, to be changed.
    pub fn values_mut(&mut self) -> &mut [f32] {
        &mut self.values
    }

    /// Returns the first row that `test` holds of, and how many there are; `None` without one.
    pub(super) fn first_and_count(&self, test: impl Fn(&[f32]) -> bool) -> Option<(usize, usize)> {
        let mut rows = self.rows().iter().enumerate().filter(|(_, row)| test(row));
        let (first, _) = rows.next()?;
        Some((first, 1 + rows.count()))
    }
}
