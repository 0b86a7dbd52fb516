//! Questions by signatures and drugs that the database holds.

use std::io::Write;

use l1kdb::question::{Combine, Question};

use super::printer::Printer;
use crate::cli::args::CombineArg;

/// Asks with signatures of the database, each of which is left out of its own answer.
pub fn ask_signatures(printer: &mut Printer, out: &mut dyn Write) -> anyhow::Result<()> {
    let question = Question::Signatures(printer.args.sig.clone());
    printer.answer(&question, out)
}

/// Asks with drugs of the database, whose signatures are left out of their answers.
pub fn ask_drugs(printer: &mut Printer, out: &mut dyn Write) -> anyhow::Result<()> {
    let combine = match printer.args.combine {
        CombineArg::Each => Combine::Each,
        CombineArg::Mean => Combine::Mean,
    };
    for name in &printer.args.drug {
        let question = Question::Drug { name: name.clone(), combine };
        printer.answer(&question, out)?;
    }
    Ok(())
}
