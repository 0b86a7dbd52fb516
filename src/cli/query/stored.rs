//! Questions by signatures and drugs that the database holds.

use std::io::Write;

use anyhow::Context;

use super::printer::{Left, Printer};
use crate::cli::args::CombineArg;

/// Asks with signatures of the database, each of which is left out of its own answer: whether anything was found.
pub fn ask_signatures(printer: &Printer, out: &mut dyn Write) -> anyhow::Result<bool> {
    let stored = printer.db.stored_signatures(&printer.args.sig)?;
    printer.header(out)?;
    printer.answer(&stored.sig_ids, &stored.embeddings, Left::Own, out)
}

/// Asks with drugs of the database, whose signatures are left out of their answers: whether anything was found.
pub fn ask_drugs(printer: &Printer, out: &mut dyn Write) -> anyhow::Result<bool> {
    let drugs = &printer.args.drug;
    let stored: Vec<_> = drugs.iter().map(|drug| printer.db.stored_drug(drug)).collect::<Result<_, _>>()?;
    printer.header(out)?;
    let mut found = false;
    for (drug, stored) in drugs.iter().zip(stored) {
        let left = Left::Drug(drug);
        found |= match printer.args.combine {
            CombineArg::Each => printer.answer(&stored.sig_ids, &stored.embeddings, left, out)?,
            CombineArg::Mean => {
                let mean = stored.mean().with_context(|| {
                    format!("the signatures of {drug} cancel out: ask with each of them (--combine each)")
                })?;
                printer.answer(std::slice::from_ref(drug), &mean, left, out)?
            }
        };
    }
    Ok(found)
}
