//! Genes: the 978 landmarks of the gene space, the 12,328 genes of the platform, and which of them an id names.
//!
//! | file | responsibility |
//! |---|---|
//! | `space`, `names`, `landmark_rows` | the landmarks and their names; which row of a matrix is which of them |
//! | `further_rows`, `placement` | which rows are genes beyond the landmarks; values of rows in the order of a profile |
//! | `causes` | what ids are that name no gene |
//! | `platform`, `universe` | all genes that the platform measures or infers; sets of them in which scores are computed |
//! | `matrix_rows` | which row of a matrix is which gene of the platform |
//! | `ids`, `resolve`, `dates`, `own_names` | ids of any kind to genes; what spreadsheets made of symbols; a user's own names |
//! | `species` | whose genes symbols are |
//! | `report` | how many ids were matched and how, and what became of the others |

mod causes;
mod dates;
mod further_rows;
mod ids;
mod landmark_rows;
mod matrix_rows;
mod names;
mod own_names;
mod placement;
mod platform;
mod report;
mod resolve;
mod space;
mod species;
mod universe;

pub use causes::IdCause;
pub(super) use causes::explanation;
pub(super) use further_rows::FurtherRows;
pub use ids::{GeneIds, GeneMapping};
pub(super) use landmark_rows::{GeneMap, OtherName, are_row_numbers, is_gene_column, may_hold_numbers};
pub(crate) use matrix_rows::RowGenes;
pub use platform::Gene;
pub use report::{GeneReport, IdTally};
pub(super) use resolve::is_like_a_gene;
pub use space::{GENES, GeneIdKind, GeneSpace};
pub use species::Species;
pub use universe::Universe;
