//! `evaluate`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use l1kdb::embed::{EngineOptions, Model};
use l1kdb::split::Split;
use l1kdb_models::{
    DENSENET, Dataset, Embedder, Fold, OutOfFold, Presets, Recipe, TRIPLET, TrainError, WHITEN, compare,
    embed_by, parity,
};

use super::args::EvaluateArgs;
use super::print;
use super::recipe::fitting;
use super::watch::Bar;

/// The commands that train, with their presets.
const COMMANDS: [(&str, Presets); 3] = [("densenet", DENSENET), ("triplet", TRIPLET), ("whiten", WHITEN)];

/// What can be compared.
enum Contender {
    /// Trained anew for every fold, by the preset that fits so many signatures.
    Fitting(Presets),
    /// Trained anew for every fold.
    Recipe(Box<Recipe>),
    /// Taken as it is.
    Model(Box<Model>),
}

/// A contender while it is evaluated.
struct Candidate {
    name: String,
    contender: Contender,
    out_of_fold: OutOfFold,
}

pub fn run(arguments: &EvaluateArgs) -> Result<()> {
    let candidates = arguments.models.iter().map(|name| Candidate::named(name));
    let mut candidates = candidates.collect::<Result<Vec<Candidate>>>()?;
    let kept = arguments.out_of_fold.as_deref().map(|folder| files(folder, &candidates)).transpose()?;
    let dataset = arguments.data.read()?;
    note_leaks(&candidates, &dataset);
    let (folds, held_out) = division(arguments, &dataset)?;
    let mut embedders: Vec<_> = candidates
        .iter_mut()
        .map(|candidate| {
            let name = candidate.name.clone();
            (name, |fold: &Fold, held_out: &Dataset| candidate.embed(&dataset, fold, held_out))
        })
        .collect();
    let mut named: Vec<(String, &mut Embedder<'_>)> =
        embedders.iter_mut().map(|(name, embedder)| (name.clone(), embedder as &mut Embedder<'_>)).collect();
    let standings = compare(&dataset, &folds, &mut named, &Bar::default())?;
    for (path, candidate) in kept.into_iter().flatten().zip(&candidates) {
        path.map_or(Ok(()), |path| candidate.out_of_fold.write(&path, &dataset))?;
    }
    print::standings(&standings, &held_out, arguments.format)?;
    Ok(())
}

/// The folds, and what they hold out, in words.
fn division(arguments: &EvaluateArgs, dataset: &Dataset) -> Result<(Vec<Fold>, String)> {
    let Some(path) = &arguments.split else {
        let protocol = arguments.protocol.protocol();
        let folds = protocol.folds(dataset, arguments.seed)?;
        if folds.is_empty() {
            bail!("no drug is held out: give --folds, or a --test-share above 0");
        }
        print::leak(dataset, &folds);
        return Ok((folds, print::held_out(protocol)));
    };
    let split = Split::load(path, &dataset.ids)?;
    let folds = Fold::of_split(&split, dataset, arguments.seed)?;
    print::leak(dataset, &folds);
    let without = folds.iter().filter(|fold| !fold.has_pairs(dataset)).count();
    if without > 0 {
        print::note(&format!(
            "note: {without} of {} folds hold out no two signatures of one drug beside another drug: no figures of them",
            folds.len()
        ));
    }
    if split.outside() > 0 {
        print::note(&format!("note: {} signatures are in no fold", split.outside()));
    }
    let (by, design) = (split.by().join(" x "), split.design());
    Ok((folds, format!("on signatures held out of training by {by}, {design}: {}", path.display())))
}

/// Where each candidate's embeddings go; nowhere for a finished model, which may have seen any fold.
fn files(folder: &Path, candidates: &[Candidate]) -> Result<Vec<Option<PathBuf>>> {
    fs::create_dir_all(folder).with_context(|| format!("cannot write {}", folder.display()))?;
    let mut names = BTreeSet::new();
    let file = |candidate: &Candidate| {
        if let Contender::Model(_) = candidate.contender {
            print::note(&format!(
                "note: {} is not trained here: no embeddings of it are written",
                candidate.name
            ));
            return Ok(None);
        }
        let name = file_name(&candidate.name);
        if !names.insert(name.clone()) {
            bail!("two models would both be written to {name}.npy: evaluate them apart");
        }
        Ok(Some(folder.join(format!("{name}.npy"))))
    };
    candidates.iter().map(file).collect()
}

/// A model as the name of a file: `triplet:margin` is `triplet-margin`, `recipes/mine.toml` is `mine`.
fn file_name(model: &str) -> String {
    let path = Path::new(model);
    let stem = if path.is_file() { path.file_stem() } else { path.file_name() };
    let stem = stem.unwrap_or_default().to_string_lossy();
    stem.chars().map(|c| if c.is_alphanumeric() || c == '-' || c == '_' { c } else { '-' }).collect()
}

impl Candidate {
    fn named(name: &str) -> Result<Self> {
        let (name, contender) = (name.to_owned(), contender(name)?);
        Ok(Self { name, contender, out_of_fold: OutOfFold::default() })
    }

    fn embed(
        &mut self,
        dataset: &Dataset,
        fold: &Fold,
        held_out: &Dataset,
    ) -> Result<(Vec<f32>, usize), TrainError> {
        let (embeddings, dimension) = match &self.contender {
            Contender::Fitting(presets) => {
                embed_by(&fitting(presets, dataset.len()), dataset, fold, held_out)?
            }
            Contender::Recipe(recipe) => embed_by(recipe, dataset, fold, held_out)?,
            Contender::Model(model) => (parity::embed_with(model, &held_out.values)?, model.dim()),
        };
        if fold.repeat == 0 {
            self.out_of_fold.add(fold, &embeddings, dimension);
        }
        Ok((embeddings, dimension))
    }
}

fn contender(name: &str) -> Result<Contender> {
    if let Some((_, presets)) = COMMANDS.iter().find(|(command, _)| *command == name) {
        return Ok(Contender::Fitting(presets));
    }
    let path = Path::new(name);
    if path.is_dir() {
        return Ok(Contender::Model(Box::new(Model::load(path, &EngineOptions::default())?)));
    }
    if path.is_file() {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
        return Ok(Contender::Recipe(Box::new(written(&text, name)?)));
    }
    Ok(Contender::Recipe(Box::new(Recipe::named(name, "--models")?)))
}

/// A recipe in a file.
fn written(text: &str, origin: &str) -> Result<Recipe> {
    let table: toml::Table = toml::from_str(text).with_context(|| origin.to_owned())?;
    let recipe = Recipe::from_table(table, origin)?;
    recipe.check()?;
    Ok(recipe)
}

/// A model that was trained on these very data knows the drugs that it is asked about.
fn note_leaks(candidates: &[Candidate], dataset: &Dataset) {
    let mut digest = None;
    for Candidate { name, contender, .. } in candidates {
        let Contender::Model(model) = contender else { continue };
        let digest = digest.get_or_insert_with(|| dataset.digest());
        let seen = model.card().data.get("digest").and_then(toml::Value::as_str) == Some(digest.as_str());
        let why = if seen { "was trained on these data" } else { "is taken as it is" };
        print::note(&format!(
            "note: {name} {why}: its figures are only of unseen drugs if it has not seen them"
        ));
    }
}
