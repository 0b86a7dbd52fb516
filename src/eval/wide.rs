//! Rows in double precision, for what single precision would rank wrongly.
//!
//! A product of two single-precision numbers is exact in double precision, and no sum of such products overflows or
//! vanishes. So this ranks rows of any size, of sizes far apart, rows that differ by little for their length, and rows of
//! small whole numbers, of which many are equally near: those then tie, as they do in exact arithmetic. It is some times
//! slower, and only used where it matters.

use super::Similarity;
use crate::Rows;
use crate::rows::length;
use crate::simd::{sum_over, vectorised};

/// The largest squared length of a row of whole numbers whose cosines are compared exactly. Two different values of
/// `(a b)^2 / |b|^2` are then further apart than double precision rounds.
const LARGEST_SQUARE: f64 = 131_072.0;
/// The largest squared length of whole numbers of which the squared distances are exact in single precision.
const LARGEST_SINGLE: f64 = 2_097_152.0;
/// Pairs of numbers beyond which rows that are equally near are left to rounding, since exact cosines take several times as long.
const MAX_EXACT: f64 = 2e10;

/// Rows, and how they are compared.
#[derive(Debug, Clone)]
pub(super) struct Wide {
    similarity: Similarity,
    dim: usize,
    /// Row-major.
    values: Vec<f64>,
    /// Squared lengths.
    squares: Vec<f64>,
    /// Brings what is [shown](Self::shown) into the range of single precision.
    unit: f64,
}

impl Wide {
    /// Takes the rows as they are.
    pub(super) fn new(rows: Rows<'_>, similarity: Similarity) -> Self {
        let longest = rows.iter().map(length).fold(0.0, f64::max);
        let unit = if longest > 0.0 { longest.powi(-2) } else { 1.0 };
        let values = rows.values().iter().map(|&value| f64::from(value)).collect();
        Self::of(values, rows.dim(), similarity, unit)
    }

    /// For the cosine of rows of small whole numbers, each row in a unit of its own; `None` for any other rows.
    pub(super) fn whole_cosine(rows: Rows<'_>) -> Option<Self> {
        let (number, dim) = (rows.len() as f64, rows.dim());
        if number * number * dim as f64 > MAX_EXACT {
            return None;
        }
        let mut whole = Vec::new();
        for row in rows {
            let unit = unit_of(row);
            whole.extend(row.iter().map(|&value| f64::from(value) / unit));
            if square(&whole[whole.len() - dim..]) > LARGEST_SQUARE {
                return None;
            }
        }
        Some(Self::of(whole, dim, Similarity::Cosine, 1.0))
    }

    fn of(values: Vec<f64>, dim: usize, similarity: Similarity, unit: f64) -> Self {
        let squares = values.chunks_exact(dim).map(square).collect();
        Self { similarity, dim, values, squares, unit }
    }

    fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.dim..][..self.dim]
    }

    /// How near each of `rows` is to `query`, in the order of their similarities to it: the similarity itself, or the
    /// cosine squared with its sign, times the squared length of the query.
    pub(super) fn compare(&self, query: usize, rows: &[u32]) -> Vec<f64> {
        vectorised(|| {
            let own = self.row(query);
            let mut found = Vec::with_capacity(rows.len());
            for &row in rows {
                let (row, other) = (row as usize, self.row(row as usize));
                found.push(match self.similarity {
                    Similarity::Cosine => {
                        let product = sum_over(own, other, |a, b| a * b);
                        product * product.abs() / self.squares[row]
                    }
                    Similarity::Dot => sum_over(own, other, |a, b| a * b),
                    Similarity::Euclid => -0.5 * sum_over(own, other, |a, b| (a - b) * (a - b)),
                });
            }
            found
        })
    }

    /// Returns a similarity that all queries have in common, of what [`compare`](Self::compare) found for one: the
    /// cosine, or the similarity in parts of the largest square of a row.
    pub(super) fn shown(&self, query: usize, compared: f64) -> f32 {
        match self.similarity {
            Similarity::Cosine => ((compared.abs() / self.squares[query]).sqrt().copysign(compared)) as f32,
            Similarity::Dot | Similarity::Euclid => (compared * self.unit) as f32,
        }
    }

    /// Returns the cosine of two rows.
    pub(super) fn cosine(&self, a: usize, b: usize) -> f64 {
        sum_over(self.row(a), self.row(b), |a, b| a * b) / self.squares[a].sqrt() / self.squares[b].sqrt()
    }

    /// Returns what a similarity of 1 in [`shown`](Self::shown) is.
    pub(super) fn unit(&self) -> f64 {
        self.unit
    }
}

fn square(row: &[f64]) -> f64 {
    row.iter().map(|value| value * value).sum()
}

/// Tells whether all values are whole numbers in some common unit, and so small in it that squared distances are exact in
/// single precision.
pub(super) fn are_whole(rows: Rows<'_>) -> bool {
    let mut unit = f64::INFINITY;
    for row in rows {
        unit = unit.min(unit_of(row));
        if (length(row) / unit).powi(2) > LARGEST_SINGLE {
            return false;
        }
    }
    rows.iter().all(|row| (length(row) / unit).powi(2) <= LARGEST_SINGLE)
}

/// Returns the largest power of two that all numbers of a row are multiples of; infinite for zeros.
fn unit_of(row: &[f32]) -> f64 {
    row.iter().map(|&value| lowest_digit(value)).fold(f64::INFINITY, f64::min)
}

/// Returns the worth of the last binary digit of a finite number that is not 0; infinite for 0.
fn lowest_digit(value: f32) -> f64 {
    if value == 0.0 {
        return f64::INFINITY;
    }
    let (bits, least) = (value.to_bits(), f64::from(f32::from_bits(1)));
    let (exponent, digits) = (bits >> 23 & 0xff, bits & 0x7f_ffff);
    // Below the smallest exponent there is no hidden digit.
    let (digits, steps) = if exponent == 0 { (digits, 0) } else { (digits | 1 << 23, exponent - 1) };
    least * 2.0_f64.powi((steps + digits.trailing_zeros()) as i32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::fixture::matrix;

    #[test]
    fn the_last_digit_of_a_number_is_found_at_any_size() {
        for (value, digit) in
            [(1.0, 1.0), (-3.0, 1.0), (0.75, 0.25), (6.0, 2.0), (f32::MAX, 2.0_f64.powi(104))]
        {
            assert_eq!(lowest_digit(value), digit, "{value}");
        }
        let least = f32::from_bits(1);
        assert_eq!(
            (lowest_digit(least), lowest_digit(12.0 * least)),
            (f64::from(least), 4.0 * f64::from(least))
        );
        assert_eq!(lowest_digit(0.0), f64::INFINITY);
    }

    #[test]
    fn small_whole_numbers_are_told_from_others_whatever_their_unit() {
        for scale in [1.0, 2.0_f32.powi(-140), 2.0_f32.powi(100)] {
            let rows = [scale, -2.0 * scale, 0.0, 7.0 * scale];
            assert!(are_whole(matrix(&rows, 2)), "{scale}");
            assert!(Wide::whole_cosine(matrix(&rows, 2)).is_some());
        }
        for rows in [[1.0, 0.1, 2.0, 3.0], [1.0, 2000.0, 1.0, 1.0]] {
            assert!(!are_whole(matrix(&rows, 2)), "{rows:?}");
        }
        for row in [[1.0, 0.1], [1.0, 400.0]] {
            assert!(Wide::whole_cosine(matrix(&row, 2)).is_none(), "{row:?}");
        }
    }
}
