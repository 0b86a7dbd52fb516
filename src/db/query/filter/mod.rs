//! Which rows take part in an answer, as a user says it: `cell_id in (MCF7, PC3) and pert_time >= 24`.
//!
//! | file | responsibility |
//! |---|---|
//! | `ast` | a filter as a tree, made by constructors |
//! | `lexer`, `parser`, `error` | text to tree; what is wrong with a text, and where |
//! | `text` | tree to text |
//! | `number` | numbers with units, and which columns have them |
//! | `typed`, `value_list` | whether a text is `KEY=V1,V2` or an expression; several values in one text |
//! | `filtered`, `stored`, `described` | what filters are asked of: the segments of a database, or signatures in memory |
//! | `lookup` | keys and values, and the rows of a value |
//! | `compile`, `counts`, `plates` | the rows of every part that pass; signatures of a drug; plates |
//! | `explain` | what each part of a filter leaves |

mod ast;
mod compile;
mod counts;
mod described;
mod error;
mod explain;
mod filtered;
mod lexer;
mod lookup;
mod number;
mod parser;
mod plates;
mod stored;
#[cfg(test)]
mod tests;
mod text;
mod typed;
mod value_list;

pub(in crate::db) use compile::rows;
pub(crate) use described::{DescribedRows, MoreColumns};
pub(in crate::db) use explain::steps;
pub(in crate::db) use lookup::{count_values, keys, values_meant};
pub(in crate::db) use typed::meant;

pub use ast::{Comparison, Filter};
pub use error::{FilterError, FilterFault};
pub use explain::{FilterStep, FilterSteps};
