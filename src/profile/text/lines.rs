//! Lines of text, none longer than a table needs.

use std::collections::VecDeque;
use std::io::{BufRead, Read};
use std::path::{Path, PathBuf};

use super::{Fault, Reader, read_error};
use crate::profile::ProfileError;

/// Bytes of the longest line and the longest record. The header of a matrix of a million signatures fits.
pub(in crate::profile) const LONGEST: usize = 64 << 20;

/// The lines of a text, one after another. Those ahead can be looked at.
pub(in crate::profile) struct Lines {
    path: PathBuf,
    reader: Reader,
    /// Lines read so far, without those ahead.
    number: u64,
    ahead: VecDeque<Vec<u8>>,
    /// The last line had no end.
    open: bool,
}

impl Lines {
    pub(super) fn new(path: PathBuf, reader: Reader) -> Self {
        Self { path, reader, number: 0, ahead: VecDeque::new(), open: false }
    }

    /// The file, for messages.
    pub(in crate::profile) fn path(&self) -> &Path {
        &self.path
    }

    /// The number of the line that was read last, from 1.
    pub(in crate::profile) fn number(&self) -> u64 {
        self.number
    }

    /// Whether the line that was read last is the last of the file, and has no end.
    pub(in crate::profile) fn ends_open(&self) -> bool {
        self.open && self.ahead.is_empty()
    }

    /// Appends the next line to `text`, without its end. `false` at the end of the file.
    pub(in crate::profile) fn read(&mut self, text: &mut Vec<u8>) -> Result<bool, ProfileError> {
        let read = match self.ahead.pop_front() {
            Some(line) => {
                text.extend_from_slice(&line);
                true
            }
            None => self.take(text)?,
        };
        self.number += u64::from(read);
        Ok(read)
    }

    /// The line `ahead` lines after the next, if there is one.
    pub(in crate::profile) fn peek(&mut self, ahead: usize) -> Result<Option<&[u8]>, ProfileError> {
        while self.ahead.len() <= ahead {
            let mut line = Vec::new();
            if !self.take(&mut line)? {
                return Ok(None);
            }
            self.ahead.push_back(line);
        }
        Ok(self.ahead.get(ahead).map(Vec::as_slice))
    }

    /// Passes over `lines` lines that [`peek`](Self::peek) showed.
    pub(in crate::profile) fn skip(&mut self, lines: usize) {
        self.number += self.ahead.drain(..lines).len() as u64;
    }

    fn take(&mut self, text: &mut Vec<u8>) -> Result<bool, ProfileError> {
        let read = (&mut self.reader).take(LONGEST as u64 + 1).read_until(b'\n', text);
        let read = read.map_err(|source| match Fault::within(&source) {
            Some(Fault::Nul) => self.unreadable(Fault::Nul.to_string()),
            _ => read_error(&self.path, source),
        })?;
        self.open = read > 0 && text.last() != Some(&b'\n');
        if read > LONGEST {
            let reason = format!(
                "longer than {} MiB, so this is no table: line ends are missing, or it is another kind of file",
                LONGEST >> 20
            );
            return Err(self.unreadable(reason));
        }
        if read > 0 && !self.open {
            text.pop();
        }
        Ok(read > 0)
    }

    /// The line after those that were read cannot be.
    fn unreadable(&self, reason: String) -> ProfileError {
        let line = self.number + self.ahead.len() as u64 + 1;
        ProfileError::Line { path: self.path.clone(), line, reason }
    }
}
