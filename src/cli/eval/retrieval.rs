use std::io::Write;

use l1kdb::eval::Similarity;
use l1kdb::report::RetrievalReport;
use l1kdb::study::{ExcludedPairs, Level, Protocol, Study};

use super::{source, split, write};
use crate::cli::args::{EngineArgs, ExcludeArg, LevelArg, RetrievalArgs, SimilarityArg};
use crate::cli::note;
use crate::cli::progress::Bars;

/// Runs `l1kdb eval retrieval`.
pub fn run(args: &RetrievalArgs, engine: &EngineArgs, out: &mut dyn Write) -> anyhow::Result<bool> {
    let study = source::read(&args.source, engine, args.label.as_ref())?;
    let protocol = protocol(args, &study)?;
    note_time(study.rows.len(), &protocol);
    let bars = Bars::default();
    let found = study.retrieval(&protocol, &bars)?;
    let shape = study.shape(&protocol, &bars)?;
    let provenance = source::provenance(&args.source, args.division.split.as_deref(), &study)?;
    let map = super::map(&study, &protocol.label, &args.output, &bars)?;
    let report = RetrievalReport::new(&found, &provenance).shape(&shape).map(map.as_ref());
    write(&report, &args.output, out)?;
    Ok(true)
}

fn protocol(args: &RetrievalArgs, study: &Study) -> anyhow::Result<Protocol> {
    let protocol = study.protocol(args.label.as_ref());
    let level = match args.level {
        Some(LevelArg::Signature) => Level::Signature,
        Some(LevelArg::Drug) => Level::Drug,
        None => protocol.level,
    };
    let similarity = match args.similarity {
        SimilarityArg::Cosine => Similarity::Cosine,
        SimilarityArg::Dot => Similarity::Dot,
        SimilarityArg::Euclid => Similarity::Euclid,
    };
    let excludes = |pairs| args.exclude.contains(&pairs);
    let excluded = ExcludedPairs::default()
        .plate(excludes(ExcludeArg::Plate))
        .cell(excludes(ExcludeArg::Cell))
        .treatment(excludes(ExcludeArg::Treatment))
        .source(excludes(ExcludeArg::Source));
    Ok(protocol
        .level(level)
        .similarity(similarity)
        .excluded(excluded)
        .across_sources(args.across_sources)
        .split(split::of_study(&args.division, study, args.output.seed)?)
        .allow_shared_labels(args.allow_shared_labels)
        .candidates(args.candidates)
        .baselines(!args.no_baselines)
        .bootstrap(args.output.bootstrap)
        .seed(args.output.seed))
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
