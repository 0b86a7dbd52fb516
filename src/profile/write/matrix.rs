//! A matrix in the format that its name says, in blocks of rows.

use std::path::{Path, PathBuf};

use super::npy::NpyWriter;
use super::text::TsvWriter;
use super::{GctxWriter, write_tsv};
use crate::profile::ProfileError;

/// Writes a matrix of any size in the memory of one block, as GCTX, NPY or TSV by the ending of its name.
///
/// Rows have ids and columns names: signatures and genes, or queries and what they are scored with. In a GCTX the rows are the
/// columns of its matrix, as signatures are. NPY holds numbers only, so the ids are written beside it, to `NAME.ids.tsv`.
///
/// ```
/// use l1kdb::profile::MatrixWriter;
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("scores.tsv");
/// let mut writer = MatrixWriter::create(&path, &["aspirin".to_owned(), "imatinib".to_owned()])?;
/// writer.block(&["mine".to_owned()], &[0.5, -0.25])?;
/// writer.finish()?;
/// assert_eq!(std::fs::read_to_string(&path)?, "id\taspirin\timatinib\nmine\t0.5\t-0.25\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct MatrixWriter {
    path: PathBuf,
    format: Format,
}

enum Format {
    Gctx(GctxWriter),
    Npy(NpyWriter, Vec<String>),
    Tsv(TsvWriter),
}

impl MatrixWriter {
    /// Starts a file with columns of these names.
    ///
    /// # Errors
    /// [`ProfileError::OutputName`] for a name that does not end in `.gctx`, `.npy` or `.tsv`; [`ProfileError::Write`].
    pub fn create(path: impl AsRef<Path>, names: &[String]) -> Result<Self, ProfileError> {
        let path = path.as_ref().to_owned();
        let format = match Self::ending(&path)?.as_str() {
            "gctx" => Format::Gctx(GctxWriter::create(&path, names)?),
            "npy" => Format::Npy(NpyWriter::create(&path, names.len())?, Vec::new()),
            _ => Format::Tsv(TsvWriter::create(&path, names)?),
        };
        Ok(Self { path, format })
    }

    /// Checks that a name says a format, before work is done for it.
    ///
    /// # Errors
    /// [`ProfileError::OutputName`].
    pub fn check(path: impl AsRef<Path>) -> Result<(), ProfileError> {
        Self::ending(path.as_ref()).map(drop)
    }

    fn ending(path: &Path) -> Result<String, ProfileError> {
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        match ending.as_str() {
            "gctx" | "npy" | "tsv" => Ok(ending),
            _ => Err(ProfileError::OutputName { path: path.to_owned() }),
        }
    }

    /// Appends rows: their ids, and as many values for each as there are names, row-major.
    ///
    /// # Errors
    /// [`ProfileError::Write`], and [`ProfileError::Content`] when the number of values does not fit.
    pub fn block(&mut self, ids: &[String], values: &[f32]) -> Result<(), ProfileError> {
        match &mut self.format {
            Format::Gctx(writer) => writer.block(ids, values),
            Format::Npy(writer, all) => {
                all.extend_from_slice(ids);
                writer.block(ids.len(), values)
            }
            Format::Tsv(writer) => writer.block(ids, values),
        }
    }

    /// Gives the file its name.
    ///
    /// # Errors
    /// [`ProfileError::Write`].
    pub fn finish(self) -> Result<(), ProfileError> {
        match self.format {
            Format::Gctx(writer) => writer.finish(None, None),
            Format::Npy(writer, ids) => {
                writer.finish()?;
                write_tsv(self.path.with_extension("ids.tsv"), &ids, &[], &[])
            }
            Format::Tsv(writer) => writer.finish(),
        }
    }
}
