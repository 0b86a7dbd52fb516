//! Bytes to records: gzip, delimiters, quotes and character sets of text files.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Read};
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

    /// Reads on record by record. The first line decides what separates the fields, unless `delimiter` does.
    /// Lines before it that begin with `!` (the preamble of Repurposing Hub tables) are skipped.
    pub(super) fn records(mut self, delimiter: Option<Delimiter>) -> Result<Records, ProfileError> {
        let mut line = Vec::new();
        let mut skipped = 0;
        loop {
            line.clear();
            let path = &self.path;
            self.reader.read_until(b'\n', &mut line).map_err(|source| read_error(path, source))?;
            if !line.starts_with(b"!") {
                break;
            }
            skipped += 1;
        }
        let delimiter = delimiter.unwrap_or_else(|| Delimiter::of(&line));
        let rest = Cursor::new(line).chain(self.reader);
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter.byte())
            .quoting(delimiter != Delimiter::Tab)
            .buffer_capacity(1 << 16)
            .from_reader(Box::new(rest) as Box<dyn Read + Send>);
        Ok(Records {
            path: self.path,
            reader,
            delimiter,
            skipped,
            width: None,
            record: csv::ByteRecord::new(),
        })
    }
}

/// The records of a text file, one after another. Empty lines are skipped.
pub(super) struct Records {
    path: PathBuf,
    reader: csv::Reader<Box<dyn Read + Send>>,
    delimiter: Delimiter,
    skipped: u64,
    width: Option<usize>,
    record: csv::ByteRecord,
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
        match self.reader.read_byte_record(&mut self.record) {
            Ok(false) => Ok(None),
            Ok(true) => {
                let line = self.record.position().map_or(0, csv::Position::line) + self.skipped;
                self.check_width(line)?;
                Ok(Some(Record { line, fields: &self.record, plain: self.delimiter == Delimiter::Tab }))
            }
            Err(error) => Err(read_error(&self.path, error.into())),
        }
    }

    fn check_width(&self, line: u64) -> Result<(), ProfileError> {
        match self.width {
            Some(expected) if expected != self.record.len() => {
                let found = self.record.len();
                Err(ProfileError::FieldCount { path: self.path.clone(), line, expected, found })
            }
            _ => Ok(()),
        }
    }
}

/// One record.
#[derive(Clone, Copy)]
pub(super) struct Record<'a> {
    /// Line on which it begins, from 1.
    pub(super) line: u64,
    fields: &'a csv::ByteRecord,
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
        let field = self.fields.get(i).unwrap_or_default().trim_ascii();
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

pub(super) fn read_error(path: &Path, source: std::io::Error) -> ProfileError {
    ProfileError::Read { path: path.to_owned(), source }
}
