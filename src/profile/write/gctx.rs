//! GCTX, in blocks of signatures.

use std::path::Path;

use super::hdf5::{Element, SUPERBLOCK, Tail};
use super::{AtomicFile, check_count};
use crate::profile::{ProfileError, Table};

/// Where the matrix begins, a multiple of the pages that systems map.
const MATRIX: usize = 4096;

/// Writes a GCTX of any size in the memory of one block: ids are kept until the end, values are not.
///
/// The file is contiguous and of single precision, with ids and metadata as text of fixed length. It is read by
/// h5py, cmapPy and cmapR.
///
/// ```
/// use l1kdb::profile::{GctxWriter, MatrixFile};
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("two.gctx");
/// let genes = ["780".to_owned(), "5720".to_owned()];
/// let mut writer = GctxWriter::create(&path, &genes)?;
/// writer.block(&["sig:1".to_owned()], &[0.5, -1.0])?;
/// writer.block(&["sig:2".to_owned()], &[2.0, 0.25])?;
/// writer.finish(None, None)?;
///
/// let mut file = MatrixFile::open(&path)?;
/// assert_eq!(file.read(&[1], &[0, 1])?, [-1.0, 0.25]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct GctxWriter {
    file: AtomicFile,
    row_ids: Vec<String>,
    column_ids: Vec<String>,
}

impl GctxWriter {
    /// Starts a file whose rows are named `row_ids`: Entrez ids for profiles, any names for embeddings.
    ///
    /// # Errors
    /// [`ProfileError::Write`].
    pub fn create(path: impl AsRef<Path>, row_ids: &[String]) -> Result<Self, ProfileError> {
        let mut file = AtomicFile::create(path)?;
        file.put(&[0; MATRIX])?;
        Ok(Self { file, row_ids: row_ids.to_vec(), column_ids: Vec::new() })
    }

    /// Appends signatures: their ids, and as many values for each as there are rows, row-major by signature.
    ///
    /// # Errors
    /// [`ProfileError::Write`], and [`ProfileError::Content`] when the number of values does not fit.
    pub fn block(&mut self, ids: &[String], values: &[f32]) -> Result<(), ProfileError> {
        check_count(self.file.path(), "values in a block", ids.len() * self.row_ids.len(), values.len())?;
        for values in values.chunks(1 << 16) {
            let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
            self.file.put(&bytes)?;
        }
        self.column_ids.extend_from_slice(ids);
        Ok(())
    }

    /// Writes ids and metadata and gives the file its name. `columns` describes the signatures, `rows` the genes,
    /// one row each in the order in which they were written; a column `id` in either is left out.
    ///
    /// # Errors
    /// [`ProfileError::Write`], and [`ProfileError::Content`] when a table has another number of rows.
    pub fn finish(mut self, columns: Option<&Table>, rows: Option<&Table>) -> Result<(), ProfileError> {
        let (signatures, genes) = (self.column_ids.len(), self.row_ids.len());
        let size = 4 * (signatures * genes) as u64;
        let start = (MATRIX as u64 + size).next_multiple_of(8);
        self.file.put(&vec![0; (start - MATRIX as u64 - size) as usize])?;

        let column_axis = self.axis(&self.column_ids, columns, "rows of signature metadata")?;
        let row_axis = self.axis(&self.row_ids, rows, "rows of gene metadata")?;
        let mut tail = Tail::new(start, column_axis.len().max(row_axis.len()));
        let matrix = tail.array(Element::F32, &[signatures as u64, genes as u64], MATRIX as u64, size);
        let zero = tail.group(vec![("matrix".to_owned(), matrix)], &[]);
        let data = tail.group(vec![("0".to_owned(), zero.address())], &[]);
        let (column, row) = (put_axis(&mut tail, &column_axis), put_axis(&mut tail, &row_axis));
        let meta = tail.group(vec![("COL".to_owned(), column), ("ROW".to_owned(), row)], &[]);
        let members = vec![("DATA".to_owned(), data.address()), ("META".to_owned(), meta.address())];
        let zero = tail.group(members, &[]);
        let root = tail.group(vec![("0".to_owned(), zero.address())], &[("version", "GCTX1.0")]);

        let (superblock, tail): ([u8; SUPERBLOCK], _) = tail.finish(&root);
        self.file.put(&tail)?;
        self.file.put_at_start(&superblock)?;
        self.file.commit()
    }

    /// The ids and all columns of a META group.
    fn axis<'a>(
        &self,
        ids: &'a [String],
        table: Option<&'a Table>,
        what: &'static str,
    ) -> Result<Vec<(String, Vec<&'a str>)>, ProfileError> {
        let mut axis = vec![("id".to_owned(), ids.iter().map(String::as_str).collect())];
        let Some(table) = table else { return Ok(axis) };
        check_count(self.file.path(), what, ids.len(), table.len())?;
        for (column, name) in table.header().iter().enumerate() {
            // A slash would be taken for a path, and a group has each name once.
            let name = name.replace('/', "_");
            if !name.is_empty() && axis.iter().all(|(known, _)| *known != name) {
                axis.push((name, (0..table.len()).map(|row| or_missing(table.cell(row, column))).collect()));
            }
        }
        Ok(axis)
    }
}

/// What is empty is written as `-666`, the sign for missing values everywhere in LINCS.
fn or_missing(text: &str) -> &str {
    if text.is_empty() { "-666" } else { text }
}

fn put_axis(tail: &mut Tail, axis: &[(String, Vec<&str>)]) -> u64 {
    let members = axis.iter().map(|(name, texts)| (name.clone(), put_texts(tail, texts))).collect();
    tail.group(members, &[]).address()
}

/// A column as text of fixed length.
fn put_texts(tail: &mut Tail, texts: &[&str]) -> u64 {
    let size = texts.iter().map(|text| text.len()).max().unwrap_or(0).max(1);
    let mut bytes = Vec::with_capacity(size * texts.len());
    for (i, text) in texts.iter().enumerate() {
        bytes.extend(text.bytes());
        bytes.resize((i + 1) * size, 0);
    }
    let address = tail.put(&bytes);
    let element = Element::Text { size: size as u32, ascii: texts.iter().all(|text| text.is_ascii()) };
    tail.array(element, &[texts.len() as u64], address, bytes.len() as u64)
}

/// A whole GCTX in memory.
#[derive(Debug, Clone, Copy)]
pub struct GctxContent<'a> {
    /// Ids of the signatures.
    pub ids: &'a [String],
    /// Ids of the rows: Entrez ids for profiles, any names for embeddings.
    pub row_ids: &'a [String],
    /// `ids.len()` x `row_ids.len()` values, row-major by signature.
    pub values: &'a [f32],
    /// Metadata of the signatures, one row each.
    pub columns: Option<&'a Table>,
    /// Metadata of the genes, one row each.
    pub rows: Option<&'a Table>,
}

/// Writes a GCTX that is whole in memory. [`GctxWriter`] writes larger ones.
///
/// # Errors
/// [`ProfileError::Write`], and [`ProfileError::Content`] when two parts of `content` do not fit.
pub fn write_gctx(path: impl AsRef<Path>, content: &GctxContent<'_>) -> Result<(), ProfileError> {
    let mut writer = GctxWriter::create(path, content.row_ids)?;
    writer.block(content.ids, content.values)?;
    writer.finish(content.columns, content.rows)
}
