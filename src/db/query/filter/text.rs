//! A filter as text, in one spelling, which is read as the same filter.

use std::fmt::{self, Display, Formatter, Write};

use super::ast::{Clause, Comparison, Filter, Node, Test};
use super::lexer::{Kind, tokens};

impl Display for Filter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Display for Node {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Clause(clause) => clause.fmt(f),
            Self::All(parts) => joined(f, parts, " and "),
            Self::Any(parts) => joined(f, parts, " or "),
            Self::Not(inner) => match &**inner {
                Self::Clause(Clause { key, test: Test::AnyOf(values) }) => {
                    any_of(f, key, values, ["!=", "not in"])
                }
                Self::Clause(clause) => write!(f, "not {clause}"),
                other => write!(f, "not ({other})"),
            },
        }
    }
}

/// Writes parts with brackets around those of several parts: `and` binds closer than `or`, and needs none in it.
fn joined(f: &mut Formatter<'_>, parts: &[Node], with: &str) -> fmt::Result {
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            f.write_str(with)?;
        }
        match part {
            Node::Any(_) => write!(f, "({part})")?,
            part => part.fmt(f)?,
        }
    }
    Ok(())
}

impl Display for Clause {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let key = Quoted { text: &self.key, words: 1 };
        match &self.test {
            Test::AnyOf(values) => any_of(f, &self.key, values, ["=", "in"]),
            Test::BeginsWith(start) => write!(f, "{key} ^= {}", value(start)),
            Test::Contains(part) => write!(f, "{key} ~ {}", value(part)),
            Test::Compare(comparison, number) => {
                write!(f, "{key} {comparison} {}", value(&number.to_string()))
            }
        }
    }
}

/// Writes a key and its values, with the operator for one or for several.
fn any_of(f: &mut Formatter<'_>, key: &str, values: &[String], [one, several]: [&str; 2]) -> fmt::Result {
    let key = Quoted { text: key, words: 1 };
    if let [only] = values {
        return write!(f, "{key} {one} {}", value(only));
    }
    let values: Vec<String> = values.iter().map(|text| value(text).to_string()).collect();
    write!(f, "{key} {several} ({})", values.join(", "))
}

impl Display for Comparison {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
        })
    }
}

/// A text between double quotes, unless it is read as itself without them.
struct Quoted<'a> {
    text: &'a str,
    /// The most words that it may be.
    words: usize,
}

fn value(text: &str) -> Quoted<'_> {
    Quoted { text, words: usize::MAX }
}

impl Quoted<'_> {
    fn is_plain(&self) -> bool {
        let (tokens, unclosed) = tokens(self.text);
        let words = tokens.iter().map(|token| match token.kind {
            Kind::Word(word) if !token.is_keyword() => Some(word),
            _ => None,
        });
        let words: Option<Vec<&str>> = words.collect();
        let fits = |words: Vec<&str>| (1..=self.words).contains(&words.len()) && words.join(" ") == self.text;
        unclosed.is_none() && words.is_some_and(fits)
    }
}

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.is_plain() {
            return f.write_str(self.text);
        }
        f.write_char('"')?;
        f.write_str(&self.text.replace('"', "\"\""))?;
        f.write_char('"')
    }
}
