//! NPY, the array format of NumPy (<https://numpy.org/neps/nep-0001-npy-format.html>), read.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use super::ProfileError;

/// A header larger than this is not one.
const LARGEST_HEADER: usize = 1 << 16;

/// Reads a two-dimensional array of 32- or 64-bit floats in C order: `(values, numbers a row)`, row-major.
///
/// # Errors
/// [`ProfileError::Read`], and [`ProfileError::NotNpy`] for anything but a whole file of such an array.
pub fn read_npy(path: impl AsRef<Path>) -> Result<(Vec<f32>, usize), ProfileError> {
    let path = path.as_ref();
    let failed = |source| ProfileError::Read { path: path.to_owned(), source };
    let file = File::open(path).map_err(failed)?;
    let length = file.metadata().map_err(failed)?.len();
    let mut reader = BufReader::new(file);
    let refuse = |reason: String| ProfileError::NotNpy { path: path.to_owned(), reason };
    let mut start = [0; 8];
    read_exactly(&mut reader, &mut start).map_err(failed)?.ok_or_else(|| refuse("it is too short".into()))?;
    if &start[..6] != b"\x93NUMPY" {
        return Err(refuse("it does not begin as NumPy files do".into()));
    }
    let mut size = vec![0; if start[6] == 1 { 2 } else { 4 }];
    read_exactly(&mut reader, &mut size).map_err(failed)?.ok_or_else(|| refuse("it is too short".into()))?;
    let size = size.iter().rev().fold(0, |sum, &byte| (sum << 8) | usize::from(byte));
    let mut header = vec![0; size.min(LARGEST_HEADER)];
    read_exactly(&mut reader, &mut header)
        .map_err(failed)?
        .ok_or_else(|| refuse("its header is cut".into()))?;
    let header = Header::parse(&String::from_utf8_lossy(&header)).map_err(refuse)?;
    let expected = header.bytes().ok_or_else(|| refuse("its shape is too large".into()))?;
    let found = length.saturating_sub((8 + if start[6] == 1 { 2 } else { 4 } + size) as u64);
    if found != expected {
        let shape =
            format!("expected {expected} bytes for {} x {} numbers, found {found}", header.rows, header.dim);
        return Err(refuse(shape));
    }
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes).map_err(failed)?;
    Ok((header.values(&bytes), header.dim))
}

/// Fills `buffer`; `None` when the file ends before.
fn read_exactly(reader: &mut impl Read, buffer: &mut [u8]) -> std::io::Result<Option<()>> {
    match reader.read_exact(buffer) {
        Ok(()) => Ok(Some(())),
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

/// What the dictionary in front of the numbers says.
struct Header {
    doubles: bool,
    rows: usize,
    dim: usize,
}

impl Header {
    fn parse(text: &str) -> Result<Self, String> {
        let value = |key: &str| {
            let after = text.split_once(&format!("'{key}':"))?.1.trim_start();
            Some(after)
        };
        let kind = value("descr").and_then(|text| text.split('\'').nth(1)).unwrap_or("no type");
        let doubles = match kind {
            "<f4" => false,
            "<f8" => true,
            other => return Err(format!("expected 32- or 64-bit little-endian floats, found {other}")),
        };
        if value("fortran_order").is_some_and(|text| text.starts_with("True")) {
            return Err("its columns lie one after another: save np.ascontiguousarray of it".to_owned());
        }
        let shape =
            value("shape").and_then(|text| text.strip_prefix('(')?.split_once(')')).map(|(shape, _)| shape);
        let shape: Vec<usize> =
            shape.unwrap_or("").split(',').filter_map(|part| part.trim().parse().ok()).collect();
        match shape[..] {
            [rows, dim] if dim > 0 => Ok(Self { doubles, rows, dim }),
            _ => Err(format!("expected rows and columns, found {} dimensions ({shape:?})", shape.len())),
        }
    }

    fn bytes(&self) -> Option<u64> {
        let numbers = (self.rows as u64).checked_mul(self.dim as u64)?;
        numbers.checked_mul(if self.doubles { 8 } else { 4 })
    }

    fn values(&self, bytes: &[u8]) -> Vec<f32> {
        if self.doubles {
            bytes.as_chunks::<8>().0.iter().map(|bytes| f64::from_le_bytes(*bytes) as f32).collect()
        } else {
            bytes.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
        }
    }
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

    #[test]
    fn what_was_written_is_read_again() {
        assert_eq!(file(&written()).unwrap(), (vec![1.0, -2.5, 3.0, 0.0, 5.0, 6.0], 3));
    }

    #[test]
    fn doubles_are_read_too_and_other_arrays_say_what_they_are() {
        let with = |dictionary: &str, body: &[u8]| {
            let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
            bytes.extend((dictionary.len() as u16).to_le_bytes());
            bytes.extend(dictionary.bytes());
            bytes.extend(body);
            file(&bytes)
        };
        let two = [1.5_f64.to_le_bytes(), 2.0_f64.to_le_bytes()].concat();
        let read = with("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2), }\n", &two);
        assert_eq!(read.unwrap(), (vec![1.5, 2.0], 2));
        for (dictionary, reason) in [
            ("{'descr': '<i8', 'fortran_order': False, 'shape': (1, 2), }", "<i8"),
            ("{'descr': '<f8', 'fortran_order': True, 'shape': (1, 2), }", "ascontiguousarray"),
            ("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", "1 dimensions"),
            ("{'descr': '<f8', 'fortran_order': False, 'shape': (9, 2), }", "expected 144 bytes"),
        ] {
            let error = with(dictionary, &two).unwrap_err().to_string();
            assert!(error.contains(reason), "{error}");
        }
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
