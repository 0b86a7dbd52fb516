//! Divisions into training and held-out rows that do not leak, made once and saved as files.
//!
//! A figure on held-out data means what it claims only if nothing that was learnt by heart stands on the held-out side.
//! So whole *groups* of rows are assigned, never rows: all signatures of a drug, of a mechanism, of a cell line, of a
//! plate, of a chemical scaffold. Two programs that are to be compared read the division from the same file.
//!
//! | design | what is held out |
//! |---|---|
//! | [`Split::k_fold`] | every group once, in each of several repeats |
//! | [`Split::hold_out`] | a share of the groups, in each of several repeats |
//! | [`Split::leak_proof`] | every block of cell lines x mechanisms once; trained on other cell lines *and* mechanisms |
//!
//! | file | responsibility |
//! |---|---|
//! | `grouping` | which rows belong together |
//! | `scaffolds` | groups by chemical scaffold |
//! | `design`, `assign` | the designs, and which group is in which fold |
//! | `folds` | [`Split`]: the folds, and whether a label leaks over them |
//! | `format`, `file` | the file: its grammar; reading, writing, checking |
//!
//! The assignment depends on the seed and on the names of the groups, not on the order of the rows.
//!
//! ```
//! use l1kdb::split::{Grouping, KFold, Split};
//!
//! let ids = ["s1", "s2", "s3", "s4", "s5"].map(String::from);
//! let drugs = Grouping::by_one([Some("aspirin"), Some("aspirin"), Some("ibuprofen"), Some("caffeine"), None]);
//! let split = Split::k_fold(&ids, "drug", &drugs, KFold { folds: 2, repeats: 1 }, 7)?;
//! assert_eq!(split.outside(), 1); // the row without a drug
//! for fold in split.folds() {
//!     assert_eq!(fold.train.len() + fold.held_out.len(), 4);
//! }
//! split.check("drug", &drugs)?; // a drug on both sides would be an error
//!
//! let folder = tempfile::tempdir()?;
//! split.save(folder.path().join("split.tsv"))?;
//! assert_eq!(Split::load(folder.path().join("split.tsv"), &ids)?, split);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod assign;
mod design;
mod error;
mod file;
mod folds;
mod format;
mod grouping;
mod scaffolds;

pub use design::{Design, HoldOut, KFold, LeakProof};
pub use error::{Fault, SplitError, Straddling};
/// For the crates of this workspace.
#[doc(hidden)]
pub use folds::Crossed;
pub use folds::{Fold, Split};
pub use grouping::Grouping;
/// For the crates of this workspace.
#[doc(hidden)]
pub use scaffolds::{Scaffolds, by_scaffold};

#[cfg(test)]
mod tests;
