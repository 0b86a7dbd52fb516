//! A line to the fields of a record, with the lines that belong to it.

use super::quotes::{self, Closing};
use super::{Delimiter, LONGEST, Records, WIDEST, Width, decode};
use crate::profile::ProfileError;

/// A field that opens with a quote, but is not closed.
struct Misquoted {
    opening: usize,
    closing: Closing,
}

impl Records {
    /// Splits the line in `text` into `fields`, and takes in the lines that quoted fields go on in.
    pub(super) fn split(&mut self) -> Result<(), ProfileError> {
        if !self.text.contains(&b'"') {
            quotes::split_plain(&self.text, self.delimiter, &mut self.fields);
            return Ok(());
        }
        if self.delimiter == Delimiter::Tab {
            return self.split_tabs();
        }
        match self.split_quoted()? {
            Some(misquoted) => Err(self.misquoted(misquoted)),
            None => Ok(()),
        }
    }

    /// Splits at tabs. LINCS tables hold lone quotes that are text (`5' UTR`, `2"-deoxy`, `"half`), spreadsheets and R
    /// put quotes around fields that hold tabs or line ends: what gives as many fields as there should be is right.
    fn split_tabs(&mut self) -> Result<(), ProfileError> {
        let length = self.text.len();
        quotes::split_plain(&self.text, Delimiter::Tab, &mut self.fields);
        let last = self.fields.last().cloned().unwrap_or_default();
        let goes_on = quotes::is_open(&self.text[last], Delimiter::Tab);
        let is_plain = self.fits_exactly() && (!goes_on || self.next_line_is_a_record()?);
        if !is_plain && self.split_quoted()?.is_none() && self.fits() {
            return Ok(());
        }
        self.text.truncate(length);
        self.taken = 0;
        quotes::split_plain(&self.text, Delimiter::Tab, &mut self.fields);
        quotes::unwrap(&mut self.text, &mut self.fields);
        Ok(())
    }

    /// Whether how many fields there should be is known, and just as many were found: those that have names, or as many
    /// as a padded header has.
    fn fits_exactly(&self) -> bool {
        self.width.is_some_and(|Width { fields, room, .. }| {
            let mut unnamed = self.fields.iter().skip(fields).map(|field| &self.text[field.clone()]);
            [fields, room].contains(&self.fields.len()) && unnamed.all(|field| field.trim_ascii().is_empty())
        })
    }

    /// Whether a record begins in the next line, or none does any more: then quotes that were opened are text.
    fn next_line_is_a_record(&mut self) -> Result<bool, ProfileError> {
        let (width, found) = (self.width, self.fields.len());
        let is_padded = width.is_none_or(|Width { room, .. }| found >= room);
        Ok(is_padded && self.lines.peek(0)?.is_none_or(|next| starts_record(next, width)))
    }

    /// Splits as RFC 4180 says: a quoted field may hold separators, doubled quotes and ends of lines. Gives back what
    /// is wrong with the quotes. In files with tabs, quotes within a field only show that it is not a quoted one.
    fn split_quoted(&mut self) -> Result<Option<Misquoted>, ProfileError> {
        self.fields.clear();
        let (mut quoted, mut at) = (Vec::new(), 0);
        loop {
            let before = (self.text.len(), self.taken);
            let opening = quotes::opening(&self.text[at..]).map(|blanks| at + blanks);
            let closing = opening.map(|opening| self.close(opening)).transpose()?;
            let (field, end) = match (opening, closing) {
                (Some(opening), Some(Closing::At { quote, end })) => {
                    quoted.push(self.fields.len());
                    (opening + 1..quote, end)
                }
                (Some(opening), Some(closing)) if self.delimiter != Delimiter::Tab => {
                    return Ok(Some(Misquoted { opening, closing }));
                }
                _ => {
                    self.text.truncate(before.0);
                    self.taken = before.1;
                    let end = quotes::field_end(&self.text, at, self.delimiter);
                    (at..end, end)
                }
            };
            self.fields.push(field);
            if end >= self.text.len() || !self.has_room() {
                break;
            }
            at = end + 1;
        }
        quotes::unescape(&mut self.text, &mut self.fields, &quoted);
        Ok(None)
    }

    /// Where the field closes whose quote stands at `opening`. Lines are added until it does.
    fn close(&mut self, opening: usize) -> Result<Closing, ProfileError> {
        let mut from = opening + 1;
        loop {
            let closing = quotes::closing(&self.text, from, self.delimiter);
            from = self.text.len() + 1;
            if !matches!(closing, Closing::Open) || !self.add_line()? {
                return Ok(closing);
            }
        }
    }

    /// Adds the line after those that the record has. `false` when there is none, or the record would be too long, or a
    /// new record begins there.
    fn add_line(&mut self) -> Result<bool, ProfileError> {
        let (is_tab, width) = (self.delimiter == Delimiter::Tab, self.width);
        let Some(next) = self.lines.peek(self.taken)? else { return Ok(false) };
        if self.text.len() + next.len() > LONGEST || (is_tab && starts_record(next, width)) {
            return Ok(false);
        }
        self.text.push(b'\n');
        self.text.extend_from_slice(next);
        self.taken += 1;
        Ok(true)
    }

    /// Whether more fields may follow the last that was found. In files with tabs, too many tell that quotes are text.
    fn has_room(&self) -> bool {
        let last = self.fields.last().map_or(&[][..], |last| &self.text[last.clone()]);
        let room = self.width.filter(|_| self.delimiter == Delimiter::Tab).map_or(WIDEST, |width| width.room);
        self.fields.len() <= room || (last.trim_ascii().is_empty() && self.fields.len() <= WIDEST)
    }

    fn misquoted(&self, Misquoted { opening, closing }: Misquoted) -> ProfileError {
        let reason = match closing {
            Closing::Broken { quote } => {
                let after = decode(&self.text[quote + 1..]).chars().next().unwrap_or_default();
                format!(
                    "a quoted field is not closed where it ends: a quote in it is followed by `{}`; quotes within a \
                     quoted field have to be doubled",
                    after.escape_debug()
                )
            }
            _ => "a quoted field is not closed: its opening quote has no other at the end of the field; remove it, or \
                     double it and enclose the whole field in quotes"
                .to_owned(),
        };
        let lines = self.text[..opening].iter().filter(|&&byte| byte == b'\n').count() as u64;
        ProfileError::Line { path: self.path().to_owned(), line: self.line + lines, reason }
    }
}

/// Whether a line has as many fields as a record should have, whatever its quotes. Where the header is padded, records
/// are.
fn starts_record(line: &[u8], width: Option<Width>) -> bool {
    let Some(Width { room, .. }) = width else { return false };
    let mut rest = line.split(|&byte| byte == b'\t').skip(room - 1);
    rest.next().is_some() && rest.all(|field| field.trim_ascii().is_empty())
}
