//! `l1kdb info`.

use std::io::Write;

use l1kdb::db::Db;
use l1kdb::embed::Engine;
use l1kdb::report::InfoReport;

use super::args::{EngineArgs, InfoArgs, InfoFormatArg};

/// Runs `l1kdb info`.
pub fn run(args: &InfoArgs, engine: &EngineArgs, out: &mut dyn Write) -> anyhow::Result<bool> {
    let db = Db::open(&args.db)?;
    let (info, engine) = (db.info()?, Engine::start(&engine.options())?);
    let report = InfoReport::new(&info, &engine);
    match args.format {
        InfoFormatArg::Table => report.write_table(out)?,
        InfoFormatArg::Json => report.write_json(out)?,
    }
    Ok(true)
}
