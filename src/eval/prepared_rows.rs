//! Rows made ready for comparison, so that every similarity is one dot product.

use super::wide::{Wide, are_whole};
use super::{EvalError, Similarity};
use crate::Rows;
use crate::rows::{length, square, to_unit_length};

/// Checked rows, of which the similarity is a dot product between the query form of one
/// and the candidate form of another.
///
/// These products are computed in single precision. Where they would overflow, vanish, or drown distances in rounding,
/// and where rows of small whole numbers are equally near each other in exact arithmetic, the rows are kept in double
/// precision too, and ranked by that.
#[derive(Debug, Clone)]
pub struct PreparedRows {
    rows: usize,
    dim: usize,
    queries: Vec<f32>,
    /// Where it differs from the query form.
    candidates: Option<Vec<f32>>,
    /// What ranks are counted by in its place, where single precision would not do.
    wide: Option<Wide>,
}

/// The most rows: twice the number of negatives has to fit in 32 bits.
const MAX_ROWS: usize = i32::MAX as usize;

/// Lengths between these have products, and squares, that single precision holds with all their digits.
const LENGTHS: std::ops::RangeInclusive<f64> = 1e-15..=1e15;

impl PreparedRows {
    /// Checks rows and makes them ready. They need not be of unit length; any finite value will do.
    ///
    /// # Errors
    /// A value that is not finite, and for the cosine a row of zeros, which has no direction.
    pub fn new(rows: Rows<'_>, similarity: Similarity) -> Result<Self, EvalError> {
        check(rows)?;
        match similarity {
            Similarity::Cosine => Self::cosine(rows),
            Similarity::Dot => Ok(Self::dot(rows)),
            Similarity::Euclid => Ok(Self::euclid(rows)),
        }
    }

    fn cosine(rows: Rows<'_>) -> Result<Self, EvalError> {
        let mut queries = rows.values().to_vec();
        let mut zeros = queries.chunks_exact_mut(rows.dim()).enumerate().filter_map(|(row, values)| {
            let was_zero = !to_unit_length(values);
            was_zero.then_some(row)
        });
        match zeros.next() {
            None => {
                let unit = Rows::whole(&queries, rows.dim());
                let drowned = || drowns(unit).then(|| Wide::new(rows, Similarity::Cosine));
                let wide = Wide::whole_cosine(rows).or_else(drowned);
                Ok(Self { wide, ..Self::single(queries, rows.dim(), rows.len()) })
            }
            Some(row) => Err(EvalError::ZeroRow { row: row.into(), count: 1 + zeros.count() }),
        }
    }

    fn dot(rows: Rows<'_>) -> Self {
        let fits = rows.iter().map(length).all(|length| length == 0.0 || LENGTHS.contains(&length));
        let is_sound = fits && (are_whole(rows) || !drowns(rows));
        let wide = (!is_sound).then(|| Wide::new(rows, Similarity::Dot));
        Self { wide, ..Self::single(rows.values().to_vec(), rows.dim(), rows.len()) }
    }

    /// Rows whose products are wanted as single precision gives them.
    pub(super) fn single(values: Vec<f32>, dim: usize, rows: usize) -> Self {
        Self { rows, dim, queries: values, candidates: None, wide: None }
    }

    /// `-|a - b|^2 / 2 = a b - |a|^2 / 2 - |b|^2 / 2`, the two norms as two more coordinates. Rows are centred first,
    /// which moves no distance and keeps the norms small; those of small whole numbers stay as they are, for then no
    /// digit is lost.
    fn euclid(rows: Rows<'_>) -> Self {
        let is_whole = are_whole(rows);
        let centred = if is_whole { rows.values().to_vec() } else { centred(rows) };
        let centred = Rows::whole(&centred, rows.dim());
        let most = centred.iter().map(length).fold(0.0, f64::max);
        let are_equal = || rows.iter().all(|row| row == rows.row(0));
        let fits = LENGTHS.contains(&most) && (is_whole || !drowns(centred)) || are_equal();
        let wide = (!fits).then(|| Wide::new(rows, Similarity::Euclid));
        let (mut queries, mut candidates) = (Vec::new(), Vec::new());
        for row in centred {
            let half = (-0.5 * square(row)) as f32;
            queries.extend_from_slice(row);
            queries.extend([1.0, half]);
            candidates.extend_from_slice(row);
            candidates.extend([half, 1.0]);
        }
        Self { rows: rows.len(), dim: rows.dim() + 2, queries, candidates: Some(candidates), wide }
    }

