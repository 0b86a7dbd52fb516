//! The program itself, as a user starts it.

use std::path::Path;
use std::process::{Command, Output};

/// Runs the program in `home` with the built-in engine only, so that no test depends on what is installed.
pub fn l1kdb(home: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_l1kdb"));
    command.current_dir(home).args(args).env("ORT_DISABLE_TELEMETRY", "1");
    for variable in ["ORT_DYLIB_PATH", "VIRTUAL_ENV", "CONDA_PREFIX", "PATH", "HOME"] {
        command.env_remove(variable);
    }
    command.output().unwrap()
}

/// What it printed, having done what was asked.
pub fn out(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// A path as an argument.
pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
