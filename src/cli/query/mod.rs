//! `l1kdb query`: from the kind of question that was typed to printed answers.

mod gene_space;
mod printer;
mod profiles;
mod stored;

use std::io::{IsTerminal, Write};

use l1kdb::db::Db;

use super::args::{EngineArgs, QueryArgs};
use printer::Printer;

/// Width of a table that is not printed to a terminal.
const WIDTH: usize = 150;

/// Runs `l1kdb query`: whether anything was found.
pub fn run(args: &QueryArgs, engine: &EngineArgs, out: &mut dyn Write) -> anyhow::Result<bool> {
    let db = Db::open(&args.db)?;
    let printer = Printer::new(&db, args)?;
    match &args.profiles {
        Some(file) => profiles::ask(file, printer, engine, out),
        None if args.sig.is_empty() => stored::ask_drugs(&printer, out),
        None => stored::ask_signatures(&printer, out),
    }
}

/// Returns the width of a table.
pub fn width() -> usize {
    let terminal = std::io::stdout().is_terminal().then(terminal_size::terminal_size).flatten();
    terminal.map_or(WIDTH, |(width, _)| usize::from(width.0))
}
