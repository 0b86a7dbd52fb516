//! Questions by gene sets.

use std::io::Write;

use l1kdb::connectivity::{GeneSets, Score};
use l1kdb::profile::{
    GENES, GeneIds, GeneSet, ProfileError, ProfileMatrix, SetFile, SetPair, SetPairs, SetSide, Universe,
};

use super::ask_network;
use super::gene_space::{GeneSpaceScore, signs};
use super::printer::{Asked, Left, Printer};
use crate::cli::args::{EngineArgs, QueryArgs};
use crate::cli::note;

/// Asks with each gene set, or pair of sets: whether anything was found.
pub fn ask(mut printer: Printer, engine: &EngineArgs, out: &mut dyn Write) -> anyhow::Result<bool> {
    let args = printer.args;
    let ids = gene_ids(args)?;
    let pairs = pairs(args)?;
    pairs.warnings.iter().for_each(|text| note(&format!("warning: {text}")));
    let sets: Vec<GeneSet> =
        pairs.pairs.iter().map(|pair| pair.map(&ids, Universe::Landmark)).collect::<Result<_, _>>()?;
    let names: Vec<String> = sets.iter().map(|set| set.name.clone()).collect();
    let scored: Vec<GeneSets> = sets.iter().map(of_universe).collect::<Result<_, _>>()?;
    sets.iter().for_each(tell);
    let Some(score) = printer.gene_space else {
        let profiles = ProfileMatrix::new(names, scored.iter().flat_map(signs).collect())?;
        return ask_network(&printer, &profiles, engine, out);
    };
    by_score(&mut printer, score, &names, &scored, out)
}

/// Returns the names of genes, the user's own before those built in.
pub fn gene_ids(args: &QueryArgs) -> Result<GeneIds, ProfileError> {
    args.gene_aliases.as_ref().map_or_else(|| Ok(GeneIds::built_in()), GeneIds::with_own_names)
}

/// Asks by a score in gene space, a set at a time, since each has a number of genes of its own.
fn by_score(
    printer: &mut Printer,
    score: GeneSpaceScore,
    names: &[String],
    sets: &[GeneSets],
    out: &mut dyn Write,
) -> anyhow::Result<bool> {
    let scores: Vec<Box<dyn Score>> =
        sets.iter().map(|set| score.prepare_sets(set)).collect::<Result<_, _>>()?;
    printer.header(out)?;
    let mut found = false;
    for ((name, score), set) in names.chunks(1).zip(scores.chunks(1)).zip(sets) {
        printer.genes = set.up().len() + set.down().len();
        found |= printer.answer(name, Asked::Scores(score), Left::Nothing, out)?;
    }
    Ok(found)
}

fn pairs(args: &QueryArgs) -> anyhow::Result<SetPairs> {
    let read = |file| -> anyhow::Result<SetFile> {
        let file = SetFile::read(file)?;
        file.notes().iter().for_each(|text| note(&format!("note: {text}")));
        Ok(file)
    };
    Ok(match (&args.up, &args.down) {
        (Some(up), Some(down)) => SetPairs::of_files(read(up)?, read(down)?)?,
        (Some(up), None) => SetPairs::of_file(read(up)?)?,
        (None, Some(down)) => SetPairs::of_down_file(read(down)?)?,
        (None, None) => SetPairs::of_pair(SetPair::of_ids("genes", &args.up_genes, &args.down_genes)),
    })
}

/// The sets as numbers of landmark genes.
fn of_universe(set: &GeneSet) -> anyhow::Result<GeneSets> {
    let genes = |side: &Option<SetSide>| -> Vec<u32> {
        side.iter().flat_map(|side| &side.genes).map(|&gene| gene as u32).collect()
    };
    Ok(GeneSets::new(&genes(&set.up), &genes(&set.down), GENES)?)
}

/// Says how many genes of each set are among the landmarks, and what became of the others.
fn tell(set: &GeneSet) {
    for (side, of) in [("up", &set.up), ("down", &set.down)] {
        let Some(SetSide { genes, report, .. }) = of else { continue };
        note(&format!("note: {}: {} of {} {side} genes are landmarks", set.name, genes.len(), report.ids));
        report.notes().iter().for_each(|text| note(&format!("note: {}: {text}", set.name)));
    }
    set.warnings.iter().for_each(|text| note(&format!("warning: {text}")));
}
