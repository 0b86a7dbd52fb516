use std::io::Write;

use l1kdb::profile::{MatrixWriter, read_profiles};

use super::args::{EmbedArgs, EngineArgs};
use super::progress::Bars;
use super::{engine, line, reading};

/// Runs `l1kdb embed`.
pub fn run(args: &EmbedArgs, engine: &EngineArgs, out: &mut dyn Write) -> anyhow::Result<bool> {
    MatrixWriter::check(&args.out)?;
    let model = engine::model(args.model.as_deref(), &engine.options())?;
    let (profiles, report) = read_profiles(&args.profiles, &args.read.options(), &Bars::default())?;
    reading::require_signatures(&report)?;
    engine::start(&model)?;
    let embeddings = model.embed(&profiles)?;
    let mut writer = MatrixWriter::create(&args.out, &components(embeddings.dim()))?;
    writer.block(profiles.ids(), embeddings.values())?;
    writer.finish()?;
    reading::note_losses(&report);
    let (rows, dim, name) = (embeddings.len(), embeddings.dim(), &model.card().name);
    line(out, &format!("wrote {rows} x {dim} to {} with the model {name}", args.out.display()))?;
    Ok(true)
}

/// `e1`, `e2`, ...
fn components(dim: usize) -> Vec<String> {
    (1..=dim).map(|i| format!("e{i}")).collect()
}
