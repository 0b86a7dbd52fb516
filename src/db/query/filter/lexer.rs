//! The text of a filter as words, quoted values, operators and brackets.

use std::ops::Range;

use super::error::FilterFault;

/// An operator that is written with signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    BeginsWith,
    Contains,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

/// The signs of the operators; of two that begin alike, the longer comes first.
const OPERATORS: [(&str, Operator); 8] = [
    ("!=", Operator::NotEqual),
    ("^=", Operator::BeginsWith),
    ("<=", Operator::AtMost),
    (">=", Operator::AtLeast),
    ("=", Operator::Equal),
    ("~", Operator::Contains),
    ("<", Operator::Less),
    (">", Operator::Greater),
];

/// What a piece of text is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    /// What is neither blank nor any of the others: a key, a word of a value, `and`.
    Word(&'a str),
    /// What stands between double quotes.
    Quoted(String),
    Operator(Operator),
    Open,
    Close,
    Comma,
}

/// A piece of text, and its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub kind: Kind<'a>,
    pub bytes: Range<usize>,
}

impl Token<'_> {
    /// Returns whether it is a word, in any letter case.
    pub fn is(&self, word: &str) -> bool {
        matches!(self.kind, Kind::Word(found) if found.eq_ignore_ascii_case(word))
    }

    /// Returns whether it is a word that stands between clauses, which ends a value.
    pub fn is_keyword(&self) -> bool {
        KEYWORDS.iter().any(|keyword| self.is(keyword))
    }
}

/// Words that end a value.
const KEYWORDS: [&str; 3] = ["and", "or", "not"];

/// Takes a text apart: its pieces, and where it cannot be read on, if so.
pub(super) fn tokens(text: &str) -> (Vec<Token<'_>>, Option<(usize, FilterFault)>) {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(|c: char| !c.is_whitespace()).map(|blanks| at + blanks) {
        let Some((kind, length)) = token(&text[start..]) else {
            return (tokens, Some((start, FilterFault::Unclosed)));
        };
        at = start + length;
        tokens.push(Token { kind, bytes: start..at });
    }
    (tokens, None)
}

/// Reads the piece that a text begins with; `None` where its quote is not closed.
fn token(text: &str) -> Option<(Kind<'_>, usize)> {
    if let Some(inner) = text.strip_prefix('"') {
        return quoted(inner).map(|(content, length)| (Kind::Quoted(content), 1 + length));
    }
    if let Some((signs, operator)) = operator(text) {
        return Some((Kind::Operator(operator), signs.len()));
    }
    let kind = match text.as_bytes().first() {
        Some(b'(') => Kind::Open,
        Some(b')') => Kind::Close,
        Some(b',') => Kind::Comma,
        _ => return Some((Kind::Word(word(text)), word(text).len())),
    };
    Some((kind, 1))
}

fn operator(text: &str) -> Option<(&'static str, Operator)> {
    OPERATORS.into_iter().find(|(signs, _)| text.starts_with(signs))
}

/// The word that a text begins with.
fn word(text: &str) -> &str {
    let ends = |&(at, c): &(usize, char)| {
        c.is_whitespace()
            || "(),\"".contains(c)
            || (c.is_ascii_punctuation() && operator(&text[at..]).is_some())
    };
    let end = text.char_indices().find(ends).map_or(text.len(), |(at, _)| at);
    &text[..end]
}

/// What stands before a closing quote, and the bytes up to behind it.
fn quoted(inner: &str) -> Option<(String, usize)> {
    let mut content = String::new();
    let mut rest = inner;
    loop {
        let (before, after) = rest.split_once('"')?;
        content += before;
        let Some(more) = after.strip_prefix('"') else { return Some((content, inner.len() - after.len())) };
        content.push('"');
        rest = more;
    }
}
