//! Bytes to records: gzip, delimiters, quotes and character sets of text files.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

use super::ProfileError;

/// What separates the fields of a text file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Delimiter {
    /// Quotes are ordinary characters: LINCS tables contain unbalanced ones (`5' UTR`, `2"-deoxy`).
    Tab,
    /// Quoted fields as in RFC 4180.
    Comma,
    /// As `Comma`, from spreadsheets of countries that write decimal commas.
    Semicolon,
}

impl Delimiter {
    /// A tab anywhere in the first line decides for tabs: names hold commas far more often than tabs.
    fn of(line: &[u8]) -> Self {
        let has = |byte| line.contains(&byte);
        match (has(b'\t'), has(b','), has(b';')) {
            (true, ..) => Self::Tab,
            (_, true, _) => Self::Comma,
            (_, _, true) => Self::Semicolon,
            _ => Self::Tab,
        }
    }

    fn byte(self) -> u8 {
        match self {
            Self::Tab => b'\t',
            Self::Comma => b',',
            Self::Semicolon => b';',
        }
    }
}

/// First bytes of a gzip member (RFC 1952, 2.3.1).
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// A text file, unpacked if it is gzipped, with its byte-order mark skipped.
pub(super) struct Text {
    path: PathBuf,
    reader: Box<dyn BufRead + Send>,
    packed: bool,
}

impl Text {
    /// Opens the file.
    pub(super) fn open(path: &Path) -> Result<Self, ProfileError> {
        let file = File::open(path).map_err(|source| read_error(path, source))?;
        Self::from_reader(path, BufReader::with_capacity(1 << 18, file))
    }

    /// Takes bytes in memory as the file that `path` names in messages.
    pub(super) fn from_bytes(path: &Path, bytes: Vec<u8>) -> Result<Self, ProfileError> {
        Self::from_reader(path, Cursor::new(bytes))
    }

    fn from_reader(path: &Path, reader: impl BufRead + Send + 'static) -> Result<Self, ProfileError> {
        let mut text = Self { path: path.to_owned(), reader: Box::new(reader), packed: false };
        if text.peek()?.starts_with(&GZIP) {
            text.packed = true;
            text.reader = Box::new(BufReader::with_capacity(1 << 18, MultiGzDecoder::new(text.reader)));
        }
        text.skip_byte_order_mark()?;
        Ok(text)
    }

    /// Bytes that come next, none at the end. At least the first few hundred of a file, if it has them.
    pub(super) fn peek(&mut self) -> Result<&[u8], ProfileError> {
        let path = &self.path;
        self.reader.fill_buf().map_err(|source| read_error(path, source))
    }

    /// Whether the file is gzipped.
    pub(super) fn is_packed(&self) -> bool {
        self.packed
    }

    /// Passes over bytes that [`peek`](Self::peek) showed.
    pub(super) fn consume(&mut self, bytes: usize) {
        self.reader.consume(bytes);
    }

    fn skip_byte_order_mark(&mut self) -> Result<(), ProfileError> {
        let start = self.peek()?;
        if start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]) {
            let hint = "it is UTF-16 text; save it as UTF-8";
            return Err(ProfileError::UnknownFormat { path: self.path.clone(), hint });
        }
        if start.starts_with(&[0xef, 0xbb, 0xbf]) {
            self.reader.consume(3);
        }
        Ok(())
    }

    /// All lines, without their ends: CR, LF or CRLF.
    pub(super) fn lines(mut self) -> Result<Vec<String>, ProfileError> {
        let (mut bytes, path) = (Vec::new(), &self.path);
        self.reader.read_to_end(&mut bytes).map_err(|source| read_error(path, source))?;
        let text = decode(&bytes).replace("\r\n", "\n").replace('\r', "\n");
        Ok(text.lines().map(str::to_owned).collect())
    }

    /// Reads on record by record. The first line decides what separates the fields, unless `delimiter` does.
    /// Lines before it that begin with `!` (the preamble of Repurposing Hub tables) are skipped.
    pub(super) fn records(mut self, delimiter: Option<Delimiter>) -> Result<Records, ProfileError> {
        let mut line = 0;
        while self.peek()?.starts_with(b"!") {
            let path = &self.path;
            self.reader.skip_until(b'\n').map_err(|source| read_error(path, source))?;
            line += 1;
        }
        let mut records = Records {
            path: self.path,
            reader: self.reader,
            delimiter: delimiter.unwrap_or(Delimiter::Tab),
            line,
            width: None,
            text: Vec::new(),
            fields: Vec::new(),
        };
        if delimiter.is_none() {
            records.look()?;
        }
        Ok(records)
    }
}

