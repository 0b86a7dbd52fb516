//! Products of matrices, row-major. The only file here that names faer's products.

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};

/// A matrix to read, possibly some columns of a larger one, possibly transposed.
#[derive(Clone, Copy)]
pub(crate) struct View<'a>(MatRef<'a, f32>);

/// A matrix to write, possibly some columns of a larger one.
pub(crate) struct Target<'a>(MatMut<'a, f32>);

impl<'a> View<'a> {
    /// All of `values`, rows of `columns` numbers.
    pub(crate) fn new(values: &'a [f32], columns: usize) -> Self {
        Self(MatRef::from_row_major_slice(values, values.len() / columns.max(1), columns))
    }

    /// `count` columns from `first` on.
    pub(crate) fn columns(self, first: usize, count: usize) -> Self {
        Self(self.0.subcols(first, count))
    }

    /// The transpose.
    pub(crate) fn t(self) -> Self {
        Self(self.0.transpose())
    }
}

impl<'a> Target<'a> {
    /// All of `values`, rows of `columns` numbers.
    pub(crate) fn new(values: &'a mut [f32], columns: usize) -> Self {
        let rows = values.len() / columns.max(1);
        Self(MatMut::from_row_major_slice_mut(values, rows, columns))
    }

    /// `count` columns from `first` on.
    pub(crate) fn columns(self, first: usize, count: usize) -> Self {
        Self(self.0.subcols_mut(first, count))
    }

    /// Becomes `left` x `right`. On the calling thread alone: whoever has several divides the rows among them.
    pub(crate) fn set(self, left: View<'_>, right: View<'_>) {
        matmul(self.0, Accum::Replace, left.0, right.0, 1.0, Par::Seq);
    }

    /// Gains `left` x `right`.
    pub(crate) fn add(self, left: View<'_>, right: View<'_>) {
        matmul(self.0, Accum::Add, left.0, right.0, 1.0, Par::Seq);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_those_worked_out_by_hand() {
        let (a, b) = ([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [1.0, 0.0, 2.0, 1.0]);
        let mut out = [9.0; 6];
        Target::new(&mut out, 2).set(View::new(&a, 2), View::new(&b, 2));
        assert_eq!(out, [5.0, 2.0, 11.0, 4.0, 17.0, 6.0]);
        Target::new(&mut out, 2).columns(1, 1).add(View::new(&a, 2), View::new(&b, 2).columns(0, 1));
        assert_eq!(out, [5.0, 7.0, 11.0, 15.0, 17.0, 23.0]);
        let mut square = [0.0; 4];
        Target::new(&mut square, 2).set(View::new(&a, 2).t(), View::new(&a, 2));
        assert_eq!(square, [35.0, 44.0, 44.0, 56.0]);
    }
}
