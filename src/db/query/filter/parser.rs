//! The pieces of a text as a filter.
//!
//! ```text
//! any    = all { "or" all }
//! all    = factor { "and" factor }
//! factor = "not" factor | "(" any ")" | clause
//! clause = key operator value | key [ "not" ] "in" "(" value { "," value } ")"
//! value  = quoted | word { word }
//! ```

use std::str::FromStr;

use super::ast::{Comparison, Filter, N_SIGNATURES, Test};
use super::error::{FilterError, FilterFault, SHOWN};
use super::lexer::{Kind, Operator, Token, tokens};
use super::number::{Column, Number};
use crate::visible::cut;

/// The most brackets and negations within each other.
const MAX_DEPTH: usize = 100;

const A_VALUE: &str =
    "a value, between double quotes if it begins with a bracket, an operator, `and`, `or` or `not`";
const A_KEY: &str = "a key, as in cell_id = MCF7";
const AN_END: &str =
    "`and`, `or` or the end; a value with brackets, quotes or operators is written between double quotes";

/// A fault, and the byte it is at.
type Fault = (usize, FilterFault);

impl Filter {
    /// Reads a filter from a text.
    ///
    /// # Errors
    /// A text that is none, with the column of what is wrong.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        read(text).map_err(|(at, fault)| FilterError::new(text, at, fault))
    }
}

impl FromStr for Filter {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, FilterError> {
        Self::parse(text)
    }
}

fn read(text: &str) -> Result<Filter, Fault> {
    let (tokens, unclosed) = tokens(text);
    let mut parser = Parser { text, tokens: &tokens, at: 0, depth: 0 };
    let read = parser.any().and_then(|filter| parser.end().map(|()| filter));
    // What is wrong before an open quote is told first; behind it, nothing could be read.
    match (read, unclosed) {
        (Err(fault), Some(unclosed)) if fault.0 < unclosed.0 => Err(fault),
        (_, Some(unclosed)) => Err(unclosed),
        (read, None) => read,
    }
}