/// The records of a text file, one after another. Empty lines are skipped.
pub(super) struct Records {
    path: PathBuf,
    reader: Box<dyn BufRead + Send>,
    delimiter: Delimiter,
    /// Lines read so far.
    line: u64,
    width: Option<usize>,
    /// The fields of the current record, without their quotes, and where in `text` each is.
    text: Vec<u8>,
    fields: Vec<Range<usize>>,
}

impl Records {
    /// From now on, every record has to have `fields` fields.
    pub(super) fn expect_fields(&mut self, fields: usize) {
        self.width = Some(fields);
    }

    /// The file, for messages.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The next record, or nothing at the end of the file.
    pub(super) fn next(&mut self) -> Result<Option<Record<'_>>, ProfileError> {
        self.text.clear();
        while self.text.is_empty() {
            if !self.read_line()? {
                return Ok(None);
            }
        }
        let line = self.line;
        match self.delimiter {
            Delimiter::Tab => split_plain(&self.text, b'\t', &mut self.fields),
            _ if !self.text.contains(&b'"') => {
                split_plain(&self.text, self.delimiter.byte(), &mut self.fields);
            }
            _ => self.split_quoted()?,
        }
        match self.width {
            Some(expected) if expected != self.fields.len() => {
                let found = self.fields.len();
                Err(ProfileError::FieldCount { path: self.path.clone(), line, expected, found })
            }
            _ => {
                let plain = self.delimiter == Delimiter::Tab;
                Ok(Some(Record { line, text: &self.text, fields: &self.fields, plain }))
            }
        }
    }

    /// Finds out what separates the fields, from the line that comes next.
    fn look(&mut self) -> Result<(), ProfileError> {
        let mut line = Vec::new();
        let path = &self.path;
        self.reader.read_until(b'\n', &mut line).map_err(|source| read_error(path, source))?;
        self.delimiter = Delimiter::of(&line);
        let rest = std::mem::replace(&mut self.reader, Box::new(io::empty()));
        self.reader = Box::new(Cursor::new(line).chain(rest));
        Ok(())
    }

    /// Appends a line to `text`, without its end. `false` at the end of the file.
    fn read_line(&mut self) -> Result<bool, ProfileError> {
        let path = &self.path;
        let read =
            self.reader.read_until(b'\n', &mut self.text).map_err(|source| read_error(path, source))?;
        if self.text.last() == Some(&b'\n') {
            self.text.pop();
        }
        if self.text.last() == Some(&b'\r') {
            self.text.pop();
        }
        self.line += u64::from(read > 0);
        Ok(read > 0)
    }

    /// Splits as RFC 4180 says: a quoted field may hold delimiters, doubled quotes and ends of lines.
    fn split_quoted(&mut self) -> Result<(), ProfileError> {
        while self.text.iter().filter(|&&byte| byte == b'"').count() % 2 == 1 {
            self.text.push(b'\n');
            if !self.read_line()? {
                break;
            }
        }
        let line = std::mem::take(&mut self.text);
        self.fields.clear();
        let (mut start, mut quoted) = (0, false);
        let mut bytes = line.iter().peekable();
        while let Some(&byte) = bytes.next() {
            match byte {
                b'"' if quoted && bytes.peek() == Some(&&b'"') => self.text.extend(bytes.next()),
                b'"' => quoted = !quoted,
                _ if byte == self.delimiter.byte() && !quoted => {
                    self.fields.push(start..self.text.len());
                    start = self.text.len();
                }
                _ => self.text.push(byte),
            }
        }
        self.fields.push(start..self.text.len());
        Ok(())
    }
}

