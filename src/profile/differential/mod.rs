//! Results of differential expression: tables of tools in, one value a gene out.
//!
//! | file | responsibility |
//! |---|---|
//! | `refusal` | such tables in place of matrices of signatures |
//! | `columns`, `contrast`, `gene_column` | what columns hold; which of several contrasts; which column names the genes |
//! | `statistic`, `values`, `normal` | which statistic is used; its values, row by row; the normal quantile |
//! | `options`, `profile` | choices of a user; values of genes, and what to know about them |

mod columns;
mod contrast;
mod gene_column;
mod normal;
mod options;
mod profile;
mod refusal;
mod statistic;
mod values;

pub use options::DifferentialOptions;
pub use profile::DifferentialProfile;
pub(super) use refusal::recognise;
