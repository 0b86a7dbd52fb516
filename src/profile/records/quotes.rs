//! Fields of a line, and quotes around them.

use std::borrow::Cow;
use std::ops::Range;

use super::{Delimiter, WIDEST};

/// How a field goes on that a quote opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Closing {
    /// It is closed by the quote at `quote`, and what ends it, a separator or the end of the text, stands at `end`.
    At { quote: usize, end: usize },
    /// The text ends before it does.
    Open,
    /// A quote stands within it that neither closes it nor is doubled.
    Broken { quote: usize },
}

/// Looks for the closing quote, from `from` on. Each byte is looked at once: who adds text to an open field goes on
/// behind what was there.
pub(super) fn closing(text: &[u8], mut from: usize, delimiter: Delimiter) -> Closing {
    while let Some(offset) = text.get(from..).and_then(|rest| rest.iter().position(|&byte| byte == b'"')) {
        let quote = from + offset;
        if text.get(quote + 1) == Some(&b'"') {
            from = quote + 2;
            continue;
        }
        let end = quote + 1 + text[quote + 1..].iter().take_while(|&&byte| byte == b' ').count();
        if text.get(end).is_none_or(|&byte| byte == delimiter.byte()) {
            return Closing::At { quote, end };
        }
        // R's write.table writes \" for a quote, unless it is told otherwise.
        if text[quote - 1] != b'\\' {
            return Closing::Broken { quote };
        }
        from = quote + 1;
    }
    Closing::Open
}

/// How many blanks stand before the quote that opens a field; nothing when none does.
pub(super) fn opening(text: &[u8]) -> Option<usize> {
    let blanks = text.iter().take_while(|&&byte| byte == b' ').count();
    (text.get(blanks) == Some(&b'"')).then_some(blanks)
}

/// Whether a quote opens a field, and none closes it.
pub(super) fn is_open(field: &[u8], delimiter: Delimiter) -> bool {
    opening(field).is_some_and(|opening| closing(field, opening + 1, delimiter) == Closing::Open)
}

/// Where the field ends that begins at `start`, whatever its quotes.
pub(super) fn field_end(text: &[u8], start: usize, delimiter: Delimiter) -> usize {
    let length = text[start..].iter().position(|&byte| byte == delimiter.byte());
    length.map_or(text.len(), |length| start + length)
}

/// The fields of a text without quotes, or whose quotes mean nothing.
pub(super) fn split_plain(text: &[u8], delimiter: Delimiter, fields: &mut Vec<Range<usize>>) {
    fields.clear();
    let (mut start, byte) = (0, delimiter.byte());
    for field in text.split(|&other| other == byte).take(WIDEST + 1) {
        fields.push(start..start + field.len());
        start += field.len() + 1;
    }
}

/// Appends the fields of a line, with the quotes that enclose them. `false` when a field goes on in the next line.
pub(super) fn split_in_line(line: &[u8], delimiter: Delimiter, fields: &mut Vec<Range<usize>>) -> bool {
    let mut at = 0;
    loop {
        let closing = opening(&line[at..]).map(|blanks| closing(line, at + blanks + 1, delimiter));
        let end = match closing {
            Some(Closing::At { end, .. }) => end,
            Some(Closing::Open) if delimiter != Delimiter::Tab => return false,
            _ => field_end(line, at, delimiter),
        };
        fields.push(at..end);
        if end >= line.len() || fields.len() > WIDEST {
            return true;
        }
        at = end + 1;
    }
}

/// Takes off quotes that enclose a whole field. Any other quote belongs to the text.
pub(super) fn unwrap(text: &mut Vec<u8>, fields: &mut [Range<usize>]) {
    let mut quoted = Vec::new();
    for (i, field) in fields.iter_mut().enumerate() {
        if let Some(inner) = enclosed(&text[field.clone()]) {
            *field = field.start + inner.start..field.start + inner.end;
            quoted.push(i);
        }
    }
    unescape(text, fields, &quoted);
}

/// What stands between quotes that enclose all of a text.
fn enclosed(field: &[u8]) -> Option<Range<usize>> {
    let opening = opening(field)?;
    match closing(field, opening + 1, Delimiter::Tab) {
        Closing::At { quote, end } if end == field.len() => Some(opening + 1..quote),
        _ => None,
    }
}

/// The text without quotes that enclose all of it.
pub(in crate::profile) fn unquoted(text: &[u8]) -> Cow<'_, [u8]> {
    match enclosed(text) {
        None => text.into(),
        Some(inner) if text[inner.clone()].contains(&b'"') => single(&text[inner]).collect(),
        Some(inner) => text[inner].into(),
    }
}

/// Turns the doubled quotes of the fields `quoted` into single ones. Such fields move to the end of the text.
pub(super) fn unescape(text: &mut Vec<u8>, fields: &mut [Range<usize>], quoted: &[usize]) {
    for &i in quoted {
        let field = &text[fields[i].clone()];
        if field.contains(&b'"') {
            let bare: Vec<u8> = single(field).collect();
            fields[i] = text.len()..text.len() + bare.len();
            text.extend(bare);
        }
    }
}

/// The bytes of a quoted field, with one quote for two and for a backslash and a quote.
fn single(field: &[u8]) -> impl Iterator<Item = u8> {
    let mut bytes = field.iter().copied().peekable();
    std::iter::from_fn(move || match bytes.next()? {
        b'"' | b'\\' if bytes.peek() == Some(&b'"') => bytes.next(),
        byte => Some(byte),
    })
}
