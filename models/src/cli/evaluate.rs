//! `evaluate`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use l1kdb::embed::{EngineOptions, Model};
use l1kdb_models::{
    DENSENET, Dataset, Embedder, Fold, Presets, Recipe, TRIPLET, WHITEN, compare, embed_by, parity,
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

pub fn run(arguments: &EvaluateArgs) -> Result<()> {
    let named = arguments.models.iter().map(|name| Ok((name.clone(), contender(name)?)));
    let contenders = named.collect::<Result<Vec<(String, Contender)>>>()?;
    let dataset = arguments.data.read()?;
    note_leaks(&contenders, &dataset);
    let protocol = arguments.protocol.protocol();
    let folds = protocol.folds(&dataset, arguments.seed)?;
    if folds.is_empty() {
        bail!("no drug is held out: give --folds, or a --test-share above 0");
    }
    let signatures = dataset.len();
    let embed = |contender: &Contender, fold: &Fold, held_out: &Dataset| match contender {
        Contender::Fitting(presets) => embed_by(&fitting(presets, signatures), &dataset, fold, held_out),
        Contender::Recipe(recipe) => embed_by(recipe, &dataset, fold, held_out),
        Contender::Model(model) => Ok((parity::embed_with(model, &held_out.values)?, model.dimension())),
    };
    let mut embedders: Vec<_> = contenders
        .iter()
        .map(|(name, contender)| {
            (name, move |fold: &Fold, held_out: &Dataset| embed(contender, fold, held_out))
        })
        .collect();
    let mut named: Vec<(String, &mut Embedder<'_>)> = embedders
        .iter_mut()
        .map(|(name, embedder)| ((*name).clone(), embedder as &mut Embedder<'_>))
        .collect();
    let standings = compare(&dataset, &folds, &mut named, &Bar::default())?;
    print::standings(&standings, protocol, arguments.format)?;
    Ok(())
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
fn note_leaks(contenders: &[(String, Contender)], dataset: &Dataset) {
    let mut digest = None;
    for (name, contender) in contenders {
        let Contender::Model(model) = contender else { continue };
        let digest = digest.get_or_insert_with(|| dataset.digest());
        let seen = model.card().data.get("digest").and_then(toml::Value::as_str) == Some(digest.as_str());
        let why = if seen { "was trained on these data" } else { "is taken as it is" };
        print::note(&format!(
            "note: {name} {why}: its figures are only of unseen drugs if it has not seen them"
        ));
    }
}
