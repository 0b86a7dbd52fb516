use std::path::PathBuf;

use thiserror::Error;

use super::split_by::SplitBy;
use crate::RowsError;
use crate::annotate::AnnotateError;
use crate::db::DbError;
use crate::embed::EmbedError;
use crate::eval::{EvalError, RowName};
use crate::profile::ProfileError;
use crate::split::SplitError;

/// Why there is no study, or no answer of one.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StudyError {
    /// Nothing says what the rows of a file of embeddings are.
    #[error("{}: expected labels in the order of its rows, or a table of signatures to join on sig_id", path.display())]
    NoMetadata {
        /// The embeddings.
        path: PathBuf,
    },
    /// A file of embeddings has no ids to join with a table of signatures.
    #[error(
        "{}: it names no signatures to join with a table of signatures: expected TSV, GCTX, or {} beside it",
        path.display(),
        path.with_extension("ids.tsv").display()
    )]
    NoIds {
        /// The embeddings.
        path: PathBuf,
    },
    /// No table of signatures was given.
    #[error("expected a table of signatures, which says which drug each is of")]
    NoSignatureTable,
    /// No row is described by the table of signatures.
    #[error("{}: {why}", path.display())]
    NothingJoined {
        /// The table.
        path: PathBuf,
        /// Why, in one line.
        why: String,
    },
    /// A file of profiles of which every one was left out.
    #[error("{}: no profile is left: {why}", path.display())]
    NoProfileLeft {
        /// The file.
        path: PathBuf,
        /// Why they were left out.
        why: String,
    },
    /// A table of signatures holds controls only.
    #[error("{}: all {rows} signatures are controls", path.display())]
    AllControls {
        /// The table.
        path: PathBuf,
        /// Its rows.
        rows: usize,
    },
    /// A file beside embeddings has ids for another number of rows.
    #[error("{}: {found} ids for the {rows} rows of {}", path.display(), of.display())]
    IdCount {
        /// The file of ids.
        path: PathBuf,
        /// Its ids.
        found: usize,
        /// Rows of the embeddings.
        rows: usize,
        /// The embeddings.
        of: PathBuf,
    },
    /// A table of embeddings has no column of numbers.
    #[error("{}: expected a column of ids and columns of numbers", path.display())]
    NoNumbers {
        /// The table.
        path: PathBuf,
    },
    /// The first line of a table of embeddings is no header.
    #[error(
        "{}: the first line holds numbers ({found}, ...) where the names of columns are expected: put a header above it",
        path.display()
    )]
    NoHeader {
        /// The table.
        path: PathBuf,
        /// The first number.
        found: String,
    },
    /// A cell of a table of embeddings is no number.
    #[error("{}: {row}, column {column}: {why}", path.display())]
    NotANumber {
        /// The table.
        path: PathBuf,
        /// The row.
        row: RowName,
        /// The name of the column.
        column: String,
        /// What is wrong, and what to do.
        why: String,
    },
    /// There are not as many labels as rows.
    #[error("{}: {found} labels for {rows} rows of embeddings, {}", path.display(), which(*found, *rows))]
    LabelCount {
        /// The file of labels.
        path: PathBuf,
        /// Its labels.
        found: usize,
        /// Rows of the embeddings.
        rows: usize,
    },
    /// A table of labels lacks the column that was asked for.
    #[error("{}: no column {name}; it has {found}", path.display())]
    NoLabelColumn {
        /// The table.
        path: PathBuf,
        /// The column.
        name: String,
        /// The columns that it has.
        found: String,
    },
    /// Rows of embeddings have no profile.
    #[error("{}: no profile of {id} and {more} more rows of the embeddings", path.display())]
    NoProfile {
        /// The profiles.
        path: PathBuf,
        /// The first such row.
        id: String,
        /// How many others.
        more: usize,
    },
    /// Nothing is known that a split could go by.
    #[error("no row has a {}: expected {}", by.as_str(), by.source())]
    NoGroups {
        /// What rows are grouped by.
        by: SplitBy,
    },
    /// A split of rows divides a drug, where drugs are classified.
    #[error("{first} and {second} are of one drug, but in two folds: split by drug, mechanism or scaffold")]
    DrugInTwoFolds {
        /// A row of the drug.
        first: String,
        /// A row of it in another fold.
        second: String,
    },
    /// The rows cannot be evaluated.
    #[error(transparent)]
    Eval(#[from] EvalError),
    /// The rows cannot be split, or a split cannot be used.
    #[error(transparent)]
    Split(#[from] SplitError),
    /// A file of profiles or metadata cannot be read.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// A table about drugs cannot be read.
    #[error(transparent)]
    Annotate(#[from] AnnotateError),
    /// A database cannot be read.
    #[error(transparent)]
    Db(#[from] DbError),
    /// A network cannot be run.
    #[error(transparent)]
    Embed(#[from] EmbedError),
}

impl From<RowsError> for StudyError {
    fn from(error: RowsError) -> Self {
        EvalError::from(error).into()
    }
}

fn which(found: usize, rows: usize) -> String {
    if found > rows {
        format!("{} too many: label {} is the first without a row", found - rows, rows + 1)
    } else {
        format!("{} too few: {} is the first without a label", rows - found, RowName::from(found))
    }
}
