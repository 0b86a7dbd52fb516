//! Adjacency lists while a graph is built.

use std::collections::HashMap;

use crate::graph::Level;
use crate::vectors::Vectors;

/// A graph that still changes: level 0 as one list for each row, the upper levels as they will stay.
pub(super) struct Draft {
    pub(super) entry: u32,
    pub(super) base: Vec<Vec<u32>>,
    pub(super) upper: Vec<Level>,
}

impl Draft {
    /// Level 0 and the upper levels in their final form.
    pub(super) fn levels(&self) -> Vec<Level> {
        let base = Level::from_lists(Vec::new(), self.base.iter().map(Vec::as_slice));
        std::iter::once(base).chain(self.upper.iter().cloned()).collect()
    }
}

/// Which rows repeat an earlier row bit for bit.
///
/// Any number of equal rows would crowd each other out of their lists of nearest rows and leave the rest of
/// the graph unlinked. So the first row of a group stands for it, and the others hang below it as a tree.
pub(super) struct Copies {
    /// The first row of each group, ascending: all rows when no two are equal.
    pub(super) distinct: Vec<u32>,
    /// Groups of more than one row, rows ascending.
    groups: Vec<Vec<u32>>,
}

/// Children of a row in the tree of its copies.
const FAN: usize = 8;

impl Copies {
    pub(super) fn of(vectors: &Vectors) -> Self {
        let mut first: HashMap<&[u8], u32> = HashMap::with_capacity(vectors.rows());
        let mut groups: HashMap<u32, Vec<u32>> = HashMap::new();
        let mut distinct = Vec::new();
        for (vector, row) in vectors.as_slice().chunks_exact(vectors.dim()).zip(0..) {
            let of = *first.entry(bytemuck::cast_slice(vector)).or_insert(row);
            if of == row {
                distinct.push(row);
            } else {
                groups.entry(of).or_insert_with(|| vec![of]).push(row);
            }
        }
        let mut groups: Vec<_> = groups.into_values().collect();
        groups.sort_unstable();
        Self { distinct, groups }
    }

    /// Links each copy with the row above it in the tree. A row above is always a smaller row, so that a
    /// search meets equal rows in the order of its answer.
    pub(super) fn link(&self, base: &mut [Vec<u32>]) {
        for group in &self.groups {
            for (place, &row) in group.iter().enumerate().skip(1) {
                let above = group[(place - 1) / FAN];
                base[above as usize].push(row);
                base[row as usize].push(above);
            }
        }
    }
}
