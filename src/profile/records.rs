//! Lines to records: what separates fields, and quotes.

use std::borrow::Cow;
use std::ops::Range;
use std::path::Path;

use super::ProfileError;
use super::text::{LONGEST, Lines, Source};
pub(super) use super::text::{decode, read_error};

mod cause;
mod delimiter;
mod quotes;
mod split;

pub(super) use super::delimiter::Delimiter;
pub(super) use quotes::unquoted;

/// Fields of the widest record.
const WIDEST: usize = 1 << 22;

/// Lines that are looked at to find out what separates fields, and whether a header lacks the name of the row names.
const LOOKED_AT: usize = 8;

/// The records of a text file, one after another. Rows that hold nothing but blanks, separators and quotes are skipped,
/// as are lines that begin with `!` at the beginning (the preamble of Repurposing Hub tables).
pub(super) struct Records {
    lines: Lines,
    delimiter: Delimiter,
    width: Option<Width>,
    /// The line in which the record begins.
    line: u64,
    /// Lines after that one that the record holds, because of quoted line ends.
    taken: usize,
    /// The record as it stands, and after it fields that had quotes within.
    text: Vec<u8>,
    /// Where in `text` each field is, without its quotes.
    fields: Vec<Range<usize>>,
}

/// Reads the records of a file that is no table with a header, by the same rules: what separates fields, quotes, line
/// ends, character sets, gzip. A record is the line it begins in, from 1, and its fields up to the last that is not empty.
/// Records without any are skipped.
///
/// # Errors
/// [`ProfileError::Read`], and what the bytes deserve: [`ProfileError::UnknownFormat`] for a file that is no text,
/// [`ProfileError::Damaged`] and [`ProfileError::Line`].
pub fn read_records(path: impl AsRef<Path>) -> Result<Vec<(u64, Vec<String>)>, ProfileError> {
    let mut records = Records::new(Source::open(path.as_ref())?)?;
    let mut all = Vec::new();
    while let Some(record) = records.next()? {
        let mut fields: Vec<String> = record.fields().map(Cow::into_owned).collect();
        fields.truncate(fields.iter().rposition(|field| !field.is_empty()).map_or(0, |last| last + 1));
        all.push((record.line, fields));
    }
    Ok(all)
}

/// How many fields a record may have.
#[derive(Clone, Copy)]
struct Width {
    /// So many have to be there.
    fields: usize,
    /// So many may hold something.
    room: usize,
    /// Where the file says so.
    stated: &'static str,
}

impl Records {
    /// Reads a file from its beginning.
    pub(super) fn new(source: Source) -> Result<Self, ProfileError> {
        let mut lines = source.lines()?;
        let mut stated = None;
        while let Some(line) = lines.peek(0)? {
            stated = stated.or(Delimiter::stated(line));
            if !is_blank(line) && !begins_with(line, b'!') && Delimiter::stated(line).is_none() {
                break;
            }
            lines.skip(1);
        }
        let delimiter = match stated {
            Some(delimiter) => delimiter,
            None => Delimiter::find(&mut lines)?,
        };
        Ok(Self { lines, delimiter, width: None, line: 0, taken: 0, text: Vec::new(), fields: Vec::new() })
    }

    /// From now on, every record has to have `fields` fields, as the file says at the place `stated`. Up to `room`
    /// fields may hold something; others after them only if they are empty, since spreadsheets pad lines.
    pub(super) fn expect_fields(&mut self, fields: usize, room: usize, stated: &'static str) {
        self.width = Some(Width { fields, room: room.max(fields), stated });
    }

    /// The file, for messages.
    pub(super) fn path(&self) -> &Path {
        self.lines.path()
    }

    /// What separates the fields.
    pub(super) fn delimiter(&self) -> Delimiter {
        self.delimiter
    }

