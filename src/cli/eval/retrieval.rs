use std::io::Write;

use l1kdb::eval::Similarity;
use l1kdb::report::{
    PageExtras, retrieval_page, write_retrieval_json, write_retrieval_table, write_retrieval_tsv,
};
use l1kdb::study::{Label, Level, Protocol, Retrieval, TooEasyPairs};

use super::source::{Source, file_note};
use super::{division, map, shape, write_page};
use crate::cli::args::{EngineArgs, ExcludeArg, FormatArg, LevelArg, RetrievalArgs, SimilarityArg};
use crate::cli::bars::Bars;
use crate::cli::note;
use crate::cli::query::width;

/// `l1kdb eval retrieval`.
pub fn run(args: &RetrievalArgs, engine: &EngineArgs, out: &mut dyn Write) -> anyhow::Result<bool> {
    let mut source = Source::read(&args.source, engine, args.label.as_ref())?;
    let bars = Bars::default();
    let protocol = protocol(args, &source)?;
    if let Some(path) = &args.division.split {
        source.provenance.files.push(file_note("split", path)?);
    }
    note_time(source.study.rows.len(), &protocol);
    let found = source.study.retrieval(&protocol, &bars)?;
    let shape = shape::Shape::of(&source.study, &protocol, &bars)?;
    match args.output.format {
        FormatArg::Table => {
            write_retrieval_table(out, &found, width())?;
            shape.write(out)?;
        }
        FormatArg::Tsv => write_retrieval_tsv(out, &found)?,
        FormatArg::Json => {
            write_retrieval_json(out, &found, &shape.geometry, &shape.replicates, &source.provenance)?;
        }
    }
    if let Some(path) = &args.output.report {
        write_page(path, &page(&source, &protocol, &found, &shape, &bars)?)?;
    }
    Ok(true)
}

fn protocol(args: &RetrievalArgs, source: &Source) -> anyhow::Result<Protocol> {
    let label = label(args.label.as_ref(), source);
    let mut protocol = Protocol::new(label);
    // What the user calls it decides what is compared, also where it is a column of a table.
    let of_drugs = args.label.as_ref().is_some_and(Label::is_of_drugs);
    protocol.level = match args.level {
        Some(LevelArg::Signature) => Level::Signature,
        Some(LevelArg::Drug) => Level::Drug,
        None if of_drugs && source.study.rows.iter().any(|row| row.drug.is_some()) => Level::Drug,
        None => Level::Signature,
    };
    protocol.similarity = match args.similarity {
        SimilarityArg::Cosine => Similarity::Cosine,
        SimilarityArg::Dot => Similarity::Dot,
        SimilarityArg::Euclid => Similarity::Euclid,
    };
    protocol.too_easy = TooEasyPairs {
        plate: args.exclude.contains(&ExcludeArg::Plate),
        cell: args.exclude.contains(&ExcludeArg::Cell),
        treatment: args.exclude.contains(&ExcludeArg::Treatment),
    };
    protocol.split = division::of_rows(&args.division, &source.study.rows, args.output.seed)?;
    protocol.allow_shared_labels = args.allow_shared_labels;
    protocol.candidates = args.candidates;
    protocol.baselines = !args.no_baselines;
    protocol.bootstrap = args.output.bootstrap;
    protocol.seed = args.output.seed;
    Ok(protocol)
}

/// Rows beyond which everything against everything takes minutes.
const MANY_ROWS: usize = 300_000;

/// Says so where it will take long, before it does.
fn note_time(rows: usize, protocol: &Protocol) {
    if rows > MANY_ROWS && protocol.candidates.is_none() && protocol.split.is_none() {
        note(&format!(
            "note: {rows} rows against each other: time grows with rows squared, and twice as many take four times as long; \
             --candidates 10000 estimates ranks on a sample"
        ));
    }
}

/// Labels of the user's own table go before what is known of drugs.
pub fn label(typed: Option<&Label>, source: &Source) -> Label {
    match (typed, &source.study.column) {
        (None, Some(_)) => Label::Column("label".to_owned()),
        (Some(Label::Drug) | None, _) => Label::Drug,
        (Some(label), Some(_)) => Label::Column(label.to_string()),
        (Some(label), None) => label.clone(),
    }
}

fn page(
    source: &Source,
    protocol: &Protocol,
    found: &Retrieval,
    shape: &shape::Shape,
    bars: &Bars,
) -> anyhow::Result<l1kdb::page::Page> {
    let study = &source.study;
    let coloured = if protocol.label == Label::Drug { Label::Atc(1) } else { protocol.label.clone() };
    let labels = study.labels(&coloured)?;
    let map = map::of_drugs(study, &labels, &source.names, bars)?;
    let extras = PageExtras { map, geometry: shape.geometry_facts(), replicates: shape.replicate_facts() };
    Ok(retrieval_page(found, &source.provenance, &extras))
}
