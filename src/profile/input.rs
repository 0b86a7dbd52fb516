//! A file before its format is known: looked at, and opened as what it is.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::ProfileError;
use super::hdf5::{Container, are_hdf5, is_hdf5};
use super::records::Records;
use super::table::TableRows;
use super::text::{Source, read_error};
use super::unpacked::Unpacked;

/// The formats of matrices, as found by looking at the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// GCTX: HDF5.
    Gctx,
    /// AnnData's HDF5 (`.h5ad`) with a dense matrix: an observation is a signature.
    AnnData,
    /// The HDF5 of signatureSearch's reference databases.
    SignatureSearch,
    /// GCT 1.2: text with a name and a description per gene.
    Gct12,
    /// GCT 1.3: text with metadata of genes and signatures.
    Gct13,
    /// Text with a header and tabs, commas or semicolons; one gene per line.
    GenesByLine,
    /// As `GenesByLine`, with one signature per line.
    SignaturesByLine,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gctx => "GCTX",
            Self::AnnData => "AnnData",
            Self::SignatureSearch => "a reference database of signatureSearch",
            Self::Gct12 => "GCT 1.2",
            Self::Gct13 => "GCT 1.3",
            Self::GenesByLine => "delimited text, one gene per line",
            Self::SignaturesByLine => "delimited text, one signature per line",
        })
    }
}

/// Bytes of a matrix, on disk or in memory. Its path is what messages name.
#[derive(Debug, Clone)]
pub(super) struct Input {
    pub(super) path: PathBuf,
    bytes: Option<Arc<[u8]>>,
}

impl Input {
    /// A file. A pipe is read into memory, because matrices of text are gone through twice.
    pub(super) fn open(path: &Path) -> Result<Self, ProfileError> {
        let attributes = fs::metadata(path).map_err(|source| read_error(path, source))?;
        if attributes.is_dir() {
            let source = io::Error::new(io::ErrorKind::IsADirectory, "expected a file, found a folder");
            return Err(read_error(path, source));
        }
        let bytes = match attributes.is_file() {
            true => None,
            false => Some(fs::read(path).map_err(|source| read_error(path, source))?.into()),
        };
        Ok(Self { path: path.to_owned(), bytes })
    }

    /// Bytes in memory, under a name for messages.
    pub(super) fn from_bytes(path: &Path, bytes: Vec<u8>) -> Self {
        Self { path: path.to_owned(), bytes: Some(bytes.into()) }
    }

    /// The file from its beginning, unpacked.
    fn source(&self) -> Result<Source, ProfileError> {
        match &self.bytes {
            None => Source::open(&self.path),
            Some(bytes) => Source::from_bytes(&self.path, Arc::clone(bytes)),
        }
    }

    /// The records of the file, if it is text.
    pub(super) fn records(&self) -> Result<Records, ProfileError> {
        Records::new(self.source()?)
    }

    /// The rows of the file below its header, if it is text.
    pub(super) fn rows(&self) -> Result<TableRows, ProfileError> {
        TableRows::new(self.source()?)
    }

    /// The file as HDF5, if it is HDF5, gzipped or not.
    pub(super) fn container(&self) -> Result<Option<Container>, ProfileError> {
        match &self.bytes {
            Some(bytes) if are_hdf5(bytes) => Container::from_bytes(&self.path, bytes).map(Some),
            None if is_hdf5(&self.path) => Container::open(&self.path).map(Some),
            _ => self.packed_container(),
        }
    }

    /// HDF5 is read here and there, gzip only from its beginning: such a file is unpacked first.
    fn packed_container(&self) -> Result<Option<Container>, ProfileError> {
        let mut source = self.source()?;
        if !source.is_packed() || !source.start().starts_with(b"\x89HDF") {
            return Ok(None);
        }
        let end = stated_end(source.start());
        Container::open_unpacked(Unpacked::new(&self.path, &mut source, end)?, &self.path).map(Some)
    }
}

/// The size of an HDF5 file as its superblock states it (HDF5 File Format Specification, II.A), where addresses have the
/// usual 8 bytes.
fn stated_end(start: &[u8]) -> Option<u64> {
    let (width, base, end) = match start.get(8)? {
        0 => (13, 24, 40),
        1 => (13, 28, 44),
        _ => (9, 12, 28),
    };
    let number = |at: usize| Some(u64::from_le_bytes(start.get(at..at + 8)?.try_into().ok()?));
    let end = number(base)?.checked_add(number(end)?)?;
    (start.get(width) == Some(&8) && end > 0).then_some(end)
}
