//! One kind of line end.

use std::io::{self, BufRead, Read};

use super::fault::Fault;

/// Ends every line with LF, whether it ended with LF, CR LF or CR alone, and refuses NUL bytes. Stretches of text that
/// hold neither are passed on as they lie.
pub(super) struct LineEnds<R> {
    reader: R,
    /// How many of the reader's next bytes hold neither CR nor NUL.
    plain: usize,
    /// Bytes whose line ends were changed, and how many of them are used up.
    changed: Vec<u8>,
    used: usize,
    /// The last byte was a CR, which an LF would belong to.
    after_cr: bool,
}

impl<R: BufRead> LineEnds<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, plain: 0, changed: Vec::new(), used: 0, after_cr: false }
    }

    /// Looks at the next bytes. `false` at the end.
    fn look(&mut self) -> io::Result<bool> {
        let mut next = self.reader.fill_buf()?;
        if next.is_empty() {
            return Ok(false);
        }
        if next.contains(&0) {
            let before = next.iter().position(|&byte| byte == 0).unwrap_or_default();
            next = &next[..before];
            if next.is_empty() {
                return Err(Fault::Nul.into());
            }
        }
        if !self.after_cr && !next.contains(&b'\r') {
            self.plain = next.len();
            return Ok(true);
        }
        self.changed.clear();
        self.used = 0;
        let skipped = usize::from(self.after_cr && next[0] == b'\n');
        let length = next.len();
        let mut pieces = next[skipped..].split(|&byte| byte == b'\r');
        self.changed.extend_from_slice(pieces.next().unwrap_or_default());
        for piece in pieces {
            self.changed.push(b'\n');
            self.changed.extend_from_slice(piece.strip_prefix(b"\n").unwrap_or(piece));
        }
        self.after_cr = next[length - 1] == b'\r';
        self.reader.consume(length);
        Ok(true)
    }
}

impl<R: BufRead> BufRead for LineEnds<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.plain == 0 && self.used == self.changed.len() {
            if !self.look()? {
                return Ok(&[]);
            }
        }
        match self.plain {
            0 => Ok(&self.changed[self.used..]),
            plain => self.reader.fill_buf().map(|next| &next[..plain.min(next.len())]),
        }
    }

    fn consume(&mut self, bytes: usize) {
        match self.plain {
            0 => self.used += bytes,
            _ => {
                self.plain -= bytes;
                self.reader.consume(bytes);
            }
        }
    }
}

impl<R: BufRead> Read for LineEnds<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(into)?;
        self.consume(read);
        Ok(read)
    }
}
