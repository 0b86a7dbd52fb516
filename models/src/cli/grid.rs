//! `grid`.

use std::fs;

use anyhow::{Context, Result};
use l1kdb::embed::Card;
use l1kdb::profile::AtomicFile;
use l1kdb::report::write_cells;
use l1kdb_models::{Existing, RunFolder, TrainError, grid};
use toml::{Table, Value};

use super::args::GridArgs;
use super::fit::{run_quietly, settings};
use super::print;

/// What a line of results.tsv tells of a run's figures, and where the card has it.
const FIGURES: [(&str, &[&str]); 8] = [
    ("auc", &["this_recipe", "auc_quantile"]),
    ("macro_auc", &["this_recipe", "macro_auc"]),
    ("median_q", &["this_recipe", "median_q"]),
    ("r(0.001)", &["this_recipe", "recall", "0.001"]),
    ("r(0.01)", &["this_recipe", "recall", "0.01"]),
    ("r(0.1)", &["this_recipe", "recall", "0.1"]),
    ("auc_raw_cosine", &["raw_cosine", "auc_quantile"]),
    ("auc_whitening", &["whitening", "auc_quantile"]),
];

pub fn run(arguments: &GridArgs) -> Result<()> {
    let path = &arguments.config;
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let grid = grid::read(&text, &path.display().to_string())?;
    let dataset = arguments.data.read()?;
    let data = arguments.data.describe(&dataset);
    fs::create_dir_all(&arguments.out)
        .with_context(|| format!("cannot write {}", arguments.out.display()))?;
    let mut table = Vec::new();
    let columns = ["parameters", "steps"].into_iter().chain(FIGURES.map(|(name, _)| name));
    write_cells(&mut table, grid.keys.iter().map(String::as_str).chain(columns))?;
    let number = grid.points.len();
    for (point, at) in grid.points.iter().zip(1..) {
        let out = arguments.out.join(&point.name);
        let split = arguments.protocol.split(&dataset, point.recipe.seed)?;
        let settings = settings("grid", &point.recipe, split.as_ref(), &data);
        match RunFolder::open(&out, Existing::Resume, &settings) {
            Ok(folder) => {
                print::note(&format!("{at} of {number}: {}", point.name));
                run_quietly(&dataset, data.clone(), &point.recipe, split.as_ref(), &folder)?;
            }
            Err(TrainError::RunComplete { .. }) => {
                print::note(&format!("{at} of {number}: {} is done", point.name));
            }
            Err(error) => return Err(error.into()),
        }
        let card = fs::read_to_string(out.join("card.toml"))?;
        write_cells(&mut table, cells(&point.values, &Card::parse(&card, &point.name)?))?;
        let mut results = AtomicFile::create(arguments.out.join("results.tsv"))?;
        results.put(&table)?;
        results.commit()?;
    }
    print::text(&table)?;
    Ok(())
}

fn cells(values: &[String], card: &Card) -> Vec<String> {
    let steps = card.training.get("steps_done").map_or_else(String::new, Value::to_string);
    let figures = FIGURES.map(|(_, at)| figure(&card.metrics, at));
    values.iter().cloned().chain([card.parameters.to_string(), steps]).chain(figures).collect()
}

fn figure(metrics: &Table, at: &[&str]) -> String {
    let (last, tables) = at.split_last().expect("every figure has a place");
    let inner = tables.iter().try_fold(metrics, |table, key| table.get(*key)?.as_table());
    inner.and_then(|table| table.get(*last)).map_or_else(|| "-".to_owned(), Value::to_string)
}
