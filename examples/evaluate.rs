//! How good is an embedding? Asked from outside: retrieval with its baselines on held-out drugs, and classes of drugs.
//!
//! Without arguments on simulated signatures; with the path of a database, on that.

#![allow(clippy::print_stdout, reason = "an example prints")]

use l1kdb::db::Db;
use l1kdb::embed::{EngineOptions, Model};
use l1kdb::eval::classification::ClassOptions;
use l1kdb::profile::ReadOptions;
use l1kdb::progress::Quiet;
use l1kdb::simulate::Simulation;
use l1kdb::split::KFold;
use l1kdb::study::{ClassProtocol, Division, Label, SplitBy, Study, Tables};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let study = match std::env::args().nth(1) {
        Some(path) => Study::of_database(&Db::open(path)?, &EngineOptions::default())?,
        None => simulated()?,
    };

    // Whole drugs are held out: an embedding that has learnt a drug by heart finds it whatever it is good for.
    let (split, _) = Division::KFold(SplitBy::Drug, KFold { folds: 3, repeats: 1 }).of(&study.rows, 1)?;
    let mut protocol = study.protocol(None);
    protocol.split = Some(split);
    protocol.bootstrap = 200;
    let found = study.retrieval(&protocol, &Quiet)?;
    println!("{}: {} rows, {} drugs", found.embedding, found.rows, found.outcome.drugs);
    println!("  {:<18} AUC {:.3}", "this embedding", found.outcome.micro.auc_quantile);
    for baseline in &found.baselines {
        println!("  {:<18} AUC {:.3}", baseline.name, baseline.outcome.micro.auc_quantile);
    }

    let classes =
        study.classification(&ClassProtocol::new(Label::Atc(1), ClassOptions::default()), &Quiet)?;
    let (best, baselines) = (&classes.report.configurations[0], &classes.report.baselines);
    println!("ATC classes by {}: accuracy {:.3}", best.name, best.accuracy.value);
    if let Some(baselines) = baselines {
        println!("  the largest class alone: {:.3}", baselines.majority.accuracy);
    }
    found.warnings.iter().chain(&classes.warnings).for_each(|warning| println!("warning: {warning}"));
    Ok(())
}

/// A study of a simulated data set, as of any three files.
fn simulated() -> Result<Study, Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let files = Simulation::of_size(600).seed(5).start()?.write(folder.path(), &Quiet)?;
    let tables = Tables::default().sig_info(&files.sig_info).pert_info(&files.pert_info).atc(&files.drug_atc);
    let model = Model::identity();
    Ok(Study::of_model(&model, &files.profiles, &tables, &ReadOptions::default(), &Quiet)?)
}
