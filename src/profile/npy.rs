//! NPY, the array format of NumPy (<https://numpy.org/neps/nep-0001-npy-format.html>), versions 1 to 3, read.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use super::ProfileError;
use super::number::Number;

/// A header larger than this is not one.
const LARGEST_HEADER: usize = 1 << 16;

/// Reads a two-dimensional array of numbers, in whatever order they lie: `(values, numbers a row)`, row-major. Floats
/// of 16, 32 and 64 bits, whole numbers and truth values are read, in either order of bytes.
///
/// # Errors
/// [`ProfileError::Read`], and [`ProfileError::NotNpy`] for anything but a whole file of such an array that has at
/// least a row and a column.
pub fn read_npy(path: impl AsRef<Path>) -> Result<(Vec<f32>, usize), ProfileError> {
    let path = path.as_ref();
    let failed = |source| ProfileError::Read { path: path.to_owned(), source };
    let refuse = |reason: String| ProfileError::NotNpy { path: path.to_owned(), reason };
    let file = File::open(path).map_err(failed)?;
    let length = file.metadata().map_err(failed)?.len();
    let mut reader = BufReader::new(file);
    let (header, start) = header(&mut reader).map_err(failed)?.map_err(refuse)?;
    let expected = header.bytes().ok_or_else(|| refuse("its shape is too large".into()))?;
    let found = length.saturating_sub(start);
    if found != expected {
        return Err(refuse(header.other_length(expected, found)));
    }
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes).map_err(failed)?;
    Ok((header.values(&bytes), header.dim))
}

/// The dictionary in front of the numbers, or what is wrong with it, and where the numbers start.
fn header(reader: &mut impl Read) -> io::Result<Result<(Header, u64), String>> {
    let mut start = Vec::new();
    reader.take(8).read_to_end(&mut start)?;
    let &[0x93, b'N', b'U', b'M', b'P', b'Y', version, _] = start.as_slice() else {
        return Ok(Err("it does not begin as NumPy files do".to_owned()));
    };
    let width = match version {
        1 => 2,
        2 | 3 => 4,
        other => return Ok(Err(format!("expected version 1, 2 or 3 of the format, found {other}"))),
    };
    let mut size = vec![0; width];
    let Some(()) = read_exactly(reader, &mut size)? else {
        return Ok(Err("its header is cut off".to_owned()));
    };
    let size = size.iter().rev().fold(0, |sum, &byte| (sum << 8) | usize::from(byte));
    if size > LARGEST_HEADER {
        return Ok(Err(format!("a header of {size} bytes is none")));
    }
    let mut header = vec![0; size];
    let Some(()) = read_exactly(reader, &mut header)? else {
        return Ok(Err("its header is cut off".to_owned()));
    };
    let header = Header::parse(&String::from_utf8_lossy(&header));
    Ok(header.map(|header| (header, (8 + width + size) as u64)))
}

