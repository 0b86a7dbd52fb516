use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Instant;

use anyhow::bail;
use l1kdb::db::{self, BuildFiles, BuildOptions, BuildReport, Graph, SourceReport};
use l1kdb::embed::Model;
use l1kdb::profile::{ReadReport, Universe};

use super::args::{BuildArgs, EngineArgs, GraphArg, KeepGenesArg};
use super::progress::Bars;
use super::{calibrate, engine, line, reading};

/// Runs `l1kdb build`.
pub fn run(args: &BuildArgs, engine: &EngineArgs) -> anyhow::Result<bool> {
    let began = Instant::now();
    let model = engine::model(args.model.as_deref(), &engine.options())?;
    engine::start(&model)?;
    let report = build(args, &model)?;
    report.late.iter().for_each(|text| super::note(text));
    let built = format!(
        "built {} in {:.1} s with the model {} ({} dimensions)",
        args.out.display(),
        began.elapsed().as_secs_f64(),
        model.card().name,
        model.dim()
    );
    let mut summary = Vec::new();
    line(&mut summary, &built)?;
    print(&mut summary, &report)?;
    tell(args, &summary);
    report.warnings.iter().for_each(|text| super::note(&format!("warning: {text}")));
    report.sources.iter().filter_map(|source| source.read.as_ref()).for_each(reading::warn);
    if args.calibrate {
        calibrate::after_build(&args.out, &mut io::stdout().lock())?;
    }
    Ok(true)
}

/// Prints the summary of a build. Where that fails the build has succeeded all the same.
fn tell(args: &BuildArgs, summary: &[u8]) {
    let mut out = io::stdout().lock();
    match out.write_all(summary).and_then(|()| out.flush()) {
        Err(e) if e.kind() != io::ErrorKind::BrokenPipe => {
            super::note(&format!("{} is built, but the summary cannot be printed: {e}", args.out.display()));
        }
        _ => {}
    }
}

/// Builds of one source, or of several.
fn build(args: &BuildArgs, model: &Model) -> anyhow::Result<BuildReport> {
    let (options, bars) = (options(args), Bars::default());
    let sources = match &args.sources {
        Some(file) => db::read_sources(file, &args.read.options())?,
        None => sources(args)?,
    };
    Ok(match (&sources[..], args.sources.is_some() || !args.source_name.is_empty()) {
        ([(_, files)], false) => db::build(&args.out, files, &options, model, &bars)?,
        (sources, _) => db::build_sources(&args.out, sources, &options, model, &bars)?,
    })
}

/// The sources that were typed, file by file.
fn sources(args: &BuildArgs) -> anyhow::Result<Vec<(String, BuildFiles)>> {
    let expected = args.profiles.len();
    let counted = [
        ("sig-info", args.sig_info.len(), false),
        ("pert-info", args.pert_info.len(), true),
        ("level", args.level.len(), true),
        ("source-name", args.source_name.len(), true),
    ];
    for (option, found, may_be_left_out) in counted {
        let one_for_all = found == 1 && ["pert-info", "level"].contains(&option);
        if found != expected && !(may_be_left_out && found == 0) && !one_for_all {
            bail!(
                "--{option} is given {found} times and --profiles {expected} times, expected one for each source in the same order \
                 (or name the sources in a file, --sources)"
            );
        }
    }
    let source = |(at, profiles): (usize, &PathBuf)| {
        let of_all = |given: usize| if given == 1 { 0 } else { at };
        let mut files = BuildFiles::new(profiles, &args.sig_info[at]).read(args.read.options());
        files.pert_info = args.pert_info.get(of_all(args.pert_info.len())).cloned();
        files.level = args.level.get(of_all(args.level.len())).copied();
        files.atc.clone_from(&args.atc);
        files.atc_names.clone_from(&args.atc_names);
        let stem = || profiles.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        (args.source_name.get(at).cloned().unwrap_or_else(stem), files)
    };
    Ok(args.profiles.iter().enumerate().map(source).collect())
}

fn options(args: &BuildArgs) -> BuildOptions {
    BuildOptions::default()
        .keep_controls(args.keep_controls)
        .keep_profiles(!args.no_profiles)
        .keep_genes(match args.keep_genes {
            KeepGenesArg::Landmark => Universe::Landmark,
            KeepGenesArg::Bing => Universe::Bing,
            KeepGenesArg::All => Universe::All,
        })
        .graph(match args.graph {
            GraphArg::Auto => Graph::Auto,
            GraphArg::Always => Graph::Always,
            GraphArg::Never => Graph::Never,
        })
        .overwrite(args.overwrite)
        .mix_levels(args.mix_levels)
        .refuse_twice(args.refuse_twice)
}

/// Tells what became of the input.
pub fn print(out: &mut dyn Write, report: &BuildReport) -> anyhow::Result<()> {
    writeln!(
        out,
        "  {} signatures of {} drugs; {} drugs have an ATC code, {} a mechanism",
        report.signatures, report.drugs, report.drugs_with_atc, report.drugs_with_moa
    )?;
    if let Some(read) = &report.read {
        writeln!(out, "  {} of 978 landmark genes, found by {}", read.genes_found, read.matched_by)?;
        if read.universe != Universe::Landmark {
            writeln!(out, "  profiles of the {} kept", read.universe.in_words())?;
        }
    }
    if report.sources.len() > 1 {
        report.sources.iter().try_for_each(|source| line(out, &of_source(source)))?;
    }
    for audit in &report.audits {
        writeln!(
            out,
            "  graph: all {} rows reachable, recall@10 {:.4} at ef {} ({} rows sampled)",
            audit.reachable, audit.recall_at_10, audit.ef, audit.sampled
        )?;
    }
    for note in &report.identity {
        line(out, &format!("  {note}"))?;
    }
    for left in left_out(report) {
        line(out, &format!("  {left}"))?;
    }
    Ok(())
}

/// What became of one source of several.
fn of_source(source: &SourceReport) -> String {
    let mut parts = vec![format!("{} signatures of {} drugs", source.signatures, source.drugs)];
    if let Some(read) = &source.read {
        parts.push(format!("{} of 978 landmark genes, found by {}", read.genes_found, read.matched_by));
        parts.extend(read.notes());
    }
    parts.push(format!("values of a root mean square of {:.2}", source.size));
    parts.extend((source.controls > 0).then(|| format!("{} controls left out", source.controls)));
    let twice = source.twice;
    parts.extend((twice > 0).then(|| format!("{twice} signatures left out that an earlier source has")));
    format!("  {}: {}", source.name, parts.join("; "))
}

fn left_out(report: &BuildReport) -> Vec<String> {
    let mut lines = report.read.as_ref().map_or_else(Vec::new, ReadReport::notes);
    if report.controls > 0 {
        lines.push(format!("{} control signatures left out (--keep-controls keeps them)", report.controls));
    }
    let unmatched = [
        ("profiles without metadata left out", &report.profiles_without_row),
        ("signatures of the metadata without a profile", &report.rows_without_profile),
    ];
    lines.extend(
        unmatched.iter().filter(|(_, ids)| ids.count > 0).map(|(what, ids)| format!("{what}: {ids}")),
    );
    if let Some((line, text)) = report.malformed_atc.first() {
        let count = report.malformed_atc.len();
        lines.push(format!(
            "{count} entries of the ATC table are no ATC code, the first in line {line}: {text}"
        ));
    }
    lines
}
