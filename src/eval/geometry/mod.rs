//! The shape of a cloud of embeddings, whatever its labels: how many directions it uses, whether rows coincide, whether
//! a few rows are everybody's neighbour.
//!
//! | file | responsibility |
//! |---|---|
//! | `spectrum` | the covariance and its eigenvalues: ranks |
//! | `neighbours` | how often a row is among the nearest of the others: hubs |

mod neighbours;
mod spectrum;

use std::collections::HashMap;

use super::prepared_rows::check;
use super::{EvalError, PreparedRows, Similarity};
use crate::Rows;
use crate::progress::Progress;
use crate::random::{Purpose, Stream};
pub use neighbours::Hubness;
#[cfg(test)]
use spectrum::SPECTRUM_MAX_DIM;
use spectrum::Spectrum;

/// Rows that are looked at, at most: time grows with their square.
const MAX_ROWS: usize = 10_000;

/// The shape of a set of embeddings, all rows brought to length 1, as they are compared by cosine.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Geometry {
    /// Rows of the embeddings.
    pub rows: usize,
    /// Rows that the figures are of, but for those of equal rows, which are of all.
    pub sampled: usize,
    /// The number of directions that are in use, in effect: `exp` of the entropy of the eigenvalues of the covariance,
    /// divided by their sum (Roy and Vetterli, EUSIPCO 2007). From 1 to the dimension. `None` beyond 1,024
    /// dimensions, and for rows that all point one way.
    pub effective_rank: Option<f64>,
    /// `(sum of eigenvalues)^2 / sum of their squares`: as the effective rank, and more swayed by the largest ones.
    pub participation_ratio: Option<f64>,
    /// Mean cosine of all pairs of different rows: 0 when they point everywhere, 1 when all point one way
    /// (the anisotropy of Ethayarajh, EMNLP 2019).
    pub mean_cosine: f64,
    /// Share of all rows that equal another row, bit for bit.
    pub duplicate_rows: f64,
    /// Share of all pairs of rows that are equal, bit for bit. Nothing can rank such rows.
    pub tied_pairs: f64,
    /// The unevenness of neighbours.
    pub hubness: Hubness,
}

impl Geometry {
    /// Looks at the shape of embeddings, rows of any length but 0.
    ///
    /// Of more than 10,000 rows, `seed` decides which are looked at. The answer does not depend on the number of
    /// threads.
    ///
    /// ```
    /// use l1kdb::Rows;
    /// use l1kdb::eval::Geometry;
    /// use l1kdb::progress::Quiet;
    ///
    /// // Both directions of two axes, and one row twice.
    /// let embeddings = Rows::new(&[1.0, 0.0, -1.0, 0.0, 0.0, 1.0, 0.0, -1.0, 0.0, -1.0], 2)?;
    /// let found = Geometry::of(embeddings, 1, &Quiet)?;
    /// assert_eq!((found.duplicate_rows, found.tied_pairs), (0.4, 0.1));
    /// assert!(found.effective_rank.is_some_and(|rank| rank > 1.9));
    /// # Ok::<(), l1kdb::eval::EvalError>(())
    /// ```
    ///
    /// # Errors
    /// [`EvalError`] when a value is not finite, a row is zero, or there are not two rows.
    pub fn of(embeddings: Rows<'_>, seed: u64, progress: &dyn Progress) -> Result<Self, EvalError> {
        check(embeddings)?;
        refuse_zeros(embeddings)?;
        let rows = embeddings.len();
        if rows < 2 {
            return Err(EvalError::TooFewRows { rows, expected: 2 });
        }
        let chosen = chosen(rows, MAX_ROWS, seed);
        let values = embeddings.select(chosen.iter().copied());
        let prepared = PreparedRows::new(Rows::whole(&values, embeddings.dim()), Similarity::Cosine)?;
        let spectrum = Spectrum::of(&prepared);
        let equal = Equal::among(embeddings);
        let pairs = rows as f64 * (rows - 1) as f64 / 2.0;
        Ok(Self {
            rows,
            sampled: chosen.len(),
            effective_rank: spectrum.map(|spectrum| spectrum.effective_rank),
            participation_ratio: spectrum.map(|spectrum| spectrum.participation_ratio),
            mean_cosine: mean_cosine(&prepared),
            duplicate_rows: equal.rows as f64 / rows as f64,
            tied_pairs: equal.pairs as f64 / pairs,
            hubness: Hubness::of(&prepared, &chosen, progress),
        })
    }
}

/// Prepared rows of a sample would be counted by their place in the sample.
fn refuse_zeros(embeddings: Rows<'_>) -> Result<(), EvalError> {
    let is_zero = |row: &[f32]| row.iter().all(|&value| value == 0.0);
    let mut zeros = embeddings.iter().enumerate().filter(|(_, row)| is_zero(row));
    match zeros.next() {
        None => Ok(()),
        Some((row, _)) => Err(EvalError::ZeroRow { row: row.into(), count: 1 + zeros.count() }),
    }
}

/// `most` of `0..rows`, ascending, every choice being as likely as any other; all of them where there are fewer.
fn chosen(rows: usize, most: usize, seed: u64) -> Vec<usize> {
    let mut stream = Stream::new(seed, Purpose::GeometryRows, 0);
    let mut wanted = rows.min(most);
    let take = |row: &usize| {
        let taken = stream.below((rows - row) as u64) < wanted as u64;
        wanted -= usize::from(taken);
        taken
    };
    (0..rows).filter(take).collect()
}

/// The length of the sum of unit vectors holds the sum of all their products.
fn mean_cosine(prepared: &PreparedRows) -> f64 {
    let (mut sum, mut squares) = (vec![0.0; prepared.dim()], 0.0);
    for row in 0..prepared.rows() {
        for (sum, &value) in sum.iter_mut().zip(prepared.query(row)) {
            *sum += f64::from(value);
            squares += f64::from(value).powi(2);
        }
    }
    let rows = prepared.rows() as f64;
    (sum.iter().map(|sum| sum * sum).sum::<f64>() - squares) / (rows * (rows - 1.0))
}

/// Rows that are equal bit for bit.
struct Equal {
    /// Rows that equal another.
    rows: u64,
    /// Pairs of equal rows.
    pairs: u64,
}

impl Equal {
    fn among(embeddings: Rows<'_>) -> Self {
        let mut counts: HashMap<&[u8], u64> = HashMap::new();
        for row in embeddings {
            *counts.entry(bytemuck::cast_slice(row)).or_default() += 1;
        }
        let several = || counts.values().filter(|&&count| count > 1);
        Self { rows: several().sum(), pairs: several().map(|count| count * (count - 1) / 2).sum() }
    }
}

#[cfg(test)]
mod tests;
