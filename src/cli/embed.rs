use std::io::Write;
use std::path::Path;

use anyhow::bail;
use l1kdb::embed::Embeddings;
use l1kdb::profile::{GctxContent, read_profiles, write_gctx, write_npy, write_tsv};

use super::args::{EmbedArgs, EngineArgs};
use super::progress::Bars;
use super::{engine, line, reading};

/// Runs `l1kdb embed`.
pub fn run(args: &EmbedArgs, engine: &EngineArgs, out: &mut dyn Write) -> anyhow::Result<bool> {
    let write = writer(&args.out)?;
    let model = engine::model(args.model.as_deref(), &engine.options())?;
    let (profiles, report) = read_profiles(&args.profiles, &args.read.options(), &Bars::default())?;
    reading::require_signatures(&report)?;
    engine::start(&model)?;
    let embeddings = model.embed(&profiles)?;
    write(&args.out, profiles.ids(), &embeddings)?;
    reading::note_losses(&report);
    let (rows, dim, name) = (embeddings.len(), embeddings.dim(), &model.card().name);
    line(out, &format!("wrote {rows} x {dim} to {} with the model {name}", args.out.display()))?;
    Ok(true)
}

type WriteEmbeddings = fn(&Path, &[String], &Embeddings) -> anyhow::Result<()>;

/// How to write a file of this name.
fn writer(path: &Path) -> anyhow::Result<WriteEmbeddings> {
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    Ok(match extension.as_str() {
        "npy" => npy,
        "tsv" => tsv,
        "gctx" => gctx,
        _ => bail!("{}: expected a name that ends in .npy, .tsv or .gctx", path.display()),
    })
}

/// The ids go to a file of their own, since NPY holds numbers only.
fn npy(path: &Path, ids: &[String], embeddings: &Embeddings) -> anyhow::Result<()> {
    write_npy(path, embeddings.values(), embeddings.dim())?;
    Ok(write_tsv(path.with_extension("ids.tsv"), ids, &[], &[])?)
}

fn tsv(path: &Path, ids: &[String], embeddings: &Embeddings) -> anyhow::Result<()> {
    Ok(write_tsv(path, ids, &components(embeddings.dim()), embeddings.values())?)
}

fn gctx(path: &Path, ids: &[String], embeddings: &Embeddings) -> anyhow::Result<()> {
    let row_ids = components(embeddings.dim());
    let content =
        GctxContent { ids, row_ids: &row_ids, values: embeddings.values(), columns: None, rows: None };
    Ok(write_gctx(path, &content)?)
}

/// `e1`, `e2`, ...
fn components(dim: usize) -> Vec<String> {
    (1..=dim).map(|i| format!("e{i}")).collect()
}
