//! Rows made ready for comparison, so that every similarity is one dot product.

use super::EvalError;

/// How alike two rows are; larger is nearer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Similarity {
    /// The cosine of the angle between them, in [-1, 1].
    #[default]
    Cosine,
    /// The dot product of the rows as they are.
    Dot,
    /// Minus half the squared Euclidean distance: the same order as by distance, nearest first.
    Euclid,
}

impl Similarity {
    /// As in tables and files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cosine => "cosine",
            Self::Dot => "dot",
            Self::Euclid => "euclid",
        }
    }
}

/// Checked rows (rows x dim, row-major), of which the similarity is a dot product between the query form of one
/// and the candidate form of another.
#[derive(Debug, Clone)]
pub struct Space {
    rows: usize,
    dim: usize,
    queries: Vec<f32>,
    /// Where it differs from the query form.
    candidates: Option<Vec<f32>>,
}

impl Space {
    /// Checks `rows` x `dim` values, row-major, and makes them ready. Rows need not be of unit length.
    ///
    /// # Errors
    /// A dimension of 0, values that are not `rows * dim`, one that is not finite, and for the cosine a row of zeros,
    /// which has no direction.
    pub fn new(values: &[f32], dim: usize, rows: usize, similarity: Similarity) -> Result<Self, EvalError> {
        check(values, dim, rows)?;
        match similarity {
            Similarity::Cosine => Self::cosine(values, dim, rows),
            Similarity::Dot => Ok(Self { rows, dim, queries: values.to_vec(), candidates: None }),
            Similarity::Euclid => Ok(Self::euclid(values, dim, rows)),
        }
    }

    fn cosine(values: &[f32], dim: usize, rows: usize) -> Result<Self, EvalError> {
        let mut queries = values.to_vec();
        let mut zeros = queries.chunks_exact_mut(dim).enumerate().filter_map(|(row, values)| {
            let was_zero = !to_unit_length(values);
            was_zero.then_some(row)
        });
        match zeros.next() {
            None => Ok(Self { rows, dim, queries, candidates: None }),
            Some(row) => Err(EvalError::ZeroRow { row, count: 1 + zeros.count() }),
        }
    }

    /// `-|a - b|^2 / 2 = a b - |a|^2 / 2 - |b|^2 / 2`, the two norms as two more coordinates. Rows are centred first,
    /// which moves no distance and keeps the norms small.
    fn euclid(values: &[f32], dim: usize, rows: usize) -> Self {
        let mean = mean_row(values, dim);
        let (mut queries, mut candidates) = (Vec::new(), Vec::new());
        for row in values.chunks_exact(dim) {
            let centred: Vec<f32> =
                row.iter().zip(&mean).map(|(&value, mean)| (f64::from(value) - mean) as f32).collect();
            let half = -0.5 * centred.iter().map(|&value| f64::from(value).powi(2)).sum::<f64>();
            queries.extend_from_slice(&centred);
            queries.extend([1.0, half as f32]);
            candidates.extend(centred);
            candidates.extend([half as f32, 1.0]);
        }
        Self { rows, dim: dim + 2, queries, candidates: Some(candidates) }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Numbers in a row's query or candidate form.
    pub(super) fn dim(&self) -> usize {
        self.dim
    }

    pub(super) fn query(&self, row: usize) -> &[f32] {
        &self.queries[row * self.dim..][..self.dim]
    }

    pub(super) fn candidate(&self, row: usize) -> &[f32] {
        &self.candidates.as_ref().unwrap_or(&self.queries)[row * self.dim..][..self.dim]
    }
}

pub(super) fn check(values: &[f32], dim: usize, rows: usize) -> Result<(), EvalError> {
    if dim == 0 {
        return Err(EvalError::NoDimension);
    }
    let expected = rows.saturating_mul(dim);
    if values.len() != expected {
        return Err(EvalError::Shape { labels: rows, dim, expected, found: values.len() });
    }
    match values.iter().position(|value| !value.is_finite()) {
        Some(at) => Err(EvalError::NotFinite { row: at / dim }),
        None => Ok(()),
    }
}

/// Scales a row to length 1, in double precision; false, and nothing done, for a row of zeros.
pub(super) fn to_unit_length(row: &mut [f32]) -> bool {
    let length = row.iter().map(|&value| f64::from(value).powi(2)).sum::<f64>().sqrt();
    if length == 0.0 {
        return false;
    }
    row.iter_mut().for_each(|value| *value = (f64::from(*value) / length) as f32);
    true
}

/// The rows scaled to length 1; those of zeros stay as they are.
pub(super) fn unit_rows(values: &[f32], dim: usize, rows: usize) -> Result<Vec<f32>, EvalError> {
    check(values, dim, rows)?;
    let mut unit = values.to_vec();
    for row in unit.chunks_exact_mut(dim) {
        to_unit_length(row);
    }
    Ok(unit)
}

fn mean_row(values: &[f32], dim: usize) -> Vec<f64> {
    let mut sums = vec![0.0; dim];
    for row in values.chunks_exact(dim) {
        sums.iter_mut().zip(row).for_each(|(sum, &value)| *sum += f64::from(value));
    }
    let rows = (values.len() / dim).max(1) as f64;
    sums.iter_mut().for_each(|sum| *sum /= rows);
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dot(space: &Space, query: usize, candidate: usize) -> f32 {
        space.query(query).iter().zip(space.candidate(candidate)).map(|(a, b)| a * b).sum()
    }

    #[test]
    fn euclid_is_minus_half_the_squared_distance_wherever_the_rows_lie() {
        let values = [1000.0, 1.0, 1003.0, 5.0, 1000.0, 1.0];
        let space = Space::new(&values, 2, 3, Similarity::Euclid).unwrap();
        for (query, candidate, expected) in [(0, 1, -12.5), (1, 0, -12.5), (0, 2, 0.0)] {
            assert!((dot(&space, query, candidate) - expected).abs() < 1e-5);
        }
    }

    #[test]
    fn a_row_of_length_one_stays_as_it_is() {
        let values = [0.5, -0.5, 0.5, 0.5, 0.0, 1.0, 0.0, 0.0];
        let space = Space::new(&values, 4, 2, Similarity::Cosine).unwrap();
        assert_eq!(space.queries, values);
    }

    #[test]
    fn a_row_without_direction_is_refused_and_counted() {
        let error = Space::new(&[1.0, 0.0, 0.0, 0.0, 0.0, 0.0], 2, 3, Similarity::Cosine).unwrap_err();
        assert_eq!(error, EvalError::ZeroRow { row: 1, count: 2 });
    }
}
