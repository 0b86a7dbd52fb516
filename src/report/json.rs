//! How results become JSON, and JSON values. Only this file names `serde_json`. Which fields a subject has stands in its
//! own `json` file, and what they mean in `json/SCHEMA.md`.
//!
//! The values are those of the data, to the letter. Characters that act on a terminal are written as escapes, which every
//! reader turns back.

use std::io::{self, Write};

use serde::{Deserialize, Serialize};
pub(super) use serde_json::{Map, Value, json};

use crate::visible::acts;

/// Says which fields a result has in JSON, under their own names. One that is forgotten here is an error of the compiler.
macro_rules! objects {
    ($($result:ident { $($field:ident),+ $(,)? })+) => { $(
        impl serde::Serialize for $result {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap;
                let Self { $($field),+ } = self;
                let mut object = serializer.serialize_map(None)?;
                $(object.serialize_entry(stringify!($field), $field)?;)+
                object.end()
            }
        }
    )+ };
}
pub(super) use objects;

/// An object of the first fields of a result, under their own names; the others are written apart. None can be forgotten.
macro_rules! members {
    ($result:ident = $value:expr; $($field:ident),+; $($apart:ident),+) => {{
        let $result { $($field,)+ $($apart: _),+ } = $value;
        serde_json::Value::from_iter([$((stringify!($field), serde_json::json!($field))),+])
    }};
}
pub(super) use members;

/// Writes any value on one line.
pub(super) fn write_json_line(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    write_escaped(out, &serde_json::to_string(value)?)
}

/// Writes any value over several lines.
pub(super) fn write_object(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    write_escaped(out, &serde_json::to_string_pretty(value)?)
}

/// JSON leaves DEL, C1 and changes of direction as they are within its strings; outside there are none.
fn write_escaped(out: &mut dyn Write, json: &str) -> io::Result<()> {
    let mut rest = json;
    while let Some((at, c)) = rest.char_indices().find(|&(_, c)| c > '~' && acts(c)) {
        // All of these are in the plane of four digits.
        write!(out, "{}\\u{:04x}", &rest[..at], u32::from(c))?;
        rest = &rest[at + c.len_utf8()..];
    }
    writeln!(out, "{rest}")
}

/// One object with the members of all.
pub(super) fn joined<const N: usize>(objects: [Value; N]) -> Value {
    let members = objects.into_iter().filter_map(|object| match object {
        Value::Object(members) => Some(members),
        _ => None,
    });
    members.flatten().collect::<Map<_, _>>().into()
}

/// Reads a whole file of JSON, or says where and why it is none, in words for whoever made the file.
pub(super) fn parsed(bytes: &[u8]) -> Result<Value, String> {
    serde_json::from_slice(bytes).map_err(|e| match e.is_eof() {
        true => "it ends too early; write it anew".to_owned(),
        false => format!("from line {} on it is no JSON", e.line()),
    })
}

/// Reads a member of an object, or says what is wrong with it. One that may be absent may be missing.
pub(super) fn member<'a, T: Deserialize<'a>>(object: &'a Value, name: &str) -> Result<T, String> {
    T::deserialize(&object[name]).map_err(|e| match object.get(name) {
        Some(_) => format!("`{name}`: {e}"),
        None => format!("missing field `{name}`"),
    })
}

#[cfg(test)]
mod tests;
