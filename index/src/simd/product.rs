//! The dot product: one definition, every search uses it.
//!
//! The product of a row and a query is summed in sixteen lanes (value `i` goes to lane `i % 16`, in ascending
//! order, each step a multiply-add), and the lanes are then added as a tree: 8 + 8, 4 + 4, 2 + 2, 1 + 1. All
//! kernels keep to that order, so the scan, the filtered scan, the graph and many queries at once give the same bits for
//! the same row. Kernels with a fused multiply-add agree with one another bit for bit; the one without it
//! agrees within float rounding.

use std::borrow::Cow;

use super::Kernel;
use super::lanes::{Block, Lanes};
use super::on_lanes::OnLanes;
use super::pairs::{Any, Masked, Pairs, Whole};
use super::quads::Quads;

pub(crate) use super::lanes::LANES;

/// A query, padded with zeros to a multiple of [`LANES`]; borrowed where it is one.
#[derive(Debug, Clone)]
pub(crate) struct Query<'a>(pub(super) Cow<'a, [Block]>);

impl<'a> Query<'a> {
    pub(crate) fn new(values: &'a [f32]) -> Self {
        if let (blocks, []) = values.as_chunks() {
            return Self(Cow::Borrowed(blocks));
        }
        let mut padded = vec![[0.0; LANES]; values.len().div_ceil(LANES)];
        padded.as_flattened_mut()[..values.len()].copy_from_slice(values);
        Self(Cow::Owned(padded))
    }
}

/// Rows of `dim` floats, row-major, and the kernel that reads them.
#[derive(Clone, Copy)]
pub(crate) struct Rows<'a> {
    data: &'a [f32],
    dim: usize,
    kernel: Kernel,
}

impl<'a> Rows<'a> {
    /// `data` holds whole rows of `dim`, which is not 0.
    pub(crate) fn new(data: &'a [f32], dim: usize) -> Self {
        Self::with(Kernel::current(), data, dim)
    }

    /// Rows that are read by a kernel of choice.
    pub(crate) fn with(kernel: Kernel, data: &'a [f32], dim: usize) -> Self {
        debug_assert!(dim > 0 && data.len().is_multiple_of(dim));
        Self { data, dim, kernel }
    }

    pub(crate) fn len(&self) -> usize {
        self.data.len() / self.dim
    }

    pub(crate) fn dim(&self) -> usize {
        self.dim
    }

    pub(crate) fn kernel(&self) -> Kernel {
        self.kernel
    }

    pub(crate) fn row(&self, row: usize) -> &'a [f32] {
        &self.data[row * self.dim..(row + 1) * self.dim]
    }

    /// `count` rows from `first` on. Panics if there are fewer.
    pub(crate) fn range(&self, first: usize, count: usize) -> Self {
        Self { data: &self.data[first * self.dim..][..count * self.dim], ..*self }
    }

    /// Copies of rows anywhere. Panics if one does not exist.
    pub(crate) fn gather(&self, rows: impl Iterator<Item = u32>) -> Gathered {
        let mut values = Vec::with_capacity(rows.size_hint().0 * self.dim);
        rows.for_each(|row| values.extend_from_slice(self.row(row as usize)));
        Gathered { values, dim: self.dim, kernel: self.kernel }
    }

    /// Products of the query with the rows `first ..`, one for each place in `out`.
    ///
    /// Panics if there are fewer rows than that.
    pub(crate) fn dot_range(&self, query: &Query<'_>, first: usize, out: &mut [f32]) {
        let data = self.range(first, out.len()).data;
        self.fill(Products { data, dim: self.dim, query: &query.0, chosen: None, out });
    }

    /// Products of the query with rows anywhere. Panics if one does not exist.
    pub(crate) fn dot_each(&self, query: &Query<'_>, rows: &[u32], out: &mut [f32]) {
        self.fill(Products { data: self.data, dim: self.dim, query: &query.0, chosen: Some(rows), out });
    }

    fn fill(&self, products: Products<'_>) {
        self.kernel.run_on_lanes(products);
    }
}

/// Copies of rows, side by side.
pub(crate) struct Gathered {
    values: Vec<f32>,
    dim: usize,
    kernel: Kernel,
}

impl Gathered {
    pub(crate) fn rows(&self) -> Rows<'_> {
        Rows::with(self.kernel, &self.values, self.dim)
    }

    /// The values, row-major.
    pub(crate) fn into_values(self) -> Vec<f32> {
        self.values
    }
}

/// Products of a query with the first rows, or with those that `chosen` names.
///
/// All of it is inlined into a function compiled for the lanes. It has loops instead of closures, since a closure may stay
/// a function of its own, without the instructions.
struct Products<'a> {
    data: &'a [f32],
    dim: usize,
    query: &'a [Block],
    chosen: Option<&'a [u32]>,
    out: &'a mut [f32],
}

impl OnLanes for Products<'_> {
    #[inline(always)]
    fn run<const N: usize>(self, lanes: impl Lanes<N> + Quads) {
        let Self { data, dim, query, chosen, out } = self;
        match dim {
            16 => Whole::<_, N, 1>::new(lanes, data, query).fill(chosen, out),
            32 => Whole::<_, N, 2>::new(lanes, data, query).fill(chosen, out),
            48 => Whole::<_, N, 3>::new(lanes, data, query).fill(chosen, out),
            64 => Whole::<_, N, 4>::new(lanes, data, query).fill(chosen, out),
            128 => Whole::<_, N, 8>::new(lanes, data, query).fill(chosen, out),
            1..16 => Masked::<_, N, 1>::new(lanes, data, dim, query).fill(chosen, out),
            17..32 => Masked::<_, N, 2>::new(lanes, data, dim, query).fill(chosen, out),
            33..48 => Masked::<_, N, 3>::new(lanes, data, dim, query).fill(chosen, out),
            49..64 => Masked::<_, N, 4>::new(lanes, data, dim, query).fill(chosen, out),
            _ => Any::new(lanes, data, dim, query).fill(chosen, out),
        }
    }
}

#[cfg(test)]
mod tests;
