//! GCTX: a matrix with ids and metadata in an HDF5 container, and the like of it that other programs write.
//!
//! The layout (Enache et al. 2019, doi 10.1093/bioinformatics/bty784): `/0/DATA/0/matrix` holds one row of the HDF5
//! dataset per signature, `/0/META/COL/id` the signature ids, `/0/META/ROW/id` the gene ids, and every other
//! dataset of the two META groups is a column of metadata. The attribute `version` of the root is not looked at:
//! writers spell it as a scalar, as an array, or forget it, and it decides nothing.

use super::hdf5::{Array, Container, Place};
use super::hdf5_layout::{AxisLayout, MatrixLayout};
use super::input::Format;
use super::number::Number;
use super::{ProfileError, Table};

/// Bytes of the matrix that are read and unpacked at a time, unless a single row of chunks is larger.
const WINDOW: u64 = 32 << 20;

/// Most bytes that are unpacked at a time. A matrix in chunks so tall that a row of them is larger is read in parts,
/// and its chunks are unpacked once for each part: slow, but in bounded memory.
const MAX_BYTES: u64 = 512 << 20;

/// Signatures that are read at a time where nothing has to be unpacked.
const CONTIGUOUS_BLOCK: usize = 1024;

/// An open GCTX file. Ids and metadata are in memory, the matrix is not.
pub(super) struct GctxFile {
    format: Format,
    container: Container,
    matrix: Array,
    number: Number,
    storage: Storage,
    rows: Axis,
    columns: Axis,
}

/// How the matrix is best read.
#[derive(Clone, Copy)]
enum Storage {
    /// Directly, from `address` on: of a row of 12,328 genes only the part with the wanted ones is touched.
    Contiguous { address: u64 },
    /// Through the HDF5 library, that many signatures at a time: whole rows of chunks, so that none is unpacked
    /// twice.
    Windows { signatures: usize },
}

/// Ids and metadata of the genes or of the signatures.
struct Axis {
    len: usize,
    ids: Option<Vec<String>>,
    metadata: Table,
}

impl GctxFile {
    /// Reads ids and metadata; the matrix only when asked for.
    pub(super) fn new(container: Container) -> Result<Self, ProfileError> {
        let layout = MatrixLayout::find(&container)?;
        let missing = |missing| layout.missing(&container, missing);
        let matrix = container.array(layout.matrix)?.ok_or_else(|| missing("matrix /0/DATA/0/matrix"))?;
        let number = matrix.number().ok_or_else(|| {
            container.unsupported(format!("its matrix holds {} instead of numbers", matrix.type_name()))
        })?;
        let &[signatures, genes] = matrix.shape() else {
            let detail = format!("expected a matrix of two dimensions, found the shape {:?}", matrix.shape());
            return Err(container.unsupported(detail));
        };
        let columns = Axis::read(&container, &layout.columns, signatures)?;
        if columns.ids.is_none() {
            return Err(missing("list of signature ids /0/META/COL/id"));
        }
        let rows = Axis::read(&container, &layout.rows, genes)?;
        let row_bytes = genes.saturating_mul(number.size() as u64);
        let storage = Storage::of(&container.place(&matrix)?, signatures, row_bytes);
        Ok(Self { format: layout.format, container, matrix, number, storage, rows, columns })
    }

    /// Which program's layout it has.
    pub(super) fn format(&self) -> Format {
        self.format
    }

    /// Ids of the genes, unless the file has none.
    pub(super) fn row_ids(&self) -> Option<&[String]> {
        self.rows.ids.as_deref()
    }

    /// Number of genes.
    pub(super) fn row_count(&self) -> usize {
        self.rows.len
    }

    /// Metadata of the genes, first column `id`.
    pub(super) fn row_metadata(&self) -> &Table {
        &self.rows.metadata
    }

    /// Ids of the signatures.
    pub(super) fn column_ids(&self) -> &[String] {
        self.columns.ids.as_deref().unwrap_or_default()
    }

    /// Metadata of the signatures, first column `id`.
    pub(super) fn column_metadata(&self) -> &Table {
        &self.columns.metadata
    }

    /// Signatures that are best read at once.
    pub(super) fn block(&self) -> usize {
        match self.storage {
            Storage::Contiguous { .. } => CONTIGUOUS_BLOCK,
            Storage::Windows { signatures } => signatures,
        }
    }

