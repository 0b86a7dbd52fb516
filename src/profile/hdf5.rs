//! HDF5 as GCTX needs it: arrays of numbers and strings, read piece by piece. The only file that names `hdf5_pure`.

use std::cell::{Cell, RefCell};
use std::fs;
use std::io::{Cursor, Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use hdf5_pure::{ChunkIndex, Dataset, Datatype, DatatypeByteOrder, Error, File, FormatError, Layout};
use hdf5_pure::{EnumMember, StringPadding, VlenStringReadOptions};

use super::ProfileError;
use super::hdf5_filter::unread_filter;
use super::hdf5_heap::Heaps;
use super::number::{FloatBits, Number};
use super::records::{decode, read_error};
use super::unpacked::Unpacked;

/// Deflate shrinks at most 1032-fold (zlib's technical notes). Whatever claims to be larger than that many times
/// its file is damaged, and must not decide how much memory is taken.
const MAX_EXPANSION: u64 = 1100;

const DAMAGED: &str = "the file looks damaged or cut off: copy or download it again";
const NEWER: &str = "it is damaged or of a newer HDF5: try to rewrite it with h5repack --high=2";
const CONVERT: &str = "rewrite it as a plain or gzip-compressed GCTX, for example with cmapPy or h5repack";

/// Memory that text of a file may take beyond [`MAX_TEXT`] times its length.
const MIN_TEXT: u64 = 64 << 20;

/// Text beside a matrix is smaller than this many times the file: a row of numbers is longer than what is said of it.
const MAX_TEXT: u64 = 16;

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
    bytes: RefCell<Box<dyn Bytes>>,
    length: u64,
    /// Memory that was taken for text so far.
    text: Cell<u64>,
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
        let (path, bytes) = (path.to_owned(), RefCell::new(Box::new(handle) as Box<dyn Bytes>));
        Self { path, file, bytes, length, text: Cell::new(0), _unpacked: unpacked }.checked()
    }

    /// Takes bytes in memory as the file that `path` names in messages.
    pub(super) fn from_bytes(path: &Path, bytes: &[u8]) -> Result<Self, ProfileError> {
        let file = contained(path, || File::from_bytes(bytes.to_vec()))?;
        let length = bytes.len() as u64;
        let bytes: Box<dyn Bytes> = Box::new(Cursor::new(bytes.to_vec()));
        let (path, bytes) = (path.to_owned(), RefCell::new(bytes));
        Self { path, file, bytes, length, text: Cell::new(0), _unpacked: None }.checked()
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

    /// Names of the groups in a group, none when there is no such group. The root is `/`.
    pub(super) fn groups(&self, group: &str) -> Result<Vec<String>, ProfileError> {
        contained(&self.path, || match self.file.group(group) {
            Ok(group) => group.groups(),
            Err(Error::Format(FormatError::PathNotFound(_))) => Ok(Vec::new()),
            Err(error) => Err(error),
        })
    }

    /// An attribute of a group, if it is there and is text.
    pub(super) fn text_attribute(&self, group: &str, name: &str) -> Option<String> {
        let attributes = contained(&self.path, || self.file.group(group)?.attrs()).ok()?;
        attributes.get(name)?.as_str().map(str::to_owned)
    }

    /// Names of the attributes of a group.
    pub(super) fn attribute_names(&self, group: &str) -> Vec<String> {
        let types = contained(&self.path, || self.file.group(group)?.attr_datatypes());
        types.map(|types| types.into_keys().collect()).unwrap_or_default()
    }

    /// The first bytes of the file, where other programs may write what it is.
    pub(super) fn beginning(&self) -> Vec<u8> {
        let mut start = vec![0; 128.min(self.length as usize)];
        self.read_at(0, &mut start).map(|()| start).unwrap_or_default()
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
    pub(super) fn read_at(&self, address: u64, buffer: &mut [u8]) -> Result<(), ProfileError> {
        let mut bytes = self.bytes.borrow_mut();
        let read = bytes.seek(SeekFrom::Start(address)).and_then(|_| bytes.read_exact(buffer));
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
        let &[len] = array.shape.as_slice() else { return Ok(None) };
        self.take_memory(len, u64::from(array.datatype.type_size()))?;
        let raw = || contained(&self.path, || array.dataset.read_raw());
        match &array.datatype {
            Datatype::String { size, padding, .. } => {
                let raw = raw()?;
                Ok(Some(raw.chunks_exact(*size as usize).map(|bytes| fixed_text(bytes, padding)).collect()))
            }
            Datatype::VariableLength { is_string: true, .. } => {
                // No honest file refers to more text than it has bytes: heaps are not compressed.
                let payload = usize::try_from(self.length).unwrap_or(usize::MAX);
                let limits = VlenStringReadOptions::new().with_max_payload_bytes(payload);
                let texts = contained(&self.path, || array.dataset.read_vlen_strings(limits))?;
                self.as_written(array, texts).map(Some)
            }
            datatype => {
                let Some(number) = number(datatype) else { return Ok(None) };
                let named = |bytes: &[u8]| member(datatype, bytes).unwrap_or_else(|| number.text(bytes));
                Ok(Some(raw()?.chunks_exact(number.size()).map(named).collect()))
            }
        }
    }

    /// Decodes anew those of `texts` that the library could not: it takes all for UTF-8.
    fn as_written(&self, array: &Array, mut texts: Vec<String>) -> Result<Vec<String>, ProfileError> {
        let is_spoilt = |text: &String| text.contains(char::REPLACEMENT_CHARACTER);
        if !texts.iter().any(is_spoilt) {
            return Ok(texts);
        }
        let raw = contained(&self.path, || array.dataset.read_raw())?;
        let mut heaps =
            Heaps::new(self.length, |address, buffer: &mut [u8]| self.read_at(address, buffer).is_ok());
        for (text, bytes) in texts.iter_mut().zip(heaps.follow(&raw)).filter(|(text, _)| is_spoilt(text)) {
            if let Some(bytes) = bytes {
                *text = decode(bytes).into_owned();
            }
        }
        Ok(texts)
    }

    /// Counts what `len` texts of `element` bytes each take, and refuses more than an honest file needs: columns that
    /// shrink a thousandfold could fill any memory.
    fn take_memory(&self, len: u64, element: u64) -> Result<(), ProfileError> {
        let each = element.saturating_add(size_of::<String>() as u64);
        let taken = self.text.get().saturating_add(len.saturating_mul(each));
        self.text.set(taken);
        if taken > self.length.saturating_mul(MAX_TEXT).saturating_add(MIN_TEXT) {
            let length = self.length;
            return Err(self
                .damaged(format!("its ids and metadata would take {taken} bytes of memory, from {length}")));
        }
        Ok(())
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
        ProfileError::Hdf5 { path: self.path.clone(), detail, way_out: DAMAGED.to_owned() }
    }

    /// The file is sound but of a kind that is not read.
    pub(super) fn unsupported(&self, detail: String) -> ProfileError {
        ProfileError::Hdf5 { path: self.path.clone(), detail, way_out: CONVERT.to_owned() }
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

    /// How the elements are stored, if they are plain numbers.
    pub(super) fn number(&self) -> Option<Number> {
        number(&self.datatype)
    }

    /// The type of the elements, for messages.
    pub(super) fn type_name(&self) -> &'static str {
        match self.datatype {
            Datatype::String { .. } | Datatype::VariableLength { is_string: true, .. } => "text",
            Datatype::Compound { .. } => "records of several fields (or complex numbers)",
            Datatype::VariableLength { .. } | Datatype::Array { .. } => "lists",
            Datatype::Reference { .. } => "references",
            _ => "values of an uncommon type",
        }
    }
}

/// How numbers of a type are stored: whole, floating, bits, or the numbers behind names (truth values among them).
fn number(datatype: &Datatype) -> Option<Number> {
    let big = |order: &DatatypeByteOrder| match order {
        DatatypeByteOrder::LittleEndian => Some(false),
        DatatypeByteOrder::BigEndian => Some(true),
        DatatypeByteOrder::Vax => None,
    };
    match datatype {
        Datatype::FloatingPoint { size, byte_order, layout } => {
            let bits = FloatBits {
                exponent_at: layout.exponent_location.into(),
                exponent_bits: layout.exponent_size.into(),
                mantissa_at: layout.mantissa_location.into(),
                mantissa_bits: layout.mantissa_size.into(),
                bias: i32::try_from(layout.exponent_bias).ok()?,
            };
            Number::float(*size as usize, bits, big(byte_order)?)
        }
        Datatype::FixedPoint { size, byte_order, layout } => {
            let (offset, precision) = (layout.bit_offset.into(), layout.bit_precision.into());
            Number::packed(*size as usize, layout.signed, offset, precision, big(byte_order)?)
        }
        Datatype::BitField { size, byte_order, bit_offset, bit_precision } => Number::packed(
            *size as usize,
            false,
            (*bit_offset).into(),
            (*bit_precision).into(),
            big(byte_order)?,
        ),
        Datatype::Enumeration { base_type, .. } => number(base_type),
        _ => None,
    }
}

/// The name that an enumeration gives the value in `bytes`.
fn member(datatype: &Datatype, bytes: &[u8]) -> Option<String> {
    let Datatype::Enumeration { members, .. } = datatype else { return None };
    members.iter().find(|EnumMember { value, .. }| value == bytes).map(|member| member.name.clone())
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
    let (detail, way_out) = explained(&failure);
    Err(ProfileError::Hdf5 { path: path.to_owned(), detail, way_out })
}

/// What a failure of the library means to who has the file, and what to do.
fn explained(failure: &Error) -> (String, String) {
    let told = |detail: &str, way_out: &str| (detail.to_owned(), way_out.to_owned());
    match failure {
        Error::Format(FormatError::UnsupportedFilter(filter)) => unread_filter(*filter),
        Error::Format(FormatError::UnsupportedVirtualLayout) => {
            told("its numbers lie in other files, to which it only refers", "rewrite it with h5repack")
        }
        Error::Format(FormatError::UnsupportedExternalStorage) => {
            told("its numbers lie in another file beside it", "rewrite it with h5repack")
        }
        other => match format!("{other:?}") {
            kind if kind.contains("Unsupported") => told("it uses a part of HDF5 that is not read", CONVERT),
            kind if kind.contains("Version") => told("it has a part of an unknown version", NEWER),
            _ => told("its structure is damaged", DAMAGED),
        },
    }
}
