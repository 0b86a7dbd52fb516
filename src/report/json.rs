//! JSON. Only this file and its parts name `serde_json`.
//!
//! The values are those of the data, to the letter. Characters that act on a terminal are written as escapes, which every
//! reader turns back.

mod evaluation;

pub use evaluation::{
    ResultError, read_results, write_classes_json, write_comparison_json, write_retrieval_json,
};

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::Hits;
use crate::annotate::{ATC_LEVELS, AtcCode, AtcNames};
use crate::db::{DrugHit, SignatureHit};
use crate::visible::acts;

/// Writes one object on one line: `query`, and `hits` with the names of the TSV columns. Lists stay lists, and
/// `atc_classes` gives each code's classes with their names, level by level; a name that is not known is null.
///
/// # Errors
/// When `out` refuses.
pub fn write_json(out: &mut dyn Write, query: &str, hits: &Hits, names: &AtcNames) -> io::Result<()> {
    let hits: Vec<Value> = match hits {
        Hits::Drugs(hits) => hits.iter().map(|hit| drug(hit, names)).collect(),
        Hits::Signatures(hits) => hits.iter().map(|hit| signature(hit, names)).collect(),
    };
    write_json_line(out, &json!({ "query": query, "hits": hits }))
}

/// Writes any value on one line.
///
/// # Errors
/// When `out` refuses.
pub fn write_json_line(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    write_escaped(out, &serde_json::to_string(value)?)
}

/// Writes any value over several lines.
fn write_object(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
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

fn drug(hit: &DrugHit, names: &AtcNames) -> Value {
    json!({
        "rank": hit.rank,
        "drug": hit.drug,
        "pert_id": hit.pert_ids,
        "score": hit.score,
        "best_sig_id": hit.best_sig_id,
        "best_similarity": hit.best_similarity,
        "n_signatures": hit.n_signatures,
        "atc": hit.atc,
        "atc_classes": classes(&hit.atc, names),
        "moa": hit.moa,
        "target": hit.targets,
    })
}

fn signature(hit: &SignatureHit, names: &AtcNames) -> Value {
    let (signature, drug) = (&hit.signature, &hit.drug);
    let text = |text: &str| if text.is_empty() { Value::Null } else { Value::from(text) };
    json!({
        "rank": hit.rank,
        "sig_id": signature.sig_id,
        "drug": drug.name,
        "pert_id": text(&signature.pert_id),
        "cell_id": text(&signature.cell_id),
        "pert_dose": text(&signature.pert_dose),
        "pert_time": text(&signature.pert_time),
        "similarity": hit.similarity,
        "atc": drug.atc,
        "atc_classes": classes(&drug.atc, names),
        "moa": drug.moa,
        "target": drug.targets,
    })
}

fn classes(codes: &[String], names: &AtcNames) -> Vec<Value> {
    codes.iter().filter_map(|code| code.parse().ok()).map(|code| levels(&code, names)).collect()
}

fn levels(code: &AtcCode, names: &AtcNames) -> Value {
    let mut object = Map::new();
    object.insert("atc".into(), code.as_str().into());
    for level in 1..=ATC_LEVELS {
        if let Some(class) = code.at_level(level) {
            object.insert(format!("level_{level}"), json!({ "code": class, "name": names.name(class) }));
        }
    }
    object.into()
}

#[cfg(test)]
mod tests {
    use super::{write_json_line, write_object};

    #[test]
    fn what_acts_is_escaped_and_read_back_as_it_was() {
        let name = "a\u{1b}[31m\u{7f}\u{9b}2J\u{202e}\u{2028}β\"\\\n漢";
        let value = serde_json::json!({ name: [name, 1.5], "empty": {} });
        let mut line = Vec::new();
        write_json_line(&mut line, &value).unwrap();
        let mut pretty = Vec::new();
        write_object(&mut pretty, &value).unwrap();
        for text in [&line, &pretty] {
            assert_eq!(serde_json::from_slice::<serde_json::Value>(text).unwrap(), value);
        }
        let line = String::from_utf8(line).unwrap();
        assert!(!line.trim_end().contains(crate::visible::acts) && line.contains("β"), "{line}");
        assert!(line.contains("\\u009b2J\\u202e\\u2028"), "{line}");
    }
}
