//! Writing a segment, section after section.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Read, Seek, Write};
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::Xxh3;

use crate::error::{IndexError, Result};
use crate::format::header::Header;
use crate::format::table::{Section, Table};
use crate::format::{FIRST_SECTION, LINKS, MAX_SECTIONS, VECTORS, aligned, links, name};
use crate::graph::Graph;
use crate::vectors::Vectors;

/// Writes a segment file.
///
/// Sections are streamed in any order, each once; memory stays bounded by one buffer. The first 1,024 bytes,
/// header and table, stay zero until [`finish`](Self::finish) has made everything else durable, so a file whose
/// writer was interrupted is never taken for a whole one. A writer that is dropped without `finish` removes its
/// file.
///
/// ```
/// use std::io::Write;
/// use l1kdb_index::{Index, SegmentWriter, Vectors};
/// # let folder = tempfile::tempdir().unwrap();
/// let path = folder.path().join("segment-000001.l1k");
/// let mut writer = SegmentWriter::create(&path, [7; 16])?;
/// writer.vectors(&Vectors::new(2, vec![1.0, 0.0, 0.0, 1.0])?)?;
/// writer.section(*b"ROWS")?.write_all(b"whatever the owner keeps").unwrap();
/// writer.finish()?;
///
/// let index = Index::open_path(&path)?;
/// assert_eq!(index.exact(&[0.6, 0.8], 1, None)?[0].row, 1);
/// assert_eq!(index.section(*b"ROWS"), Some(&b"whatever the owner keeps"[..]));
/// # Ok::<(), l1kdb_index::IndexError>(())
/// ```
#[derive(Debug)]
pub struct SegmentWriter {
    path: PathBuf,
    owner: [u8; 16],
    out: BufWriter<File>,
    /// Bytes written so far, header and table included.
    position: u64,
    sections: Vec<Section>,
    open: Option<OpenSection>,
    /// Rows and dimension of the vectors, once written.
    shape: Option<(usize, usize)>,
    graph_rows: Option<usize>,
    finished: bool,
}

/// The section being written. It is closed when the next one starts.
struct OpenSection {
    kind: [u8; 4],
    start: u64,
    sum: Xxh3,
}

impl std::fmt::Debug for OpenSection {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "OpenSection({} from {})", name(self.kind), self.start)
    }
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SegmentSummary {
    /// Bytes of the file.
    pub length: u64,
    /// The checksum of header and table. They hold the checksums of all sections, so it stands for the whole file.
    pub checksum: u64,
    /// Rows of the vectors.
    pub rows: usize,
    /// Values in a row.
    pub dim: usize,
}

impl SegmentWriter {
    /// Creates the file. `owner` is any 16 bytes that tell what belongs together, for example a digest of the model
    /// that made the vectors.
    ///
    /// # Errors
    /// The file exists already (a segment may be mapped by a reader and is never overwritten) or cannot be created.
    pub fn create(path: impl AsRef<Path>, owner: [u8; 16]) -> Result<Self> {
        let path = path.as_ref().to_owned();
        let failed = |source| IndexError::Io { action: "create", path: path.clone(), source };
        let file = OpenOptions::new().write(true).create_new(true).open(&path).map_err(failed)?;
        let mut writer = Self {
            out: BufWriter::with_capacity(1 << 18, file),
            path,
            owner,
            position: 0,
            sections: Vec::new(),
            open: None,
            shape: None,
            graph_rows: None,
            finished: false,
        };
        writer.zeros(FIRST_SECTION)?;
        Ok(writer)
    }

