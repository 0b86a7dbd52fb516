//! Questions by profiles of a file.

use std::collections::HashMap;
use std::io::{IsTerminal, Write};
use std::path::Path;

use anyhow::{anyhow, bail};
use l1kdb::annotate::nearest;
use l1kdb::profile::{NonFinite, ProfileError, ProfileReader, Universe};
use l1kdb::progress::Progress;
use l1kdb::question::{QueryProfiles, Question};

use super::Asker;
use crate::cli::args::{EngineArgs, NonFiniteArg, QuestionArgs, ReadArgs};
use crate::cli::progress::Bars;
use crate::cli::reading;

/// Names of the column of cell lines, of both generations.
const CELL_LINES: [&str; 2] = ["cell_id", "cell_iname"];

/// Names of the column that says how well replicates correlate, of both generations.
const REPLICATES: [&str; 2] = ["distil_cc_q75", "cc_q75"];

/// Asks with each profile of a file, or with those chosen.
pub fn ask(
    file: &Path,
    args: (&QuestionArgs, &ReadArgs),
    asker: &mut dyn Asker,
    engine: &EngineArgs,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    asker.load_network(engine)?;
    let universe = match asker.is_in_gene_space() {
        true => asker.universe(),
        false => Universe::Landmark,
    };
    let mut reader = match open(file, args, universe) {
        // A file of landmarks is asked with over these.
        Err(error) if has_few_genes(&error) => open(file, args, Universe::Landmark)?,
        opened => opened?,
    };
    asker.start_network()?;
    let bars = Bars::default();
    if !std::io::stdout().is_terminal() {
        // On a terminal the answers themselves show that it goes on.
        bars.begin("asking", reader.remaining() as u64);
    }
    let cell_lines = if asker.wants_cell_lines() { named(&reader, &CELL_LINES) } else { HashMap::new() };
    let replicates = named(&reader, &REPLICATES);
    let together = asker.together();
    while let Some(profiles) = reader.next_block(together)? {
        bars.advance(profiles.len() as u64);
        let missing = &reader.report().positions_missing;
        let of_query = |id: &String| cell_lines.get(id).cloned();
        let cell_lines = profiles.ids().iter().map(of_query).collect();
        let correlation = |id: &String| replicates.get(id)?.parse().ok();
        let replicates = profiles.ids().iter().map(correlation).collect();
        let profiles = QueryProfiles::from(profiles).without_genes(missing).in_cell_lines(cell_lines);
        let profiles = profiles.with_replicates(replicates);
        let question = Question::Profiles(profiles);
        asker.put(&question, out)?;
    }
    bars.end();
    let report = reader.report();
    reading::require_signatures(report)?;
    asker.note_doubts(&report.warnings());
    asker.outcome().left_out += report.zero.count;
    if args.1.non_finite == NonFiniteArg::Refuse {
        report.dropped.iter().for_each(|id| asker.outcome().broke(anyhow!("{id}: a value is not finite")));
    }
    // Said last: an error is then the only thing said.
    asker.note_engine();
    reading::note_losses(reader.report());
    Ok(())
}

fn has_few_genes(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(ProfileError::FewGenes { .. }))
}

/// Opens a file, and selects the queries asked for.
fn open(
    file: &Path,
    (args, reading): (&QuestionArgs, &ReadArgs),
    universe: Universe,
) -> anyhow::Result<ProfileReader> {
    let options = reading.options().universe(universe);
    let several = match options.non_finite {
        // One query that is broken is no reason to refuse the others.
        NonFinite::Refuse if args.id.len() != 1 => options.clone().non_finite(NonFinite::DropSignature),
        _ => options.clone(),
    };
    let mut reader = ProfileReader::open(file, &several)?;
    if several != options && reader.ids().len() == 1 {
        reader = ProfileReader::open(file, &options)?;
    }
    if !args.id.is_empty() {
        reader.select(&rows(reader.ids(), &args.id, file)?)?;
    }
    Ok(reader)
}

/// What a file says of its signatures in a column of one of these names, by their ids.
fn named(reader: &ProfileReader, columns: &[&str]) -> HashMap<String, String> {
    let Some(table) = reader.metadata() else { return HashMap::new() };
    let column = table.header().iter().position(|name| columns.contains(&name.as_str()));
    let Some(column) = column else { return HashMap::new() };
    let cell = |row: usize| table.cell(row, column).trim().to_owned();
    let named = reader.ids().iter().enumerate().map(|(row, id)| (id.clone(), cell(row)));
    named.filter(|(_, text)| !["", "-666"].contains(&text.as_str())).collect()
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
