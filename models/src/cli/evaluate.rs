//! `evaluate`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use l1kdb::embed::{EngineOptions, Model};
use l1kdb::split::{Fold, Split};
use l1kdb::study::Matrix;
use l1kdb_models::{
    DENSENET, Dataset, Embedder, OutOfFold, Presets, Recipe, TRIPLET, TrainError, WHITEN, embed_by, parity,
    protocol, seed_of_fold,
};

use super::args::EvaluateArgs;
use super::print;
use super::recipe::fitting;
use super::watch::Bar;

/// The commands that train, with their presets.
const COMMANDS: [(&str, Presets); 3] = [("densenet", DENSENET), ("triplet", TRIPLET), ("whiten", WHITEN)];

/// Where embeddings come from.
enum Source {
    /// Trained anew for every fold, by the preset that fits so many signatures.
    Fitting(Presets),
    /// Trained anew for every fold.
    Recipe(Box<Recipe>),
    /// Taken as it is.
    Model(Box<Model>),
}

/// One way of embedding, and what it has made of the first repeat.
struct Method {
    name: String,
    source: Source,
    out_of_fold: OutOfFold,
}

pub fn run(arguments: &EvaluateArgs) -> Result<()> {
    let methods = arguments.models.iter().map(|name| Method::named(name));
    let mut methods = methods.collect::<Result<Vec<Method>>>()?;
    let kept = arguments.out_of_fold.as_deref().map(|folder| files(folder, &methods)).transpose()?;
    let dataset = arguments.data.read()?;
    note_leaks(&methods, &dataset);
    let (split, held_out) = division(arguments, &dataset)?;
    let mut embedders: Vec<_> = methods
        .iter_mut()
        .map(|method| {
            let name = method.name.clone();
            let (dataset, seed, design) = (&dataset, arguments.seed, split.design());
            let embed =
                move |at: usize, fold: &Fold| method.embed(dataset, fold, seed_of_fold(seed, design, at));
            (name, embed)
        })
        .collect();
    let mut named: Vec<(String, &mut Embedder<'_>)> =
        embedders.iter_mut().map(|(name, embedder)| (name.clone(), embedder as &mut Embedder<'_>)).collect();
    let found = dataset.study.cross_validation(&protocol(&split), &mut named, &Bar::default())?;
    for (path, method) in kept.into_iter().flatten().zip(&methods) {
        path.map_or(Ok(()), |path| method.out_of_fold.write(&path, &dataset))?;
    }
    print::methods(&found, &held_out, arguments.format)?;
    Ok(())
}

/// The split, and what it holds out, in words.
fn division(arguments: &EvaluateArgs, dataset: &Dataset) -> Result<(Split, String)> {
    let Some(path) = &arguments.split else {
        let Some(split) = arguments.protocol.split(dataset, arguments.seed)? else {
            bail!("no drug is held out: give --folds, or a --test-share above 0");
        };
        print::leak(dataset, &split);
        let held_out = print::held_out(&split);
        return Ok((split, held_out));
    };
    let split = Split::load(path, &dataset.study.ids())?;
    split.check("drug", &dataset.by_drug())?;
    print::leak(dataset, &split);
    let without = dataset.study.sets_without_pair(&protocol(&split))?;
    if without > 0 {
        print::note(&format!(
            "note: {without} of {} folds hold out no two signatures of one drug beside another drug: no figures of them",
            split.folds().count()
        ));
    }
    if split.outside() > 0 {
        print::note(&format!("note: {} signatures are in no fold", split.outside()));
    }
    let (by, design) = (split.by().join(" x "), split.design());
    let held_out = format!("on signatures held out of training by {by}, {design}: {}", path.display());
    Ok((split, held_out))
}

/// Where each method's embeddings go; nowhere for a finished model, which may have seen any fold.
fn files(folder: &Path, methods: &[Method]) -> Result<Vec<Option<PathBuf>>> {
    fs::create_dir_all(folder).with_context(|| format!("cannot write {}", folder.display()))?;
    let mut names = BTreeSet::new();
    let file = |method: &Method| {
        if let Source::Model(_) = method.source {
            print::note(&format!(
                "note: {} is not trained here: no embeddings of it are written",
                method.name
            ));
            return Ok(None);
        }
        let name = file_name(&method.name);
        if !names.insert(name.clone()) {
            bail!("two models would both be written to {name}.npy: evaluate them apart");
        }
        Ok(Some(folder.join(format!("{name}.npy"))))
    };
    methods.iter().map(file).collect()
}

/// A model as the name of a file: `triplet:margin` is `triplet-margin`, `recipes/mine.toml` is `mine`.
fn file_name(model: &str) -> String {
    let path = Path::new(model);
    let stem = if path.is_file() { path.file_stem() } else { path.file_name() };
    let stem = stem.unwrap_or_default().to_string_lossy();
    stem.chars().map(|c| if c.is_alphanumeric() || c == '-' || c == '_' { c } else { '-' }).collect()
}

impl Method {
    fn named(name: &str) -> Result<Self> {
        let (name, source) = (name.to_owned(), source(name)?);
        Ok(Self { name, source, out_of_fold: OutOfFold::default() })
    }

    fn embed(&mut self, dataset: &Dataset, fold: &Fold, seed: u64) -> Result<Matrix, TrainError> {
        let embeddings = match &self.source {
            Source::Fitting(presets) => embed_by(&fitting(presets, dataset.len()), dataset, fold, seed)?,
            Source::Recipe(recipe) => embed_by(recipe, dataset, fold, seed)?,
            Source::Model(model) => {
                let values = parity::embed_with(model, &dataset.profiles(&fold.held_out))?;
                Matrix::new(self.name.clone(), values, model.dim())?
            }
        };
        if fold.repeat == 0 {
            self.out_of_fold.add(fold, &embeddings);
        }
        Ok(embeddings)
    }
}

fn source(name: &str) -> Result<Source> {
    if let Some((_, presets)) = COMMANDS.iter().find(|(command, _)| *command == name) {
        return Ok(Source::Fitting(presets));
    }
    let path = Path::new(name);
    if path.is_dir() {
        return Ok(Source::Model(Box::new(Model::load(path, &EngineOptions::default())?)));
    }
    if path.is_file() {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
        return Ok(Source::Recipe(Box::new(written(&text, name)?)));
    }
    Ok(Source::Recipe(Box::new(Recipe::named(name, "--models")?)))
}

/// A recipe in a file.
fn written(text: &str, origin: &str) -> Result<Recipe> {
    let table: toml::Table = toml::from_str(text).with_context(|| origin.to_owned())?;
    let recipe = Recipe::from_table(table, origin)?;
    recipe.check()?;
    Ok(recipe)
}

/// A model that was trained on these very data knows the drugs that it is asked about.
fn note_leaks(methods: &[Method], dataset: &Dataset) {
    let mut digest = None;
    for Method { name, source, .. } in methods {
        let Source::Model(model) = source else { continue };
        let digest = digest.get_or_insert_with(|| dataset.digest());
        let seen = model.card().data.get("digest").and_then(toml::Value::as_str) == Some(digest.as_str());
        let why = if seen { "was trained on these data" } else { "is taken as it is" };
        print::note(&format!(
            "note: {name} {why}: its figures are only of unseen drugs if it has not seen them"
        ));
    }
}
