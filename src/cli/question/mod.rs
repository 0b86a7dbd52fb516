//! What is asked with: from the options that name it to questions.

mod differential;
mod genes;
mod outcome;
mod profiles;
mod sets;
mod stored;

use std::io::Write;

use l1kdb::profile::{ProfileError, Universe};
use l1kdb::question::Question;

use super::args::{EngineArgs, QuestionArgs, ReadArgs};
use super::note;

pub use genes::{gene_ids, of_tau};
pub use outcome::Outcome;

/// Who puts questions.
pub trait Asker {
    /// Returns the genes that gene sets are mapped to, and profiles are read of.
    fn universe(&self) -> Universe;

    /// Tells whether profiles are compared gene by gene, alone or beside embeddings.
    fn is_in_gene_space(&self) -> bool;

    /// Tells whether the cell lines of queries matter.
    fn wants_cell_lines(&self) -> bool;

    /// Loads the network, where queries are embedded.
    fn load_network(&mut self, engine: &EngineArgs) -> anyhow::Result<()>;

    /// Starts the network's engine.
    fn start_network(&self) -> anyhow::Result<()>;

    /// Passes on what the engine has to say.
    fn note_engine(&self);

    /// Returns the most queries that are asked together.
    fn together(&self) -> usize;

    /// Puts a question, and prints what it finds.
    fn put(&mut self, question: &Question, out: &mut dyn Write) -> anyhow::Result<()>;

    /// Takes note of what makes the input doubtful.
    fn note_doubts(&mut self, _: &[String]) {}

    /// Returns what came of the queries so far.
    fn outcome(&mut self) -> &mut Outcome;
}

/// Puts the kind of question that was typed; `reading` says how profiles are read.
pub fn put(
    (args, reading): (&QuestionArgs, &ReadArgs),
    asker: &mut dyn Asker,
    engine: &EngineArgs,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    match &args.profiles {
        Some(file) => match profiles::ask(file, (args, reading), asker, engine, out) {
            Err(error) if args.id.is_empty() && is_of_differential(&error) => {
                note(&format!(
                    "note: {}: a result of differential expression, asked as with --de",
                    file.display()
                ));
                differential::ask(file, args, asker, engine, out)
            }
            done => done,
        },
        None if !args.sig.is_empty() => stored::ask_signatures(args, asker, out),
        None if !args.drug.is_empty() => stored::ask_drugs(args, asker, out),
        None => match &args.de {
            Some(file) => differential::ask(file, args, asker, engine, out),
            None => sets::ask(args, asker, engine, out),
        },
    }
}

/// Tells whether a file could not be read since it is a result of differential expression, which is one query whatever its columns.
fn is_of_differential(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(ProfileError::Differential { .. }))
}
