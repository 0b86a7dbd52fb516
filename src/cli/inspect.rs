//! `l1kdb info` and `l1kdb verify`.

use std::io::Write;

use l1kdb::db::Db;
use l1kdb::embed::Engine;
use l1kdb::report::{write_info_json, write_info_table};

use super::args::{EngineArgs, InfoArgs, InfoFormatArg, VerifyArgs};
use super::bars::Bars;
use super::line;

/// `l1kdb info`.
pub fn info(args: &InfoArgs, engine: &EngineArgs, out: &mut dyn Write) -> anyhow::Result<bool> {
    let db = Db::open(&args.db)?;
    let info = db.info()?;
    let engine = Engine::start(&engine.options())?;
    match args.format {
        InfoFormatArg::Table => write_info_table(out, &info, &engine)?,
        InfoFormatArg::Json => write_info_json(out, &info, &engine)?,
    }
    Ok(true)
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
