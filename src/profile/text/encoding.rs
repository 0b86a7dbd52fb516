//! Characters: UTF-8, UTF-16 and UTF-32 with and without a byte-order mark, Windows-1252.

use std::io::{self, BufRead, Read};

use super::fault::Fault;

/// How characters are written in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// One byte each, or UTF-8.
    Utf8 { mark: u64 },
    /// UTF-16 or UTF-32.
    Wide { unit: Unit, mark: u64 },
}

/// The numbers that text is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unit {
    /// Bytes of each: 2 in UTF-16, 4 in UTF-32.
    width: usize,
    big_endian: bool,
}

const UTF16_LE: Unit = Unit { width: 2, big_endian: false };
const UTF16_BE: Unit = Unit { width: 2, big_endian: true };
const UTF32_LE: Unit = Unit { width: 4, big_endian: false };
const UTF32_BE: Unit = Unit { width: 4, big_endian: true };

impl Encoding {
    /// Finds out from the first bytes of a file; `None` when they are of no text.
    pub(super) fn of(start: &[u8]) -> Option<Self> {
        // The mark of UTF-32 LE begins with that of UTF-16 LE.
        let marked = match start {
            [0xff, 0xfe, 0, 0, ..] => Some(UTF32_LE),
            [0, 0, 0xfe, 0xff, ..] => Some(UTF32_BE),
            [0xff, 0xfe, ..] => Some(UTF16_LE),
            [0xfe, 0xff, ..] => Some(UTF16_BE),
            _ => None,
        };
        if let Some(unit) = marked {
            return Some(Self::Wide { unit, mark: unit.width as u64 });
        }
        let mark = if start.starts_with(&[0xef, 0xbb, 0xbf]) { 3 } else { 0 };
        if !start.contains(&0) {
            return Some(Self::Utf8 { mark });
        }
        let units = [UTF32_LE, UTF32_BE, UTF16_LE, UTF16_BE];
        let unit = units.into_iter().find(|unit| unit.fits(start));
        // A NUL in what else looks like text is told with its line.
        let is_text = |&byte: &u8| byte >= b' ' || byte.is_ascii_whitespace() || byte == 0;
        let looks_like_text = || start.first() != Some(&0) && start.iter().take(64).all(is_text);
        match unit {
            Some(unit) => Some(Self::Wide { unit, mark: 0 }),
            None => looks_like_text().then_some(Self::Utf8 { mark }),
        }
    }

    /// Bytes of the byte-order mark.
    pub(super) fn mark(self) -> u64 {
        match self {
            Self::Utf8 { mark } | Self::Wide { mark, .. } => mark,
        }
    }
}

impl Unit {
    fn number(self, bytes: &[u8]) -> u32 {
        let join = |number, &byte| number << 8 | u32::from(byte);
        match self.big_endian {
            true => bytes.iter().fold(0, join),
            false => bytes.iter().rev().fold(0, join),
        }
    }

    /// Whether bytes without a mark are of this kind: a table begins with ASCII, so nearly all of its first units are
    /// small, and none is a control character.
    fn fits(self, start: &[u8]) -> bool {
        let units: Vec<u32> =
            start.chunks_exact(self.width).take(32).map(|bytes| self.number(bytes)).collect();
        let printable = |unit: u32| unit >= 32 || matches!(unit, 9 | 10 | 13);
        let ascii = units.iter().filter(|&&unit| unit < 128).count();
        units.len() >= 2 && units.iter().all(|&unit| printable(unit)) && 4 * ascii >= 3 * units.len()
    }
}

/// UTF-16 or UTF-32, read as UTF-8.
pub(super) struct Decoder<R> {
    reader: R,
    unit: Unit,
    /// The first bytes of a unit whose others are still to be read.
    begun: Vec<u8>,
    /// The first half of a surrogate pair.
    high: Option<u32>,
    text: String,
    used: usize,
}

impl<R: BufRead> Decoder<R> {
    pub(super) fn new(reader: R, unit: Unit) -> Self {
        Self { reader, unit, begun: Vec::new(), high: None, text: String::new(), used: 0 }
    }

    /// Decodes the next bytes. `false` at the end.
    fn decode(&mut self) -> io::Result<bool> {
        self.text.clear();
        self.used = 0;
        let next = self.reader.fill_buf()?;
        let length = next.len();
        if length == 0 {
            let cut = !self.begun.is_empty() || self.high.is_some();
            return if cut { Err(Fault::CutCharacter.into()) } else { Ok(false) };
        }
        self.begun.extend_from_slice(next);
        self.reader.consume(length);
        let bytes = std::mem::take(&mut self.begun);
        let units = bytes.chunks_exact(self.unit.width);
        self.begun.extend_from_slice(units.remainder());
        for bytes in units {
            self.push(self.unit.number(bytes))?;
        }
        Ok(true)
    }

    fn push(&mut self, unit: u32) -> Result<(), Fault> {
        let code = match (self.unit.width, self.high.take(), unit) {
            (2, Some(high), 0xdc00..0xe000) => 0x10000 + ((high & 0x3ff) << 10) + (unit & 0x3ff),
            (_, Some(_), _) => return Err(Fault::NoCharacter),
            (2, None, 0xd800..0xdc00) => {
                self.high = Some(unit);
                return Ok(());
            }
            _ => unit,
        };
        self.text.push(char::from_u32(code).ok_or(Fault::NoCharacter)?);
        Ok(())
    }
}

impl<R: BufRead> BufRead for Decoder<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.used == self.text.len() {
            if !self.decode()? {
                break;
            }
        }
        Ok(&self.text.as_bytes()[self.used..])
    }

    fn consume(&mut self, bytes: usize) {
        self.used += bytes;
    }
}

impl<R: BufRead> Read for Decoder<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

/// The character of a byte (<https://encoding.spec.whatwg.org/#legacy-single-byte-encodings>): that of Latin-1, but for
/// 0x80 to 0x9f.
pub(super) fn windows_1252(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}
