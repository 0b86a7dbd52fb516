//! Questions by signatures and drugs that the database holds.

use std::io::Write;

use l1kdb::question::{Combine, Question};

use super::Asker;
use crate::cli::args::{CombineArg, QuestionArgs};

/// Asks with signatures of the database, each of which is left out of its own answer.
pub fn ask_signatures(args: &QuestionArgs, asker: &mut dyn Asker, out: &mut dyn Write) -> anyhow::Result<()> {
    let question = Question::Signatures(args.sig.clone());
    asker.put(&question, out)
}

/// Asks with drugs of the database, whose signatures are left out of their answers.
pub fn ask_drugs(args: &QuestionArgs, asker: &mut dyn Asker, out: &mut dyn Write) -> anyhow::Result<()> {
    let combine = match args.combine {
        CombineArg::Each => Combine::Each,
        CombineArg::Mean => Combine::Mean,
    };
    for name in &args.drug {
        let question = Question::Drug { name: name.clone(), combine };
        asker.put(&question, out)?;
    }
    Ok(())
}
