//! Data for tests.

use crate::eval::fixture::scattered;

/// Rows around the middle of their class, which are `1` on the class's axis and 0 elsewhere: row i is of class
/// i modulo `classes`, and `noise` is how far it may lie off on each axis.
pub(crate) fn clouds(rows: usize, dim: usize, classes: usize, noise: f32, seed: u64) -> (Vec<f32>, Vec<u32>) {
    let mut values = scattered(rows * dim, seed);
    let class_of: Vec<u32> = (0..rows).map(|row| (row % classes) as u32).collect();
    for (row, &class) in values.chunks_exact_mut(dim).zip(&class_of) {
        row.iter_mut().for_each(|value| *value *= noise);
        row[class as usize] += 1.0;
    }
    (values, class_of)
}
