//! `l1kdb-train`: from profiles and their drugs to a model folder.
#![forbid(unsafe_code)]

mod args;
mod print;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;
use l1kdb::embed::{EngineOptions, ensure_offline};
use l1kdb::progress::Progress;
use l1kdb_models::onnx::{Form, export};
use l1kdb_models::{Cpu, Dataset, Outcome, Protocol, Recipe, Shape, TrainError, card, folder, parity, run};

use args::{Cli, Command, Densenet};
use print::Bar;

fn main() -> ExitCode {
    let Command::Densenet(arguments) = Cli::parse().command;
    if let Some(code) = ensure_offline() {
        return code;
    }
    match densenet(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            print::note(&format!("error: {error:#}"));
            ExitCode::from(2)
        }
    }
}

fn densenet(arguments: &Densenet) -> Result<()> {
    let (shape, protocol) = (arguments.shape()?, arguments.protocol());
    // Whatever is wrong with the options is better said before a large file is read than after.
    arguments.recipe(0).check()?;
    folder::check(&arguments.out, arguments.force)?;
    let bar = Bar::default();
    let files = arguments.files();
    let loaded = Dataset::read(&files, &arguments.read_options(), &bar)?;
    loaded.notes.iter().for_each(|note| print::note(&format!("note: {note}")));
    let dataset = loaded.dataset;
    let recipe = arguments.recipe(dataset.len());
    recipe.check()?;
    print::plan(&dataset, shape, &recipe)?;

    let outcome = fit(arguments, &dataset, shape, &recipe, protocol, &bar)?;
    let form = if arguments.layer_by_layer { Form::LayerByLayer } else { Form::OneProduct };
    let onnx = export(&outcome.trained, form);
    let card = card(&arguments.labels(), &files, &dataset, &recipe, protocol, &outcome, &onnx).to_toml();
    let (difference, engine) =
        parity::check(&outcome.trained, &dataset, &card, &onnx, &EngineOptions::default())?;
    folder::write(&arguments.out, &onnx, &card, arguments.force)?;
    print::report(&outcome, protocol)?;
    print::written(&arguments.out, onnx.len(), difference, &engine)?;
    Ok(())
}

#[cfg(not(feature = "cuda"))]
fn fit(
    _: &Densenet,
    dataset: &Dataset,
    shape: Shape,
    recipe: &Recipe,
    protocol: Protocol,
    progress: &dyn Progress,
) -> Result<Outcome, TrainError> {
    run::<Cpu>(dataset, shape, recipe, protocol, &Default::default(), progress)
}

#[cfg(feature = "cuda")]
fn fit(
    arguments: &Densenet,
    dataset: &Dataset,
    shape: Shape,
    recipe: &Recipe,
    protocol: Protocol,
    progress: &dyn Progress,
) -> Result<Outcome, TrainError> {
    if arguments.gpu {
        return run::<l1kdb_models::Gpu>(dataset, shape, recipe, protocol, &Default::default(), progress);
    }
    run::<Cpu>(dataset, shape, recipe, protocol, &Default::default(), progress)
}
