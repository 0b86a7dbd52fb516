//! `l1kdb calibrate`.

use std::io::Write;
use std::path::Path;

use l1kdb::db::{CalibrationOf, Db};
use l1kdb::enrichment::CallCalibration;
use l1kdb::profile::{SignatureTable, Universe, join, read_profiles};
use l1kdb::question::{Calibrate, CalibrationReport, QueryProfiles, ScoreBy};

use super::args::{CalibrateArgs, CalibrationOfArg, EngineArgs, QueryArgs, ScoreByArg};
use super::progress::Bars;
use super::{line, note, reading};

/// Runs `l1kdb calibrate`.
pub fn run(args: &CalibrateArgs, engine: &EngineArgs, out: &mut dyn Write) -> anyhow::Result<bool> {
    let db = Db::open(&args.db)?;
    let needs_network = args.references.is_some() || args.of == CalibrationOfArg::GeneSets;
    let by_embedding = args.score_by == ScoreByArg::Embedding && !args.reverse;
    let model = (needs_network && by_embedding).then(|| db.model(&engine.options())).transpose()?;
    let mut calibrate = options(&db, args);
    if let Some(model) = &model {
        calibrate = calibrate.model(model);
    }
    let report = match (&args.references, &args.sig_info) {
        (Some(profiles), Some(sig_info)) => of_files(&calibrate, (profiles, sig_info), &db, args)?,
        _ => calibrate.of_database(&Bars::default())?,
    };
    tell(&args.db, &report, out)?;
    Ok(true)
}

/// Calibrates a database that was just built, for profiles by embedding.
pub fn after_build(path: &Path, out: &mut dyn Write) -> anyhow::Result<()> {
    let db = Db::open(path)?;
    tell(path, &Calibrate::new(&db).of_database(&Bars::default())?, out)
}

/// Calibrates a database for a question where it is not, and opens it again.
pub fn for_query(db: Db, args: &QueryArgs, engine: &EngineArgs) -> anyhow::Result<Db> {
    let of = if args.question.is_of_sets() { CalibrationOf::GeneSets } else { CalibrationOf::Profiles };
    let by = match args.score_by {
        Some(by) => by.into(),
        None if args.reverse => ScoreBy::Cosine,
        None => ScoreBy::Embedding,
    };
    let calibrate = Calibrate::new(&db).of(of).score_by(by).score(args.score.into()).reverse(args.reverse);
    let calibrate = calibrate.hubness(args.hubness.into());
    if db.calibrations().contains(&calibrate.key()) {
        return Ok(db);
    }
    let needs_network = of == CalibrationOf::GeneSets && by == ScoreBy::Embedding;
    let model = needs_network.then(|| db.model(&engine.options())).transpose()?;
    let report = match &model {
        Some(model) => calibrate.model(model).of_database(&Bars::default())?,
        None => calibrate.of_database(&Bars::default())?,
    };
    note(&format!("note: {}", told(db.path(), &report)));
    Ok(Db::open(db.path())?)
}

fn options<'a>(db: &'a Db, args: &CalibrateArgs) -> Calibrate<'a> {
    Calibrate::new(db)
        .of(args.of.into())
        .score_by(args.score_by.into())
        .score(args.score.into())
        .reverse(args.reverse)
        .hubness(args.hubness.into())
        .queries(args.queries)
        .per_drug(args.per_drug)
        .seed(args.seed)
}

fn of_files(
    calibrate: &Calibrate<'_>,
    (profiles, sig_info): (&Path, &Path),
    db: &Db,
    args: &CalibrateArgs,
) -> anyhow::Result<CalibrationReport> {
    let universe = match args.score_by {
        ScoreByArg::Embedding => Universe::Landmark,
        _ => db.universe(),
    };
    let (read, report) = read_profiles(profiles, &args.read.options().universe(universe), &Bars::default())?;
    let table = SignatureTable::read(sig_info)?;
    let joined = join(read.ids(), &table, false);
    let mut drugs = Vec::new();
    let mut rows = Vec::new();
    for &(profile, row) in &joined.rows {
        let signature = &table.rows()[row];
        if let Some(drug) = signature.name.clone().or_else(|| signature.pert_id.clone()) {
            drugs.push(drug);
            rows.push(profile);
        }
    }
    let queries = QueryProfiles::from(read).without_genes(&report.positions_missing).some(&rows);
    let source = profiles.file_name().unwrap_or_default().to_string_lossy();
    let calibrated = calibrate.of_profiles(&queries, &drugs, &source, &Bars::default())?;
    reading::note_losses(&report);
    Ok(calibrated)
}

fn tell(path: &Path, report: &CalibrationReport, out: &mut dyn Write) -> anyhow::Result<()> {
    line(out, &told(path, report))?;
    report.calls.iter().try_for_each(|call| line(out, &of_call(call)))?;
    if report.broken > 0 {
        let broken = report.broken;
        note(&format!("note: {broken} signatures could not be asked with and are no reference queries"));
    }
    Ok(())
}

/// How often calls of a kind are right.
fn of_call(call: &CallCalibration) -> String {
    let CallCalibration { kind, queries, drugs, error, coverage, precision, .. } = call;
    let right = precision.map_or_else(String::new, |right| format!("; {:.0} % of them right", 100.0 * right));
    format!(
        "{kind} calls: {:.1} % of {queries} queries of {drugs} drugs get one{right}; probabilities are off by {error:.3} (out of fold)",
        100.0 * coverage
    )
}

/// What became of a calibration.
fn told(path: &Path, report: &CalibrationReport) -> String {
    let CalibrationReport { key, queries, drugs, candidates, smallest_p, .. } = report;
    format!(
        "{} is calibrated for {key}: {candidates} drugs against {queries} reference queries of {drugs} drugs; the smallest p is {smallest_p:.1e}",
        path.display()
    )
}
