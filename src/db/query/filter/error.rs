//! What is wrong with the text of a filter, and where.

use crate::visible::{columns, cut, visible};

/// A text that is no filter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("filter, column {column}: {fault}")]
#[non_exhaustive]
pub struct FilterError {
    /// The text as given.
    pub text: String,
    /// Where it cannot be read on, in characters, from 1; one beyond the last where something is missing.
    pub column: usize,
    /// Why it cannot.
    pub fault: FilterFault,
}

/// What is wrong at a place of a filter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FilterFault {
    /// Something else should stand there.
    #[error("expected {expected}, found {found}")]
    Expected {
        /// What should, with the way to write it.
        expected: &'static str,
        /// What does.
        found: String,
    },
    /// A key is followed by no operator.
    #[error(
        "expected an operator after {}, found {found}; write KEY = VALUE, with !=, ^= (begins with), ~ (contains), <, <=, >, >= or \
         in (V1, V2); a value that holds `and`, `or` or `not` is written between double quotes",
        cut(.key, SHOWN)
    )]
    NoOperator {
        /// What was taken for the key.
        key: String,
        /// What stands there.
        found: String,
    },
    /// A comma outside a list.
    #[error(
        "a comma stands outside brackets; several values are written KEY in (V1, V2), a value with a comma between double quotes"
    )]
    Comma,
    /// Two clauses with nothing between them.
    #[error("`and` or `or` is missing before {}", cut(.key, SHOWN))]
    NotJoined {
        /// The key of the second clause.
        key: String,
    },
    /// A double quote that is not closed.
    #[error("the double quote is not closed; a quote within a value is written twice")]
    Unclosed,
    /// A bracket that is not closed.
    #[error("the bracket is not closed")]
    OpenBracket,
    /// Brackets or negations within each other, too many.
    #[error("more than {max} brackets and negations within each other")]
    TooDeep {
        /// The most there may be.
        max: usize,
    },
    /// A comparison of texts as numbers.
    #[error("{key} holds texts, which are not compared by size; use =, !=, in, ^= or ~")]
    NotComparable {
        /// The key.
        key: String,
    },
    /// What a number is compared with is none, or has a unit that does not fit.
    #[error("{key} is compared with {expected}, found {}", cut(.found, SHOWN))]
    NotANumber {
        /// The key.
        key: String,
        /// Numbers that would do.
        expected: &'static str,
        /// The value as given.
        found: String,
    },
}

/// Columns of what was typed that a message shows.
pub(super) const SHOWN: usize = 60;

/// Characters that are shown before a fault, and in all.
const BEFORE: usize = 50;
const LINE: usize = 90;

impl FilterError {
    /// Makes the error of a fault at a byte of a text.
    pub(super) fn new(text: &str, at: usize, fault: FilterFault) -> Self {
        let column = 1 + text[..at].chars().count();
        Self { text: text.to_owned(), column, fault }
    }

    /// Returns the text around the fault, and a line with a caret beneath it, for a terminal. Nothing in them acts.
    ///
    /// ```
    /// let error = l1kdb::db::Filter::parse("cell_id = MCF7 and pert_time > soon").unwrap_err();
    /// assert_eq!(error.column, 32);
    /// assert_eq!(error.pointed(), ["cell_id = MCF7 and pert_time > soon", "                               ^"]);
    /// ```
    pub fn pointed(&self) -> [String; 2] {
        let before = self.column - 1;
        let skipped = before.saturating_sub(BEFORE);
        let shown: String = visible(&self.text).chars().skip(skipped).take(LINE).collect();
        let left: String = shown.chars().take(before - skipped).collect();
        let caret = format!("{}^", " ".repeat(columns(&left)));
        [shown, caret]
    }
}
