//! An opened segment and its searches.

use std::fs::File;
use std::ops::Range;
use std::path::Path;

use roaring::RoaringBitmap;

use crate::error::{IndexError, Result};
use crate::exact;
use crate::format::header::Header;
use crate::format::links::Layout;
use crate::format::table::{Section, Table};
use crate::format::verify::{self, SectionInfo, VerifyReport};
use crate::format::{LINKS, VECTORS};
use crate::graph::{Audit, search};
use crate::map::Mapped;
use crate::neighbour::Neighbour;
use crate::params::BuildParams;
use crate::queries::{self, Queries};
use crate::simd::{Query, Rows};

/// An opened segment over any bytes at an address that is a multiple of 8: a [`Mapped`] file or
/// [`AlignedBytes`](crate::AlignedBytes).
///
/// Nothing is copied and nothing is decoded: vectors and links are read where they lie.
///
/// # What `open` proves, and what not
/// [`open`](Self::open) takes the same time for any number of rows. It proves that the file is whole in length, that header and table are
/// undamaged, and that each section lies where the table says. It does not read the sections;
/// [`verify`](Self::verify) does. Searching a damaged file that was not verified gives an error or an answer of the
/// right shape, and never a panic, an endless walk or a read outside the file.
///
/// # Answers
/// Similarity is the product of query and row: the cosine if the query is of unit length too. Answers come
/// nearest first, equal similarities by row. The same file and query give the same bits on one machine by whichever way
/// the row was found.
#[derive(Debug)]
pub struct Index<D> {
    data: D,
    header: Header,
    sections: Vec<Section>,
    vectors: Range<usize>,
    graph: Option<(Range<usize>, Layout)>,
}

impl Index<Mapped> {
    /// Maps and opens a file.
    ///
    /// # Errors
    /// As [`Mapped::open`] and [`Index::open`]; the latter wrapped with the path.
    pub fn open_path(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        Self::open_mapped(Mapped::open(path)?, path)
    }

    /// Maps and opens a file that the caller has open already; `path` names it in errors.
    ///
    /// # Errors
    /// As [`Mapped::of`] and [`Index::open`]; the latter wrapped with the path.
    pub fn open_file(file: &File, path: &Path) -> Result<Self> {
        Self::open_mapped(Mapped::of(file, path)?, path)
    }

    fn open_mapped(mapped: Mapped, path: &Path) -> Result<Self> {
        let named = |error| IndexError::File { path: path.to_owned(), source: Box::new(error) };
        Self::open(mapped).map_err(named)
    }
}

impl<D: AsRef<[u8]>> Index<D> {
    /// Opens a segment. See [the type](Self) for what this proves.
    ///
    /// # Errors
    /// Not a segment, another version, cut, misaligned, or damaged in header, table or the head of the graph.
    pub fn open(data: D) -> Result<Self> {
        let file = data.as_ref();
        let header = Header::read(file)?;
        let table = Table::read(file, &header)?;
        if !file.as_ptr().addr().is_multiple_of(8) {
            return Err(IndexError::Misaligned);
        }
        let sections = table.sections(header.sections).to_vec();
        let vectors = find(&sections, VECTORS).ok_or_else(no_vectors)?;
        check_length(&header, vectors.len())?;
        let graph = find(&sections, LINKS).map(|range| {
            let layout = Layout::read(&file[range.clone()], rows_of(&header))?;
            Ok::<_, IndexError>((range, layout))
        });
        Ok(Self { graph: graph.transpose()?, data, header, sections, vectors })
    }

