//! `l1kdb eval`: how good is an embedding, measured without fooling oneself?

mod classes;
mod compare;
mod retrieval;
mod source;
mod split;

use std::io::Write;

use l1kdb::eval::EvalError;
use l1kdb::report::Report;
use l1kdb::study::{DrugMap, Label, Study};

use super::args::{EngineArgs, EvalArgs, EvalCommand, FormatArg, OutputArgs};
use super::page::write_page;
use super::progress::Bars;
use super::query::width;

/// Runs `l1kdb eval`.
pub fn run(args: &EvalArgs, engine: &EngineArgs, out: &mut dyn Write) -> anyhow::Result<bool> {
    match &args.command {
        EvalCommand::Retrieval(args) => retrieval::run(args, engine, out),
        EvalCommand::Classes(args) => classes::run(args, engine, out),
        EvalCommand::Compare(args) => compare::run(args, out),
        EvalCommand::Split(args) => split::run(args, out),
    }
}

/// Prints a result in the format asked for, and writes its page where one is.
fn write(report: &dyn Report, output: &OutputArgs, out: &mut dyn Write) -> anyhow::Result<()> {
    match output.format {
        FormatArg::Table => report.write_table(out, width())?,
        FormatArg::Tsv => report.write_tsv(out)?,
        FormatArg::Json => report.write_json(out)?,
    }
    output.report.as_ref().map_or(Ok(()), |path| write_page(path, &report.page()))
}

/// Lays out the drugs of a study, which only a page shows.
fn map(study: &Study, label: &Label, output: &OutputArgs, bars: &Bars) -> Result<Option<DrugMap>, EvalError> {
    output.report.as_ref().map_or(Ok(None), |_| study.drug_map(label, bars))
}
