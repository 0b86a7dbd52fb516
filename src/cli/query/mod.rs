//! `l1kdb query`: from the kind of question that was typed to printed answers.

mod differential;
mod gene_space;
mod printer;
mod profiles;
mod sets;
mod stored;

use std::io::{IsTerminal, Write};

use l1kdb::db::{Db, DbError, Filter};
use l1kdb::profile::ProfileMatrix;

use super::args::{EngineArgs, QueryArgs};
use super::{engine, note};
use printer::{Asked, Left, Printer};

/// Width of a table that is not printed to a terminal.
const WIDTH: usize = 150;

/// Runs `l1kdb query`: whether anything was found.
pub fn run(args: &QueryArgs, engine: &EngineArgs, out: &mut dyn Write) -> anyhow::Result<bool> {
    let db = Db::open(&args.db)?;
    let printer = Printer::new(&db, args)?;
    let filter = printer.filter.clone();
    let found = match &args.profiles {
        Some(file) => profiles::ask(file, printer, engine, out),
        None if !args.sig.is_empty() => stored::ask_signatures(&printer, out),
        None if !args.drug.is_empty() => stored::ask_drugs(&printer, out),
        None => match &args.de {
            Some(file) => differential::ask(file, printer, engine, out),
            None => sets::ask(printer, engine, out),
        },
    }?;
    if let Some(filter) = filter.filter(|_| !found) {
        note_nothing_left(&db, &filter)?;
    }
    Ok(found)
}

/// Asks with profiles that are all there, by the network of the database: whether anything was found.
fn ask_network(
    printer: &Printer,
    profiles: &ProfileMatrix,
    engine: &EngineArgs,
    out: &mut dyn Write,
) -> anyhow::Result<bool> {
    let model = printer.db.model(&engine.options())?;
    let embeddings = model.embed(profiles)?;
    printer.header(out)?;
    let asked = Asked::Embeddings(embeddings.values());
    let found = printer.answer(profiles.ids(), asked, Left::Nothing, out)?;
    engine::note_engine(model.engine());
    Ok(found)
}

/// Says what each part of a filter leaves, where nothing is left of all.
fn note_nothing_left(db: &Db, filter: &Filter) -> Result<(), DbError> {
    let steps = db.filter_steps(filter)?;
    if steps.rows() == 0 {
        note(&format!("note: no signature passes the filter: {steps}"));
    }
    Ok(())
}

/// Returns the width of a table.
pub fn width() -> usize {
    let terminal = std::io::stdout().is_terminal().then(terminal_size::terminal_size).flatten();
    terminal.map_or(WIDTH, |(width, _)| usize::from(width.0))
}
