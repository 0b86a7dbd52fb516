//! A study: rows with what is known of them, an embedding of each, and the profiles behind it.
//!
//! The rooms around this one work on numbers alone. Here they are put together into what a user asks: does this
//! embedding bring signatures of one drug, drugs of one class, together, and is that more than the raw profiles do?
//!
//! | file | responsibility |
//! |---|---|
//! | `source` | [`Study::of_database`], [`Study::of_model`], [`Study::of_profiles`], [`Study::of_embeddings`]: rows and what is known of them, read |
//! | `row`, `label` | what is known of a row, and which rows are alike |
//! | `division`, `split_by` | splits of rows by drug, mechanism, cell line, plate, scaffold |
//! | `protocol`, `level`, `eval_set`, `strata`, `exclude` | how it is asked: of which rows, in which parts, without which pairs |
//! | `matrix` | a description of every row by numbers |
//! | `search` | in which rows queries look |
//! | `run`, `retrieve` | one way of embedding on all sets; the embedding compared with its baselines |
//! | `cross_validation` | embeddings that are made fold by fold, compared with their baselines |
//! | `outcome`, `results` | the results of a retrieval |
//! | `classify` | classification of drugs |
//! | `shape`, `drug_map` | what the embedding looks like |
//! | `compare` | several embeddings on one split |
//! | `warnings` | what would mislead if it were not said |
//!
//! ```
//! use l1kdb::study::{Matrix, Protocol, Row, Study};
//! use l1kdb::progress::Quiet;
//!
//! let drug = |name: &str| Row { drug: Some(name.into()), name: name.into(), ..Row::default() };
//! let rows = vec![drug("a"), drug("a"), drug("b"), drug("b")];
//! let embedding = Matrix::new("mine", vec![1.0, 0.0, 0.6, 0.8, 0.0, 1.0, -0.6, 0.8], 2)?;
//! let study = Study::new(rows, embedding)?;
//! let found = study.retrieval(&Protocol::new("pert_iname".parse()?), &Quiet)?;
//! assert_eq!(found.outcome.micro.auc_quantile, 1.0 - (0.5 + 0.25) / 4.0);
//! assert_eq!(found.baselines[0].name, "permuted labels");
//! # Ok::<(), l1kdb::eval::EvalError>(())
//! ```

mod classify;
mod compare;
mod cross_validation;
mod division;
mod drug_map;
mod error;
mod eval_set;
mod exclude;
#[cfg(test)]
pub(crate) mod fixture;
mod label;
mod level;
mod matrix;
mod outcome;
mod protocol;
mod results;
mod retrieve;
mod row;
mod run;
mod search;
mod shape;
mod source;
mod split_by;
mod strata;
mod warnings;

pub use classify::{ClassProtocol, Classification};
pub(crate) use compare::StoredDrug;
pub use compare::{Compared, Comparison, StoredRetrieval};
/// For the crates of this workspace.
#[doc(hidden)]
pub use cross_validation::Embedder;
pub use cross_validation::MethodOutcome;
pub use division::Division;
pub use drug_map::DrugMap;
pub use error::StudyError;
pub(crate) use eval_set::EvalSet;
pub use exclude::ExcludedPairs;
pub use label::Label;
pub(crate) use label::Labels;
pub use level::Level;
pub use matrix::Matrix;
pub use outcome::{Means, Outcome, Stratum};
pub use protocol::Protocol;
pub use results::{Baseline, DrugFigures, Retrieval, SplitNote};
pub use row::Row;
pub use shape::Shape;
pub use source::{Note, Tables};
pub use split_by::SplitBy;

use crate::annotate::AtcNames;
use crate::eval::{EvalError, RowName, Similarity};
use crate::rows::square;
use crate::split::Grouping;

/// Rows, their embedding, and what else is known of them.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Study {
    /// What is known of every row.
    pub rows: Vec<Row>,
    /// Where each row stands among all rows of its file, from 0: messages name rows as their users count them.
    pub numbers: Vec<usize>,
    /// What is evaluated, a row each.
    pub embedding: Matrix,
    /// The z-scores behind the embedding, for the baselines.
    pub profiles: Option<Matrix>,
    /// Whether the embedding is the z-scores themselves.
    pub is_raw: bool,
    /// The user's own labels, a list a row.
    pub column: Option<Vec<Vec<String>>>,
    /// What the reader of a report has to know about the data.
    pub warnings: Vec<String>,
    /// How the data were read.
    pub notes: Vec<Note>,
    /// Names of ATC classes: those of the database, or of the main groups alone.
    pub atc_names: AtcNames,
    /// The network that made the embedding, with its digest.
    pub model: Option<String>,
    /// What ran the network.
    pub engine: Option<String>,
}

impl Study {
    /// Puts rows and their embedding together.
    ///
    /// # Errors
    /// [`EvalError::Rows`] when there are not as many of one as of the other.
    pub fn new(rows: Vec<Row>, embedding: Matrix) -> Result<Self, EvalError> {
        check_len(&embedding, rows.len())?;
        Ok(Self {
            numbers: (0..rows.len()).collect(),
            rows,
            embedding,
            profiles: None,
            is_raw: false,
            column: None,
            warnings: Vec::new(),
            notes: Vec::new(),
            atc_names: AtcNames::default(),
            model: None,
            engine: None,
        })
    }

