//! The section table: what a segment holds, where, and with which checksum.

use std::ops::Range;

use bytemuck::{Pod, Zeroable};
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use crate::error::{IndexError, Result};
use crate::format::header::{Header, SUMMED};
use crate::format::{FIRST_SECTION, MAX_SECTIONS, aligned, name};

/// One entry of the table, in the order of the file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct Section {
    pub(crate) kind: [u8; 4],
    reserved: u32,
    pub(crate) offset: u64,
    pub(crate) length: u64,
    pub(crate) checksum: u64,
}

impl Section {
    pub(crate) fn new(kind: [u8; 4], offset: u64, length: u64, checksum: u64) -> Self {
        Self { kind, reserved: 0, offset, length, checksum }
    }

    /// Its bytes in the file; only of a table that [`Table::read`] accepted.
    pub(crate) fn range(&self) -> Range<usize> {
        let at = |place: u64| usize::try_from(place).expect("the table was checked against the file");
        at(self.offset)..at(self.offset + self.length)
    }

    /// Where it ends with its padding; none past the end of the numbers.
    fn end(&self) -> Option<u64> {
        aligned(self.offset.checked_add(self.length)?)
    }
}

/// The table in memory: always all its entries, those past the count zero.
#[derive(Debug, Clone, Copy, Default, Pod, Zeroable)]
#[repr(transparent)]
pub(crate) struct Table([Section; MAX_SECTIONS]);

impl Table {
    pub(crate) fn of(sections: &[Section]) -> Self {
        let mut table = Self::default();
        table.0[..sections.len()].copy_from_slice(sections);
        table
    }

    pub(crate) fn sections(&self, count: u32) -> &[Section] {
        &self.0[..(count as usize).min(MAX_SECTIONS)]
    }

    /// Reads and checks the table of a file whose header was accepted: the file is long enough to hold it.
    pub(crate) fn read(file: &[u8], header: &Header) -> Result<Self> {
        let bytes = &file[size_of::<Header>()..size_of::<Header>() + size_of::<Self>()];
        let table: Self = bytemuck::pod_read_unaligned(bytes);
        let found = table.checksum(header);
        if header.checksum != found {
            let (part, expected) = ("header and table".to_owned(), header.checksum);
            return Err(IndexError::Checksum { part, expected, found });
        }
        table.check_places(header)?;
        table.check_kinds(header.sections)?;
        Ok(table)
    }

    /// The checksum that a header with this table has.
    pub(crate) fn checksum(&self, header: &Header) -> u64 {
        let mut sum = Xxh3::new();
        sum.update(&bytemuck::bytes_of(header)[..SUMMED]);
        sum.update(bytemuck::bytes_of(self));
        sum.digest()
    }

    /// Sections follow one another, each from the next multiple of 64, and end with the file. That they
    /// neither overlap nor leave the file follows.
    fn check_places(&self, header: &Header) -> Result<()> {
        let mut next = FIRST_SECTION;
        for section in self.sections(header.sections) {
            if section.offset != next {
                return Err(IndexError::corrupt("the offset of a section", next, section.offset));
            }
            let within = section.end().filter(|&end| end <= header.file_length);
            next = within.ok_or_else(|| {
                let expected = format!("at most {}", header.file_length - section.offset);
                IndexError::corrupt("the length of a section", expected, section.length)
            })?;
        }
        if next != header.file_length {
            return Err(IndexError::corrupt("the file length", next, header.file_length));
        }
        Ok(())
    }

    fn check_kinds(&self, count: u32) -> Result<()> {
        let sections = self.sections(count);
        for (i, section) in sections.iter().enumerate() {
            if section.reserved != 0 {
                return Err(IndexError::corrupt("a reserved field of the table", 0, section.reserved));
            }
            if sections[..i].iter().any(|earlier| earlier.kind == section.kind) {
                return Err(IndexError::corrupt(
                    "a kind of section",
                    "another than before",
                    name(section.kind),
                ));
            }
        }
        if self.0[sections.len()..].iter().any(|section| *section != Section::default()) {
            return Err(IndexError::corrupt("the unused part of the table", 0, "another value"));
        }
        Ok(())
    }
}

/// The checksum of a whole section.
pub(crate) fn checksum(bytes: &[u8]) -> u64 {
    xxh3_64(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(change: impl Fn(&mut Header, &mut Table)) -> String {
        let mut table = Table::of(&[
            Section::new(*b"ONE ", 1024, 65, 1),
            Section::new(*b"TWO ", 1152, 0, 2),
            Section::new(*b"TRI ", 1152, 3, 3),
        ]);
        let mut header = Header::new(3, 1216, 0, 1, [0; 16]);
        change(&mut header, &mut table);
        header.checksum = table.checksum(&header);
        let mut file = bytemuck::bytes_of(&header).to_vec();
        file.extend_from_slice(bytemuck::bytes_of(&table));
        file.resize(1216, 0);
        Table::read(&file, &header).map_or_else(|error| error.to_string(), |_| "accepted".to_owned())
    }

    #[test]
    fn a_whole_table_is_accepted() {
        assert_eq!(refusal(|_, _| ()), "accepted");
    }

    #[test]
    fn each_wrong_entry_is_refused_even_under_a_right_checksum() {
        assert!(refusal(|_, t| t.0[0].offset = 1088).contains("offset of a section is 1088, expected 1024"));
        assert!(refusal(|_, t| t.0[1].offset = 1024).contains("offset of a section is 1024, expected 1152"));
        assert!(refusal(|_, t| t.0[0].length = u64::MAX).contains("length of a section"));
        assert!(refusal(|_, t| t.0[0].length = u64::MAX - 1100).contains("length of a section"));
        assert!(
            refusal(|_, t| t.0[2].length = 65).contains("the length of a section is 65, expected at most 64")
        );
        assert!(refusal(|h, _| h.sections = 1).contains("the file length is 1216, expected 1152"));
        assert!(refusal(|_, t| t.0[2].kind = *b"ONE ").contains("a kind of section is ONE"));
        assert!(refusal(|_, t| t.0[2].reserved = 9).contains("a reserved field of the table is 9"));
        assert!(refusal(|_, t| t.0[29].checksum = 9).contains("the unused part of the table"));
    }
}