struct Parser<'a> {
    text: &'a str,
    tokens: &'a [Token<'a>],
    at: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn any(&mut self) -> Result<Filter, Fault> {
        let mut filter = self.all()?;
        while self.take_word("or") {
            filter = filter.or(self.all()?);
        }
        Ok(filter)
    }

    fn all(&mut self) -> Result<Filter, Fault> {
        let mut filter = self.factor()?;
        while self.take_word("and") {
            filter = filter.and(self.factor()?);
        }
        Ok(filter)
    }

    fn factor(&mut self) -> Result<Filter, Fault> {
        let start = self.place();
        if self.take_word("not") {
            return Ok(!self.deeper(start, Self::factor)?);
        }
        if !self.take(&Kind::Open) {
            return self.clause();
        }
        let inner = self.deeper(start, Self::any)?;
        if self.peek().is_none() {
            return Err((start, FilterFault::OpenBracket));
        }
        if self.take(&Kind::Close) { Ok(inner) } else { Err(self.astray()) }
    }

    /// Reads what stands within a bracket or behind a negation.
    fn deeper(
        &mut self,
        start: usize,
        read: impl FnOnce(&mut Self) -> Result<Filter, Fault>,
    ) -> Result<Filter, Fault> {
        if self.depth == MAX_DEPTH {
            return Err((start, FilterFault::TooDeep { max: MAX_DEPTH }));
        }
        self.depth += 1;
        let filter = read(self)?;
        self.depth -= 1;
        Ok(filter)
    }

    fn clause(&mut self) -> Result<Filter, Fault> {
        let key = self.key()?;
        if self.take_word("in") {
            return self.list(&key);
        }
        if self.peek_word("not") && self.tokens.get(self.at + 1).is_some_and(|next| next.is("in")) {
            self.at += 2;
            return Ok(!self.list(&key)?);
        }
        let Some(Token { kind: Kind::Operator(operator), bytes }) = self.peek() else {
            return Err((self.place(), FilterFault::NoOperator { key, found: self.found() }));
        };
        let (operator, start) = (*operator, bytes.start);
        self.at += 1;
        let comparison = match operator {
            Operator::Equal => return self.equal(&key),
            Operator::NotEqual => return Ok(!self.equal(&key)?),
            Operator::BeginsWith => return Ok(Filter::begins_with(key, self.value()?)),
            Operator::Contains => return Ok(Filter::contains(key, self.value()?)),
            Operator::Less => Comparison::Less,
            Operator::AtMost => Comparison::AtMost,
            Operator::Greater => Comparison::Greater,
            Operator::AtLeast => Comparison::AtLeast,
        };
        if Column::of(&key) == Column::Text {
            return Err((start, FilterFault::NotComparable { key }));
        }
        let number = self.number(&key)?;
        Ok(Filter::of(key, Test::Compare(comparison, number)))
    }

    fn key(&mut self) -> Result<String, Fault> {
        let key = match self.peek() {
            Some(Token { kind: Kind::Word(word), .. }) if !self.at_keyword() => (*word).to_owned(),
            Some(Token { kind: Kind::Quoted(key), .. }) => key.clone(),
            _ => return Err(self.expected(A_KEY)),
        };
        self.at += 1;
        Ok(key)
    }

    fn equal(&mut self, key: &str) -> Result<Filter, Fault> {
        Ok(Filter::any_of(key, [self.value_of(key)?]))
    }

    /// Reads values in brackets.
    fn list(&mut self, key: &str) -> Result<Filter, Fault> {
        let start = self.place();
        if !self.take(&Kind::Open) {
            return Err(self.expected("an opening bracket, as in KEY in (V1, V2)"));
        }
        let mut values = vec![self.value_of(key)?];
        while self.take(&Kind::Comma) {
            values.push(self.value_of(key)?);
        }
        if self.take(&Kind::Close) {
            return Ok(Filter::any_of(key, values));
        }
        if self.peek().is_none() {
            return Err((start, FilterFault::OpenBracket));
        }
        Err(self
            .expected("a comma or a closing bracket; a value with brackets is written between double quotes"))
    }

    /// Reads a value that a key can have.
    fn value_of(&mut self, key: &str) -> Result<String, Fault> {
        if key != N_SIGNATURES {
            return self.value();
        }
        Ok(self.number(key)?.to_string())
    }

    fn number(&mut self, key: &str) -> Result<Number, Fault> {
        let (start, found, column) = (self.place(), self.value()?, Column::of(key));
        let number = Number::parse(&found).filter(|number| number.measured(column).is_some());
        number.ok_or_else(|| {
            let (key, expected) = (key.to_owned(), column.expects());
            (start, FilterFault::NotANumber { key, expected, found })
        })
    }

    /// Reads one value: what stands between quotes, or all words up to something else.
    fn value(&mut self) -> Result<String, Fault> {
        if let Some(Token { kind: Kind::Quoted(value), .. }) = self.peek() {
            self.at += 1;
            return Ok(value.clone());
        }
        let mut words = Vec::new();
        while let Some(Token { kind: Kind::Word(word), .. }) = self.peek().filter(|token| !token.is_keyword())
        {
            words.push(*word);
            self.at += 1;
        }
        match (self.peek().map(|token| &token.kind), words.as_slice()) {
            (_, []) => Err(self.expected(A_VALUE)),
            (Some(Kind::Operator(_)), [_, .., key]) => {
                let start = self.tokens[self.at - 1].bytes.start;
                Err((start, FilterFault::NotJoined { key: (*key).to_owned() }))
            }
            _ => Ok(words.join(" ")),
        }
    }

    fn end(&self) -> Result<(), Fault> {
        if self.peek().is_none() { Ok(()) } else { Err(self.astray()) }
    }

    /// What is wrong with a piece where a clause has ended.
    fn astray(&self) -> Fault {
        match self.peek().map(|token| &token.kind) {
            Some(Kind::Comma) => (self.place(), FilterFault::Comma),
            _ => self.expected(AN_END),
        }
    }

    fn expected(&self, expected: &'static str) -> Fault {
        (self.place(), FilterFault::Expected { expected, found: self.found() })
    }

    /// The piece that comes next, as typed.
    fn found(&self) -> String {
        let piece = |token: &Token<'_>| format!("`{}`", cut(&self.text[token.bytes.clone()], SHOWN));
        self.peek().map_or_else(|| "the end".to_owned(), piece)
    }

    fn peek(&self) -> Option<&'a Token<'a>> {
        self.tokens.get(self.at)
    }

    fn peek_word(&self, word: &str) -> bool {
        self.peek().is_some_and(|token| token.is(word))
    }

    fn at_keyword(&self) -> bool {
        self.peek().is_some_and(Token::is_keyword)
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = self.peek_word(word);
        self.at += usize::from(found);
        found
    }

    fn take(&mut self, kind: &Kind<'_>) -> bool {
        let found = self.peek().is_some_and(|token| token.kind == *kind);
        self.at += usize::from(found);
        found
    }

    /// Where the next piece begins; the end of the text behind the last.
    fn place(&self) -> usize {
        self.peek().map_or(self.text.trim_end().len(), |token| token.bytes.start)
    }
}