    /// Adds the z-scores, rows x 978, for the baselines.
    ///
    /// # Errors
    /// [`EvalError::Rows`].
    pub fn with_profiles(mut self, profiles: Matrix) -> Result<Self, EvalError> {
        check_len(&profiles, self.rows.len())?;
        for (row, values) in self.rows.iter_mut().zip(profiles.rows()) {
            row.strength.get_or_insert((square(values) / values.len() as f64).sqrt());
        }
        self.profiles = Some(profiles);
        Ok(self)
    }

    /// Returns a row as its user looks for it.
    pub fn place(&self, row: usize) -> RowName {
        let number = self.numbers.get(row).copied().unwrap_or(row);
        RowName::named(number, self.rows.get(row).map_or("", |row| &row.id))
    }

    /// Refuses values that cannot be compared, by the row that holds them.
    fn check(&self, similarity: Similarity, with_raw_cosine: bool) -> Result<(), EvalError> {
        self.check_finite(&self.embedding)?;
        let is_zero = |row: &[f32]| row.iter().all(|&value| value == 0.0);
        let zeros = self.embedding.first_and_count(is_zero).filter(|_| similarity == Similarity::Cosine);
        if let Some((row, count)) = zeros {
            return Err(EvalError::ZeroRow { row: self.place(row), count });
        }
        let profiles = self.profiles.as_ref().filter(|_| with_raw_cosine);
        match profiles.and_then(|profiles| profiles.first_and_count(is_zero)) {
            Some((row, count)) => Err(EvalError::ZeroProfile { row: self.place(row), count }),
            None => Ok(()),
        }
    }

    /// Refuses values that are no numbers, by the row that holds them.
    fn check_finite(&self, matrix: &Matrix) -> Result<(), EvalError> {
        let not_finite = |row: &[f32]| row.iter().any(|value| !value.is_finite());
        match matrix.first_and_count(not_finite) {
            Some((row, _)) => Err(EvalError::NotFinite { row: self.place(row) }),
            None => Ok(()),
        }
    }

    /// Returns the classes of every row.
    ///
    /// # Errors
    /// [`EvalError::NoColumn`].
    pub(crate) fn labels(&self, label: &Label) -> Result<Labels, EvalError> {
        Labels::of(label, &self.rows, self.column.as_deref())
    }

    /// Returns the label that is meant where `asked` was asked for: the user's own column goes before what is known of
    /// drugs, and rows of one drug are alike by default.
    pub fn label(&self, asked: Option<&Label>) -> Label {
        match (asked, &self.column) {
            (None, Some(_)) => Label::Column("label".to_owned()),
            (Some(Label::Drug) | None, _) => Label::Drug,
            (Some(label), Some(_)) => Label::Column(label.to_string()),
            (Some(label), None) => label.clone(),
        }
    }

    /// Returns the classes that are meant where `asked` was asked for: the first level of ATC by default.
    pub fn class_label(&self, asked: Option<&Label>) -> Label {
        match (asked, &self.column) {
            (None, None) => Label::Atc(1),
            (asked, _) => self.label(asked),
        }
    }

    /// Returns the usual protocol for a label: of classes of drugs, drugs are compared, else signatures.
    pub fn protocol(&self, asked: Option<&Label>) -> Protocol {
        let mut protocol = Protocol::new(self.label(asked));
        // What the user calls it decides, also where it is a column of a table.
        let of_drugs =
            asked.is_some_and(Label::is_of_drugs) && self.rows.iter().any(|row| row.drug.is_some());
        protocol.level = if of_drugs { Level::Drug } else { Level::Signature };
        protocol
    }

    /// Returns the ids of the rows, in their order.
    pub fn ids(&self) -> Vec<String> {
        self.rows.iter().map(|row| row.id.clone()).collect()
    }

    /// Returns all drugs, whether a class of them is known or not, and [`Level::Drug`]; where no drug is known, all rows,
    /// and [`Level::Signature`].
    pub(crate) fn drugs(&self) -> (EvalSet, Level) {
        let grouping = Grouping::by_one(self.rows.iter().map(|row| row.drug.as_deref()));
        let level = if grouping.names().is_empty() { Level::Signature } else { Level::Drug };
        let all: Vec<usize> = (0..self.rows.len()).collect();
        // A part holds what has a class, so every row gets one.
        let everyone = Labels { names: vec![String::new()], of_row: vec![vec![0]; self.rows.len()] };
        (EvalSet::new(&all, &everyone, grouping.of_row(), level), level)
    }

    /// Returns the names to show of grouped drugs.
    fn shown_names(&self, drugs: &Grouping) -> Vec<String> {
        let mut names = drugs.names().to_vec();
        for (row, drug) in self.rows.iter().zip(drugs.of_row()) {
            if let (Some(drug), false) = (drug, row.name.is_empty()) {
                names[*drug as usize].clone_from(&row.name);
            }
        }
        names
    }
}

/// Refuses a matrix of another number of rows than are asked about.
fn check_len(matrix: &Matrix, rows: usize) -> Result<(), EvalError> {
    let found = matrix.rows().len();
    if found == rows { Ok(()) } else { Err(EvalError::Rows { embeddings: found, labels: rows }) }
}

#[cfg(test)]
mod tests;
