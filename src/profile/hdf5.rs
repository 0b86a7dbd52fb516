//! HDF5 as GCTX needs it: arrays of numbers and strings, read piece by piece. The only file that names `hdf5_pure`.

use std::fs;
use std::io::{Cursor, Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use hdf5_pure::{ChunkIndex, DType, Dataset, Datatype, DatatypeByteOrder, Error, File, FormatError, Layout};
use hdf5_pure::{StringPadding, VlenStringReadOptions};

use super::ProfileError;
use super::records::{decode, read_error};
use super::unpacked::Unpacked;

/// Deflate shrinks at most 1032-fold (zlib's technical notes). Whatever claims to be larger than that many times
/// its file is damaged, and must not decide how much memory is taken.
const MAX_EXPANSION: u64 = 1100;

const DAMAGED: &str = "the file looks damaged or cut off: copy or download it again";
const NEWER: &str = "it is damaged or of a newer HDF5: try to rewrite it with h5repack --high=2";
const CONVERT: &str = "rewrite it as a plain or gzip-compressed GCTX, for example with cmapPy or h5repack";

/// Whether HDF5 starts at one of the places where its specification (II.A) lets it start.
pub(super) fn is_hdf5(path: &Path) -> bool {
    hdf5_pure::is_hdf5(path).unwrap_or(false)
}

/// As [`is_hdf5`], of bytes in memory.
pub(super) fn are_hdf5(bytes: &[u8]) -> bool {
    hdf5_pure::is_hdf5_bytes(bytes)
}

/// Bytes that can be read at any place: a file, or memory.
trait Bytes: Read + Seek + Send {}
impl<T: Read + Seek + Send> Bytes for T {}

/// An open HDF5 file.
pub(super) struct Container {
    path: PathBuf,
    file: File,
    bytes: Box<dyn Bytes>,
    length: u64,
    /// Last, so that the files above are closed before it is removed.
    _unpacked: Option<Unpacked>,
}

impl Container {
    /// Opens a file without reading more than its superblock.
    pub(super) fn open(path: &Path) -> Result<Self, ProfileError> {
        Self::open_file(path, path, None)
    }

    /// Opens an unpacked copy of the file that `path` names in messages.
    pub(super) fn open_unpacked(copy: Unpacked, path: &Path) -> Result<Self, ProfileError> {
        let file = copy.path().to_owned();
        Self::open_file(&file, path, Some(copy))
    }

    fn open_file(file: &Path, path: &Path, unpacked: Option<Unpacked>) -> Result<Self, ProfileError> {
        let handle = fs::File::open(file).map_err(|source| read_error(path, source))?;
        let length = handle.metadata().map_err(|source| read_error(path, source))?.len();
        let file = contained(path, || File::open_streaming(file))?;
        let (path, bytes) = (path.to_owned(), Box::new(handle));
        Self { path, file, bytes, length, _unpacked: unpacked }.checked()
    }

    /// Takes bytes in memory as the file that `path` names in messages.
    pub(super) fn from_bytes(path: &Path, bytes: &[u8]) -> Result<Self, ProfileError> {
        let file = contained(path, || File::from_bytes(bytes.to_vec()))?;
        let length = bytes.len() as u64;
        let (path, bytes) = (path.to_owned(), Box::new(Cursor::new(bytes.to_vec())));
        Self { path, file, bytes, length, _unpacked: None }.checked()
    }

    /// The file, for messages.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// A file shorter than its superblock says was cut off in copying.
    fn checked(self) -> Result<Self, ProfileError> {
        let expected = self.file.superblock().eof_address;
        if self.length < expected {
            let found = self.length;
            return Err(self.damaged(format!("cut off: expected {expected} bytes, found {found}")));
        }
        Ok(self)
    }

    /// The array at `path`, if there is one.
    pub(super) fn array(&self, path: &str) -> Result<Option<Array>, ProfileError> {
        let found = contained(&self.path, || match self.file.dataset(path) {
            Ok(dataset) => Ok(Some((dataset.shape()?, dataset.datatype()?, dataset))),
            Err(Error::Format(FormatError::PathNotFound(_))) => Ok(None),
            Err(error) => Err(error),
        })?;
        let Some((shape, datatype, dataset)) = found else { return Ok(None) };
        self.check_size(&shape, u64::from(datatype.type_size()))?;
        Ok(Some(Array { dataset, datatype, shape }))
    }

    /// Names of the arrays in a group, none when there is no such group.
    pub(super) fn names(&self, group: &str) -> Result<Vec<String>, ProfileError> {
        contained(&self.path, || match self.file.group(group) {
            Ok(group) => group.datasets(),
            Err(Error::Format(FormatError::PathNotFound(_))) => Ok(Vec::new()),
            Err(error) => Err(error),
        })
    }

    /// Where and how the numbers of `array` lie.
    pub(super) fn place(&self, array: &Array) -> Result<Place, ProfileError> {
        match contained(&self.path, || array.dataset.layout())? {
            Layout::Contiguous { address: Some(address), size } => {
                let end = address.checked_add(size).filter(|&end| end <= self.length);
                let Some(_) = end else {
                    return Err(self.damaged(format!("the matrix ends beyond the {} bytes", self.length)));
                };
                Ok(Place::Contiguous { address })
            }
            // A matrix that may grow in both directions, in a file of HDF5 1.10 or later.
            Layout::Chunked { index: ChunkIndex::BTreeV2, .. } => {
                Err(self.unsupported("chunks indexed by a version 2 B-tree are not read".to_owned()))
            }
            Layout::Chunked { chunk_shape, .. } => {
                Ok(Place::Chunked { rows: chunk_shape.first().copied().unwrap_or(1).max(1) })
            }
            _ => Ok(Place::Whole),
        }
    }

    /// Fills `buffer` with the bytes from `address` on.
    pub(super) fn read_at(&mut self, address: u64, buffer: &mut [u8]) -> Result<(), ProfileError> {
        let read = self.bytes.seek(SeekFrom::Start(address)).and_then(|_| self.bytes.read_exact(buffer));
        read.map_err(|source| read_error(&self.path, source))
    }

    /// The unpacked bytes of `count` rows of `array` from row `start` on.
    pub(super) fn rows(&self, array: &Array, start: u64, count: u64) -> Result<Vec<u8>, ProfileError> {
        let bytes = contained(&self.path, || array.dataset.read_raw_rows(start, count))?;
        let expected = count * array.row_bytes();
        if bytes.len() as u64 != expected {
            return Err(self.damaged(format!("expected {expected} bytes of rows, found {}", bytes.len())));
        }
        Ok(bytes)
    }

    /// The elements of a one-dimensional array as text; `None` for an array of another shape or kind.
    pub(super) fn texts(&self, array: &Array) -> Result<Option<Vec<String>>, ProfileError> {
        if array.shape.len() != 1 {
            return Ok(None);
        }
        if let Datatype::String { size, ref padding, .. } = array.datatype {
            let raw = contained(&self.path, || array.dataset.read_raw())?;
            return Ok(Some(
                raw.chunks_exact(size as usize).map(|bytes| fixed_text(bytes, padding)).collect(),
            ));
        }
        if matches!(contained(&self.path, || array.dataset.dtype())?, DType::VariableLengthString) {
            // No honest file refers to more text than it has bytes: heaps are not compressed.
            let payload = usize::try_from(self.length).unwrap_or(usize::MAX);
            let limits = VlenStringReadOptions::new().with_max_payload_bytes(payload);
            return contained(&self.path, || array.dataset.read_vlen_strings(limits)).map(Some);
        }
        let Some(number) = array.number() else { return Ok(None) };
        let raw = contained(&self.path, || array.dataset.read_raw())?;
        Ok(Some(raw.chunks_exact(number.size()).map(|bytes| number.text(bytes)).collect()))
    }

    fn check_size(&self, shape: &[u64], element: u64) -> Result<(), ProfileError> {
        let size = shape.iter().try_fold(element, |size, &extent| size.checked_mul(extent));
        let most = self.length.saturating_mul(MAX_EXPANSION);
        match size {
            Some(size) if size <= most => Ok(()),
            _ => Err(self.damaged(format!(
                "an array of {shape:?} elements of {element} bytes cannot come from {} bytes",
                self.length
            ))),
        }
    }

    /// The file contradicts itself.
    pub(super) fn damaged(&self, detail: String) -> ProfileError {
        ProfileError::Hdf5 { path: self.path.clone(), detail, way_out: DAMAGED }
    }

    /// The file is sound but of a kind that is not read.
    pub(super) fn unsupported(&self, detail: String) -> ProfileError {
        ProfileError::Hdf5 { path: self.path.clone(), detail, way_out: CONVERT }
    }
}

/// An array of an HDF5 file, not yet read.
pub(super) struct Array {
    dataset: Dataset,
    datatype: Datatype,
    shape: Vec<u64>,
}

/// Where and how an array lies.
pub(super) enum Place {
    /// One run of bytes from `address` on, inside the file.
    Contiguous { address: u64 },
    /// In chunks of that many rows, perhaps compressed.
    Chunked { rows: u64 },
    /// Small enough to stand in the header, or never written.
    Whole,
}

impl Array {
    /// Extent in each dimension.
    pub(super) fn shape(&self) -> &[u64] {
        &self.shape
    }

    fn row_bytes(&self) -> u64 {
        self.shape.iter().skip(1).product::<u64>() * u64::from(self.datatype.type_size())
    }

    /// What kind of numbers the elements are, if they are numbers of a common kind.
    pub(super) fn number(&self) -> Option<Number> {
        let (order, kind) = match &self.datatype {
            Datatype::FloatingPoint { size: 4, byte_order, .. } => (byte_order, Kind::F32),
            Datatype::FloatingPoint { size: 8, byte_order, .. } => (byte_order, Kind::F64),
            Datatype::FixedPoint { byte_order, .. } => (byte_order, self.integer()?),
            _ => return None,
        };
        match order {
            DatatypeByteOrder::LittleEndian => Some(Number { kind, big_endian: false }),
            DatatypeByteOrder::BigEndian => Some(Number { kind, big_endian: true }),
            DatatypeByteOrder::Vax => None,
        }
    }

    fn integer(&self) -> Option<Kind> {
        match self.dataset.dtype().ok()? {
            DType::I8 => Some(Kind::I8),
            DType::I16 => Some(Kind::I16),
            DType::I32 => Some(Kind::I32),
            DType::I64 => Some(Kind::I64),
            DType::U8 => Some(Kind::U8),
            DType::U16 => Some(Kind::U16),
            DType::U32 => Some(Kind::U32),
            DType::U64 => Some(Kind::U64),
            _ => None,
        }
    }

    /// The type of the elements, for messages.
    pub(super) fn type_name(&self) -> String {
        self.dataset.dtype().map_or_else(|_| "an unknown type".to_owned(), |dtype| dtype.to_string())
    }
}

/// How a number is stored.
#[derive(Debug, Clone, Copy)]
pub(super) struct Number {
    kind: Kind,
    big_endian: bool,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    F32,
    F64,
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
}

impl Number {
    /// Bytes of a number.
    pub(super) fn size(self) -> usize {
        match self.kind {
            Kind::I8 | Kind::U8 => 1,
            Kind::I16 | Kind::U16 => 2,
            Kind::F32 | Kind::I32 | Kind::U32 => 4,
            Kind::F64 | Kind::I64 | Kind::U64 => 8,
        }
    }

    /// Writes to `out` the numbers that stand at `places` (counted in numbers) of `row`.
    pub(super) fn pick(self, row: &[u8], places: &[usize], out: &mut [f32]) {
        if matches!(self.kind, Kind::F32) && !self.big_endian {
            for (value, &place) in out.iter_mut().zip(places) {
                let bytes = &row[place * 4..place * 4 + 4];
                *value = f32::from_le_bytes(bytes.try_into().expect("the slice is 4 bytes long"));
            }
            return;
        }
        for (value, &place) in out.iter_mut().zip(places) {
            *value = self.value(&row[place * self.size()..(place + 1) * self.size()]) as f32;
        }
    }

    /// The number in `bytes`. Whole numbers beyond 2^53 lose their last digits.
    fn value(self, bytes: &[u8]) -> f64 {
        let bits = self.bits(bytes);
        match self.kind {
            Kind::F32 => f64::from(f32::from_bits(bits as u32)),
            Kind::F64 => f64::from_bits(bits),
            Kind::U8 | Kind::U16 | Kind::U32 | Kind::U64 => bits as f64,
            Kind::I8 | Kind::I16 | Kind::I32 | Kind::I64 => self.signed(bits) as f64,
        }
    }

    /// Whole numbers without a fraction, others in the shortest way that reads back.
    fn text(self, bytes: &[u8]) -> String {
        let bits = self.bits(bytes);
        match self.kind {
            Kind::F32 => f32::from_bits(bits as u32).to_string(),
            Kind::F64 => f64::from_bits(bits).to_string(),
            Kind::U8 | Kind::U16 | Kind::U32 | Kind::U64 => bits.to_string(),
            Kind::I8 | Kind::I16 | Kind::I32 | Kind::I64 => self.signed(bits).to_string(),
        }
    }

    fn bits(self, bytes: &[u8]) -> u64 {
        let fold = |bits, byte: &u8| bits << 8 | u64::from(*byte);
        if self.big_endian { bytes.iter().fold(0, fold) } else { bytes.iter().rev().fold(0, fold) }
    }

    fn signed(self, bits: u64) -> i64 {
        let unused = 64 - 8 * self.size() as u32;
        (bits << unused) as i64 >> unused
    }
}

/// A string of fixed length, without what fills it up.
fn fixed_text(bytes: &[u8], padding: &StringPadding) -> String {
    let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
    let text = decode(&bytes[..end]);
    match padding {
        StringPadding::SpacePad => text.trim_end_matches(' ').to_owned(),
        _ => text.into_owned(),
    }
}

/// Calls the HDF5 library and translates its errors.
///
/// A panic inside the library becomes an error too. It is a parser of a large format and the input is whatever a
/// user downloaded: the size checks above keep it from taking memory without bound, but they cannot vouch for
/// every index in it, and a damaged file must not end the process. Nothing of ours is left half-changed, because
/// every call only reads.
fn contained<T>(path: &Path, call: impl FnOnce() -> Result<T, Error>) -> Result<T, ProfileError> {
    let failure = match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(value)) => return Ok(value),
        Ok(Err(Error::Io(source))) => return Err(read_error(path, source)),
        Ok(Err(error)) => error,
        Err(_) => Error::Format(FormatError::UnexpectedEof { expected: 0, available: 0 }),
    };
    let way_out = match format!("{failure:?}") {
        kind if kind.contains("Unsupported") => CONVERT,
        kind if kind.contains("Version") => NEWER,
        _ => DAMAGED,
    };
    Err(ProfileError::Hdf5 { path: path.to_owned(), detail: failure.to_string(), way_out })
}
