//! The 64 bytes at the start of a segment.

use bytemuck::{Pod, Zeroable};

use crate::error::{IndexError, Result};
use crate::format::{FIRST_SECTION, MAX_SECTIONS};

/// The version of the format that this release writes and reads.
///
/// It changes with any change of the bytes. A file of another version is refused: a newer one needs a newer
/// release, an older one is built again.
pub const FORMAT_VERSION: u32 = 1;

/// A byte that text transfer would damage, the name, and line ends that it would change.
pub(crate) const SIGNATURE: [u8; 8] = [0x89, b'L', b'1', b'K', 0x0D, 0x0A, 0x1A, 0x0A];

/// The only measure of version 1: the product of unit vectors.
const COSINE: u32 = 1;

/// Bytes of the header that its checksum covers: all but the checksum.
pub(crate) const SUMMED: usize = 56;

/// The header, field by field in the order of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct Header {
    signature: [u8; 8],
    version: u32,
    pub(crate) sections: u32,
    pub(crate) file_length: u64,
    pub(crate) rows: u64,
    pub(crate) dim: u32,
    measure: u32,
    pub(crate) owner: [u8; 16],
    /// xxh3-64 of the [`SUMMED`] bytes before this field and of the whole table.
    pub(crate) checksum: u64,
}

impl Header {
    pub(crate) fn new(sections: u32, file_length: u64, rows: u64, dim: u32, owner: [u8; 16]) -> Self {
        let (signature, version, measure) = (SIGNATURE, FORMAT_VERSION, COSINE);
        Self { signature, version, sections, file_length, rows, dim, measure, owner, checksum: 0 }
    }

    /// Reads and checks the header of a whole file.
    ///
    /// The order matters. The version comes before everything that a version may change, and the counts are
    /// bounded here because later products rely on it.
    pub(crate) fn read(file: &[u8]) -> Result<Self> {
        let Some(bytes) = file.first_chunk::<64>() else { return Err(not_a_segment(file)) };
        let header: Self = bytemuck::pod_read_unaligned(bytes);
        if header.signature != SIGNATURE {
            return Err(not_a_segment(file));
        }
        if header.version != FORMAT_VERSION {
            return Err(IndexError::Version { expected: FORMAT_VERSION, found: header.version });
        }
        let (expected, found) = (header.file_length, file.len() as u64);
        if expected != found || found < FIRST_SECTION {
            return Err(IndexError::Length { expected: expected.max(FIRST_SECTION), found });
        }
        header.check_fields()?;
        Ok(header)
    }

    fn check_fields(&self) -> Result<()> {
        let corrupt = |what, expected: &str, found: u64| Err(IndexError::corrupt(what, expected, found));
        if self.sections as usize > MAX_SECTIONS {
            return corrupt("the number of sections", "at most 30", self.sections.into());
        }
        if self.rows >= u64::from(u32::MAX) {
            return corrupt("the number of rows", "under 4294967295", self.rows);
        }
        if self.dim == 0 {
            return corrupt("the dimension", "at least 1", self.dim.into());
        }
        if self.measure != COSINE {
            return corrupt("the measure", "1 (cosine)", self.measure.into());
        }
        Ok(())
    }
}

fn not_a_segment(file: &[u8]) -> IndexError {
    if file.starts_with(&SIGNATURE) {
        return IndexError::Length { expected: FIRST_SECTION, found: file.len() as u64 };
    }
    IndexError::NotASegment { found: file[..file.len().min(8)].to_vec() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file_with(change: impl Fn(&mut Header)) -> Vec<u8> {
        let mut header = Header::new(0, FIRST_SECTION, 3, 2, [7; 16]);
        change(&mut header);
        let mut file = bytemuck::bytes_of(&header).to_vec();
        file.resize(1024, 0);
        file
    }

    fn refusal(change: impl Fn(&mut Header)) -> String {
        Header::read(&file_with(change)).unwrap_err().to_string()
    }

    #[test]
    fn a_whole_header_comes_back() {
        let header = Header::read(&file_with(|_| ())).unwrap();
        assert_eq!((header.rows, header.dim, header.owner), (3, 2, [7; 16]));
    }

    #[test]
    fn each_field_out_of_range_is_named() {
        assert!(refusal(|h| h.signature[0] = 0).starts_with("not a segment file"));
        assert!(refusal(|h| h.version = 2).contains("version 2, expected 1: it needs a newer release"));
        assert!(refusal(|h| h.version = 0).contains("version 0, expected 1: build it again"));
        assert!(refusal(|h| h.file_length = 2048).starts_with("segment of 1024 bytes, expected 2048"));
        assert!(refusal(|h| h.sections = 31).contains("the number of sections is 31"));
        assert!(refusal(|h| h.rows = u64::MAX).contains("the number of rows"));
        assert!(refusal(|h| h.dim = 0).contains("the dimension is 0"));
        assert!(refusal(|h| h.measure = 2).contains("the measure is 2"));
    }

    #[test]
    fn a_short_file_is_told_from_another_kind_of_file() {
        assert!(matches!(Header::read(b"").unwrap_err(), IndexError::NotASegment { .. }));
        assert!(matches!(Header::read(b"SQLite format 3").unwrap_err(), IndexError::NotASegment { .. }));
        assert!(matches!(Header::read(&SIGNATURE).unwrap_err(), IndexError::Length { found: 8, .. }));
    }
}
