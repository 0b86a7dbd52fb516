//! The names that the library shows are those of `tests/data/public-names.txt`, so that none appears or goes unnoticed.
//!
//! They are read from the text: what `lib.rs` and every public module define or hand on as `pub`, but for what is
//! `#[doc(hidden)]` or there for tests. After a change that is meant, write the list anew and look at the difference:
//!
//! ```text
//! L1KDB_WRITE_NAMES=1 cargo test --test it public_names
//! git diff tests/data/public-names.txt
//! ```

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::house::root;
use crate::imports::expanded;

const LIST: &str = "tests/data/public-names.txt";

/// What is read of a module.
#[derive(Debug, Default, PartialEq)]
struct Face {
    /// Names that are defined here or handed on.
    names: Vec<String>,
    /// Public modules in files of their own.
    modules: Vec<String>,
}

/// An item at the top of a module: attributes, then code.
struct Item<'a> {
    attributes: Vec<&'a str>,
    code: &'a str,
}

impl<'a> Item<'a> {
    fn read(text: &'a str) -> Self {
        let (mut attributes, mut code) = (Vec::new(), text.trim());
        while let Some(end) = code.starts_with('#').then(|| end_of_brackets(code)).flatten() {
            attributes.push(&code[..end]);
            code = code[end..].trim_start();
        }
        Self { attributes, code }
    }

    fn is_shown(&self) -> bool {
        let hides = |attribute: &&str| {
            let plain = attribute.replace(char::is_whitespace, "");
            ["#[doc(hidden)]", "#[cfg(test)]", "#[cfg(doctest)]"].contains(&plain.as_str())
        };
        !self.attributes.iter().any(hides)
    }
}

/// Where the bracket ends that an attribute opens first.
fn end_of_brackets(code: &str) -> Option<usize> {
    let mut depth = 0;
    code.char_indices().find_map(|(at, c)| {
        depth += i32::from(c == '[') - i32::from(c == ']');
        (c == ']' && depth == 0).then_some(at + 1)
    })
}

impl Face {
    fn of(source: &str) -> Self {
        let (mut face, code) = (Self::default(), without_comments_and_texts(source));
        for text in items(&code) {
            let item = Item::read(text);
            if let Some(public) = item.code.strip_prefix("pub ").filter(|_| item.is_shown()) {
                face.add(public);
            }
        }
        face
    }

    /// Adds what stands behind `pub`.
    fn add(&mut self, public: &str) {
        if let Some(tree) = public.strip_prefix("use ") {
            let paths = expanded(without_renamed(tree.trim_end_matches(';')).trim());
            self.names.extend(paths.iter().filter_map(|path| handed_on(path)));
            return;
        }
        let modifiers = ["const", "async", "unsafe", "extern", "\"\""];
        let mut words = public.split_whitespace().peekable();
        let mut kind = words.next().unwrap_or_default();
        while modifiers.contains(&kind) && words.peek().is_some_and(|next| is_kind(next)) {
            kind = words.next().unwrap_or_default();
        }
        let name = words.next().unwrap_or_default();
        let name = name.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default();
        assert!(is_kind(kind) && !name.is_empty(), "this public item is not understood: {public}");
        match public.split_once('{').filter(|_| kind == "mod") {
            Some((_, inside)) => {
                let inner = Self::of(inside.trim_end_matches('}'));
                assert_eq!(inner.modules, Vec::<String>::new(), "a file within a module within a file");
                self.names.extend(inner.names.iter().map(|inner| format!("{name}::{inner}")));
            }
            None if kind == "mod" => self.modules.push(name.to_owned()),
            None => self.names.push(name.to_owned()),
        }
    }
}

fn is_kind(word: &str) -> bool {
    let kinds = ["fn", "struct", "enum", "union", "trait", "type", "const", "static", "mod"];
    kinds.contains(&word) || ["async", "unsafe", "extern"].contains(&word)
}

/// The name under which a path is handed on; none for a trait without a name.
fn handed_on(path: &[String]) -> Option<String> {
    let name = path.iter().rev().find(|part| *part != "self")?;
    assert_ne!(name, "*", "name what {} hands on", path.join("::"));
    (name != "_").then(|| name.clone())
}

/// `a::{b as C, d}` as `a::{C, d}`.
fn without_renamed(tree: &str) -> String {
    let mut parts = tree.split(" as ").peekable();
    let mut kept = String::new();
    while let Some(part) = parts.next() {
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        kept += if parts.peek().is_some() { part.trim_end().trim_end_matches(is_name) } else { part };
    }
    kept
}

/// The items of a module, one text each.
fn items(code: &str) -> Vec<&str> {
    let (mut items, mut depth, mut begin) = (Vec::new(), 0_i32, 0);
    for (at, c) in code.char_indices() {
        depth += i32::from("([{".contains(c)) - i32::from(")]}".contains(c));
        // `use a::{b};` ends with its semicolon.
        let is_import = || Item::read(&code[begin..at]).code.contains("use ");
        if depth == 0 && (c == ';' || c == '}' && !is_import()) {
            items.push(&code[begin..=at]);
            begin = at + 1;
        }
    }
    items
}

