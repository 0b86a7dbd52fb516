//! `l1kdb info` and `l1kdb verify`.

use std::io::Write;

use l1kdb::db::{Db, DbInfo, SegmentInfo};
use l1kdb::embed::Engine;
use l1kdb::report::write_json_line;
use l1kdb::simd::Kernel;
use serde_json::json;

use super::args::{EngineArgs, InfoArgs, InfoFormatArg, VerifyArgs};
use super::bars::Bars;
use super::line;

/// `l1kdb info`.
pub fn info(args: &InfoArgs, engine: &EngineArgs, out: &mut dyn Write) -> anyhow::Result<bool> {
    let db = Db::open(&args.db)?;
    let info = db.info()?;
    let engine = Engine::start(&engine.options())?;
    match args.format {
        InfoFormatArg::Table => lines(out, &info, &engine)?,
        InfoFormatArg::Json => json(out, &info, &engine)?,
    }
    Ok(true)
}

fn lines(out: &mut dyn Write, info: &DbInfo, engine: &Engine) -> anyhow::Result<()> {
    writeln!(out, "signatures  {}", info.signatures)?;
    writeln!(out, "drugs       {}", info.drugs)?;
    line(out, &format!("profiles    {}", info.profiles))?;
    let model = format!("{} ({} dimensions), {}", info.model_name, info.dim, info.model);
    line(out, &format!("model       {model}"))?;
    line(out, &format!("gene space  978 landmarks, {}", info.gene_space))?;
    line(out, &format!("engine      {engine}"))?;
    line(out, &format!("kernel      {}", Kernel::current().name()))?;
    let made = format!("{}, generation {}, made by {}", info.format, info.generation, info.created_by);
    line(out, &format!("format      {made}"))?;
    for segment in &info.segments {
        line(out, &format!("segment     {}", segment_line(segment)))?;
    }
    let filters: Vec<String> = info.filters.iter().map(|(key, values)| format!("{key} ({values})")).collect();
    line(out, &format!("filters     {}", filters.join(", ")))?;
    for text in [engine.warning(), engine.note()].into_iter().flatten() {
        line(out, &format!("note        {text}"))?;
    }
    Ok(())
}

fn segment_line(segment: &SegmentInfo) -> String {
    let megabytes = segment.bytes as f64 / 1e6;
    let profiles = if segment.profiles { "with profiles" } else { "without profiles" };
    let graph = segment.audit.as_ref().map_or_else(
        || "no graph".to_owned(),
        |audit| format!("graph with recall@10 {:.4} at ef {}", audit.recall_at_10, audit.ef),
    );
    format!("{}: {} signatures, {megabytes:.1} MB, {profiles}, {graph}", segment.file, segment.signatures)
}

fn json(out: &mut dyn Write, info: &DbInfo, engine: &Engine) -> anyhow::Result<()> {
    let segments: Vec<_> = info.segments.iter().map(segment_json).collect();
    let value = json!({
        "signatures": info.signatures,
        "drugs": info.drugs,
        "profiles": info.profiles,
        "model": { "name": info.model_name, "digest": info.model, "dimension": info.dim },
        "gene_space": info.gene_space,
        "engine": {
            "name": engine.name(),
            "version": engine.version(),
            "provider": engine.provider().to_string(),
            "library": engine.library().map(|(path, _)| path.display().to_string()),
        },
        "kernel": Kernel::current().name(),
        "format": info.format,
        "generation": info.generation,
        "created_by": info.created_by,
        "segments": segments,
        "filters": info.filters.iter().map(|(key, values)| json!({ "key": key, "values": values })).collect::<Vec<_>>(),
    });
    Ok(write_json_line(out, &value)?)
}

fn segment_json(segment: &SegmentInfo) -> serde_json::Value {
    json!({
        "file": segment.file,
        "signatures": segment.signatures,
        "bytes": segment.bytes,
        "profiles": segment.profiles,
        "graph": segment.audit.as_ref().map(|audit| json!({
            "recall_at_10": audit.recall_at_10, "ef": audit.ef, "sampled": audit.sampled,
        })),
    })
}

/// `l1kdb verify`.
pub fn verify(args: &VerifyArgs, engine: &EngineArgs, out: &mut dyn Write) -> anyhow::Result<bool> {
    let db = Db::open(&args.db)?;
    let verified = db.verify(&engine.options(), &Bars::default())?;
    let text = format!(
        "{} is whole: {} signatures of {} drugs in {} segments, {} with a graph",
        args.db.display(),
        verified.signatures,
        verified.drugs,
        verified.segments,
        verified.graphs
    );
    line(out, &text)?;
    if !verified.sealed {
        line(
            out,
            "its MANIFEST and its network's card are under no checksum, since an earlier l1kdb made it; built again they are",
        )?;
    }
    Ok(true)
}
