//! How it is found what separates the fields of a text.

use super::quotes::{self, split_in_line};
use super::{LOOKED_AT, begins_with, is_blank};
use crate::profile::ProfileError;
use crate::profile::decimal::is_number;
use crate::profile::delimiter::Delimiter;
use crate::profile::text::Lines;

impl Delimiter {
    /// What the line `sep=;` says, which spreadsheets understand before a table.
    pub(super) fn stated(line: &[u8]) -> Option<Self> {
        let line = line.trim_ascii_start();
        let line = line.strip_prefix(b"\"").unwrap_or(line);
        if !line.get(..4)?.eq_ignore_ascii_case(b"sep=") {
            return None;
        }
        let stated = Self::ALL.into_iter().find(|delimiter| line.get(4) == Some(&delimiter.byte()));
        stated.filter(|_| is_blank(&line[5..]))
    }

    /// Finds it in the lines that come next. The header decides: the first line that is no comment. A tab anywhere in it
    /// decides for tabs, since names hold commas far more often than tabs.
    pub(super) fn find(lines: &mut Lines) -> Result<Self, ProfileError> {
        let mut header = Vec::new();
        let mut rows: Vec<Vec<u8>> = Vec::new();
        for ahead in 0..LOOKED_AT {
            let Some(line) = lines.peek(ahead)? else { break };
            let is_comment = begins_with(line, b'#') && header.is_empty();
            match header.is_empty() {
                _ if is_blank(line) || (is_comment && Self::of(line, &[]).is_none()) => {}
                true => header = line.to_vec(),
                false => rows.push(line.to_vec()),
            }
            if rows.len() == 2 {
                break;
            }
        }
        Ok(Self::of(&header, &rows).or_else(|| Self::of_rows(&rows)).unwrap_or_default())
    }

    fn of(header: &[u8], rows: &[Vec<u8>]) -> Option<Self> {
        let count = |delimiter| fields(header, delimiter);
        if count(Self::Tab) > 1 {
            return Some(Self::Tab);
        }
        let (commas, semicolons) = (count(Self::Comma), count(Self::Semicolon));
        let agrees = |delimiter| {
            let in_header = count(delimiter);
            rows.iter().all(|row| (in_header..=in_header + 1).contains(&fields(row, delimiter)))
        };
        match (commas > 1, semicolons > 1) {
            (false, false) => None,
            (true, false) => Some(Self::Comma),
            (false, true) => Some(Self::Semicolon),
            (true, true) => Some(match (agrees(Self::Comma), agrees(Self::Semicolon)) {
                (true, false) => Self::Comma,
                (false, true) => Self::Semicolon,
                _ if semicolons > commas => Self::Semicolon,
                _ => Self::Comma,
            }),
        }
    }

    /// Below a header of one name, names of rows and numbers may stand, as R writes one column. Names alone may hold
    /// commas.
    fn of_rows(rows: &[Vec<u8>]) -> Option<Self> {
        let is_pair = |row: &Vec<u8>, delimiter| {
            let mut fields = Vec::new();
            split_in_line(row, delimiter, &mut fields);
            let [name, value] = &fields[..] else { return false };
            let field = |field: &std::ops::Range<usize>| quotes::unquoted(&row[field.clone()]).into_owned();
            is_number(&field(value), delimiter) && !is_number(&field(name), delimiter)
                || delimiter == Self::Tab
        };
        let mut all = Self::ALL.into_iter().filter(|_| !rows.is_empty());
        all.find(|&delimiter| rows.iter().all(|row| is_pair(row, delimiter)))
    }
}

/// Number of fields of a line.
fn fields(line: &[u8], delimiter: Delimiter) -> usize {
    if !line.contains(&delimiter.byte()) {
        return 1;
    }
    let mut fields = Vec::new();
    split_in_line(line, delimiter, &mut fields);
    fields.len()
}
