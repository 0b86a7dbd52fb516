//! Questions by profiles of a file.

use std::io::{IsTerminal, Write};
use std::path::Path;

use anyhow::bail;
use l1kdb::annotate::nearest;
use l1kdb::connectivity::Score;
use l1kdb::embed::Model;
use l1kdb::profile::{ProfileMatrix, ProfileReader};
use l1kdb::progress::Progress;

use super::gene_space::{GeneSpaceScore, without_missing};
use super::printer::{Asked, Left, Printer};
use crate::cli::args::EngineArgs;
use crate::cli::progress::Bars;
use crate::cli::{engine, reading};

/// Queries that are answered together before their answers are printed, and hits of all of them.
const TOGETHER: usize = 1024;
const HITS_TOGETHER: usize = 1 << 16;

/// Asks with each profile of a file, or with those chosen: whether anything was found.
pub fn ask(
    file: &Path,
    mut printer: Printer,
    engine: &EngineArgs,
    out: &mut dyn Write,
) -> anyhow::Result<bool> {
    let args = printer.args;
    let way = match printer.gene_space {
        Some(score) => Way::GeneSpace(score),
        None => Way::Network(Box::new(printer.db.model(&engine.options())?)),
    };
    let mut reader = ProfileReader::open(file, &args.read.options())?;
    if !args.id.is_empty() {
        reader.select(&rows(reader.ids(), &args.id, file)?)?;
    }
    if let Way::Network(model) = &way {
        model.prepare()?;
    }
    printer.genes = reader.report().genes_found;
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
        found |= way.answer(&printer, &profiles, &reader.report().genes_missing, left, out)?;
        bars.advance(profiles.len() as u64);
    }
    bars.end();
    reading::require_signatures(reader.report())?;
    // Said last: an error is then the only thing said.
    if let Way::Network(model) = &way {
        engine::note_engine(model.engine());
    }
    reading::note_losses(reader.report());
    Ok(found)
}

/// How profiles become questions.
enum Way {
    Network(Box<Model>),
    GeneSpace(GeneSpaceScore),
}

impl Way {
    fn answer(
        &self,
        printer: &Printer,
        profiles: &ProfileMatrix,
        missing: &[&str],
        left: Left<'_>,
        out: &mut dyn Write,
    ) -> anyhow::Result<bool> {
        let score = match self {
            Self::Network(model) => {
                let embeddings = model.embed(profiles)?;
                return printer.answer(profiles.ids(), Asked::Embeddings(embeddings.values()), left, out);
            }
            Self::GeneSpace(score) => score,
        };
        let rows = (0..profiles.len()).map(|row| without_missing(profiles.profile(row), missing));
        let scores: Vec<Box<dyn Score>> =
            rows.map(|profile| score.prepare(&profile)).collect::<Result<_, _>>()?;
        printer.answer(profiles.ids(), Asked::Scores(&scores), left, out)
    }
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
