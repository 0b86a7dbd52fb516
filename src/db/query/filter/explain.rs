//! What each part of a filter leaves.

use std::fmt::{self, Display, Formatter};

use roaring::RoaringBitmap;

use super::ast::{Filter, Node};
use super::compile::of_node;
use super::error::SHOWN;
use super::filtered::Filtered;
use crate::db::DbError;
use crate::visible::cut;

/// What each part of a filter leaves, made by [`Db::filter_steps`](crate::db::Db::filter_steps). Displays as
/// `cell_id = MCF7: 1203 rows; and pert_time >= 24: 0`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FilterSteps {
    /// The parts that `and` joins, or those that `or` joins where there is no `and` around them, in their order; at least one.
    pub steps: Vec<FilterStep>,
    /// `and`, or `or`.
    pub joined_by: &'static str,
}

/// A part of a filter.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FilterStep {
    /// The part, as text.
    pub part: String,
    /// Rows that pass it and all parts before it; that pass it or one before it, where `or` joins them.
    pub rows: u64,
}

/// Counts the rows that the parts of a filter leave, one after another.
pub(in crate::db) fn steps(source: &impl Filtered, filter: &Filter) -> Result<FilterSteps, DbError> {
    let (parts, joined_by) = match &filter.0 {
        Node::All(parts) => (parts.as_slice(), "and"),
        Node::Any(parts) => (parts.as_slice(), "or"),
        whole => (std::slice::from_ref(whole), "and"),
    };
    let mut left: Option<Vec<RoaringBitmap>> = None;
    let mut steps = Vec::new();
    for part in parts {
        let mut rows = of_node(source, part)?;
        for (rows, left) in rows.iter_mut().zip(left.iter().flatten()) {
            if joined_by == "and" { *rows &= left } else { *rows |= left }
        }
        let brackets = matches!(part, Node::Any(_));
        let part = if brackets { format!("({part})") } else { part.to_string() };
        steps.push(FilterStep { part, rows: rows.iter().map(RoaringBitmap::len).sum() });
        left = Some(rows);
    }
    Ok(FilterSteps { steps, joined_by })
}

impl FilterSteps {
    /// Returns the number of rows that pass the whole filter.
    pub fn rows(&self) -> u64 {
        self.steps.last().map_or(0, |step| step.rows)
    }
}

impl Display for FilterSteps {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (at, FilterStep { part, rows }) in self.steps.iter().enumerate() {
            let part = cut(part, SHOWN);
            match at {
                0 => write!(f, "{part}: {rows} row{}", if *rows == 1 { "" } else { "s" })?,
                _ => write!(f, "; {} {part}: {rows}", self.joined_by)?,
            }
        }
        Ok(())
    }
}
