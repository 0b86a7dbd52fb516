//! Which file takes what from which: no two take from each other, by whatever way round, and rooms only from the rooms that
//! `ARCHITECTURE.md` lists beside them.
//!
//! Imports are read from the text: `use`, and paths that begin with `crate::` or `super::`. A name that a module hands on counts for the
//! file that defines it, and what a module takes from those beneath it does not count.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::house::{root, sources};

/// The names of modules from the root of the crate on.
type Module = Vec<String>;

struct File {
    /// What it imports for itself, as written.
    imports: Vec<Vec<String>>,
    /// What it hands on: under which name, and what.
    handed_on: BTreeMap<String, Vec<String>>,
}

/// The files of a crate by module.
struct Files(BTreeMap<Module, File>);

impl Files {
    fn read(folder: &Path) -> Self {
        let is_test = |path: &Path| {
            path.components()
                .any(|part| ["tests", "tests.rs", "fixture.rs"].iter().any(|name| part.as_os_str() == *name))
        };
        let paths = sources(folder).into_iter().filter(|path| !is_test(path.strip_prefix(folder).unwrap()));
        Self(paths.map(|path| (module(path.strip_prefix(folder).unwrap()), File::read(&path))).collect())
    }

    /// The module that defines what `path`, as written in `from`, leads to; none outside the crate.
    fn defined_in(&self, from: &Module, path: &[String]) -> Option<Module> {
        let mut here = match path.first()?.as_str() {
            "crate" | "super" | "self" => from.clone(),
            first if self.0.contains_key(&[from.as_slice(), &[first.to_owned()]].concat()) => from.clone(),
            _ => return None,
        };
        for (at, name) in path.iter().enumerate() {
            match name.as_str() {
                "crate" => here.clear(),
                "super" => {
                    here.pop();
                }
                "self" => (),
                name => {
                    let inner = [here.as_slice(), &[name.to_owned()]].concat();
                    if self.0.contains_key(&inner) {
                        here = inner;
                    } else if let Some(origin) = self.0.get(&here).and_then(|file| file.handed_on.get(name)) {
                        let whole = [origin.as_slice(), &path[at + 1..]].concat();
                        return self.defined_in(&here, &whole);
                    } else {
                        break;
                    }
                }
            }
        }
        self.0.contains_key(&here).then_some(here)
    }

    /// For each module those that it needs.
    fn needs(&self) -> BTreeMap<&Module, BTreeSet<Module>> {
        let of = |(module, file): (&'_ Module, &File)| {
            let needed = file.imports.iter().filter_map(|path| self.defined_in(module, path));
            needed.filter(|needed| !needed.starts_with(module)).collect::<BTreeSet<_>>()
        };
        self.0.iter().map(|(module, file)| (module, of((module, file)))).collect()
    }
}

impl File {
    fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap();
        let (mut imports, mut handed_on, mut rest) = (Vec::new(), BTreeMap::new(), String::new());
        let mut lines = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().lines();
        while let Some(line) = lines.next() {
            let code = line.split("//").next().unwrap_or_default().trim();
            let Some((before, first)) = code.split_once("use ").filter(|parts| is_import(*parts)) else {
                rest += code;
                rest.push('\n');
                continue;
            };
            let mut tree = first.to_owned();
            while !tree.contains(';') {
                tree += lines.next().unwrap_or(";");
            }
            for path in expanded(tree.trim_end_matches(';')) {
                if before.is_empty() {
                    imports.push(path);
                } else {
                    handed_on.insert(path.last().cloned().unwrap_or_default(), path);
                }
            }
        }
        imports.extend(inline_paths(&rest));
        Self { imports, handed_on }
    }
}

/// Whether `use` stands between a visibility, or nothing, and a path; messages hold the word too.
fn is_import((before, first): (&str, &str)) -> bool {
    let is_path = |word: &str| word.contains("::") || word.ends_with(';');
    ["", "pub ", "pub(crate) ", "pub(super) "].contains(&before)
        && first.split(' ').next().is_some_and(is_path)
}

/// The module that a file holds.
fn module(relative: &Path) -> Module {
    let names = relative.with_extension("");
    let mut names: Vec<String> = names.iter().map(|name| name.to_string_lossy().into_owned()).collect();
    if names.last().is_some_and(|name| ["mod", "lib", "main"].contains(&name.as_str())) {
        names.pop();
    }
    names
}

