//! From what was typed to a study: rows, embeddings, profiles, labels.

use std::path::Path;

use anyhow::{Context, bail};
use l1kdb::annotate::{AtcNames, Catalogue, DrugAtc, DrugKeys, unmet_atc, unmet_perturbagens};
use l1kdb::db::Db;
use l1kdb::embed::Model;
use l1kdb::eval::Place;
use l1kdb::eval::study::{Label, Matrix, Row, Study};
use l1kdb::profile::{
    GENES, PerturbagenTable, ProfileMatrix, ReadOptions, Signature, SignatureTable, file_digest, join,
    read_profiles,
};
use l1kdb::report::{FileNote, Provenance};

use super::embeddings;
use crate::cli::args::{EngineArgs, SourceArgs};
use crate::cli::bars::Bars;
use crate::cli::{engine, note, reading};

/// A study, and where it came from.
pub struct Source {
    pub study: Study,
    pub names: AtcNames,
    pub provenance: Provenance,
}

impl Source {
    pub fn read(args: &SourceArgs, engine: &EngineArgs, label: Option<&Label>) -> anyhow::Result<Self> {
        let mut provenance = provenance();
        let (study, names) = match (&args.db, &args.model, &args.embeddings) {
            (Some(db), _, _) => of_database(db, engine, &mut provenance)?,
            (_, Some(model), _) => (of_model(args, model, engine, &mut provenance)?, AtcNames::default()),
            (_, _, Some(file)) => (of_embeddings(args, file, label)?, AtcNames::default()),
            _ => bail!("expected --db, --model or --embeddings"),
        };
        let names = args.drugs.atc_names.as_ref().map(AtcNames::read).transpose()?.unwrap_or(names);
        provenance.files = files(args)?;
        Ok(Self { study, names, provenance })
    }
}

/// The program and what was typed.
pub fn provenance() -> Provenance {
    let program = concat!("l1kdb ", env!("CARGO_PKG_VERSION")).to_owned();
    Provenance { program, command: command(), ..Provenance::default() }
}

