//! `l1kdb-train`: from profiles and their drugs to a model folder.
#![forbid(unsafe_code)]

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
