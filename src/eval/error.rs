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
    /// There are as many labels as rows of embeddings, or there should be.
    #[error("{embeddings} rows of embeddings, but labels for {labels} rows")]
    Rows {
        /// Rows of the embeddings.
        embeddings: usize,
        /// Rows that have labels.
        labels: usize,
    },
    /// A row of zeros has no direction, and so no cosine.
    #[error(
        "row {row} of the embeddings holds only zeros ({count} such rows): leave them out, or compare by Euclid"
    )]
    ZeroRow {
        /// The first such row, from 0.
        row: usize,
        /// How many there are.
        count: usize,
    },
    /// Two evaluations are not about the same drugs, so their difference is not paired.
    #[error(
        "{drugs} drugs on one side and {others} on the other, or not the same ones: compare on one split"
    )]
    Unpaired {
        /// Drugs of the first.
        drugs: usize,
        /// Drugs of the second.
        others: usize,
    },
}
