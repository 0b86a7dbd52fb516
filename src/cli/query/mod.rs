//! `l1kdb query`: from the kind of question that was typed to printed answers.

mod differential;
mod genes;
mod outcome;
mod printer;
mod profiles;
mod scores;
mod sets;
mod stored;

use std::io::{IsTerminal, Write};

use l1kdb::db::{Db, DbError, Filter};
use l1kdb::embed::Model;
use l1kdb::profile::ProfileError;
use l1kdb::question::{Ask, Question};

use super::args::{EngineArgs, QueryArgs};
use super::{engine, note};
pub use outcome::Outcome;
use printer::Printer;

/// Width of a table that is not printed to a terminal.
const WIDTH: usize = 150;

/// Runs `l1kdb query`: what came of it.
pub fn run(args: &QueryArgs, engine: &EngineArgs, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    let db = Db::open(&args.db)?;
    let mut printer = Printer::new(&db, args)?;
    printer.ask.check(args.is_of_sets())?;
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
    let filter = printer.filter.take();
    let outcome = printer.finish(out)?;
    if let Some(filter) = filter.filter(|_| !outcome.found) {
        note_nothing_left(&db, &filter)?;
    }
    Ok(outcome)
}

/// Tells whether a file could not be read since it is a result of differential expression, which is one query whatever its columns.
fn is_of_differential(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(ProfileError::Differential { .. }))
}

/// The network of the database, where the question is asked by embedding.
fn network(printer: &Printer, engine: &EngineArgs) -> anyhow::Result<Option<Model>> {
    let model = (!printer.ask.by().is_in_gene_space()).then(|| printer.db.model(&engine.options()));
    Ok(model.transpose()?)
}

/// How to ask, with a network where there is one.
fn with_network<'a>(ask: &Ask<'a>, model: Option<&'a Model>) -> Ask<'a> {
    match model {
        Some(model) => ask.clone().model(model),
        None => ask.clone(),
    }
}

/// Asks a question that is all there, by the network of the database where it needs one.
fn ask_whole(
    printer: &mut Printer,
    question: &Question,
    engine: &EngineArgs,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let model = network(printer, engine)?;
    printer.answer(&with_network(&printer.ask, model.as_ref()), question, out)?;
    engine::note_engine(model.as_ref().and_then(Model::engine));
    Ok(())
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
