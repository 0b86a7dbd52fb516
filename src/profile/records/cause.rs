//! Why a record has too many fields or too few.

use super::quotes::{self, split_in_line};
use super::{Delimiter, Records};
use crate::profile::decimal::is_number;

impl Records {
    /// The usual cause, found by looking once more at the record, and what to do; it should have `expected` fields.
    pub(super) fn cause(&self, expected: usize) -> String {
        if self.taken > 0 {
            let last = self.line + self.taken as u64;
            return format!(
                "a quoted field opens in it that closes only in line {last}: is a quote missing?"
            );
        }
        match self.fields.len() < expected {
            true => self.cause_of_few(expected),
            false => self.cause_of_many(expected),
        }
    }

    fn cause_of_few(&self, expected: usize) -> String {
        if self.lines.ends_open() {
            return "the file ends within this line: it is cut off; download or copy it again".to_owned();
        }
        let others = [Delimiter::Tab, Delimiter::Comma, Delimiter::Semicolon];
        let other = others.into_iter().filter(|&other| other != self.delimiter).find(|&other| {
            let mut fields = Vec::new();
            split_in_line(&self.text, other, &mut fields);
            fields.len() == expected
        });
        if let Some(other) = other {
            let (here, there) = (other.name(), self.delimiter.name());
            return format!("{here} separate its fields, {there} those of the lines before; write {there}");
        }
        let words = self.text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).count();
        match words == expected && self.fields.len() == 1 {
            true => format!("blanks separate its fields; write {}", self.delimiter.name()),
            false => "fields are missing, or one holds a line end and no quotes around it".to_owned(),
        }
    }

    fn cause_of_many(&self, expected: usize) -> String {
        let is_open = |field| quotes::is_open(field, self.delimiter);
        let values = self.fields.iter().skip(1).map(|field| self.text[field.clone()].trim_ascii());
        let halves = self.fields.len() == 2 * expected - 1
            && values.clone().all(|value| is_number(value, self.delimiter));
        match self.delimiter {
            Delimiter::Comma if halves && expected > 1 => {
                "are commas decimal signs here? Then separate fields by semicolons or tabs".to_owned()
            }
            Delimiter::Tab if self.fields.iter().any(|field| is_open(&self.text[field.clone()])) => {
                "a quote opens a field in it, and none closes it: a quoted field holds a tab or a line end"
                    .to_owned()
            }
            _ if self.fields.len() == expected + 1 => {
                let name = self.delimiter.name();
                format!(
                    "does a field hold one of the {name}? Then put it in quotes. Or does the header lack a name?"
                )
            }
            delimiter => format!("does a field hold {}? Then put it in quotes", delimiter.name()),
        }
    }
}
