//! Rows of numbers that somebody else owns, and what is done to a single one.

use std::slice::ChunksExact;

use thiserror::Error;

/// A borrowed matrix: rows of `dim` values each, one after another.
///
/// ```
/// use l1kdb::Rows;
///
/// let rows = Rows::new(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 3)?;
/// assert_eq!((rows.len(), rows.dim(), rows.row(1)), (2, 3, &[4.0, 5.0, 6.0][..]));
/// assert!(Rows::new(&[1.0, 2.0, 3.0], 2).is_err());
/// # Ok::<(), l1kdb::RowsError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rows<'a> {
    values: &'a [f32],
    dim: usize,
}

/// Values that are no whole number of rows.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{found} values in rows of {dim}: expected a dimension of at least 1, and a multiple of it")]
#[non_exhaustive]
pub struct RowsError {
    /// Number of values.
    pub found: usize,
    /// Values in a row.
    pub dim: usize,
}

impl<'a> Rows<'a> {
    /// Takes `values` as rows of `dim`.
    ///
    /// # Errors
    /// [`RowsError`] for a dimension of 0, or values that are no multiple of it.
    pub fn new(values: &'a [f32], dim: usize) -> Result<Self, RowsError> {
        if dim == 0 || !values.len().is_multiple_of(dim) {
            return Err(RowsError { found: values.len(), dim });
        }
        Ok(Self { values, dim })
    }

    /// Takes values that are known to be whole rows.
    pub(crate) fn whole(values: &'a [f32], dim: usize) -> Self {
        debug_assert!(values.len().is_multiple_of(dim), "{} values in rows of {dim}", values.len());
        Self { values, dim }
    }

    /// Returns a row.
    ///
    /// # Panics
    /// When there are not so many.
    #[inline]
    pub fn row(self, at: usize) -> &'a [f32] {
        &self.values[at * self.dim..][..self.dim]
    }

    /// Returns the number of rows.
    pub fn len(self) -> usize {
        self.values.len() / self.dim
    }

    /// Tells whether there is no row.
    pub fn is_empty(self) -> bool {
        self.values.is_empty()
    }

    /// Returns the number of values in a row.
    pub fn dim(self) -> usize {
        self.dim
    }

    /// Returns all values, row by row.
    pub fn values(self) -> &'a [f32] {
        self.values
    }

    /// Goes through the rows.
    pub fn iter(self) -> ChunksExact<'a, f32> {
        self.values.chunks_exact(self.dim)
    }

    /// Copies some rows, in the order given.
    pub(crate) fn select(self, rows: impl IntoIterator<Item = usize>) -> Vec<f32> {
        rows.into_iter().flat_map(|row| self.row(row)).copied().collect()
    }

    /// Copies all rows, scaled to length 1; those of zeros stay as they are.
    pub(crate) fn to_unit_lengths(self) -> Vec<f32> {
        let mut unit = self.values.to_vec();
        for row in unit.chunks_exact_mut(self.dim) {
            to_unit_length(row);
        }
        unit
    }
}

impl<'a> IntoIterator for Rows<'a> {
    type Item = &'a [f32];
    type IntoIter = ChunksExact<'a, f32>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// The Euclidean length, in double precision, where the square of no finite value overflows or vanishes.
pub(crate) fn length(row: &[f32]) -> f64 {
    square(row).sqrt()
}

/// The squared length.
pub(crate) fn square(row: &[f32]) -> f64 {
    row.iter().map(|&value| f64::from(value).powi(2)).sum()
}

/// Scales a row to length 1, in double precision; false, and nothing done, for a row of zeros.
pub(crate) fn to_unit_length(row: &mut [f32]) -> bool {
    let length = length(row);
    if length == 0.0 {
        return false;
    }
    row.iter_mut().for_each(|value| *value = (f64::from(*value) / length) as f32);
    true
}