/// Code with a space for every comment, and nothing within texts and characters.
fn without_comments_and_texts(source: &str) -> String {
    let (mut code, mut rest) = (String::new(), source);
    while let Some(c) = rest.chars().next() {
        let raw = rest.strip_prefix("r\"").or_else(|| rest.strip_prefix("r#"));
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |at| at + 2)
        } else if raw.is_some() && !code.ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            code += "\"\"";
            end_of_raw_text(rest)
        } else if c == '"' {
            code += "\"\"";
            end_of_text(rest, '"')
        } else if is_character(rest) {
            end_of_text(rest, '\'')
        } else {
            code.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        };
        code.push(' ');
        rest = &rest[skipped..];
    }
    code
}

/// Whether a character in quotes begins here, and no lifetime.
fn is_character(rest: &str) -> bool {
    let mut inside = rest.strip_prefix('\'').unwrap_or_default().chars();
    inside.next().is_some_and(|first| first == '\\' || inside.next() == Some('\''))
}

fn end_of_text(text: &str, quote: char) -> usize {
    let mut escaped = false;
    let ends = |(_, c): &(usize, char)| {
        let ends = *c == quote && !escaped;
        escaped = *c == '\\' && !escaped;
        ends
    };
    text.char_indices().skip(1).find(ends).map_or(text.len(), |(at, _)| at + 1)
}

/// Where `r#"..."#` ends; `r#name` is one character.
fn end_of_raw_text(text: &str) -> usize {
    let marks = text[1..].chars().take_while(|c| *c == '#').count();
    if !text[1 + marks..].starts_with('"') {
        return 1 + marks;
    }
    let (begin, end) = (2 + marks, format!("\"{}", "#".repeat(marks)));
    text[begin..].find(&end).map_or(text.len(), |at| begin + at + end.len())
}

/// The names of a module, which `files` holds as `PATH.rs` or `PATH/mod.rs`, and of the public modules beneath.
fn names(folder: &Path, module: &[String]) -> BTreeSet<String> {
    let path = module.iter().fold(folder.to_owned(), |path, name| path.join(name));
    let file = if module.is_empty() { path.join("lib.rs") } else { path.join("mod.rs") };
    let source = fs::read_to_string(&file).or_else(|_| fs::read_to_string(path.with_extension("rs")));
    let face = Face::of(&source.unwrap_or_else(|error| panic!("{}: {error}", path.display())));
    let whole = |name: &String| [module, std::slice::from_ref(name)].concat();
    let own = face.names.iter().map(|name| whole(name).join("::"));
    own.chain(face.modules.iter().flat_map(|name| names(folder, &whole(name)))).collect()
}

#[test]
fn the_library_shows_the_names_of_the_list_and_no_others() {
    let found = names(&root().join("src"), &[]);
    let path = root().join(LIST);
    if std::env::var_os("L1KDB_WRITE_NAMES").is_some() {
        let lines = found.iter().map(|name| format!("{name}\n"));
        fs::write(&path, format!("{} names\n{}", found.len(), lines.collect::<String>())).unwrap();
    }
    let list = fs::read_to_string(&path).unwrap();
    let (count, listed) = list.split_once('\n').unwrap();
    let listed: BTreeSet<String> = listed.lines().map(str::to_owned).collect();
    let difference = |a: &BTreeSet<String>, b| a.difference(b).cloned().collect::<Vec<_>>();
    assert_eq!(
        (difference(&found, &listed), difference(&listed, &found)),
        (Vec::new(), Vec::new()),
        "names that {LIST} lacks, and names that are no longer there; if that is meant, L1KDB_WRITE_NAMES=1 writes the list"
    );
    assert_eq!(count, format!("{} names", listed.len()));
}

#[test]
fn names_are_read_as_the_compiler_reads_them() {
    let source = r##"
        //! pub fn a_comment() {}
        #![forbid(unsafe_code)]
        pub use a::{B, c::{self, D as E, f::G}, H as _};
        pub(crate) use a::I;
        pub use one::{
            J, // pub struct NotThis;
            self as K,
        };
        /// Text; with } and {.
        #[derive(Debug)]
        #[doc(alias = "]")]
        pub struct L<'a, const N: usize> { pub m: &'a [u8; N] }
        impl L<'_, 1> { pub fn not_a_name_of_the_module() { let _ = ('}', "}"); } }
        #[doc(hidden)]
        pub mod hidden;
        #[cfg(test)]
        pub mod tests { pub fn n() {} }
        #[doc(hidden)]
        pub use a::O;
        pub const fn p() -> [u8; 2] { [0; 2] }
        pub const Q: &str = r#"pub fn "in" text() {"#; pub static R: [u8; 1] = [1];
        pub enum S { T } pub trait U { fn v(); } pub type W = u8;
        pub async fn x() {}
        pub mod y; mod z;
        pub mod inside { pub fn a() {} fn b() {} pub(super) fn c() {} }
        pub(in crate::a) struct AA;
    "##;
    let face = Face::of(source);
    let expected = ["B", "c", "E", "G", "J", "K", "L", "p", "Q", "R", "S", "U", "W", "x", "inside::a"];
    assert_eq!(face.names, expected);
    assert_eq!(face.modules, ["y"]);
}
