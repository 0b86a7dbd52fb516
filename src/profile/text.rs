//! Bytes to text: unpacked, in UTF-8, with one kind of line end.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

use super::ProfileError;

mod encoding;
mod fault;
mod foreign;
mod gunzip;
mod line_ends;
mod lines;

use encoding::{Decoder, Encoding};
use fault::Fault;
use gunzip::Gunzip;
use line_ends::LineEnds;
pub(super) use lines::{LONGEST, Lines};

/// First bytes of a gzip member (RFC 1952, 2.3.1).
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// How many times over a file may be gzipped. Servers that pack what is packed already give two.
const LAYERS: usize = 4;

/// How many of the first bytes are looked at to find out what a file is.
const START: u64 = 4096;

const BUFFER: usize = 1 << 18;

type Reader = Box<dyn BufRead + Send>;

/// A file from its beginning, unpacked if it is gzipped, once or several times over.
pub(super) struct Source {
    path: PathBuf,
    start: Vec<u8>,
    reader: Reader,
    layers: usize,
}

impl Source {
    /// Opens the file.
    pub(super) fn open(path: &Path) -> Result<Self, ProfileError> {
        let file = File::open(path).map_err(|source| read_error(path, source))?;
        Self::unpacked(path, Box::new(BufReader::with_capacity(BUFFER, file)))
    }

    /// Takes bytes in memory as the file that `path` names in messages.
    pub(super) fn from_bytes<B: AsRef<[u8]> + Send + 'static>(
        path: &Path,
        bytes: B,
    ) -> Result<Self, ProfileError> {
        Self::unpacked(path, Box::new(Cursor::new(bytes)))
    }

    fn unpacked(path: &Path, mut reader: Reader) -> Result<Self, ProfileError> {
        let failed = |source| read_error(path, source);
        for layers in 0..=LAYERS {
            let mut start = Vec::new();
            (&mut reader).take(START).read_to_end(&mut start).map_err(failed)?;
            let whole = Cursor::new(start.clone()).chain(reader);
            if !start.starts_with(&GZIP) {
                return Ok(Self { path: path.to_owned(), start, reader: Box::new(whole), layers });
            }
            reader = Box::new(BufReader::with_capacity(BUFFER, Gunzip::new(whole)));
        }
        Err(Fault::Layers.of(path))
    }

    /// The first bytes, as many as tell what the file is.
    pub(super) fn start(&self) -> &[u8] {
        &self.start
    }

    /// Whether the file is gzipped.
    pub(super) fn is_packed(&self) -> bool {
        self.layers > 0
    }

    /// Bytes that come next, none at the end.
    pub(super) fn fill(&mut self) -> Result<&[u8], ProfileError> {
        let path = &self.path;
        self.reader.fill_buf().map_err(|source| read_error(path, source))
    }

    /// Passes over bytes that [`fill`](Self::fill) showed.
    pub(super) fn consume(&mut self, bytes: usize) {
        self.reader.consume(bytes);
    }

    /// The file as lines of text, unless it is something else.
    pub(super) fn lines(self) -> Result<Lines, ProfileError> {
        if let Some(hint) = foreign::hint(&self.start) {
            return Err(ProfileError::UnknownFormat { path: self.path, hint });
        }
        let Some(encoding) = Encoding::of(&self.start) else {
            let hint = "it is a binary file of a kind that is not known here; export it as text with tabs between fields";
            return Err(ProfileError::UnknownFormat { path: self.path, hint });
        };
        let mut reader = self.reader;
        let path = &self.path;
        io::copy(&mut (&mut reader).take(encoding.mark()), &mut io::sink())
            .map_err(|source| read_error(path, source))?;
        let reader: Reader = match encoding {
            Encoding::Utf8 { .. } => Box::new(LineEnds::new(reader)),
            Encoding::Wide { unit, .. } => Box::new(LineEnds::new(Decoder::new(reader, unit))),
        };
        Ok(Lines::new(self.path, reader))
    }
}

/// UTF-8 where it is valid, otherwise Windows-1252, which holds Latin-1: LINCS tables of the first generation write
/// `µM` with one byte.
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|&byte| encoding::windows_1252(byte)).collect()),
    }
}

/// What a failed read means: the cause, where it was found here, or else what the system says.
pub(super) fn read_error(path: &Path, source: io::Error) -> ProfileError {
    match Fault::within(&source) {
        Some(fault) => fault.of(path),
        None => ProfileError::Read { path: path.to_owned(), source },
    }
}

#[cfg(test)]
mod tests;