    /// Starts a section of the owner. What is written to the returned value becomes its content, until the next
    /// section starts. It may be empty.
    ///
    /// # Errors
    /// The kind is taken, all zero or one of this crate (`VECS`, `LINK`); there are 30 sections; or the file
    /// cannot be written.
    pub fn section(&mut self, kind: [u8; 4]) -> Result<impl Write + '_> {
        if kind == VECTORS || kind == LINKS || kind == [0; 4] {
            return Err(refused(kind, "this kind is reserved; choose another"));
        }
        self.start(kind)
    }

    /// Writes the vectors.
    ///
    /// # Errors
    /// They were written before, or the file cannot be written.
    pub fn vectors(&mut self, vectors: &Vectors) -> Result<()> {
        let written = self.start(VECTORS)?.write_all(bytemuck::cast_slice(vectors.as_slice()));
        written.map_err(|source| self.failed("write", source))?;
        self.shape = Some((vectors.rows(), vectors.dim()));
        Ok(())
    }

    /// Writes a graph over the vectors.
    ///
    /// # Errors
    /// A graph was written before, or the file cannot be written.
    pub fn graph(&mut self, graph: &Graph) -> Result<()> {
        let written = links::write(graph, &mut self.start(LINKS)?);
        written.map_err(|source| self.failed("write", source))?;
        self.graph_rows = Some(graph.rows());
        Ok(())
    }

    /// Completes the file: syncs the sections, then writes header and table, then syncs again. The folder that
    /// holds the file is left to the caller.
    ///
    /// # Errors
    /// No vectors were written, the graph has another number of rows, or the file cannot be written or synced.
    pub fn finish(mut self) -> Result<SegmentSummary> {
        let (rows, dim) = self.checked_shape()?;
        self.close()?;
        let header = self.header(rows, dim);
        self.complete(&header).map_err(|source| self.failed("complete", source))?;
        self.finished = true;
        Ok(SegmentSummary { length: self.position, checksum: header.checksum, rows, dim })
    }

    fn checked_shape(&self) -> Result<(usize, usize)> {
        let shape =
            self.shape.ok_or_else(|| refused(VECTORS, "missing: a segment needs vectors, even if none"))?;
        match self.graph_rows {
            Some(rows) if rows != shape.0 => Err(refused(LINKS, "the graph is over another number of rows")),
            _ => Ok(shape),
        }
    }

    fn header(&self, rows: usize, dim: usize) -> Header {
        let narrow = |count| u32::try_from(count).expect("bounded by Vectors and by the table");
        let mut header =
            Header::new(narrow(self.sections.len()), self.position, rows as u64, narrow(dim), self.owner);
        header.checksum = Table::of(&self.sections).checksum(&header);
        header
    }

    /// The order is the point: nothing may say that the file is whole before it is.
    fn complete(&mut self, header: &Header) -> io::Result<()> {
        self.out.flush()?;
        self.out.get_ref().sync_data()?;
        self.out.rewind()?;
        self.out.write_all(bytemuck::bytes_of(header))?;
        self.out.write_all(bytemuck::bytes_of(&Table::of(&self.sections)))?;
        self.out.flush()?;
        self.out.get_ref().sync_all()
    }

    fn start(&mut self, kind: [u8; 4]) -> Result<SectionWriter<'_>> {
        self.close()?;
        if self.sections.iter().any(|section| section.kind == kind) {
            return Err(refused(kind, "written twice"));
        }
        if self.sections.len() == MAX_SECTIONS {
            return Err(refused(kind, "the table holds 30 sections; join some into one"));
        }
        self.open = Some(OpenSection { kind, start: self.position, sum: Xxh3::new() });
        Ok(SectionWriter(self))
    }

    /// Ends the open section: its entry in the table, and zeros up to the next multiple of 64.
    fn close(&mut self) -> Result<()> {
        let Some(open) = self.open.take() else { return Ok(()) };
        let length = self.position - open.start;
        self.sections.push(Section::new(open.kind, open.start, length, open.sum.digest()));
        let end = aligned(self.position).expect("files end long before the numbers do");
        self.zeros(end - self.position)
    }

    fn zeros(&mut self, count: u64) -> Result<()> {
        let copied = io::copy(&mut io::repeat(0).take(count), &mut self.out);
        self.position += copied.map_err(|source| self.failed("write", source))?;
        Ok(())
    }

    fn failed(&self, action: &'static str, source: io::Error) -> IndexError {
        IndexError::Io { action, path: self.path.clone(), source }
    }
}

impl Drop for SegmentWriter {
    fn drop(&mut self) {
        if !self.finished {
            // What is left half-written is of no use to anyone, and there is nobody to tell of a failure.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Writes into the open section.
struct SectionWriter<'a>(&'a mut SegmentWriter);

impl Write for SectionWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.0.out.write(bytes)?;
        if let Some(open) = &mut self.0.open {
            open.sum.update(&bytes[..written]);
        }
        self.0.position += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.out.flush()
    }
}

fn refused(kind: [u8; 4], reason: &'static str) -> IndexError {
    IndexError::Section { kind: name(kind), reason }
}
