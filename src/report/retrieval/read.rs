//! Results of retrievals, read again to be compared.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::json::RETRIEVAL;
use crate::report::json::{Value, member, parsed};
use crate::study::{StoredDrug, StoredRetrieval};

/// Why a file is no result to compare.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ResultError {
    /// The file could not be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file is no JSON, or not all there.
    #[error("{} is no result of `l1kdb eval retrieval --format json`: {cause}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// Where and why it stops to be one.
        cause: String,
    },
    /// The JSON is of another kind or a newer version.
    #[error("{}: expected the schema {RETRIEVAL}, found {found}", path.display())]
    Schema {
        /// The file.
        path: PathBuf,
        /// What it says it is.
        found: String,
    },
}

/// Reads results of `l1kdb eval retrieval --format json`, to be compared.
///
/// # Errors
/// [`ResultError`] for the first file that is none.
pub fn read_results(paths: &[impl AsRef<Path>]) -> Result<Vec<StoredRetrieval>, ResultError> {
    paths.iter().map(|path| read_result(path.as_ref())).collect()
}

fn read_result(path: &Path) -> Result<StoredRetrieval, ResultError> {
    let bytes = fs::read(path).map_err(|source| ResultError::Read { path: path.to_owned(), source })?;
    let syntax = |cause| ResultError::Syntax { path: path.to_owned(), cause };
    let value = parsed(&bytes).map_err(syntax)?;
    if value["schema"] != RETRIEVAL {
        let found = value["schema"].as_str().unwrap_or("none").to_owned();
        return Err(ResultError::Schema { path: path.to_owned(), found });
    }
    stored(&value, path).map_err(syntax)
}

fn stored(value: &Value, path: &Path) -> Result<StoredRetrieval, String> {
    let split = Some(&value["split"]).filter(|split| !split.is_null());
    Ok(StoredRetrieval {
        embedding: member(value, "embedding")?,
        label: member(value, "label")?,
        level: member(value, "level")?,
        candidates: member(value, "candidates")?,
        excluded: member(value, "excluded")?,
        across_sources: value["across_sources"].as_bool().unwrap_or(false),
        split: split.map(|split| member(split, "digest")).transpose()?,
        per_drug: member::<Vec<Value>>(value, "per_drug")?.iter().map(drug).collect::<Result<_, _>>()?,
        file: path.display().to_string(),
    })
}

fn drug(value: &Value) -> Result<StoredDrug, String> {
    Ok(StoredDrug {
        drug: member(value, "drug")?,
        positives: member(value, "positives")?,
        auc_quantile: member(value, "auc_quantile")?,
        median_q: member(value, "median_q")?,
        recall: member(value, "recall")?,
    })
}
