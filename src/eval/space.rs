//! Rows made ready for comparison, so that every similarity is one dot product.

use super::wide::{Wide, are_whole};
use super::{EvalError, Similarity};
use crate::rows::{length, square, to_unit_length};

/// Checked rows (rows x dim, row-major), of which the similarity is a dot product between the query form of one
/// and the candidate form of another.
///
/// These products are computed in single precision. Where they would overflow, vanish, or drown distances in rounding,
/// and where rows of small whole numbers are equally near each other in exact arithmetic, the rows are kept in double
/// precision too, and ranked by that.
#[derive(Debug, Clone)]
pub struct Space {
    rows: usize,
    dim: usize,
    queries: Vec<f32>,
    /// Where it differs from the query form.
    candidates: Option<Vec<f32>>,
    /// What ranks are counted by in its place, where single precision would not do.
    wide: Option<Wide>,
}

/// The most rows: twice the number of negatives has to fit in 32 bits.
const MOST_ROWS: usize = i32::MAX as usize;

/// Lengths between these have products, and squares, that single precision holds with all their digits.
const LENGTHS: std::ops::RangeInclusive<f64> = 1e-15..=1e15;

impl Space {
    /// Checks `rows` x `dim` values, row-major, and makes them ready. Rows need not be of unit length; any finite value
    /// will do.
    ///
    /// # Errors
    /// A dimension of 0, values that are not `rows * dim`, one that is not finite, and for the cosine a row of zeros,
    /// which has no direction.
    pub fn new(values: &[f32], dim: usize, rows: usize, similarity: Similarity) -> Result<Self, EvalError> {
        check(values, dim, rows)?;
        match similarity {
            Similarity::Cosine => Self::cosine(values, dim, rows),
            Similarity::Dot => Ok(Self::dot(values, dim, rows)),
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
            None => {
                let drowned = || drowns(&queries, dim).then(|| Wide::new(values, dim, Similarity::Cosine));
                let wide = Wide::whole_cosine(values, dim).or_else(drowned);
                Ok(Self { rows, dim, queries, candidates: None, wide })
            }
            Some(row) => Err(EvalError::ZeroRow { row: row.into(), count: 1 + zeros.count() }),
        }
    }

    fn dot(values: &[f32], dim: usize, rows: usize) -> Self {
        let fits =
            values.chunks_exact(dim).map(length).all(|length| length == 0.0 || LENGTHS.contains(&length));
        let is_sound = fits && (are_whole(values, dim) || !drowns(values, dim));
        let wide = (!is_sound).then(|| Wide::new(values, dim, Similarity::Dot));
        Self { wide, ..Self::single(values.to_vec(), dim, rows) }
    }

    /// Rows whose products are wanted as single precision gives them.
    pub(super) fn single(values: Vec<f32>, dim: usize, rows: usize) -> Self {
        Self { rows, dim, queries: values, candidates: None, wide: None }
    }

    /// `-|a - b|^2 / 2 = a b - |a|^2 / 2 - |b|^2 / 2`, the two norms as two more coordinates. Rows are centred first,
    /// which moves no distance and keeps the norms small; those of small whole numbers stay as they are, for then no
    /// digit is lost.
    fn euclid(values: &[f32], dim: usize, rows: usize) -> Self {
        let is_whole = are_whole(values, dim);
        let centred = if is_whole { values.to_vec() } else { centred(values, dim) };
        let most = centred.chunks_exact(dim).map(length).fold(0.0, f64::max);
        let are_equal = || values.chunks_exact(dim).all(|row| row == &values[..dim]);
        let fits = LENGTHS.contains(&most) && (is_whole || !drowns(&centred, dim)) || are_equal();
        let wide = (!fits).then(|| Wide::new(values, dim, Similarity::Euclid));
        let (mut queries, mut candidates) = (Vec::new(), Vec::new());
        for row in centred.chunks_exact(dim) {
            let half = (-0.5 * square(row)) as f32;
            queries.extend_from_slice(row);
            queries.extend([1.0, half]);
            candidates.extend_from_slice(row);
            candidates.extend([half, 1.0]);
        }
        Self { rows, dim: dim + 2, queries, candidates: Some(candidates), wide }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Numbers in a row's query or candidate form.
    pub(super) fn dim(&self) -> usize {
        self.dim
    }

    /// The rows in double precision, where ranks are counted by those.
    pub(super) fn wide(&self) -> Option<&Wide> {
        self.wide.as_ref()
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
    if rows > MOST_ROWS {
        return Err(EvalError::TooManyRows { rows, most: MOST_ROWS });
    }
    let expected = rows.saturating_mul(dim);
    if values.len() != expected {
        return Err(EvalError::Shape { labels: rows, dim, expected, found: values.len() });
    }
    match values.iter().position(|value| !value.is_finite()) {
        Some(at) => Err(EvalError::NotFinite { row: (at / dim).into() }),
        None => Ok(()),
    }
}

/// The rows scaled to length 1; those of zeros stay as they are.
pub(crate) fn unit_rows(values: &[f32], dim: usize, rows: usize) -> Result<Vec<f32>, EvalError> {
    check(values, dim, rows)?;
    let mut unit = values.to_vec();
    for row in unit.chunks_exact_mut(dim) {
        to_unit_length(row);
    }
    Ok(unit)
}

/// The rows minus their mean.
fn centred(values: &[f32], dim: usize) -> Vec<f32> {
    let mean = mean_row(values, dim);
    let centred = |row: &[f32]| -> Vec<f32> {
        row.iter().zip(&mean).map(|(&value, mean)| (f64::from(value) - mean) as f32).collect()
    };
    values.chunks_exact(dim).flat_map(centred).collect()
}

/// Rows that are looked at to see whether distances drown.
const SAMPLE: usize = 128;

/// Whether rounding would drown what parts rows: whether, of the pairs of a sample, more than one in a hundred lie so near
/// each other for the length of their rows that the difference of their products has hardly a digit left in single
/// precision. Rows far from the origin are like that, and a few rows of another scale do it to the distances of all others.
fn drowns(rows: &[f32], dim: usize) -> bool {
    const NEAR: f64 = 1.0 / 16_384.0;
    let step = (rows.len() / dim).div_ceil(SAMPLE).max(1);
    let sample: Vec<(&[f32], f64)> =
        rows.chunks_exact(dim).step_by(step).map(|row| (row, square(row))).collect();
    let mut near = 0;
    for (at, (a, a_square)) in sample.iter().enumerate() {
        for (b, b_square) in &sample[..at] {
            let terms = a.iter().zip(*b).map(|(&a, &b)| (f64::from(a) - f64::from(b)).powi(2));
            let square: f64 = terms.sum();
            near += usize::from(square > 0.0 && square < NEAR * (a_square + b_square));
        }
    }
    near * 100 > sample.len() * sample.len().saturating_sub(1) / 2
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
        assert_eq!(error, EvalError::ZeroRow { row: 1.into(), count: 2 });
    }
}
