//! `l1kdb eval`: how good is an embedding, measured without fooling oneself?

mod classes;
mod compare;
mod retrieval;
mod source;
mod split;

use std::io::Write;
use std::path::Path;

use l1kdb::page::Page;
use l1kdb::profile::AtomicFile;

use super::args::{EngineArgs, EvalArgs, EvalCommand};
use super::note;

/// `l1kdb eval`.
pub fn run(args: &EvalArgs, engine: &EngineArgs, out: &mut dyn Write) -> anyhow::Result<bool> {
    match &args.command {
        EvalCommand::Retrieval(args) => retrieval::run(args, engine, out),
        EvalCommand::Classes(args) => classes::run(args, engine, out),
        EvalCommand::Compare(args) => compare::run(args, out),
        EvalCommand::Split(args) => split::run(args, out),
    }
}

/// Writes a page, whole or not at all.
fn write_page(path: &Path, page: &Page) -> anyhow::Result<()> {
    let mut bytes = Vec::new();
    page.write(&mut bytes)?;
    let mut file = AtomicFile::create(path)?;
    file.put(&bytes)?;
    file.commit()?;
    note(&format!("note: wrote {}", path.display()));
    Ok(())
}
