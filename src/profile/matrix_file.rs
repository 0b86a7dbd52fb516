//! A matrix file of any format: all of its rows and columns, whatever genes they are.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::gctx::GctxFile;
use super::input::{Format, Input};
use super::text_matrix::TextMatrix;
use super::{ProfileError, Table};

/// Signatures of a matrix of text that are handed out at a time.
const TEXT_BLOCK: usize = 1024;

/// A file that holds a matrix with ids and metadata. As in the GCT format, genes are rows and signatures are
/// columns, however the file stores them.
///
/// [`ProfileReader`](super::ProfileReader) reads landmark profiles from it; this layer knows no gene, and reads any
/// GCT or GCTX.
pub struct MatrixFile {
    path: PathBuf,
    source: Source,
}

enum Source {
    Gctx(Box<GctxFile>),
    Text(Box<TextMatrix>),
}

impl MatrixFile {
    /// Opens a file, whatever its name, as what its bytes say it is, and reads its ids and metadata.
    ///
    /// # Errors
    /// One of [`ProfileError`] for anything but a sound GCT, GCTX, CSV or TSV file with unique signature ids.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, ProfileError> {
        Self::from_input(Input::open(path.as_ref())?)
    }

    pub(super) fn from_input(input: Input) -> Result<Self, ProfileError> {
        let path = input.path.clone();
        let source = match input.container()? {
            Some(container) => Source::Gctx(Box::new(GctxFile::new(container)?)),
            None => Source::Text(Box::new(TextMatrix::new(input)?)),
        };
        let file = Self { path, source };
        check_unique(&file.path, file.column_ids())?;
        Ok(file)
    }

    /// Returns the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns what the file was found to be.
    pub fn format(&self) -> Format {
        match &self.source {
            Source::Gctx(gctx) => gctx.format(),
            Source::Text(text) => text.format(),
        }
    }

    /// Returns the number of genes.
    pub fn row_count(&self) -> usize {
        match &self.source {
            Source::Gctx(gctx) => gctx.row_count(),
            Source::Text(text) => text.row_ids().len(),
        }
    }

    /// Ids of the genes; `None` for a GCTX that does not name them.
    pub fn row_ids(&self) -> Option<&[String]> {
        match &self.source {
            Source::Gctx(gctx) => gctx.row_ids(),
            Source::Text(text) => Some(text.row_ids()),
        }
    }

    /// Ids of the signatures, each once.
    pub fn column_ids(&self) -> &[String] {
        match &self.source {
            Source::Gctx(gctx) => gctx.column_ids(),
            Source::Text(text) => text.column_ids(),
        }
    }

    /// Returns what the file says about its genes: one row per gene, first column `id`.
    pub fn row_metadata(&self) -> &Table {
        match &self.source {
            Source::Gctx(gctx) => gctx.row_metadata(),
            Source::Text(text) => text.row_metadata(),
        }
    }

    /// Returns what the file says about its signatures: one row per signature, first column `id`.
    pub fn column_metadata(&self) -> &Table {
        match &self.source {
            Source::Gctx(gctx) => gctx.column_metadata(),
            Source::Text(text) => text.column_metadata(),
        }
    }

    /// Returns how many signatures are best read at once: of a compressed GCTX, those that are unpacked together.
    pub fn preferred_block(&self) -> usize {
        match &self.source {
            Source::Gctx(gctx) => gctx.block(),
            Source::Text(_) => TEXT_BLOCK,
        }
    }

    /// Reads the values of `rows` (genes) in `columns` (signatures): `columns.len()` x `rows.len()` numbers,
    /// row-major by signature, in the order of the arguments. What is missing in the file is NaN.
    ///
    /// Of a GCTX no more is read than these signatures need. A file of text is parsed at the first call, and kept
    /// for later ones with the same `rows`.
    ///
    /// # Errors
    /// [`ProfileError::Selection`] for a row or column that the file does not have; otherwise what the file's
    /// bytes deserve.
    pub fn read(&mut self, rows: &[usize], columns: &[usize]) -> Result<Vec<f32>, ProfileError> {
        self.check_selection("gene", rows, self.row_count())?;
        self.check_selection("signature", columns, self.column_ids().len())?;
        match &mut self.source {
            Source::Gctx(gctx) => gctx.read(rows, columns),
            Source::Text(text) => text.read(rows, columns),
        }
    }

    fn check_selection(
        &self,
        what: &'static str,
        chosen: &[usize],
        there: usize,
    ) -> Result<(), ProfileError> {
        match chosen.iter().find(|&&index| index >= there) {
            Some(&index) => Err(ProfileError::Selection { path: self.path.clone(), what, index, there }),
            None => Ok(()),
        }
    }
}

fn check_unique(path: &Path, ids: &[String]) -> Result<(), ProfileError> {
    let mut seen = HashMap::with_capacity(ids.len());
    for (second, id) in ids.iter().enumerate() {
        if let Some(first) = seen.insert(id, second) {
            let (path, id) = (path.to_owned(), id.clone());
            let (kind, place, first, second) = ("signature", "signatures", first + 1, second + 1);
            return Err(ProfileError::DuplicateId { path, kind, id, place, first, second });
        }
    }
    Ok(())
}