fn split_plain(text: &[u8], delimiter: u8, fields: &mut Vec<Range<usize>>) {
    fields.clear();
    let mut start = 0;
    for field in text.split(|&byte| byte == delimiter) {
        fields.push(start..start + field.len());
        start += field.len() + 1;
    }
}

/// One record.
#[derive(Clone, Copy)]
pub(super) struct Record<'a> {
    /// Line on which it begins, from 1.
    pub(super) line: u64,
    text: &'a [u8],
    fields: &'a [Range<usize>],
    plain: bool,
}

impl<'a> Record<'a> {
    /// Number of fields.
    pub(super) fn len(&self) -> usize {
        self.fields.len()
    }

    /// Field `i`, empty when there is none, decoded and without blanks around it.
    pub(super) fn field(&self, i: usize) -> Cow<'a, str> {
        decode(self.bytes(i))
    }

    /// Field `i` as bytes, without blanks around it.
    pub(super) fn bytes(&self, i: usize) -> &'a [u8] {
        let field = self.fields.get(i).map_or(&[][..], |field| &self.text[field.clone()]).trim_ascii();
        if self.plain { unwrap_quotes(field) } else { field }
    }

    /// All fields.
    pub(super) fn fields(&self) -> impl Iterator<Item = Cow<'a, str>> + use<'a> {
        let record = *self;
        (0..record.len()).map(move |i| record.field(i))
    }
}

/// Takes off quotes that enclose a whole field of a tab-separated file, as R's `write.table` sets them. Any other
/// quote belongs to the text.
fn unwrap_quotes(field: &[u8]) -> &[u8] {
    match field {
        [b'"', inner @ .., b'"'] if !inner.contains(&b'"') => inner,
        _ => field,
    }
}

/// UTF-8 where it is valid, otherwise Latin-1: LINCS tables of the first generation write `µM` with one byte.
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|&byte| char::from(byte)).collect()),
    }
}

pub(super) fn read_error(path: &Path, source: io::Error) -> ProfileError {
    ProfileError::Read { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<(u64, Vec<String>)> {
        let text = Text::from_bytes(Path::new("t.csv"), text.as_bytes().to_vec()).unwrap();
        let mut records = text.records(None).unwrap();
        let mut all = Vec::new();
        while let Some(record) = records.next().unwrap() {
            all.push((record.line, record.fields().map(Cow::into_owned).collect()));
        }
        all
    }

    fn fields(line: u64, fields: &[&str]) -> (u64, Vec<String>) {
        (line, fields.iter().map(|field| (*field).to_owned()).collect())
    }

    #[test]
    fn quoted_fields_hold_commas_quotes_and_line_ends_and_lines_are_still_counted() {
        let records = split("a,b\r\n\r\n\"x, \"\"y\"\"\",\"two\nlines\"\r\nz,\n");
        assert_eq!(records[..2], [fields(1, &["a", "b"]), fields(3, &["x, \"y\"", "two\nlines"])]);
        assert_eq!(records[2], fields(5, &["z", ""]));
    }

    #[test]
    fn a_quote_that_never_closes_takes_the_rest_of_the_file() {
        assert_eq!(split("a,b\n\"x,y\nz,\n")[1], fields(2, &["x,y\nz,"]));
    }

    #[test]
    fn lines_of_a_preamble_are_skipped_and_counted() {
        assert_eq!(split("!note, one\n!\na\tb,c\n1\t2"), [fields(3, &["a", "b,c"]), fields(4, &["1", "2"])]);
    }
}
