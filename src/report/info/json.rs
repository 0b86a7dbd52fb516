//! A database as one object on one line.

use std::io::{self, Write};

use crate::db::{CalibrationKey, DbInfo, SegmentInfo};
use crate::embed::Engine;
use crate::report::json::{Value, json, write_json_line};
use crate::simd::Kernel;

pub(super) fn write(out: &mut dyn Write, info: &DbInfo, engine: &Engine) -> io::Result<()> {
    let segments: Vec<Value> = info.segments.iter().map(segment).collect();
    let filter = |(key, values): &(String, usize)| json!({ "key": key, "values": values });
    let filters: Vec<Value> = info.filters.iter().map(filter).collect();
    let calibrations: Vec<Value> = info.calibrations.iter().map(calibration).collect();
    let kept_genes = match info.kept_genes {
        Some(universe) => json!(universe.name()),
        None => Value::Null,
    };
    let value = json!({
        "signatures": info.signatures,
        "drugs": info.drugs,
        "profiles": info.profiles,
        "model": { "name": info.model_name, "digest": info.model, "dimension": info.dim },
        "gene_space": info.gene_space,
        "kept_genes": kept_genes,
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
        "sources": info.sources,
        "segments": segments,
        "calibrations": calibrations,
        "filters": filters,
    });
    write_json_line(out, &value)
}

fn calibration((key, references): &(CalibrationKey, String)) -> Value {
    json!({
        "of": key.of.name(),
        "score_by": key.by,
        "score": key.drug_score,
        "reverse": key.reverse,
        "hubness": key.hubness.name(),
        "references": references,
    })
}

fn segment(segment: &SegmentInfo) -> Value {
    let graph = segment
        .audit
        .as_ref()
        .map(|audit| json!({ "recall_at_10": audit.recall_at_10, "ef": audit.ef, "sampled": audit.sampled }));
    json!({
        "file": segment.file,
        "source": segment.source,
        "signatures": segment.signatures,
        "bytes": segment.bytes,
        "profiles": segment.profiles,
        "graph": graph,
    })
}
