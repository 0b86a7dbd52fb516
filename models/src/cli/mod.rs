//! From the command line to the library and back: arguments, progress, printing, exit codes.

mod args;
mod data;
mod evaluate;
mod fit;
mod grid;
mod print;
mod recipe;
mod simulate;
mod watch;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;
use l1kdb::embed::ensure_offline;
use l1kdb_models::{DENSENET, TRIPLET, TrainError, WHITEN};

use args::{Cli, Command};

/// Something went wrong.
const FAILED: u8 = 2;
/// What a shell gives for a program that Ctrl-C ended.
const INTERRUPTED: u8 = 130;

/// Runs the program.
pub fn run() -> ExitCode {
    let command = Cli::parse().command;
    if let Some(code) = ensure_offline() {
        return code;
    }
    match dispatch(&command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            print::note(&format!("error: {error:#}"));
            let interrupted = matches!(error.downcast_ref(), Some(TrainError::Interrupted { .. }));
            ExitCode::from(if interrupted { INTERRUPTED } else { FAILED })
        }
    }
}

fn dispatch(command: &Command) -> Result<()> {
    match command {
        Command::Densenet(arguments) => fit::run(arguments, "densenet", DENSENET),
        Command::Triplet(arguments) => fit::run(arguments, "triplet", TRIPLET),
        Command::Whiten(arguments) => fit::run(arguments, "whiten", WHITEN),
        Command::Grid(arguments) => grid::run(arguments),
        Command::Evaluate(arguments) => evaluate::run(arguments),
        Command::Simulate(arguments) => simulate::run(arguments),
    }
}
