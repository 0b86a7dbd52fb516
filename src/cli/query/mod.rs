//! `l1kdb query`: from the kind of question that was typed to printed answers.

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

use l1kdb::db::Db;
use l1kdb::profile::ProfileError;
use l1kdb::question::Question;

use super::args::{EngineArgs, QueryArgs};
use super::note;
use database::Database;
pub use outcome::Outcome;
use printer::Printer;

/// Width of a table that is not printed to a terminal.
const WIDTH: usize = 150;

/// Runs `l1kdb query`: what came of it.
pub fn run(args: &QueryArgs, engine: &EngineArgs, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    let db = Db::open(&args.db)?;
    let mut printer = Printer::new(Box::new(Database::new(&db, args)?), args)?;
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

/// Asks a question that is all there, by the network of the database where it needs one.
fn ask_whole(
    printer: &mut Printer,
    question: &Question,
    engine: &EngineArgs,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    printer.target.load_network(engine)?;
    printer.answer(question, out)?;
    printer.target.note_engine();
    Ok(())
}

/// Returns the width of a table.
pub fn width() -> usize {
    let terminal = std::io::stdout().is_terminal().then(terminal_size::terminal_size).flatten();
    terminal.map_or(WIDTH, |(width, _)| usize::from(width.0))
}
