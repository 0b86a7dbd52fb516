//! Cells: rows gathered around centres, so that the rows near to a row are found by products of many with many.
//!
//! A walk over a graph reads one row here and one there, and waits for each. The rows of a cell are compared with those
//! of another in one piece instead, at many times the pace.

use rayon::prelude::*;

use crate::neighbour::Neighbour;
use crate::simd::{Query, Rows};

/// Times that the centres are moved to the middle of their cells.
const ROUNDS: usize = 2;
/// Rows that a thread takes at once.
const BLOCK: usize = 1024;

/// A division of rows into cells.
pub(super) struct Cells {
    dim: usize,
    /// Row-major; of unit length, but for rounding.
    centres: Vec<f32>,
    /// Rows of each cell, ascending.
    pub(super) members: Vec<Vec<u32>>,
}

impl Cells {
    /// Divides the `chosen` rows, of which there is at least one, into about `count` cells.
    pub(super) fn of(rows: Rows<'_>, chosen: &[u32], count: usize) -> Self {
        let step = chosen.len().div_ceil(count.max(1));
        let centres = rows.gather(chosen.iter().copied().step_by(step)).into_values();
        let mut cells = Self { dim: rows.dim(), centres, members: Vec::new() };
        cells.gather(rows, chosen);
        for _ in 0..ROUNDS {
            cells.move_centres(rows);
            cells.gather(rows, chosen);
        }
        cells
    }

    fn centres(&self) -> Rows<'_> {
        Rows::new(&self.centres, self.dim)
    }

    /// The `count` cells whose centres are nearest to a row, in any order.
    pub(super) fn nearest(&self, row: &Query<'_>, count: usize) -> Vec<u32> {
        let mut similarities = vec![0.0; self.members.len()];
        self.centres().dot_range(row, 0, &mut similarities);
        let mut cells: Vec<_> =
            (0..).zip(similarities).map(|(row, similarity)| Neighbour { row, similarity }).collect();
        if count < cells.len() {
            cells.select_nth_unstable_by(count, Neighbour::nearest_first);
            cells.truncate(count);
        }
        cells.into_iter().map(|cell| cell.row).collect()
    }

    /// Puts each row to its nearest centre.
    fn gather(&mut self, rows: Rows<'_>, chosen: &[u32]) {
        let centres = self.centres();
        let nearest = |block: &[u32]| -> Vec<usize> {
            let mut similarities = vec![0.0; centres.len()];
            let nearest = |&row: &u32| {
                centres.dot_range(&Query::new(rows.row(row as usize)), 0, &mut similarities);
                first_largest(&similarities)
            };
            block.iter().map(nearest).collect()
        };
        let nearest: Vec<Vec<usize>> = chosen.par_chunks(BLOCK).map(nearest).collect();
        self.members = vec![Vec::new(); centres.len()];
        for (&row, cell) in chosen.iter().zip(nearest.into_iter().flatten()) {
            self.members[cell].push(row);
        }
    }

    /// Moves each centre to the direction of the sum of its rows; one without rows stays.
    fn move_centres(&mut self, rows: Rows<'_>) {
        let dim = self.dim;
        self.centres.par_chunks_exact_mut(dim).zip(&self.members).for_each(|(centre, members)| {
            let mut sum = vec![0.0_f64; dim];
            for &row in members {
                sum.iter_mut().zip(rows.row(row as usize)).for_each(|(sum, &x)| *sum += f64::from(x));
            }
            let length = sum.iter().map(|x| x * x).sum::<f64>().sqrt();
            if length > 0.0 {
                centre.iter_mut().zip(&sum).for_each(|(x, sum)| *x = (sum / length) as f32);
            }
        });
    }
}

fn first_largest(values: &[f32]) -> usize {
    let mut best = 0;
    for (at, value) in values.iter().enumerate() {
        if *value > values[best] {
            best = at;
        }
    }
    best
}
