//! The rows that queries look in: all of a held-out set, a sample of them, or those of other sources, source by source.

use super::eval_set::EvalSet;
use super::level::Level;
use super::strata::numbered;
use super::{Row, Study};
use crate::eval::EvalError;

/// Rows that some queries of a held-out set look in.
pub(super) struct Search {
    /// The rows; `None` for all.
    pub candidates: Option<Vec<u32>>,
    /// Where they are of one source, the side of every row of the set.
    across: Option<Vec<Side>>,
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    /// Of another source: a query.
    Asks,
    /// Of the source that is looked in.
    Answers,
    /// Its source is not known.
    Neither,
}

impl Search {
    /// All queries look in these rows.
    pub fn all(candidates: Option<Vec<u32>>) -> Vec<Self> {
        vec![Self { candidates, across: None }]
    }

    /// Queries look in one source after another, each in those that it is not of. Of each source at most `most` rows are looked in,
    /// the first in `order`.
    pub fn across_sources(study: &Study, part: &EvalSet, order: &[usize], most: Option<usize>) -> Vec<Self> {
        let (sources, number) = sources(part.members.iter().map(|rows| &study.rows[rows[0] as usize]));
        let of_source = |source: u32| {
            let side = |of: &Option<u32>| match *of {
                None => Side::Neither,
                Some(of) if of == source => Side::Answers,
                Some(_) => Side::Asks,
            };
            let sides: Vec<Side> = sources.iter().map(side).collect();
            let answers = order.iter().filter(|&&row| sides[row] == Side::Answers);
            let candidates = answers.take(most.unwrap_or(usize::MAX)).map(|&row| row as u32).collect();
            Self { candidates: Some(candidates), across: Some(sides) }
        };
        (0..number).map(of_source).collect()
    }

    /// Tells whether positives can be out of reach of a query.
    pub fn is_partial(&self) -> bool {
        self.across.is_some()
    }

    /// Tells whether `other` is out of reach of `query`.
    pub fn is_out_of_reach(&self, query: usize, other: usize) -> bool {
        let is_within = |sides: &Vec<Side>| sides[query] == Side::Asks && sides[other] == Side::Answers;
        self.across.as_ref().is_some_and(|sides| !is_within(sides))
    }

    /// Of several sources one may hold nothing to find.
    pub fn allows(&self, found: Result<(), EvalError>) -> Result<(), EvalError> {
        match found {
            Err(
                EvalError::AllExcluded { .. }
                | EvalError::NoNegative { .. }
                | EvalError::NoNegativeAmong { .. }
                | EvalError::NoPositive { .. },
            ) if self.is_partial() => Ok(()),
            found => found,
        }
    }
}

/// Refuses to look across sources where there are none, or where rows are made of several.
pub(super) fn check_sources(study: &Study, level: Level) -> Result<(), EvalError> {
    let why = match (level, sources(study.rows.iter()).1) {
        (Level::Drug, _) => "drugs are means over sources: compare signatures".to_owned(),
        (Level::Signature, number @ ..2) => {
            format!(
                "{number} sources are known, expected two at least, of a database that was built of several or of a column source"
            )
        }
        _ => return Ok(()),
    };
    Err(EvalError::AcrossSources { why })
}

/// Returns the number of each row's source, where it is known, and how many there are.
fn sources<'a>(rows: impl Iterator<Item = &'a Row>) -> (Vec<Option<u32>>, u32) {
    let sources = numbered(rows.map(|row| row.source.clone()));
    let number = sources.iter().flatten().max().map_or(0, |&last| last + 1);
    (sources, number)
}

/// That no label stands in two sources.
pub(super) fn no_pair_across() -> EvalError {
    EvalError::AcrossSources { why: "no label has rows in two of them, beside other labels".to_owned() }
}
