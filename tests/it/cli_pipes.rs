//! Output that nobody takes: a reader that has seen enough ends nothing in an error, a full disk does.

use std::process::{Command, Stdio};

use crate::program::text;
use crate::world::world;

/// The program with the built-in engine only.
fn program(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_l1kdb"));
    command
        .args(args)
        .env("ORT_DISABLE_TELEMETRY", "1")
        .env("PATH", "")
        .env_remove("HOME")
        .env_remove("ORT_DYLIB_PATH");
    command
}

/// Commands that print much and little.
fn commands() -> Vec<Vec<&'static str>> {
    let (db, profiles) = (text(&world().db), text(&world().files.profiles));
    vec![
        vec!["query", db, "--profiles", profiles],
        vec!["query", db, "--profiles", profiles, "--format", "tsv", "--top", "300"],
        vec!["query", db, "--profiles", profiles, "--format", "json"],
        vec!["info", db],
        vec!["eval", "retrieval", "--db", db, "--bootstrap", "5"],
        vec!["--help"],
    ]
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    for args in commands() {
        let mut child = program(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {stderr}");
        assert!(stderr.lines().all(|line| line.starts_with("l1kdb: note: ")), "{args:?}: {stderr}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_an_error_that_says_so() {
    for args in &commands()[..5] {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let output = program(args).stdout(full).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {stderr}");
        let errors: Vec<&str> = stderr.lines().filter(|line| line.contains("error: ")).collect();
        assert!(
            errors.len() == 1 && errors[0].contains("cannot write to standard output"),
            "{args:?}: {stderr}"
        );
    }
}