/// Every path of `a::{b, c::{d, self}}`.
pub fn expanded(tree: &str) -> Vec<Vec<String>> {
    let Some((before, group)) = tree.split_once('{') else {
        let plain = tree.split(" as ").next().unwrap_or_default();
        return vec![plain.split("::").map(|name| name.trim().to_owned()).collect()];
    };
    let group = group.rsplit_once('}').map_or(group, |(group, _)| group);
    let (mut parts, mut depth) = (vec![String::new()], 0_usize);
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => (),
        }
        if c == ',' && depth == 0 { parts.push(String::new()) } else { parts.last_mut().unwrap().push(c) }
    }
    let of_part = |part: String| expanded(&format!("{}{}", before.trim(), part.trim()));
    parts.into_iter().filter(|part| !part.trim().is_empty()).flat_map(of_part).collect()
}

/// Paths within code that begin with `crate::` or `super::`.
fn inline_paths(code: &str) -> Vec<Vec<String>> {
    let words = code.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
    let paths = words.filter(|word| word.starts_with("crate::") || word.starts_with("super::"));
    paths.map(|path| path.trim_end_matches(':').split("::").map(str::to_owned).collect()).collect()
}

/// Files that can be reached from one another.
fn circles(folder: &str) -> BTreeSet<BTreeSet<String>> {
    let files = Files::read(&root().join(folder));
    let needs = files.needs();
    let reached = |from: &Module| {
        let (mut reached, mut open) = (BTreeSet::new(), vec![from.clone()]);
        while let Some(module) = open.pop() {
            for next in needs.get(&module).into_iter().flatten() {
                if reached.insert(next.clone()) {
                    open.push(next.clone());
                }
            }
        }
        reached
    };
    let reached: BTreeMap<&Module, BTreeSet<Module>> =
        needs.keys().map(|module| (*module, reached(module))).collect();
    let circle = |module: &Module| {
        let others = reached[module]
            .iter()
            .filter(|other| reached.get(other).is_some_and(|back| back.contains(module)));
        others.map(|other| other.join("::")).collect::<BTreeSet<_>>()
    };
    reached.keys().map(|module| circle(module)).filter(|circle| !circle.is_empty()).collect()
}

#[test]
fn no_two_files_import_each_other() {
    for folder in ["src", "index/src", "models/src"] {
        assert_eq!(circles(folder), BTreeSet::new(), "in {folder}");
    }
}

#[test]
fn imports_are_read_as_the_compiler_reads_them() {
    let paths = |tree: &str| expanded(tree).into_iter().map(|path| path.join("::")).collect::<Vec<_>>();
    assert_eq!(paths("super::a::B"), ["super::a::B"]);
    assert_eq!(paths("crate::{a::{self, B as C}, d}"), ["crate::a::self", "crate::a::B", "crate::d"]);
    assert_eq!(inline_paths("f(super::a::b(1), x.crate_of(), crate::C::D)").len(), 2);
    let files = Files::read(&root().join("src"));
    let module = |path: &str| path.split("::").map(str::to_owned).collect::<Module>();
    let needs = files.needs();
    // A file beside it, one of another room, and one whose name is handed on.
    for needed in ["db::query::ranked", "db::error", "db::segment::records"] {
        assert!(needs[&module("db::query::hits")].contains(&module(needed)), "{needed}");
    }
}

/// The rooms of the library that others use, and which: by the table in `ARCHITECTURE.md`.
fn rooms_of_the_table() -> BTreeMap<String, BTreeSet<String>> {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let room = |line: &str| {
        let mut columns = line.split('|').skip(1);
        let name = columns.next()?.trim().strip_prefix("`src/")?.strip_suffix("/`")?.to_owned();
        let uses = columns.next()?.split('`').skip(1).step_by(2).map(str::to_owned);
        Some((name, uses.collect()))
    };
    text.lines().filter_map(room).collect()
}

#[test]
fn rooms_use_the_rooms_that_the_table_says() {
    let files = Files::read(&root().join("src"));
    let mut rooms: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (module, needs) in files.needs() {
        let Some(room) = module.first() else { continue };
        let others = needs.iter().filter_map(|needed| needed.first()).filter(|other| *other != room);
        rooms.entry(room.clone()).or_default().extend(others.cloned());
    }
    let mut expected = rooms_of_the_table();
    // The program sees the library from outside, and what is a file and no room is the ground that all stand on.
    let is_room = |name: &String| name != "cli" && root().join("src").join(name).is_dir();
    rooms.retain(|room, _| is_room(room));
    rooms.values_mut().for_each(|uses| uses.retain(is_room));
    expected.remove("cli");
    assert_eq!(rooms, expected);
}
