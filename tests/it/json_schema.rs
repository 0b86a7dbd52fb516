//! `src/report/json/SCHEMA.md` names every field of the program's JSON, with its place, and no other.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use l1kdb::db::{BuildOptions, Graph, build_sources};
use l1kdb::embed::Model;
use l1kdb::progress::Quiet;
use serde_json::Value;

use crate::house::root;
use crate::program::{l1kdb, out, text};
use crate::world::{inputs, world};

/// The names on the way to a field; `[]` behind one says that it is in every member of a list.
type Field = Vec<String>;

/// The fields that a section of the document names.
fn documented(section: &str) -> BTreeSet<Field> {
    let document = fs::read_to_string(root().join("src/report/json/SCHEMA.md")).unwrap();
    let (_, section) = document.split_once(&format!("\n## `{section}`\n")).unwrap();
    let mut places = vec![String::new()];
    let mut fields = BTreeSet::new();
    for line in section.lines().take_while(|line| !line.starts_with("## ")) {
        let column = line.strip_prefix("| ").and_then(|row| row.split('|').next());
        let code = column.unwrap_or(line).split('`').skip(1).step_by(2);
        if line.starts_with("### ") {
            places.extend(code.map(|place| format!("{place}.")));
        } else if column.is_some() {
            let named = code.flat_map(expanded);
            fields.extend(named.flat_map(|name| places.iter().map(move |place| format!("{place}{name}"))));
        }
    }
    fields.iter().map(|field: &String| field.split('.').map(str::to_owned).collect()).collect()
}

/// Every name of `a.{b, c}.{d, e}`.
fn expanded(text: &str) -> Vec<String> {
    let Some((before, (names, after))) =
        text.split_once('{').map(|(before, rest)| (before, rest.split_once('}').unwrap()))
    else {
        return vec![text.to_owned()];
    };
    names.split(", ").flat_map(|name| expanded(&format!("{before}{name}{after}"))).collect()
}

/// The fields that a value has.
fn collect(value: &Value, at: &[String], fields: &mut BTreeSet<Field>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let field = [at, std::slice::from_ref(name)].concat();
                collect(value, &field, fields);
                fields.insert(field);
            }
        }
        Value::Array(members) => {
            let mut at = at.to_vec();
            at.last_mut().unwrap().push_str("[]");
            members.iter().for_each(|member| collect(member, &at, fields));
        }
        _ => (),
    }
}

/// Whether a name of the document leads to the field, or through it.
fn leads_through(named: &Field, field: &Field) -> bool {
    let (last, before) = field.split_last().unwrap();
    let is = |named: &str, name: &str| named == name || named.starts_with('<');
    named.len() >= field.len()
        && before.iter().zip(named).all(|(name, named)| is(named, name))
        && is(named[before.len()].trim_end_matches("[]"), last)
}

fn holds(section: &str, outputs: &[&Value]) {
    let named = documented(section);
    let mut written = BTreeSet::new();
    outputs.iter().for_each(|output| collect(output, &[], &mut written));
    let unnamed: Vec<&Field> =
        written.iter().filter(|field| !named.iter().any(|named| leads_through(named, field))).collect();
    assert!(unnamed.is_empty(), "{section} does not name {unnamed:?}");
    let is_written =
        |named: &Field| written.iter().any(|field| field.len() == named.len() && leads_through(named, field));
    let unwritten: Vec<&Field> = named.iter().filter(|named| !is_written(named)).collect();
    assert!(unwritten.is_empty(), "{section} names {unwritten:?}, which no output has");
}

/// What the program writes.
fn json(home: &Path, line: &str) -> Value {
    let args: Vec<&str> = line.split(' ').chain(["--format", "json"]).collect();
    serde_json::from_str(&out(&l1kdb(home, &args))).unwrap()
}

#[test]
fn hits_and_info_have_the_fields_that_the_document_names() {
    let home = tempfile::tempdir().unwrap();
    let named = [("sim".to_owned(), inputs(&world().files))];
    let options = BuildOptions::default().graph(Graph::Always);
    build_sources(home.path().join("db"), &named, &options, &Model::identity(), &Quiet).unwrap();
    assert!(l1kdb(home.path(), &["calibrate", "db"]).status.success());
    holds("l1kdb info", &[&json(home.path(), "info db")]);
    let id = &world().profiles.ids()[4];
    holds(
        "l1kdb query --by class",
        &[&json(home.path(), &format!("query db --sig {id} --by class --top 500"))],
    );
    let hit = &world().profiles.ids()[9];
    holds("l1kdb explain", &[&json(home.path(), &format!("explain db --sig {id} --hit {hit}"))]);
    let query = format!("query db --profiles {} --id {id} --top 100", text(&world().files.profiles));
    holds("l1kdb query --by drug", &[&json(home.path(), &format!("{query} --by drug --doubts"))]);
    holds("l1kdb query --by signature", &[&json(home.path(), &format!("{query} --by signature"))]);
}

#[test]
fn evaluations_have_the_fields_that_the_document_names() {
    let home = tempfile::tempdir().unwrap();
    let json = |line: &str| json(home.path(), line);
    let db = text(&world().db);
    let retrieval = json(&format!("eval retrieval --db {db} --split-by drug --folds 3 --bootstrap 40"));
    holds("l1kdb-eval-retrieval/1", &[&retrieval]);
    fs::write(home.path().join("a.json"), retrieval.to_string()).unwrap();
    holds("l1kdb-eval-compare/1", &[&json("eval compare a.json a.json --bootstrap 40")]);
    let classes = format!("eval classes --db {db} --label atc1 --bootstrap 40 --permutations 5");
    let classes = [
        "--k 3 --folds 2 --repeats 2 --repurposing",
        "--classifier svm --folds 2 --top 3",
        "--classifier svm --folds 2 --top 3 --multi-label",
        "--multi-label --k 3",
        "--classifier cluster",
    ]
    .map(|options| json(&format!("{classes} {options}")));
    holds("l1kdb-eval-classes/1", &classes.iter().collect::<Vec<_>>());
}