/// The command as it could be typed again.
fn command() -> String {
    let quoted = |word: String| {
        let plain = |c: char| c.is_alphanumeric() || "-_./=,:+@".contains(c);
        if word.chars().all(plain) && !word.is_empty() {
            word
        } else {
            format!("'{}'", word.replace('\'', r"'\''"))
        }
    };
    let mut words = std::env::args().skip(1).map(quoted).collect::<Vec<_>>();
    words.insert(0, "l1kdb".to_owned());
    words.join(" ")
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

/// A file and the digest of its bytes.
pub fn file_note(role: &str, path: &Path) -> anyhow::Result<FileNote> {
    Ok(FileNote { role: role.to_owned(), path: path.display().to_string(), digest: file_digest(path)? })
}

fn of_database(
    path: &Path,
    engine: &EngineArgs,
    provenance: &mut Provenance,
) -> anyhow::Result<(Study, AtcNames)> {
    let db = Db::open(path)?;
    let model = db.model(&engine.options())?;
    provenance.model = Some(named(&model));
    let export = db.export()?;
    let pairs = export.signatures.iter().zip(&export.drug_of);
    let rows = pairs.map(|(signature, &drug)| Row::stored(signature, &export.drugs[drug])).collect();
    let embedding = Matrix::new(model.card().name.clone(), export.embeddings, db.dim());
    let mut study = Study::new(rows, embedding)?;
    study.is_raw = !model.is_network();
    study.warnings.extend(seen_in_training(&model));
    match export.profiles {
        Some(profiles) => study = study.with_profiles(Matrix::new("raw", profiles, GENES))?,
        None => note("note: the database keeps no profiles, so there are no raw baselines"),
    }
    Ok((study, db.atc_names()?))
}

/// A network as reports name it.
fn named(model: &Model) -> String {
    format!("{} ({})", model.card().name, model.digest())
}

fn of_model(
    args: &SourceArgs,
    model: &str,
    engine: &EngineArgs,
    provenance: &mut Provenance,
) -> anyhow::Result<Study> {
    let model = engine::model(Some(model).filter(|&name| name != "shipped"), &engine.options())?;
    let profiles = args.profiles.as_ref().context("--model needs --profiles")?;
    let (profiles, report) = read_profiles(profiles, &args.read.options(), &Bars::default())?;
    let described = Described::read(args, profiles.ids())?;
    let profiles = described.take(&profiles)?;
    engine::start(&model)?;
    let embeddings = model.embed(&profiles)?;
    provenance.model = Some(named(&model));
    provenance.engine = model.engine().map(ToString::to_string);
    reading::note_losses(&report);
    let dim = embeddings.dim();
    let mut study =
        Study::new(described.rows, Matrix::new(model.card().name.clone(), embeddings.into_values(), dim))?;
    study.numbers = described.places;
    study.is_raw = !model.is_network();
    study.warnings.extend(seen_in_training(&model));
    Ok(study.with_profiles(Matrix::new("raw", profiles.into_parts().1, GENES))?)
}

/// A network of which the card tells the data has seen them.
fn seen_in_training(model: &Model) -> Option<String> {
    let drugs = model.card().data.get("drugs")?;
    Some(format!(
        "{} was trained on {drugs} drugs (see its card); on those its figures tell how well it remembers them",
        model.card().name
    ))
}

fn of_embeddings(args: &SourceArgs, file: &Path, label: Option<&Label>) -> anyhow::Result<Study> {
    let read = embeddings::read(file)?;
    let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let rows = read.values.len().checked_div(read.dim).unwrap_or(0);
    let labels = args.labels.as_ref().map(|path| embeddings::labels(path, label, rows)).transpose()?;
    if labels.is_none() && args.sig_info.is_none() {
        bail!(
            "{}: expected --labels in the order of its rows, or --sig-info to join on sig_id",
            file.display()
        );
    }
    let ids = read.ids.clone().unwrap_or_else(|| (0..rows).map(|row| Place::from(row).to_string()).collect());
    if args.sig_info.is_some() && read.ids.is_none() {
        bail!(
            "{}: it names no signatures to join with --sig-info: expected TSV, GCTX, or {} beside it",
            file.display(),
            file.with_extension("ids.tsv").display()
        );
    }
    let described = match &args.sig_info {
        Some(_) => Described::read(args, &ids)?,
        None => Described::plain(&ids, labels.as_ref(), args.keep_controls),
    };
    let values: Vec<f32> = described
        .places
        .iter()
        .flat_map(|&place| &read.values[place * read.dim..][..read.dim])
        .copied()
        .collect();
    let mut study = Study::new(described.rows.clone(), Matrix::new(name, values, read.dim))?;
    study.numbers.clone_from(&described.places);
    study.column =
        labels.map(|labels| described.places.iter().map(|&at| labels.values[at].clone()).collect());
    match &args.profiles {
        Some(path) => Ok(study.with_profiles(baseline(path, args, &described)?)?),
        None => Ok(study),
    }
}

/// The profiles of the rows that are evaluated.
fn baseline(path: &Path, args: &SourceArgs, described: &Described) -> anyhow::Result<Matrix> {
    // A row of zeros has its place beside the embedding of its signature.
    let options = ReadOptions { drop_zero: false, ..args.read.options() };
    let (profiles, report) = read_profiles(path, &options, &Bars::default())?;
    reading::note_losses(&report);
    let places: std::collections::HashMap<&str, usize> =
        profiles.ids().iter().enumerate().map(|(at, id)| (id.as_str(), at)).collect();
    let mut values = Vec::with_capacity(described.rows.len() * GENES);
    let mut missing = described.rows.iter().filter(|row| !places.contains_key(row.id.as_str()));
    if let Some(row) = missing.next() {
        bail!(
            "{}: no profile of {} and {} more rows of the embeddings",
            path.display(),
            row.id,
            missing.count()
        );
    }
    for row in &described.rows {
        values.extend_from_slice(profiles.profile(places[row.id.as_str()]));
    }
    Ok(Matrix::new("raw", values, GENES))
}

/// Which of some ids are evaluated, and what is known of them.
pub struct Described {
    /// Places among the ids.
    pub places: Vec<usize>,
    /// What is known of each.
    pub rows: Vec<Row>,
}

impl Described {
    fn read(args: &SourceArgs, ids: &[String]) -> anyhow::Result<Self> {
        let Some(path) = &args.sig_info else {
            bail!("expected --sig-info: which drug a signature is of stands there");
        };
        let table = SignatureTable::read(path)?;
        let joined = join(ids, &table, args.keep_controls);
        if let Some(why) = joined.explanation() {
            bail!("{}: {why}", path.display());
        }
        for (what, unmatched) in [("rows without metadata left out", &joined.profiles_without_row)] {
            if unmatched.count > 0 {
                note(&format!("note: {what}: {unmatched}"));
            }
        }
        if joined.controls > 0 {
            note(&format!("note: {} controls left out (--keep-controls keeps them)", joined.controls));
        }
        joined.respelt.note().iter().for_each(|text| note(&format!("note: {text}")));
        let signatures: Vec<&Signature> = joined.rows.iter().map(|&(_, row)| &table.rows()[row]).collect();
        let rows = rows(&table, &signatures, args.drugs.pert_info.as_deref(), args.drugs.atc.as_deref())?;
        Ok(Self { places: joined.rows.iter().map(|&(place, _)| place).collect(), rows })
    }

    /// Rows of which nothing is known but what stands beside their labels.
    fn plain(ids: &[String], labels: Option<&embeddings::Labelled>, keep_controls: bool) -> Self {
        let is_control = |at: &usize| labels.is_some_and(|labels| labels.is_control(*at));
        let (controls, kept): (Vec<usize>, Vec<usize>) = (0..ids.len()).partition(is_control);
        if !controls.is_empty() && !keep_controls {
            note(&format!("note: {} controls left out (--keep-controls keeps them)", controls.len()));
        }
        let places = if keep_controls { (0..ids.len()).collect() } else { kept };
        let row = |&at: &usize| {
            let mut row = Row { id: ids[at].clone(), ..Row::default() };
            if let Some(labels) = labels {
                labels.describe(at, &mut row);
            }
            row
        };
        Self { rows: places.iter().map(row).collect(), places }
    }

    fn take(&self, profiles: &ProfileMatrix) -> anyhow::Result<ProfileMatrix> {
        let ids = self.rows.iter().map(|row| row.id.clone()).collect();
        let values = self.places.iter().flat_map(|&place| profiles.profile(place)).copied().collect();
        Ok(ProfileMatrix::new(ids, values)?)
    }
}

/// Says of tables about drugs that they tell of none of these.
fn warn_of_tables(
    signatures: &[&Signature],
    catalogue: &Catalogue,
    perturbagens: Option<&PerturbagenTable>,
    atc: Option<&DrugAtc>,
) {
    let drugs = catalogue.drugs().iter().map(|drug| (drug.key.as_str(), !drug.atc.is_empty()));
    let unmet = perturbagens.and_then(|table| unmet_perturbagens(signatures.iter().copied(), table));
    let unmet = unmet.into_iter().chain(atc.and_then(|atc| unmet_atc(drugs, atc)));
    unmet.for_each(|text| note(&format!("warning: {text}")));
}

/// What the tables tell of some signatures of one of them.
pub fn rows(
    table: &SignatureTable,
    signatures: &[&Signature],
    pert_info: Option<&Path>,
    atc: Option<&Path>,
) -> anyhow::Result<Vec<Row>> {
    let perturbagens = pert_info.map(PerturbagenTable::read).transpose()?;
    let atc = atc.map(DrugAtc::read).transpose()?;
    let keys = DrugKeys::new(table.rows(), perturbagens.as_ref());
    keys.notes().iter().for_each(|line| note(&format!("note: {line}")));
    let catalogue = Catalogue::new(signatures.iter().copied(), &keys, atc.as_ref());
    warn_of_tables(signatures, &catalogue, perturbagens.as_ref(), atc.as_ref());
    let known = perturbagens.as_ref().map_or(&[][..], PerturbagenTable::rows);
    let by_id: std::collections::HashMap<&str, &str> =
        known.iter().filter_map(|row| Some((row.pert_id.as_deref()?, row.smiles.as_deref()?))).collect();
    let row = |(signature, &drug): (&&Signature, &u32)| {
        let smiles = signature.pert_id.as_deref().and_then(|id| by_id.get(id)).copied();
        let drug = &catalogue.drugs()[drug as usize];
        Row::new(signature, drug, keys.traits(&drug.key), smiles)
    };
    Ok(signatures.iter().zip(catalogue.of_signature()).map(row).collect())
}