    /// Reads the values of `rows` (genes) in `columns` (signatures), row-major by signature. All have to exist.
    pub(super) fn read(&mut self, rows: &[usize], columns: &[usize]) -> Result<Vec<f32>, ProfileError> {
        let mut values = vec![0.0; rows.len() * columns.len()];
        let (Some(&first), Some(&last)) = (rows.iter().min(), rows.iter().max()) else { return Ok(values) };
        match self.storage {
            Storage::Contiguous { address } => {
                let relative: Vec<usize> = rows.iter().map(|row| row - first).collect();
                self.read_contiguous(address, first..last + 1, &relative, columns, &mut values)?;
            }
            Storage::Windows { signatures } => self.read_windows(signatures, rows, columns, &mut values)?,
        }
        Ok(values)
    }

    /// Reads the genes `span` of one signature after another. `places` are relative to the span.
    fn read_contiguous(
        &mut self,
        address: u64,
        span: std::ops::Range<usize>,
        places: &[usize],
        columns: &[usize],
        values: &mut [f32],
    ) -> Result<(), ProfileError> {
        let size = self.number.size();
        let mut buffer = vec![0; span.len() * size];
        for (&column, out) in columns.iter().zip(values.chunks_exact_mut(places.len())) {
            let start = (column * self.rows.len + span.start) as u64 * size as u64;
            self.container.read_at(address + start, &mut buffer)?;
            self.number.pick(&buffer, places, out);
        }
        Ok(())
    }

    /// Reads the windows that hold `columns`, each once and only from its first to its last wanted signature.
    fn read_windows(
        &self,
        window: usize,
        rows: &[usize],
        columns: &[usize],
        values: &mut [f32],
    ) -> Result<(), ProfileError> {
        let row_bytes = self.rows.len * self.number.size();
        let mut order: Vec<usize> = (0..columns.len()).collect();
        order.sort_by_key(|&i| columns[i]);
        for group in order.chunk_by(|&a, &b| columns[a] / window == columns[b] / window) {
            let (first, last) = (columns[group[0]], columns[group[group.len() - 1]]);
            let bytes = self.container.rows(&self.matrix, first as u64, (last - first + 1) as u64)?;
            for &i in group {
                let row = &bytes[(columns[i] - first) * row_bytes..][..row_bytes];
                self.number.pick(row, rows, &mut values[i * rows.len()..][..rows.len()]);
            }
        }
        Ok(())
    }
}

impl Storage {
    fn of(place: &Place, signatures: u64, row_bytes: u64) -> Self {
        let chunk = match *place {
            Place::Contiguous { address } => return Self::Contiguous { address },
            Place::Chunked { rows } => rows.min(signatures.max(1)).min((MAX_BYTES / row_bytes.max(1)).max(1)),
            Place::Whole => 1,
        };
        let chunks = (WINDOW / row_bytes.max(1)) / chunk;
        Self::Windows { signatures: (chunks.max(1) * chunk) as usize }
    }
}

impl Axis {
    /// Reads ids and all other columns of metadata. There is no id in `ids` when the file has none.
    fn read(container: &Container, layout: &AxisLayout, len: u64) -> Result<Self, ProfileError> {
        let len =
            usize::try_from(len).map_err(|_| container.unsupported(format!("{len} rows are too many")))?;
        let Some(ids) = Self::column(container, &layout.ids, len)? else {
            return Ok(Self { len, ids: None, metadata: Table::default() });
        };
        let mut header = vec!["id".to_owned()];
        let mut columns = vec![ids];
        for (name, path) in layout.metadata(container)? {
            if let Some(column) = Self::column(container, &path, len)? {
                header.push(name);
                columns.push(column);
            }
        }
        let mut metadata = Table::new(header);
        for row in 0..len {
            metadata.push(columns.iter().map(|column| &column[row]));
        }
        Ok(Self { len, ids: columns.into_iter().next(), metadata })
    }

    /// A column as text; `None` when it is not there, or holds something that is no column of text or numbers.
    fn column(container: &Container, path: &str, len: usize) -> Result<Option<Vec<String>>, ProfileError> {
        let Some(array) = container.array(path)? else { return Ok(None) };
        let Some(texts) = container.texts(&array)? else { return Ok(None) };
        if texts.len() != len {
            return Err(ProfileError::Shape {
                path: container.path().to_owned(),
                what: format!("entries in /{path}, as the matrix has rows that way"),
                expected: len as u64,
                found: texts.len() as u64,
            });
        }
        Ok(Some(texts))
    }
}
