//! Queries, checked once.

use crate::error::{IndexError, Result};
use crate::simd::Query;

/// Queries of an index's dimension, checked once for many calls of
/// [`Index::similarities_in_tiles`](crate::Index::similarities_in_tiles).
#[derive(Debug)]
pub struct Queries<'q> {
    dim: usize,
    queries: Vec<Query<'q>>,
}

impl<'q> Queries<'q> {
    /// Takes `values`, row-major, queries of `dim` values.
    ///
    /// # Errors
    /// The values do not fill whole queries; or a query is zero or not finite.
    ///
    /// ```
    /// use l1kdb_index::Queries;
    /// assert_eq!(Queries::new(2, &[1.0, 0.0, 0.6, 0.8])?.len(), 2);
    /// assert!(Queries::new(2, &[0.0, 0.0]).is_err());
    /// # Ok::<(), l1kdb_index::IndexError>(())
    /// ```
    pub fn new(dim: usize, values: &'q [f32]) -> Result<Self> {
        if dim == 0 || !values.len().is_multiple_of(dim) {
            let expected = format!("a multiple of {dim}");
            return Err(IndexError::invalid("the number of values of all queries", expected, values.len()));
        }
        let queries = values.chunks_exact(dim).map(|query| checked(dim, query)).collect::<Result<_>>()?;
        Ok(Self { dim, queries })
    }

    /// Returns the number of queries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.queries.len()
    }

    /// Tells whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.queries.is_empty()
    }

    pub(crate) fn of_dim(&self, dim: usize) -> Result<&[Query<'q>]> {
        if self.dim == dim { Ok(&self.queries) } else { Err(other_dimension(dim, self.dim)) }
    }
}

/// A query that can be compared with rows of `dim` values.
pub(crate) fn checked(dim: usize, values: &[f32]) -> Result<Query<'_>> {
    if values.len() != dim {
        return Err(other_dimension(dim, values.len()));
    }
    if let Some(at) = values.iter().position(|x| !x.is_finite()) {
        return Err(IndexError::invalid(format!("value {at} of the query"), "a finite number", values[at]));
    }
    let length = values.iter().map(|&x| f64::from(x) * f64::from(x)).sum::<f64>().sqrt();
    if !(1e-12..=1e12).contains(&length) {
        return Err(IndexError::invalid("the length of the query", "1e-12 to 1e12, best 1", length));
    }
    Ok(Query::new(values))
}

fn other_dimension(expected: usize, found: usize) -> IndexError {
    IndexError::Dimension { expected, found }
}
