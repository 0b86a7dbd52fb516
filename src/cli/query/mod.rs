//! `l1kdb query`: from the kind of question that was typed to printed answers.

mod against;
mod database;
mod differential;
mod genes;
mod outcome;
mod printer;
mod profiles;
mod scores;
mod sets;
mod stored;
mod target;

use std::io::{IsTerminal, Write};
use std::path::Path;

use l1kdb::db::Db;
use l1kdb::profile::ProfileError;

use super::args::{EngineArgs, QueryArgs};
use super::{calibrate, note};
use against::Against;
use database::Database;
pub use outcome::Outcome;
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
            put(Printer::new(Box::new(Database::new(&db, args)?), args)?, engine, out)
        }
    }
}

/// Puts the kind of question that was typed.
fn put(mut printer: Printer, engine: &EngineArgs, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    let args = printer.args;
    match &args.profiles {
        Some(file) => match profiles::ask(file, &mut printer, engine, out) {
            Err(error) if args.id.is_empty() && is_of_differential(&error) => {
                note(&format!(
                    "note: {}: a result of differential expression, asked as with --de",
                    file.display()
                ));
                differential::ask(file, &mut printer, engine, out)
            }
            done => done,
        },
        None if !args.sig.is_empty() => stored::ask_signatures(&mut printer, out),
        None if !args.drug.is_empty() => stored::ask_drugs(&mut printer, out),
        None => match &args.de {
            Some(file) => differential::ask(file, &mut printer, engine, out),
            None => sets::ask(&mut printer, engine, out),
        },
    }?;
    printer.finish(out)
}

/// Tells whether a file could not be read since it is a result of differential expression, which is one query whatever its columns.
fn is_of_differential(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(ProfileError::Differential { .. }))
}

/// Returns the width of a table.
pub fn width() -> usize {
    let terminal = std::io::stdout().is_terminal().then(terminal_size::terminal_size).flatten();
    terminal.map_or(WIDTH, |(width, _)| usize::from(width.0))
}
