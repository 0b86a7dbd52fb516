use thiserror::Error;

use super::RowName;
use crate::learn::LearnError;
use crate::{RowsError, SettingError};

/// Why embeddings and labels cannot be evaluated.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum EvalError {
    /// A value is NaN or infinite.
    #[error(
        "{row} of the embeddings holds a value that is not finite in single precision (NaN, infinite, or beyond 3.4e38): leave it out, or put a number there"
    )]
    NotFinite {
        /// The first such row.
        row: RowName,
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
    #[error("expected labels for the {embeddings} rows of embeddings, found labels for {labels}")]
    Rows {
        /// Rows of the embeddings.
        embeddings: usize,
        /// Rows that have labels.
        labels: usize,
    },
    /// A row of zeros has no direction, and so no cosine.
    #[error(
        "{row} of the embeddings holds only zeros ({count} such rows): leave them out, or compare by Euclid"
    )]
    ZeroRow {
        /// The first such row.
        row: RowName,
        /// How many there are.
        count: usize,
    },
    /// The mean of a drug has no direction, and so no cosine.
    #[error(
        "the signatures of {drug} cancel out: their mean holds only zeros; leave them out, or compare by Euclid"
    )]
    ZeroMean {
        /// The drug.
        drug: String,
    },
    /// A profile of zeros has no cosine, so there is no raw baseline.
    #[error(
        "{row} has a profile of zeros ({count} such rows), so there is no raw cosine to compare with: leave them out, or \
         ask for no baselines"
    )]
    ZeroProfile {
        /// The first such row.
        row: RowName,
        /// How many there are.
        count: usize,
    },
    /// More rows than ranks can be counted among.
    #[error("found {rows} rows, expected at most {most}: evaluate a part of them")]
    TooManyRows {
        /// Number of rows.
        rows: usize,
        /// The most there may be.
        most: usize,
    },
    /// A candidate that is no row, or is named twice.
    #[error("candidate {row} is none of the {rows} rows, or is named twice")]
    Candidate {
        /// As it was given, from 0.
        row: u32,
        /// Number of rows.
        rows: usize,
    },
    /// Among the candidates drawn there is no negative.
    #[error("none of the {candidates} randomly sampled candidates is a negative of any query: draw more")]
    NoNegativeAmong {
        /// How many were drawn.
        candidates: usize,
    },
    /// No held-out set of a split has anything to find.
    #[error(
        "none of the {sets} held-out sets has two rows of one label and one of another: hold out larger sets (fewer folds)"
    )]
    NoPairHeldOut {
        /// Held-out sets.
        sets: usize,
    },
    /// Ranks do not add up, since similarities of the query are not numbers.
    #[error("the similarities of {row} of the embeddings cannot be ranked")]
    Unranked {
        /// The query.
        row: RowName,
    },
    /// Nothing is known by which pairs could be left out.
    #[error("no pair of the {what} can be left out: {why}; count these pairs")]
    NothingToExclude {
        /// What pairs would be of.
        what: &'static str,
        /// Why none is known to.
        why: String,
    },
    /// Queries cannot look in other sources.
    #[error("no query can look in other sources: {why}")]
    AcrossSources {
        /// What was expected, and what was found.
        why: String,
    },
    /// A drug lies so far from those that a classifier learns from that nothing can be computed.
    #[error(
        "{row} lies more than {most:e} standard deviations from the drugs that are learned from: leave it out, or take a \
         classifier of neighbours or of class means"
    )]
    FarOut {
        /// The drug.
        row: RowName,
        /// The most that are computed with.
        most: f64,
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
    #[error("{row} of the drugs has class {class}, but only {names} classes have a name")]
    UnknownClass {
        /// The first such drug.
        row: RowName,
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
    /// A classifier cannot learn or predict.
    #[error(transparent)]
    Learn(LearnError),
    /// A setting is out of its range.
    #[error(transparent)]
    Setting(#[from] SettingError),
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
        "`{name}` is no label that signatures have: expected pert_iname, moa, target or atc1 to atc5, or a table of labels with that column"
    )]
    NoColumn {
        /// The column.
        name: String,
    },
    /// A label stands on both sides of a split.
    #[error(
        "{label} stands on both sides of fold {fold} (trained on {trained}, held out {held_out}): split by what you evaluate, or allow known labels"
    )]
    Straddles {
        /// The label.
        label: String,
        /// The fold.
        fold: String,
        /// A row of it that is trained on.
        trained: String,
        /// A row of it that is held out.
        held_out: String,
    },
    /// Two results cannot be compared.
    #[error("{first} and {other} cannot be compared: not the same {what}")]
    Incomparable {
        /// What differs.
        what: &'static str,
        /// The file of one.
        first: String,
        /// The file of the other.
        other: String,
    },
    /// A file of results says what no evaluation says.
    #[error("{file}: {figure} of {drug} is {found}, expected {expected}: write the result anew")]
    NoResult {
        /// The file.
        file: String,
        /// The drug.
        drug: String,
        /// Name of the figure.
        figure: &'static str,
        /// Its value.
        found: f64,
        /// What it may be.
        expected: &'static str,
    },
    /// Every pair of alike rows was left out.
    #[error("every pair of alike rows among {rows} is excluded, or has no negative: exclude less")]
    AllExcluded {
        /// Number of rows.
        rows: usize,
    },
}

impl From<LearnError> for EvalError {
    /// Says of drugs what a classifier says of rows.
    fn from(error: LearnError) -> Self {
        match error {
            LearnError::TooManyNeighbours { k, rows } => Self::TooManyNeighbours { k, drugs: rows },
            other => Self::Learn(other),
        }
    }
}

impl From<RowsError> for EvalError {
    fn from(error: RowsError) -> Self {
        Self::Learn(error.into())
    }
}

impl EvalError {
    /// Returns the same error with its row named by `place`: whoever looks at a part of the rows counts them differently.
    #[must_use]
    pub fn placed(self, place: impl Fn(usize) -> RowName) -> Self {
        match self {
            Self::NotFinite { row } => Self::NotFinite { row: place(row.row) },
            Self::ZeroRow { row, count } => Self::ZeroRow { row: place(row.row), count },
            Self::Unranked { row } => Self::Unranked { row: place(row.row) },
            Self::FarOut { row, most } => Self::FarOut { row: place(row.row), most },
            Self::UnknownClass { row, class, names } => {
                Self::UnknownClass { row: place(row.row), class, names }
            }
            other => other,
        }
    }
}