    /// Returns the number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        rows_of(&self.header)
    }

    /// Values in a row.
    #[must_use]
    pub fn dim(&self) -> usize {
        self.header.dim as usize
    }

    /// Returns the length of the file in bytes.
    #[must_use]
    pub fn file_len(&self) -> u64 {
        self.header.file_length
    }

    /// Returns the 16 bytes that the owner gave.
    #[must_use]
    pub fn owner(&self) -> [u8; 16] {
        self.header.owner
    }

    /// Returns the checksum of header and table, which stands for the whole file: see
    /// [`SegmentSummary`](crate::SegmentSummary).
    #[must_use]
    pub fn checksum(&self) -> u64 {
        self.header.checksum
    }

    /// Returns the sections, in the order of the file.
    #[must_use]
    pub fn sections(&self) -> Vec<SectionInfo> {
        self.sections.iter().map(SectionInfo::of).collect()
    }

    /// Returns the bytes of a section, if there is one of that kind.
    #[must_use]
    pub fn section(&self, kind: [u8; 4]) -> Option<&[u8]> {
        self.bytes(&find(&self.sections, kind)?)
    }

    /// Tells whether the segment holds a graph.
    #[must_use]
    pub fn has_graph(&self) -> bool {
        self.graph.is_some()
    }

    /// Returns what the graph found when it was built.
    #[must_use]
    pub fn audit(&self) -> Option<Audit> {
        self.graph.as_ref().map(|(_, layout)| layout.audit())
    }

    /// Returns what the graph was built with.
    #[must_use]
    pub fn build_params(&self) -> Option<BuildParams> {
        self.graph.as_ref().map(|(_, layout)| layout.params())
    }

    /// Returns one vector, or none if there is no such row.
    #[must_use]
    pub fn vector(&self, row: u32) -> Option<&[f32]> {
        let start = (row as usize).checked_mul(self.dim())?;
        self.values().get(start..start.checked_add(self.dim())?)
    }

    /// Writes the similarity of every row to `out`, in row order, on the calling thread.
    ///
    /// # Errors
    /// The query has another dimension, or is zero or not finite.
    pub fn similarities(&self, query: &[f32], out: &mut Vec<f32>) -> Result<()> {
        let query = self.query(query)?;
        out.clear();
        out.resize(self.rows(), 0.0);
        self.table().dot_range(&query, 0, out);
        Ok(())
    }

    /// Returns the `k` most similar rows of all, or of those in `within`, by looking at each of them, on the calling thread.
    ///
    /// There are fewer than `k` answers only if fewer rows qualify. Members of `within` past the last row do not count.
    ///
    /// # Errors
    /// As [`similarities`](Self::similarities); or the vectors are damaged.
    pub fn exact(&self, query: &[f32], k: usize, within: Option<&RoaringBitmap>) -> Result<Vec<Neighbour>> {
        exact::search(self.table(), &self.query(query)?, k, within)
    }

    /// For each of many queries, row-major, what [`exact`](Self::exact) finds for it, bit for bit, at several times the pace: rows are
    /// read once for hundreds of queries. On the calling thread.
    ///
    /// ```
    /// # use l1kdb_index::{AlignedBytes, Index, SegmentWriter, Vectors};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let path = folder.path().join("two.l1k");
    /// # let mut writer = SegmentWriter::create(&path, [0; 16])?;
    /// # writer.vectors(&Vectors::new(2, vec![1.0, 0.0, 0.6, 0.8])?)?;
    /// # writer.finish()?;
    /// let index = Index::open_path(&path)?; // of two rows
    /// let answers = index.exact_batch(&[1.0, 0.0, 0.0, 1.0], 1, None)?;
    /// assert_eq!((answers[0][0].row, answers[1][0].row), (0, 1));
    /// # Ok::<(), l1kdb_index::IndexError>(())
    /// ```
    ///
    /// # Errors
    /// The values do not fill whole queries; as [`exact`](Self::exact).
    pub fn exact_batch(
        &self,
        queries: &[f32],
        k: usize,
        within: Option<&RoaringBitmap>,
    ) -> Result<Vec<Vec<Neighbour>>> {
        let queries = Queries::new(self.dim(), queries)?;
        exact::search_all(self.table(), queries.of_dim(self.dim())?, k, within)
    }

    /// Writes the similarities of each of many queries, row-major, with every row to `out`: those of the first query in row
    /// order, then those of the next. The same bits as of [`similarities`](Self::similarities), at several times the pace.
    ///
    /// # Errors
    /// As [`exact_batch`](Self::exact_batch).
    pub fn similarities_batch(&self, queries: &[f32], out: &mut Vec<f32>) -> Result<()> {
        let queries = Queries::new(self.dim(), queries)?;
        out.clear();
        out.resize(queries.len() * self.rows(), 0.0);
        exact::similarities(self.table(), queries.of_dim(self.dim())?, out);
        Ok(())
    }

    /// Calls `each` with the similarities of some of the queries, by number, with some rows, while they are in the cache: a place in
    /// `asked`, a place in `rows`, and the similarities of that query with some rows from there on. Each similarity comes
    /// once; places in `rows` ascend. The same bits as of [`similarities`](Self::similarities).
    ///
    /// ```
    /// # use l1kdb_index::{AlignedBytes, Index, Queries, SegmentWriter, Vectors};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let path = folder.path().join("two.l1k");
    /// # let mut writer = SegmentWriter::create(&path, [0; 16])?;
    /// # writer.vectors(&Vectors::new(2, vec![1.0, 0.0, 0.6, 0.8])?)?;
    /// # writer.finish()?;
    /// let index = Index::open_path(&path)?; // of two rows
    /// let queries = Queries::new(2, &[1.0, 0.0, 0.0, 1.0])?;
    /// let mut sum = 0.0;
    /// index.similarities_in_tiles(&queries, &(1..2), &[0, 1], |_, _, found| sum += found.iter().sum::<f32>())?;
    /// assert_eq!(sum, 0.8);
    /// # Ok::<(), l1kdb_index::IndexError>(())
    /// ```
    ///
    /// # Errors
    /// The queries have another dimension; or the index has no such row.
    ///
    /// # Panics
    /// If there is no such query.
    pub fn similarities_in_tiles(
        &self,
        queries: &Queries<'_>,
        asked: &(impl ExactSizeIterator<Item = usize> + Clone),
        rows: &[u32],
        each: impl FnMut(usize, usize, &mut [f32]),
    ) -> Result<()> {
        let queries = queries.of_dim(self.dim())?;
        if let Some(row) = rows.iter().max().filter(|&&row| row as usize >= self.rows()) {
            return Err(IndexError::invalid("a row", format!("a number below {}", self.rows()), row));
        }
        exact::similarities_in_tiles(self.table(), queries, asked, rows, each);
        Ok(())
    }

    /// Returns some `k` of the most similar rows, by a walk over the graph: nearly always the same as
    /// [`exact`](Self::exact) gives, at a fraction of the work in a large segment. [`audit`](Self::audit) tells how nearly.
    ///
    /// `ef` is the number of candidates kept during the walk; none means the graph's default, and it is never
    /// under `k`. With a filter the walk keeps more, in proportion to what the filter leaves out; a selective filter
    /// goes to the exact search, as does a query that the walk finds too few rows for. So there are fewer than `k` answers only if
    /// fewer rows qualify.
    ///
    /// # Errors
    /// There is no graph; as [`exact`](Self::exact); or the walk meets a damaged part of the graph.
    pub fn ann(
        &self,
        query: &[f32],
        k: usize,
        ef: Option<usize>,
        within: Option<&RoaringBitmap>,
    ) -> Result<Vec<Neighbour>> {
        let (range, layout) = self.graph.as_ref().ok_or(IndexError::NoGraph)?;
        let query = self.query(query)?;
        let rows = self.table();
        let matching = within.map_or(rows.len(), |within| exact::matching(within, rows.len()));
        if exact::is_selective(matching, rows.len()) || k == 0 {
            return exact::search(rows, &query, k, within);
        }
        let ef = ef.unwrap_or(layout.params().ef_search).max(k);
        let ef = ef.saturating_mul(rows.len()).div_ceil(matching.max(1));
        let view = layout.view(self.bytes(range).unwrap_or(&[]));
        let mut found = search::search(&view, rows, &query, ef)?;
        found.retain(|near| within.is_none_or(|within| within.contains(near.row)));
        if found.len() < k.min(matching) {
            return exact::search(rows, &query, k, within);
        }
        found.truncate(k);
        Ok(found)
    }

    /// Reads the whole file: checksums, padding, vectors finite and of unit length, lists of links in their place,
    /// links to rows of their level, the entry row on the top level, every row reachable.
    ///
    /// # Errors
    /// The first fault found.
    pub fn verify(&self) -> Result<VerifyReport> {
        let file = self.data.as_ref();
        self.sections.iter().try_for_each(|section| verify::section(file, section))?;
        verify::vectors(self.values(), self.dim())?;
        let links = self.graph.as_ref().map(|(range, layout)| verify::graph(layout, &file[range.clone()]));
        Ok(VerifyReport {
            sections: self.sections(),
            rows: self.rows(),
            dim: self.dim(),
            links: links.transpose()?,
        })
    }

    fn bytes(&self, range: &Range<usize>) -> Option<&[u8]> {
        self.data.as_ref().get(range.clone())
    }

    fn values(&self) -> &[f32] {
        // Aligned and of whole rows: `open` saw to both.
        self.bytes(&self.vectors).and_then(|bytes| bytemuck::try_cast_slice(bytes).ok()).unwrap_or(&[])
    }

    fn table(&self) -> Rows<'_> {
        Rows::new(self.values(), self.dim())
    }

    fn query<'q>(&self, values: &'q [f32]) -> Result<Query<'q>> {
        queries::checked(self.dim(), values)
    }
}

fn rows_of(header: &Header) -> usize {
    usize::try_from(header.rows).expect("the header was checked: rows fit in 32 bits")
}

fn find(sections: &[Section], kind: [u8; 4]) -> Option<Range<usize>> {
    sections.iter().find(|section| section.kind == kind).map(Section::range)
}

fn no_vectors() -> IndexError {
    IndexError::corrupt("the section table", "a section VECS", "none")
}

fn check_length(header: &Header, found: usize) -> Result<()> {
    let expected = header.rows.checked_mul(u64::from(header.dim)).and_then(|values| values.checked_mul(4));
    if expected == Some(found as u64) {
        return Ok(());
    }
    let expected = format!("{} rows of {} values", header.rows, header.dim);
    Err(IndexError::corrupt("the length of VECS", expected, format!("{found} bytes")))
}
