//! `densenet`, `triplet` and `whiten`.

use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use l1kdb::embed::EngineOptions;
use l1kdb::split::Split;
use l1kdb_models::onnx::{Form, export};
use l1kdb_models::{
    Dataset, Existing, Fitted, Labels, Presets, Recipe, Record, RunFolder, card, fit, parity,
};
use toml::{Table, Value};

use super::args::{FitArgs, OutputArgs};
use super::print;
use super::watch::Terminal;

pub fn run(arguments: &FitArgs, command: &str, presets: Presets) -> Result<()> {
    let output = &arguments.output;
    // Whatever is wrong with the options is better said before a large file is read than after.
    arguments.recipe.recipe(presets, 0)?.check()?;
    RunFolder::check(&output.out, output.existing())?;
    let dataset = arguments.data.read()?;
    let recipe = arguments.recipe.recipe(presets, dataset.len())?;
    recipe.check()?;
    let split = arguments.protocol.split(&dataset, recipe.seed)?;
    let data = arguments.data.describe(&dataset);
    let settings = settings(command, &recipe, split.as_ref(), &data);
    let folder = RunFolder::open(&output.out, output.existing(), &settings)?;
    print::plan(&dataset, &recipe)?;
    split.iter().for_each(|split| print::leak(&dataset, split));

    let every = Duration::try_from_secs_f64(output.checkpoint_every).unwrap_or(Duration::MAX);
    let form = if output.layer_by_layer { Form::LayerByLayer } else { Form::OneProduct };
    let record = Record { folder: &folder, every };
    let made = make(&dataset, data, &recipe, split.as_ref(), record, &output.labels(), form)?;
    print::report(&made.fitted, split.as_ref())?;
    print::written(folder.path(), made.bytes, made.difference, &made.engine)?;
    Ok(())
}

/// Trains, checks and writes one network of a grid; nothing is printed.
pub fn run_quietly(
    dataset: &Dataset,
    data: Table,
    recipe: &Recipe,
    split: Option<&Split>,
    folder: &RunFolder,
) -> Result<()> {
    let record = Record { folder, every: Duration::from_secs(30) };
    let name = name_of(folder.path());
    let labels = Labels { name, licence: "unknown".into(), source: "unknown".into(), note: None };
    make(dataset, data, recipe, split, record, &labels, Form::OneProduct).map(|_| ())
}

/// A network that has been written.
struct Made {
    fitted: Fitted,
    /// Size of the ONNX file.
    bytes: usize,
    /// What it was compared with the trainer by, and how far apart they are.
    engine: String,
    difference: f32,
}

/// Trains a network, checks it and writes it.
fn make(
    dataset: &Dataset,
    data: Table,
    recipe: &Recipe,
    split: Option<&Split>,
    record: Record<'_>,
    labels: &Labels,
    form: Form,
) -> Result<Made> {
    let fitted = fit(dataset, recipe, split, Some(record), &mut Terminal::new())?;
    let onnx = export(&fitted.trained, form);
    let card = card(labels, data, recipe, split, &fitted, &onnx).to_toml();
    let (difference, engine) =
        parity::check(&fitted.trained, dataset, &card, &onnx, &EngineOptions::default())?;
    record.folder.finish(&onnx, &card)?;
    Ok(Made { fitted, bytes: onnx.len(), engine, difference })
}

/// Everything that the result depends on, as TOML.
pub fn settings(command: &str, recipe: &Recipe, split: Option<&Split>, data: &Table) -> String {
    let mut settings = Table::new();
    settings.insert("program".to_owned(), concat!("l1kdb-train ", env!("CARGO_PKG_VERSION")).into());
    settings.insert("command".to_owned(), command.into());
    let design = split.map_or_else(|| "none".to_owned(), |split| split.design().to_string());
    settings.insert("split".to_owned(), design.into());
    settings.insert("data".to_owned(), Value::Table(data.clone()));
    settings.insert("recipe".to_owned(), Value::Table(recipe.to_table()));
    settings.to_string()
}

impl OutputArgs {
    fn existing(&self) -> Existing {
        match (self.resume, self.force) {
            (true, _) => Existing::Resume,
            (_, true) => Existing::Replace,
            _ => Existing::Keep,
        }
    }

    fn labels(&self) -> Labels {
        Labels {
            name: self.name.clone().unwrap_or_else(|| name_of(&self.out)),
            licence: self.licence.clone(),
            source: self.source.clone(),
            note: self.note.clone(),
        }
    }
}

/// A folder's name as a card may have it.
fn name_of(folder: &Path) -> String {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let letter = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let name: String = name.chars().map(letter).take(64).collect();
    if name.is_empty() { "model".to_owned() } else { name }
}
