use std::path::PathBuf;

use thiserror::Error;

use crate::SettingError;
use crate::profile::{ProfileError, Unmatched};

/// Why there is no split, or why it must not be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SplitError {
    /// A setting is out of its range.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// A grouping is not of these rows.
    #[error("expected a {by} for each of {expected} rows (unknown ones included), found {found}")]
    Rows {
        /// What the rows are grouped by.
        by: String,
        /// Number of ids.
        expected: usize,
        /// Rows of the grouping.
        found: usize,
    },
    /// The name of what rows are grouped by is a column of a file, and has to look like one.
    #[error("expected a name of lower-case letters, digits, `-` and `_`, found {found:?}")]
    Name {
        /// The name.
        found: String,
    },
    /// An id or the name of a group does not fit into a table of text.
    #[error("expected a text on one line without a tab, and not empty, found {found:?}")]
    Text {
        /// The text.
        found: String,
    },
    /// An id is there twice, so rows cannot be distinguished.
    #[error(
        "the id `{id}` stands twice, at rows {first} and {second} (counted from 1); ids have to be unique"
    )]
    DuplicateId {
        /// The id.
        id: String,
        /// Its first row, from 1.
        first: usize,
        /// Its second row, from 1.
        second: usize,
    },
    /// More parts than groups.
    #[error(
        "expected at least {expected} groups by {by}, one for each part, found {found} ({unknown} of {rows} rows are \
         in none): ask for fewer parts, or group by something finer"
    )]
    TooFewGroups {
        /// What the rows are grouped by.
        by: String,
        /// Parts asked for.
        expected: usize,
        /// Groups with rows.
        found: usize,
        /// Rows without a group.
        unknown: usize,
        /// All rows.
        rows: usize,
    },
    /// A block that no row stands in, or a fold that nothing is left to train on.
    #[error("fold {fold} has no row to {side}: divide the cell lines and the mechanisms into fewer parts")]
    EmptyFold {
        /// The block.
        fold: String,
        /// `hold out` or `train on`.
        side: &'static str,
    },
    /// A label stands on both sides: figures on the held-out side would be of what was learnt by heart.
    #[error(transparent)]
    Straddles(#[from] Box<Straddling>),
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] ProfileError),
    /// A line of a file is not what stands in a split.
    #[error("{}, line {line}: {fault}", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// Line number, from 1.
        line: usize,
        /// What is wrong.
        fault: Fault,
    },
    /// Every line of a file is well-formed, but together they are not what was written.
    #[error(
        "{}: expected a content with the digest {expected}, as its header says, found {found}: the file was changed \
         after it was written; make it anew",
        path.display()
    )]
    Digest {
        /// The file.
        path: PathBuf,
        /// As the header says.
        expected: String,
        /// As the content is.
        found: String,
    },
    /// The file divides other data.
    #[error(
        "{} is a split of other data: of its {file_rows} ids, the data lack {not_in_data}; of the {data_rows} ids of \
         the data, the file lacks {not_in_file}; make a split of these data",
        path.display()
    )]
    OtherData {
        /// The file.
        path: PathBuf,
        /// Rows of the file.
        file_rows: usize,
        /// Rows of the data.
        data_rows: usize,
        /// Ids of the file, in some fold, that are not in the data.
        not_in_data: Unmatched,
        /// Ids of the data that are not in the file.
        not_in_file: Unmatched,
    },
}

/// A label that stands on both sides of a fold.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "the {what} `{label}` stands on both sides of fold {fold} of repeat {repeat}: {train_id} is trained on and \
     {held_out_id} is held out; this split is by {by}: make one by {what}, from the tables that are used here, or \
     leave such rows out"
)]
pub struct Straddling {
    /// What the labels are.
    pub what: String,
    /// The label.
    pub label: String,
    /// The fold.
    pub fold: String,
    /// The repeat, from 1.
    pub repeat: usize,
    /// A row that is trained on.
    pub train_id: String,
    /// A row that is held out.
    pub held_out_id: String,
    /// What the split is by.
    pub by: String,
}

/// What is wrong with a line of a split file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Fault {
    /// The text is not UTF-8.
    #[error("expected UTF-8, found a byte that is none")]
    NotText,
    /// The file is of another kind, or of a later version.
    #[error("expected `# l1kdb split 1`, found {found:?}; another version needs another l1kdb")]
    Version {
        /// The line.
        found: String,
    },
    /// A line of the header is missing or says something else.
    #[error("expected {expected}, found {found:?}")]
    Header {
        /// What should be there.
        expected: String,
        /// The line; empty at the end of the file.
        found: String,
    },
    /// A row has too many or too few fields.
    #[error("expected {expected} fields, found {found}")]
    Fields {
        /// Number of columns.
        expected: usize,
        /// Number of fields.
        found: usize,
    },
    /// The file ends too early or too late.
    #[error("expected {expected} rows, as the header says, found {found}")]
    Rows {
        /// As the header says.
        expected: usize,
        /// As there are.
        found: usize,
    },
    /// An id stands twice, or is empty.
    #[error("the id {id:?} stands in line {first} already, or is empty")]
    Id {
        /// The id.
        id: String,
        /// Its first line.
        first: usize,
    },
    /// A fold that the design does not have.
    #[error("expected one of {expected}, or `-` for none, found {found:?}")]
    Place {
        /// The places of the design.
        expected: String,
        /// The field.
        found: String,
    },
    /// A row without a group stands in a fold, or a row with one in none.
    #[error("expected {expected} for a row {of}, found {found:?}")]
    Unplaced {
        /// `a fold` or `-`.
        expected: &'static str,
        /// What the row is like.
        of: &'static str,
        /// The field.
        found: String,
    },
    /// Two rows of one group stand in different places.
    #[error(
        "expected {expected} for `{group}`, as in line {first}, found {found}: a group would stand on both sides"
    )]
    Straddles {
        /// The group.
        group: String,
        /// Line of another row of it.
        first: usize,
        /// Where that row stands.
        expected: String,
        /// Where this one does.
        found: String,
    },
}