    /// Returns the number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Numbers in a row's query or candidate form.
    pub(super) fn dim(&self) -> usize {
        self.dim
    }

    /// Returns the rows in double precision, where ranks are counted by those.
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

/// Refuses more rows than can be ranked, and values that are not finite.
pub(super) fn check(rows: Rows<'_>) -> Result<(), EvalError> {
    if rows.len() > MAX_ROWS {
        return Err(EvalError::TooManyRows { rows: rows.len(), most: MAX_ROWS });
    }
    match rows.values().iter().position(|value| !value.is_finite()) {
        Some(at) => Err(EvalError::NotFinite { row: (at / rows.dim()).into() }),
        None => Ok(()),
    }
}

/// Returns the rows minus their mean.
fn centred(rows: Rows<'_>) -> Vec<f32> {
    let mean = mean_row(rows);
    let centred = |row: &[f32]| -> Vec<f32> {
        row.iter().zip(&mean).map(|(&value, mean)| (f64::from(value) - mean) as f32).collect()
    };
    rows.iter().flat_map(centred).collect()
}

/// Rows that are looked at to see whether distances drown.
const SAMPLE: usize = 128;

/// Tells whether rounding would drown what parts rows: whether, of the pairs of a sample, more than one in a hundred lie
/// so near each other for the length of their rows that the difference of their products has hardly a digit left in
/// single precision. Rows far from the origin are like that, and a few rows of another scale do it to the distances of
/// all others.
fn drowns(rows: Rows<'_>) -> bool {
    const NEAR: f64 = 1.0 / 16_384.0;
    let step = rows.len().div_ceil(SAMPLE).max(1);
    let sample: Vec<(&[f32], f64)> = rows.iter().step_by(step).map(|row| (row, square(row))).collect();
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

fn mean_row(rows: Rows<'_>) -> Vec<f64> {
    let mut sums = vec![0.0; rows.dim()];
    for row in rows {
        sums.iter_mut().zip(row).for_each(|(sum, &value)| *sum += f64::from(value));
    }
    sums.iter_mut().for_each(|sum| *sum /= rows.len().max(1) as f64);
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::fixture::matrix;

    fn dot(prepared: &PreparedRows, query: usize, candidate: usize) -> f32 {
        prepared.query(query).iter().zip(prepared.candidate(candidate)).map(|(a, b)| a * b).sum()
    }

    #[test]
    fn euclid_is_minus_half_the_squared_distance_wherever_the_rows_lie() {
        let values = [1000.0, 1.0, 1003.0, 5.0, 1000.0, 1.0];
        let prepared = PreparedRows::new(matrix(&values, 2), Similarity::Euclid).unwrap();
        for (query, candidate, expected) in [(0, 1, -12.5), (1, 0, -12.5), (0, 2, 0.0)] {
            assert!((dot(&prepared, query, candidate) - expected).abs() < 1e-5);
        }
    }

    #[test]
    fn a_row_of_length_one_stays_as_it_is() {
        let values = [0.5, -0.5, 0.5, 0.5, 0.0, 1.0, 0.0, 0.0];
        let prepared = PreparedRows::new(matrix(&values, 4), Similarity::Cosine).unwrap();
        assert_eq!(prepared.queries, values);
    }

    #[test]
    fn a_row_without_direction_is_refused_and_counted() {
        let error =
            PreparedRows::new(matrix(&[1.0, 0.0, 0.0, 0.0, 0.0, 0.0], 2), Similarity::Cosine).unwrap_err();
        assert_eq!(error, EvalError::ZeroRow { row: 1.into(), count: 2 });
    }
}
