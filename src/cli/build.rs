use std::io::{self, Write};
use std::time::Instant;

use l1kdb::db::{self, BuildFiles, BuildOptions, BuildReport, Graph};
use l1kdb::profile::{ReadReport, Universe};

use super::args::{BuildArgs, EngineArgs, GraphArg, KeepGenesArg};
use super::progress::Bars;
use super::{calibrate, engine, line, reading};

/// Runs `l1kdb build`.
pub fn run(args: &BuildArgs, engine: &EngineArgs) -> anyhow::Result<bool> {
    let began = Instant::now();
    let model = engine::model(args.model.as_deref(), &engine.options())?;
    engine::start(&model)?;
    let report = db::build(&args.out, &files(args), &options(args), &model, &Bars::default())?;
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
    report.read.iter().for_each(reading::warn);
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

fn files(args: &BuildArgs) -> BuildFiles {
    let mut files = BuildFiles::new(&args.profiles, &args.sig_info).read(args.read.options());
    let tables = &args.drugs;
    files.pert_info.clone_from(&tables.pert_info);
    files.atc.clone_from(&tables.atc);
    files.atc_names.clone_from(&tables.atc_names);
    files
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