/// Fills `buffer`; `None` when the file ends before.
fn read_exactly(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<Option<()>> {
    match reader.read_exact(buffer) {
        Ok(()) => Ok(Some(())),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

/// What the dictionary in front of the numbers says.
struct Header {
    number: Number,
    by_column: bool,
    rows: usize,
    dim: usize,
}

impl Header {
    fn parse(text: &str) -> Result<Self, String> {
        let value = |key: &str| Some(text.split_once(&format!("'{key}':"))?.1.trim_start());
        let by_column = value("fortran_order").is_some_and(|text| text.starts_with("True"));
        let number = number(value("descr").unwrap_or_default())?;
        let shape =
            value("shape").and_then(|text| text.strip_prefix('(')?.split_once(')')).map(|(shape, _)| shape);
        let parts = shape.unwrap_or("").split(',').map(str::trim).filter(|part| !part.is_empty());
        let shape: Option<Vec<usize>> = parts.map(|part| part.parse().ok()).collect();
        match shape.as_deref() {
            Some(&[rows, dim]) if rows > 0 && dim > 0 => Ok(Self { number, by_column, rows, dim }),
            Some(&[rows, dim]) => Err(format!("it is empty: {rows} rows of {dim} numbers")),
            Some(shape) => {
                Err(format!("expected rows and columns, found {} dimensions ({shape:?})", shape.len()))
            }
            None => Err("its header states no shape".to_owned()),
        }
    }

    fn bytes(&self) -> Option<u64> {
        let numbers = (self.rows as u64).checked_mul(self.dim as u64)?;
        numbers.checked_mul(self.number.size() as u64)
    }

    fn other_length(&self, expected: u64, found: u64) -> String {
        let cause = if found < expected { "cut off: copy or download it again; " } else { "" };
        let (rows, dim) = (self.rows, self.dim);
        format!("{cause}expected {expected} bytes for {rows} x {dim} numbers, found {found}")
    }

    fn values(&self, bytes: &[u8]) -> Vec<f32> {
        let values = self.number.all(bytes);
        if !self.by_column {
            return values;
        }
        (0..self.rows * self.dim).map(|at| values[at % self.dim * self.rows + at / self.dim]).collect()
    }
}

/// The type that `descr` names: order of bytes, kind and size, as in `'<f4'`.
fn number(descr: &str) -> Result<Number, String> {
    if descr.starts_with('[') {
        return Err("it holds records of named fields: save a plain array of numbers".to_owned());
    }
    let Some(name) = descr.strip_prefix('\'').and_then(|text| text.split('\'').next()) else {
        return Err("its header names no type of numbers".to_owned());
    };
    let (order, kind) = name.split_at_checked(1).unwrap_or_default();
    let (kind, size) = kind.split_at_checked(1).unwrap_or_default();
    let size = size.parse().unwrap_or(0);
    let big_endian = order == ">" || order == "=" && cfg!(target_endian = "big");
    let number = match kind {
        "f" => Number::ieee(size, big_endian),
        "i" => Number::whole(size, true, big_endian),
        "u" | "b" => Number::whole(size, false, big_endian),
        _ => None,
    };
    number.ok_or_else(|| match kind {
        "O" => "it holds Python objects, not numbers: save it as floats with .astype('float32')".to_owned(),
        "U" | "S" => "it holds text, not numbers: save it as floats with .astype('float32')".to_owned(),
        _ => format!("its numbers are of the type {name}: save it as floats with .astype('float32')"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::write_npy;

    fn file(bytes: &[u8]) -> Result<(Vec<f32>, usize), ProfileError> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("e.npy"), bytes).unwrap();
        read_npy(folder.path().join("e.npy"))
    }

    fn written() -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        write_npy(folder.path().join("e.npy"), &[1.0, -2.5, 3.0, 0.0, 5.0, 6.0], 3).unwrap();
        std::fs::read(folder.path().join("e.npy")).unwrap()
    }

    fn array(version: u8, descr: &str, fortran: &str, shape: &str, body: &[u8]) -> Vec<u8> {
        let dictionary = format!("{{'descr': {descr}, 'fortran_order': {fortran}, 'shape': {shape}, }}\n");
        let mut bytes = vec![0x93, b'N', b'U', b'M', b'P', b'Y', version, 0];
        match version {
            1 => bytes.extend((dictionary.len() as u16).to_le_bytes()),
            _ => bytes.extend((dictionary.len() as u32).to_le_bytes()),
        }
        bytes.extend(dictionary.bytes());
        bytes.extend(body);
        bytes
    }

    #[test]
    fn what_was_written_is_read_again() {
        assert_eq!(file(&written()).unwrap(), (vec![1.0, -2.5, 3.0, 0.0, 5.0, 6.0], 3));
    }

    #[test]
    fn numbers_of_every_plain_type_and_order_are_read() {
        let read = |descr: &str, body: &[u8]| file(&array(1, descr, "False", "(1, 2)", body)).unwrap().0;
        assert_eq!(read("'<f2'", &[0x00, 0x3e, 0x00, 0xc0]), [1.5, -2.0]);
        assert_eq!(read("'>f2'", &[0x3e, 0x00, 0xc0, 0x00]), [1.5, -2.0]);
        assert_eq!(read("'<f8'", &[1.5_f64.to_le_bytes(), (-2.0_f64).to_le_bytes()].concat()), [1.5, -2.0]);
        assert_eq!(read("'>f4'", &[1.5_f32.to_be_bytes(), (-2.0_f32).to_be_bytes()].concat()), [1.5, -2.0]);
        assert_eq!(read("'<i8'", &[7_i64.to_le_bytes(), (-2_i64).to_le_bytes()].concat()), [7.0, -2.0]);
        assert_eq!(read("'|i1'", &[7, 0xfe]), [7.0, -2.0]);
        assert_eq!(read("'<u2'", &[7, 0, 0xff, 0xff]), [7.0, 65535.0]);
        assert_eq!(read("'|b1'", &[1, 0]), [1.0, 0.0]);
    }

    #[test]
    fn versions_2_and_3_and_columns_one_after_another_are_read() {
        let body = [1.0_f32, 4.0, 2.0, 5.0, 3.0, 6.0].map(f32::to_le_bytes).concat();
        for version in [1, 2, 3] {
            let read = file(&array(version, "'<f4'", "True", "(2, 3)", &body)).unwrap();
            assert_eq!(read, (vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 3));
        }
    }

    #[test]
    fn other_arrays_say_what_they_are() {
        let two = [1.5_f64.to_le_bytes(), 2.0_f64.to_le_bytes()].concat();
        for (descr, shape, reason) in [
            ("'|O'", "(1, 2)", "Python objects"),
            ("'<U8'", "(1, 2)", "text"),
            ("'<c8'", "(1, 2)", "<c8"),
            ("[('a', '<f8'), ('b', '<f8')]", "(1,)", "named fields"),
            ("'<f8'", "(2,)", "1 dimensions"),
            ("'<f8'", "(9, 2)", "cut off"),
            ("'<f8'", "(1, 1)", "expected 8 bytes"),
            ("'<f8'", "(0, 2)", "empty"),
            ("'<f8'", "(2, 0)", "empty"),
            ("'<f8'", "(18446744073709551615, 2)", "too large"),
            ("'<f8'", "(a, 2)", "no shape"),
        ] {
            let error = file(&array(1, descr, "False", shape, &two)).unwrap_err().to_string();
            assert!(error.contains(reason), "{descr} {shape}: {error}");
        }
        let error = file(&array(9, "'<f8'", "False", "(1, 2)", &two)).unwrap_err().to_string();
        assert!(error.contains("version"), "{error}");
    }

    #[test]
    fn no_damage_to_the_header_panics() {
        let whole = written();
        for cut in 0..whole.len() {
            assert!(file(&whole[..cut]).is_err());
        }
        for at in 0..128 {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x11;
            let _ = file(&damaged);
        }
    }
}
