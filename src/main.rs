//! The `l1kdb` command line program. It uses the public library only.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
