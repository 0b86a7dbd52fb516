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
    /// So few rows have no shape.
    #[error("found {rows} rows of embeddings, expected at least {expected}")]
    TooFewRows {
        /// Number of rows.
        rows: usize,
        /// How many are needed.
        expected: usize,
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
    /// The lists of classes, or the folds, are not as many as the drugs.
    #[error("expected {what} for {expected} drugs, found {found}")]
    PerDrug {
        /// What is given for every drug.
        what: &'static str,
        /// Number of drugs.
        expected: usize,
        /// Number of entries.
        found: usize,
    },
    /// A class id has no name.
    #[error("drug {row} has class {class}, but only {names} classes have a name")]
    UnknownClass {
        /// The first such drug, from 0.
        row: usize,
        /// Its class id.
        class: u32,
        /// Number of names.
        names: usize,
    },
    /// Fewer than two classes remain, so there is nothing to tell apart.
    #[error(
        "expected at least 2 classes of at least 2 drugs, found {classes} ({drugs} drugs remain): \
         take a finer level, more classes, or drugs of several classes too"
    )]
    TooFewClasses {
        /// Classes that remain.
        classes: usize,
        /// Drugs that remain.
        drugs: usize,
    },
    /// More neighbours are asked for than there are drugs to learn from.
    #[error("{k} neighbours were asked for, but only {drugs} drugs are there to learn from: use a smaller k")]
    TooManyNeighbours {
        /// The largest k.
        k: usize,
        /// Drugs in the smallest training set.
        drugs: usize,
    },
    /// A setting is out of its range.
    #[error("{name} is {found}, expected {expected}")]
    ClassSetting {
        /// Name of the setting.
        name: &'static str,
        /// Its value.
        found: String,
        /// What it may be.
        expected: String,
    },
    /// A name that looks like a label of this program and is none.
    #[error(
        "`{text}` is no label: expected pert_iname, moa, target, atc1 to atc5, or a column of the table of labels"
    )]
    NotALabel {
        /// What was given.
        text: String,
    },
    /// A label that is a column of a table, where there is no table.
    #[error(
        "`{name}` is no label that signatures have: expected pert_iname, moa, target or atc1 to atc5, or a table of labels (--labels) with that column"
    )]
    NoColumn {
        /// The column.
        name: String,
    },
}
