use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::Context;
use l1kdb::db::{BuildFiles, BuildOptions, Db, DrugHit, build};
use l1kdb::embed::Model;
use l1kdb::profile::{ProfileReader, ReadOptions};
use l1kdb::report::{Hits, visible};
use l1kdb::simulate::{Files, Simulation, Simulator};

use super::args::DemoArgs;
use super::progress::Bars;
use super::{build as build_command, line, query};

/// Drugs of the demo's answer.
const TOP: usize = 12;

/// Runs `l1kdb demo`: simulate, build, ask, and say what to try next.
pub fn run(args: &DemoArgs, out: &mut dyn Write) -> anyhow::Result<bool> {
    let began = Instant::now();
    let simulator = Simulation::of_size(args.signatures).seed(args.seed).start()?;
    let files = simulator.write(&args.dir, &Bars::default())?;
    writeln!(
        out,
        "1. simulated {} signatures of {} invented drugs in {} cell lines (they only look like LINCS data)\n   {}\n",
        simulator.len(),
        simulator.drugs().len(),
        simulator.cells().len(),
        visible(&files.profiles.display().to_string())
    )?;
    let path = make_database(args, &files, out)?;
    let db = Db::open(&path)?;
    ask(&db, &files, &simulator, out)?;
    writeln!(out, "All of this took {:.1} s. {NEXT}", began.elapsed().as_secs_f64())?;
    Ok(true)
}

const NEXT: &str = "With your own files (README.md says where to get LINCS data;
`cargo install --path .` puts l1kdb on your path):

  l1kdb build lincs.l1kdb --profiles LEVEL5.gctx --sig-info SIG_INFO.txt --pert-info PERT_INFO.txt
  l1kdb info  lincs.l1kdb
  l1kdb query lincs.l1kdb --profiles MINE.gctx --top 20";

fn make_database(args: &DemoArgs, files: &Files, out: &mut dyn Write) -> anyhow::Result<PathBuf> {
    let path = args.dir.join("demo.l1kdb");
    let tables = BuildFiles::new(&files.profiles, &files.sig_info);
    let tables = tables.pert_info(&files.pert_info).atc(&files.drug_atc);
    let options = BuildOptions::default().overwrite(true);
    let report = build(&path, &tables, &options, &Model::identity(), &Bars::default())?;
    let built = path.display();
    line(out, &format!("2. built {built} of the z-scores themselves (with your own data a network"))?;
    writeln!(
        out,
        "   that has learnt from real signatures stands between; it knows nothing of invented drugs)"
    )?;
    build_command::print(out, &report)?;
    writeln!(out)?;
    Ok(path)
}

/// Asks about one signature of a drug whose mechanism several drugs share.
fn ask(db: &Db, files: &Files, simulator: &Simulator, out: &mut dyn Write) -> anyhow::Result<()> {
    let (drug, row) = showcase(simulator).context("too few signatures to ask about; simulate more")?;
    let id = simulator.signature(row).sig_id;
    let mut reader = ProfileReader::open(&files.profiles, &ReadOptions::default())?;
    reader.select(&[row])?;
    let profile = reader.next_block(1)?.context("the simulated file is empty")?;
    let embedding = Model::identity().embed(&profile)?;
    let hits = db.query(embedding.row(0)).top(TOP).without(&id).run()?;
    let drug = &simulator.drugs()[drug];
    let mechanism = simulator.mechanisms()[drug.family].name;
    writeln!(out, "3. asked: which drugs act like {}, given one signature of it ({id})?", drug.name)?;
    writeln!(out, "   Known of it: {mechanism}. The signature itself is left out of the answer.\n")?;
    let known = agreement(db, simulator, mechanism, &drug.name, &hits);
    Hits::Drugs(hits).write_table(out, &db.atc_names()?, query::width())?;
    writeln!(out, "\n{known}\n")?;
    Ok(())
}

/// A drug with an ATC code and several signatures, the most potent of those, and the row of one signature.
fn showcase(simulator: &Simulator) -> Option<(usize, usize)> {
    let mut rows = vec![Vec::new(); simulator.drugs().len()];
    (0..simulator.len()).for_each(|row| rows[simulator.signature(row).drug].push(row));
    let shown = |drug: &usize| rows[*drug].len() >= 5 && !simulator.drugs()[*drug].atc_codes.is_empty();
    let potency = |drug: &usize| simulator.drugs()[*drug].potency;
    let drug = (0..rows.len()).filter(shown).max_by(|a, b| potency(a).total_cmp(&potency(b)))?;
    Some((drug, rows[drug][rows[drug].len() / 2]))
}

/// How many hits share the query's mechanism, beside what guessing would give.
fn agreement(db: &Db, simulator: &Simulator, mechanism: &str, asked: &str, hits: &[DrugHit]) -> String {
    let others: Vec<&DrugHit> = hits.iter().filter(|hit| hit.drug != asked).collect();
    let sharing = others.iter().filter(|hit| hit.moa.iter().any(|moa| moa == mechanism)).count();
    let of_mechanism = |drug: &&l1kdb::simulate::Drug| simulator.mechanisms()[drug.family].name == mechanism;
    let share = simulator.drugs().iter().filter(of_mechanism).count().saturating_sub(1) as f64
        / simulator.drugs().len().saturating_sub(1).max(1) as f64;
    format!(
        "Of the {} other drugs above, {sharing} share that mechanism; guessing would find {:.1}. The score is the mean\n\
         cosine similarity of the best quarter of a drug's n signatures; there are {} in all.",
        others.len(),
        share * others.len() as f64,
        db.signatures()
    )
}