    /// The next record, or nothing at the end of the file.
    pub(super) fn next(&mut self) -> Result<Option<Record<'_>>, ProfileError> {
        self.text.clear();
        while is_blank(&self.text) {
            self.text.clear();
            if !self.lines.read(&mut self.text)? {
                return Ok(None);
            }
        }
        self.line = self.lines.number();
        self.taken = 0;
        self.split()?;
        self.lines.skip(self.taken);
        self.check()?;
        Ok(Some(Record { line: self.line, text: &self.text, fields: &self.fields }))
    }

    /// Whether the next rows have one field more than the `header`: the names of the rows, above which R writes nothing.
    pub(super) fn have_row_names(&mut self, header: usize) -> Result<bool, ProfileError> {
        let (mut rows, mut filled, mut halved) = (0, false, true);
        for ahead in 0..LOOKED_AT {
            let delimiter = self.delimiter;
            let Some(line) = self.lines.peek(ahead)? else { break };
            if is_blank(line) {
                continue;
            }
            let mut fields = Vec::new();
            if !quotes::split_in_line(line, delimiter, &mut fields) {
                break;
            }
            if fields.len() != header + 1 {
                return Ok(false);
            }
            rows += 1;
            // A surplus field that is empty in all rows is padding.
            filled |= fields.last().is_some_and(|last| !is_blank(&line[last.clone()]));
            halved &= delimiter == Delimiter::Comma && is_halved(line, &fields);
        }
        Ok(rows > 0 && filled && !halved)
    }

    /// Whether there is room for the fields that were found.
    fn fits(&self) -> bool {
        self.width.is_none_or(|Width { fields, room, .. }| {
            let surplus =
                self.fields.iter().skip(room).any(|field| !self.text[field.clone()].trim_ascii().is_empty());
            self.fields.len() >= fields && !surplus
        })
    }

    fn check(&self) -> Result<(), ProfileError> {
        if self.fields.len() > WIDEST {
            let (path, line) = (self.path().to_owned(), self.line);
            return Err(ProfileError::Line {
                path,
                line,
                reason: format!("expected at most {WIDEST} fields, found more"),
            });
        }
        match self.width {
            Some(Width { fields, stated, .. }) if !self.fits() => Err(ProfileError::FieldCount {
                path: self.path().to_owned(),
                line: self.line,
                expected: fields,
                stated,
                found: self.fields.len(),
                cause: self.cause(fields),
            }),
            _ => Ok(()),
        }
    }
}

/// Whether a line of a name and two fields may be a name and one number, with a comma before its fraction.
fn is_halved(line: &[u8], fields: &[Range<usize>]) -> bool {
    let [_, whole, fraction] = fields else { return false };
    let (whole, fraction) = (&line[whole.clone()], &line[fraction.clone()]);
    let whole = whole.strip_prefix(b"-").unwrap_or(whole);
    [whole, fraction].iter().all(|digits| !digits.is_empty() && digits.iter().all(u8::is_ascii_digit))
}

/// Whether a line or a field holds nothing but blanks, separators and quotes.
fn is_blank(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| b" \t,;\"\n".contains(byte))
}

/// Whether a line begins with a sign, in quotes or not.
fn begins_with(line: &[u8], sign: u8) -> bool {
    let line = line.trim_ascii_start();
    line.strip_prefix(b"\"").unwrap_or(line).first() == Some(&sign)
}

/// One record.
#[derive(Clone, Copy)]
pub(super) struct Record<'a> {
    /// Line on which it begins, from 1.
    pub(super) line: u64,
    text: &'a [u8],
    fields: &'a [Range<usize>],
}

impl<'a> Record<'a> {
    /// Number of fields.
    pub(super) fn len(&self) -> usize {
        self.fields.len()
    }

    /// Field `i`, empty when there is none, decoded and without blanks around it.
    pub(super) fn field(&self, i: usize) -> Cow<'a, str> {
        match decode(self.bytes(i)) {
            Cow::Borrowed(text) => text.trim().into(),
            Cow::Owned(text) => text.trim().to_owned().into(),
        }
    }

    /// Field `i` as bytes, without blanks around it.
    pub(super) fn bytes(&self, i: usize) -> &'a [u8] {
        self.fields.get(i).map_or(&[][..], |field| &self.text[field.clone()]).trim_ascii()
    }

    /// All fields.
    pub(super) fn fields(&self) -> impl Iterator<Item = Cow<'a, str>> + use<'a> {
        let record = *self;
        (0..record.len()).map(move |i| record.field(i))
    }
}

#[cfg(test)]
mod tests;
