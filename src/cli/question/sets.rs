//! Questions by gene sets.

use std::io::Write;

use l1kdb::profile::{GeneSet, SetFile, SetPair, SetPairs, SetSide, Universe};
use l1kdb::question::Question;

use super::Asker;
use super::genes::gene_ids;
use crate::cli::args::{EngineArgs, QuestionArgs};
use crate::cli::note;

/// Sets that are told of one by one.
const TOLD: usize = 10;

/// Asks with each gene set, or pair of sets.
pub fn ask(
    args: &QuestionArgs,
    asker: &mut dyn Asker,
    engine: &EngineArgs,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let ids = gene_ids(args)?;
    let pairs = pairs(args)?;
    pairs.warnings.iter().for_each(|text| note(&format!("warning: {text}")));
    let mut sets = Vec::new();
    for pair in &pairs.pairs {
        match pair.map(&ids, asker.universe()) {
            Ok(set) => sets.push(set),
            Err(error) => asker.outcome().broke(error),
        }
    }
    match sets.len() {
        0..=TOLD => sets.iter().for_each(tell),
        _ => tell_all(&sets),
    }
    note_falling(&sets, asker.is_in_gene_space());
    asker.load_network(engine)?;
    let together = asker.together();
    while !sets.is_empty() {
        let rest = sets.split_off(together.min(sets.len()));
        asker.put(&Question::GeneSets(sets), out)?;
        sets = rest;
    }
    asker.note_engine();
    Ok(())
}

fn pairs(args: &QuestionArgs) -> anyhow::Result<SetPairs> {
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

/// Says how many genes of each set are among the landmarks, and what became of the others.
fn tell(set: &GeneSet) {
    let of_universe = match set.universe {
        Universe::Landmark => "landmarks".to_owned(),
        other => other.to_string(),
    };
    for (side, of) in [("up", &set.up), ("down", &set.down)] {
        let Some(SetSide { genes, report, .. }) = of else { continue };
        let (name, found, ids) = (&set.name, genes.len(), report.ids);
        note(&format!("note: {name}: {found} of {ids} {side} genes are {of_universe}"));
        report.notes().iter().for_each(|text| note(&format!("note: {}: {text}", set.name)));
    }
    set.warnings.iter().for_each(|text| note(&format!("warning: {text}")));
}

/// Says how to ask for what lowers genes, where sets that fall are asked with alone by embedding: that finds few of the right drugs.
fn note_falling(sets: &[GeneSet], in_gene_space: bool) {
    let falling = sets.iter().filter(|set| set.up.is_none()).count();
    if falling > 0 && !in_gene_space {
        note(&format!(
            "note: {falling} of {} queries have only genes that fall; what lowers them is found better in gene space: --up with \
             --reverse",
            sets.len()
        ));
    }
}

/// Says of many sets how many genes they have among those of the database, and which has fewest.
fn tell_all(sets: &[GeneSet]) {
    let found = |set: &GeneSet| [&set.up, &set.down].into_iter().flatten().map(|side| side.genes.len()).sum();
    let counts: Vec<usize> = sets.iter().map(found).collect();
    let (least, most) = (counts.iter().min().unwrap_or(&0), counts.iter().max().unwrap_or(&0));
    let fewest = sets.iter().find(|set| found(set) == *least).map_or("", |set| set.name.as_str());
    note(&format!("note: {} queries have {least} to {most} genes each, fewest {fewest}", sets.len()));
    let warned: Vec<&String> = sets.iter().flat_map(|set| &set.warnings).collect();
    if let [first, ..] = warned[..] {
        note(&format!("warning: {} of their sets are large, such as: {first}", warned.len()));
    }
}
