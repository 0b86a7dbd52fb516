//! A database in a terminal.

use std::io::{self, Write};

use crate::db::{CalibrationKey, DbInfo, SegmentInfo};
use crate::embed::Engine;
use crate::report::visible;
use crate::simd::Kernel;

/// Writes one line for each thing that a database is made of, then which engine and kernel would search it, and what there
/// is to say of the engine.
pub(super) fn write(out: &mut dyn Write, info: &DbInfo, engine: &Engine) -> io::Result<()> {
    let mut line = |name: &str, text: &str| writeln!(out, "{name:<11} {}", visible(text));
    line("signatures", &info.signatures.to_string())?;
    line("drugs", &info.drugs.to_string())?;
    line("profiles", &info.profiles)?;
    if !info.sources.is_empty() {
        line("sources", &info.sources.join(", "))?;
    }
    line("model", &format!("{} ({} dimensions), {}", info.model_name, info.dim, info.model))?;
    line("gene space", &format!("978 landmarks, {}", info.gene_space))?;
    let kept = match info.kept_genes {
        Some(universe) => universe.in_words(),
        None => "none, since no profiles are kept",
    };
    line("genes kept", kept)?;
    line("engine", &engine.to_string())?;
    line("kernel", Kernel::current().name())?;
    let made = format!("{}, generation {}, made by {}", info.format, info.generation, info.created_by);
    line("format", &made)?;
    info.segments.iter().try_for_each(|segment| line("segment", &segment_line(segment)))?;
    let calibration =
        |(key, references): &(CalibrationKey, String)| line("calibrated", &format!("{key}: {references}"));
    info.calibrations.iter().try_for_each(calibration)?;
    let filters: Vec<String> = info.filters.iter().map(|(key, values)| format!("{key} ({values})")).collect();
    line("filters", &filters.join(", "))?;
    [engine.warning(), engine.note()].into_iter().flatten().try_for_each(|text| line("note", text))
}

fn segment_line(segment: &SegmentInfo) -> String {
    let megabytes = segment.bytes as f64 / 1e6;
    let profiles = if segment.profiles { "with profiles" } else { "without profiles" };
    let graph = segment.audit.as_ref().map_or_else(
        || "no graph".to_owned(),
        |audit| format!("graph with recall@10 {:.4} at ef {}", audit.recall_at_10, audit.ef),
    );
    let of = segment.source.as_ref().map_or_else(String::new, |source| format!(" of {source}"));
    let (file, signatures) = (&segment.file, segment.signatures);
    format!("{file}: {signatures} signatures{of}, {megabytes:.1} MB, {profiles}, {graph}")
}
