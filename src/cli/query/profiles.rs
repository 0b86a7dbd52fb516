//! Questions by profiles of a file.

use std::io::{IsTerminal, Write};
use std::path::Path;

use anyhow::bail;
use l1kdb::annotate::nearest;
use l1kdb::profile::ProfileReader;
use l1kdb::progress::Progress;

use super::printer::{Left, Printer};
use crate::cli::args::EngineArgs;
use crate::cli::progress::Bars;
use crate::cli::{engine, reading};

/// Queries that are answered together before their answers are printed, and hits of all of them.
const TOGETHER: usize = 1024;
const HITS_TOGETHER: usize = 1 << 16;

/// Asks with each profile of a file, or with those chosen: whether anything was found.
pub fn ask(file: &Path, printer: &Printer, engine: &EngineArgs, out: &mut dyn Write) -> anyhow::Result<bool> {
    let args = printer.args;
    let model = printer.db.model(&engine.options())?;
    let mut reader = ProfileReader::open(file, &args.read.options())?;
    if !args.id.is_empty() {
        reader.select(&rows(reader.ids(), &args.id, file)?)?;
    }
    model.prepare()?;
    printer.header(out)?;
    let bars = Bars::default();
    if !std::io::stdout().is_terminal() {
        // On a terminal the answers themselves show that it goes on.
        bars.begin("asking", reader.remaining() as u64);
    }
    let together = (HITS_TOGETHER / args.top.max(1)).clamp(1, TOGETHER);
    let left = if args.exclude_self { Left::Own } else { Left::Nothing };
    let mut found = false;
    while let Some(profiles) = reader.next_block(together)? {
        found |= printer.answer(profiles.ids(), model.embed(&profiles)?.values(), left, out)?;
        bars.advance(profiles.len() as u64);
    }
    bars.end();
    reading::require_signatures(reader.report())?;
    // Said last: an error is then the only thing said.
    engine::note_engine(model.engine());
    reading::note_losses(reader.report());
    Ok(found)
}

/// Returns the rows of the ids asked for.
fn rows(ids: &[String], asked: &[String], file: &Path) -> anyhow::Result<Vec<usize>> {
    asked
        .iter()
        .map(|id| ids.iter().position(|known| known == id).ok_or(id))
        .collect::<Result<_, _>>()
        .or_else(|id| {
            let near = nearest(id, ids.iter().map(String::as_str), 3);
            let way_out = match near.as_slice() {
                [] => format!(
                    "it has {} signatures, such as {}",
                    ids.len(),
                    ids.iter().take(3).cloned().collect::<Vec<_>>().join(", ")
                ),
                near => format!("did you mean {}?", near.join(" or ")),
            };
            bail!("{}: no signature {id}; {way_out}", file.display())
        })
}
