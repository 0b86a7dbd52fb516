//! What was typed, and the files that were read.

use std::path::Path;

use l1kdb::embed::Model;
use l1kdb::profile::file_digest;
use l1kdb::report::{FileNote, Provenance};

use super::args::QuestionArgs;

/// Returns the program and what was typed.
pub fn program() -> Provenance {
    let program = concat!("l1kdb ", env!("CARGO_PKG_VERSION")).to_owned();
    Provenance { program, command: command(), ..Provenance::default() }
}

/// The command as it could be typed again.
fn command() -> String {
    let quoted = |word: String| {
        let plain = |c: char| c.is_alphanumeric() || "-_./=,:+@".contains(c);
        if word.chars().all(plain) && !word.is_empty() {
            word
        } else {
            format!("'{}'", word.replace('\'', r"'\''"))
        }
    };
    let mut words = std::env::args().skip(1).map(quoted).collect::<Vec<_>>();
    words.insert(0, "l1kdb".to_owned());
    words.join(" ")
}

/// Returns the program, a database and the files that it is asked with, and the network where one was used.
pub fn of_answers(db: &Path, args: &QuestionArgs, model: Option<&Model>) -> anyhow::Result<Provenance> {
    let engine = model.and_then(Model::engine).map(ToString::to_string);
    let model = model.map(|model| format!("{} ({})", model.card().name, model.digest()));
    Ok(Provenance { files: files(db, args)?, model, engine, ..program() })
}

fn files(db: &Path, args: &QuestionArgs) -> anyhow::Result<Vec<FileNote>> {
    let manifest = Some(db.join("MANIFEST"));
    let named = [
        ("database manifest", &manifest),
        ("profiles", &args.profiles),
        ("up", &args.up),
        ("down", &args.down),
        ("differential expression", &args.de),
    ];
    named.iter().filter_map(|(role, path)| Some(file_note(role, path.as_ref()?))).collect()
}

/// Returns a file and the digest of its bytes.
pub fn file_note(role: &str, path: &Path) -> anyhow::Result<FileNote> {
    Ok(FileNote { role: role.to_owned(), path: path.display().to_string(), digest: file_digest(path)? })
}
