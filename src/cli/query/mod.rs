//! `l1kdb query`: from questions to printed answers.

mod against;
mod database;
mod printer;
mod report;
mod scores;
mod target;

use std::io::{IsTerminal, Write};
use std::path::Path;

use l1kdb::db::Db;

use super::args::{EngineArgs, QueryArgs};
use super::calibrate;
use super::question::{self, Outcome};
use against::Against;
use database::Database;
use printer::Printer;

/// Width of a table that is not printed to a terminal.
const WIDTH: usize = 150;

/// Runs `l1kdb query`: what came of it.
pub fn run(args: &QueryArgs, engine: &EngineArgs, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    match (&args.db, &args.against) {
        (None, Some(file)) => put(Printer::new(Box::new(Against::open(file, args)?), args)?, engine, out),
        (db, _) => {
            let db = Db::open(db.as_deref().unwrap_or(Path::new("")))?;
            let db = if args.calibrate { calibrate::for_query(db, args, engine)? } else { db };
            put(Printer::new(Box::new(Database::new(&db, args, engine)?), args)?, engine, out)
        }
    }
}

/// Puts the kind of question that was typed.
fn put(mut printer: Printer, engine: &EngineArgs, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    let args = printer.args;
    question::put((&args.question, &args.read), &mut printer, engine, out)?;
    printer.finish(out)
}

/// Returns the width of a table.
pub fn width() -> usize {
    let terminal = std::io::stdout().is_terminal().then(terminal_size::terminal_size).flatten();
    terminal.map_or(WIDTH, |(width, _)| usize::from(width.0))
}
