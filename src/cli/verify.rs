//! `l1kdb verify`.

use std::io::Write;

use l1kdb::db::Db;

use super::args::{EngineArgs, VerifyArgs};
use super::line;
use super::progress::Bars;

/// Runs `l1kdb verify`.
pub fn run(args: &VerifyArgs, engine: &EngineArgs, out: &mut dyn Write) -> anyhow::Result<bool> {
    let db = Db::open(&args.db)?;
    let verified = db.verify(&engine.options(), &Bars::default())?;
    let calibrated = match verified.calibrations {
        0 => String::new(),
        count => format!(", {count} calibrations"),
    };
    let text = format!(
        "{} is whole: {} signatures of {} drugs in {} segments, {} with a graph{calibrated}",
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
