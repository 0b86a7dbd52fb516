//! From what was typed to a study, and where it came from.

use std::path::Path;

use anyhow::{Context, bail};
use l1kdb::annotate::AtcNames;
use l1kdb::db::Db;
use l1kdb::report::{FileNote, Provenance};
use l1kdb::study::{Label, Note, Study, Tables};

use crate::cli::args::{EngineArgs, SourceArgs};
use crate::cli::progress::Bars;
use crate::cli::provenance::{file_note, program};
use crate::cli::{engine, note};

/// Reads a study, and tells how it was read.
pub fn read(args: &SourceArgs, engine: &EngineArgs, label: Option<&Label>) -> anyhow::Result<Study> {
    let mut study = match (&args.db, &args.model, &args.embeddings) {
        (Some(db), _, _) => Study::of_database(&Db::open(db)?, &engine.options())?,
        (_, Some(model), _) => of_model(args, model, engine)?,
        (_, _, Some(file)) => {
            let (tables, profiles) = (tables(args, label), args.profiles.as_deref());
            Study::of_embeddings(file, profiles, &tables, &args.read.options(), &Bars::default())?
        }
        _ => bail!("expected --db, --model or --embeddings"),
    };
    if let Some(path) = &args.drugs.atc_names {
        study.atc_names = AtcNames::read(path)?;
    }
    tell(&study.notes);
    Ok(study)
}

fn of_model(args: &SourceArgs, named: &str, engine: &EngineArgs) -> anyhow::Result<Study> {
    let model = engine::model(Some(named).filter(|&name| name != "shipped"), &engine.options())?;
    engine::start(&model)?;
    let profiles = args.profiles.as_ref().context("--model needs --profiles")?;
    Ok(Study::of_model(&model, profiles, &tables(args, None), &args.read.options(), &Bars::default())?)
}

fn tables(args: &SourceArgs, label: Option<&Label>) -> Tables {
    let mut tables = Tables::default().keep_controls(args.keep_controls);
    tables.sig_info.clone_from(&args.sig_info);
    tables.pert_info.clone_from(&args.drugs.pert_info);
    tables.atc.clone_from(&args.drugs.atc);
    tables.labels.clone_from(&args.labels);
    tables.label = label.cloned();
    tables
}

/// Tells how data were read, with the options that would change it.
pub fn tell(notes: &[Note]) {
    for told in notes {
        let kind = if told.is_doubt() { "warning" } else { "note" };
        let option = match told {
            Note::Controls(_) => " (--keep-controls keeps them)",
            _ => "",
        };
        note(&format!("{kind}: {told}{option}"));
    }
}

/// Returns the program, the files, and the network of a study.
pub fn provenance(args: &SourceArgs, split: Option<&Path>, study: &Study) -> anyhow::Result<Provenance> {
    let (model, engine) = (study.model.clone(), study.engine.clone());
    let mut files = files(args)?;
    files.extend(split.map(|path| file_note("split", path)).transpose()?);
    Ok(Provenance { files, model, engine, ..program() })
}

fn files(args: &SourceArgs) -> anyhow::Result<Vec<FileNote>> {
    let named = [
        ("profiles", &args.profiles),
        ("sig-info", &args.sig_info),
        ("pert-info", &args.drugs.pert_info),
        ("atc", &args.drugs.atc),
        ("embeddings", &args.embeddings),
        ("labels", &args.labels),
    ];
    let manifest = args.db.as_ref().map(|db| db.join("MANIFEST"));
    let manifest = [("database manifest", &manifest)];
    let given = named.iter().chain(&manifest).filter_map(|(role, path)| Some((role, path.as_ref()?)));
    given.map(|(role, path)| file_note(role, path)).collect()
}
