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
use clap::error::ErrorKind;
use l1kdb::embed::ensure_offline;
use l1kdb::report::one_line;
use l1kdb_models::{DENSENET, TRIPLET, TrainError, WHITEN};

use args::{Cli, Command};

/// Something went wrong.
const FAILED: u8 = 2;
/// What a shell gives for a program that Ctrl-C ended.
const INTERRUPTED: u8 = 130;

/// Runs the program.
pub fn run() -> ExitCode {
    let command = match Cli::try_parse() {
        Ok(cli) => cli.command,
        Err(error) => return mistyped(&error),
    };
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

/// Help and version are printed as they are; whatever is wrong with the arguments, which it repeats, is one line.
fn mistyped(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() || error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        error.exit();
    }
    print::note(&one_line(&error.render().to_string()));
    ExitCode::from(FAILED)
}

fn dispatch(command: &Command) -> Result<()> {
    l1kdb::simd::Kernel::check_setting().map_err(anyhow::Error::msg)?;
    match command {
        Command::Densenet(arguments) => fit::run(arguments, "densenet", DENSENET),
        Command::Triplet(arguments) => fit::run(arguments, "triplet", TRIPLET),
        Command::Whiten(arguments) => fit::run(arguments, "whiten", WHITEN),
        Command::Grid(arguments) => grid::run(arguments),
        Command::Evaluate(arguments) => evaluate::run(arguments),
        Command::Simulate(arguments) => simulate::run(arguments),
    }
}
