use thiserror::Error;

/// Why embeddings and labels cannot be evaluated.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum EvalError {
    /// The dimension is 0.
    #[error("the embeddings have dimension 0, expected at least 1")]
    NoDimension,
    /// The embeddings do not hold one row per label.
    #[error("expected {expected} embedding values ({labels} labels x {dim}), found {found}")]
    Shape {
        /// Number of labels.
        labels: usize,
        /// Values in a row.
        dim: usize,
        /// `labels * dim`.
        expected: usize,
        /// Number of values given.
        found: usize,
    },
    /// A value is NaN or infinite.
    #[error("row {row} of the embeddings holds a value that is not finite")]
    NotFinite {
        /// The first such row, from 0.
        row: usize,
    },
    /// No signature has another one of its own label, so there is nothing to find.
    #[error("none of the {labels} labels occurs twice: there is no positive to look for")]
    NoPositive {
        /// Number of different labels.
        labels: usize,
    },
    /// All signatures bear the same label, so a quantile among negatives does not exist.
    #[error("all {rows} rows bear one label: there is no negative to compare with")]
    NoNegative {
        /// Number of rows.
        rows: usize,
    },
}
