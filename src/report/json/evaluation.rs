//! Results of evaluations: one object each, with a `schema` that names its form.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::write_object;
use crate::eval::classification::{ClassReport, Repurposing};
use crate::eval::{Geometry, Replicating};
use crate::report::Provenance;
use crate::study::{Comparison, Retrieval, StoredRetrieval};

/// The form of a retrieval's JSON. A reader may rely on every field that stands in a version.
const RETRIEVAL: &str = "l1kdb-eval-retrieval/1";
const CLASSES: &str = "l1kdb-eval-classes/1";
const COMPARISON: &str = "l1kdb-eval-compare/1";

/// Writes a retrieval: the fields of [`Retrieval`], and `schema`, `provenance`, `geometry` and `replicates` (by name of
/// what replicates share). A number that does not exist is null.
///
/// # Errors
/// When `out` refuses.
pub fn write_retrieval_json(
    out: &mut dyn Write,
    retrieval: &Retrieval,
    geometry: &Geometry,
    replicates: &[(String, Replicating)],
    provenance: &Provenance,
) -> io::Result<()> {
    let mut object = serde_json::to_value(retrieval)?;
    object["schema"] = RETRIEVAL.into();
    object["provenance"] = serde_json::to_value(provenance)?;
    object["geometry"] = serde_json::to_value(geometry)?;
    let replicates: serde_json::Map<String, Value> = replicates
        .iter()
        .map(|(of, found)| Ok((of.clone(), serde_json::to_value(found)?)))
        .collect::<Result<_, serde_json::Error>>()?;
    object["replicates"] = replicates.into();
    write_object(out, &object)
}

/// Writes an evaluation of classes: the fields of [`ClassReport`], and `schema`, `repurposing`, `warnings` and
/// `provenance`.
///
/// # Errors
/// When `out` refuses.
pub fn write_classes_json(
    out: &mut dyn Write,
    report: &ClassReport,
    repurposing: Option<&Repurposing>,
    warnings: &[String],
    provenance: &Provenance,
) -> io::Result<()> {
    let mut object = serde_json::to_value(report)?;
    object["schema"] = CLASSES.into();
    object["warnings"] = json!(warnings);
    object["repurposing"] = json!(repurposing);
    object["provenance"] = serde_json::to_value(provenance)?;
    write_object(out, &object)
}

/// Writes a comparison: the fields of [`Comparison`], and `schema`.
///
/// # Errors
/// When `out` refuses.
pub fn write_comparison_json(out: &mut dyn Write, comparison: &Comparison) -> io::Result<()> {
    let mut object = serde_json::to_value(comparison)?;
    object["schema"] = COMPARISON.into();
    write_object(out, &object)
}

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

/// Why bytes are no JSON, in words for whoever made the file.
fn cause(e: &serde_json::Error) -> String {
    match (e.is_eof(), e.line()) {
        (true, _) => "it ends too early; write it anew".to_owned(),
        (false, line) => format!("from line {line} on it is no JSON"),
    }
}

fn read_result(path: &Path) -> Result<StoredRetrieval, ResultError> {
    let owned = || path.to_owned();
    let bytes = fs::read(path).map_err(|source| ResultError::Read { path: owned(), source })?;
    let value: Value = serde_json::from_slice(&bytes)
        .map_err(|e| ResultError::Syntax { path: owned(), cause: cause(&e) })?;
    if value["schema"] != RETRIEVAL {
        let found = value["schema"].as_str().unwrap_or("none").to_owned();
        return Err(ResultError::Schema { path: owned(), found });
    }
    let mut result: StoredRetrieval = serde_json::from_value(value)
        .map_err(|e| ResultError::Syntax { path: owned(), cause: e.to_string() })?;
    result.file = path.display().to_string();
    Ok(result)
}
