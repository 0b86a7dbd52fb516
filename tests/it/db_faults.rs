//! A build that is killed, or refused by the system, at every one of its system calls. `strace` injects the faults.

use std::collections::HashMap;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Mutex;

use l1kdb::db::{Db, DbError};
use l1kdb::embed::EngineOptions;
use l1kdb::progress::Quiet;

use crate::needs::strace;
use crate::small::Small;

/// The calls that change something, or find out what to change.
const CALLS: &str = "write,fsync,rename,renameat,renameat2,mkdir,unlink,unlinkat,rmdir,flock,openat";

/// Where a build begins: what came before only read.
const FIRST: &str = ".lock";

/// What stands beside and at the destination when a build starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    Database,
    /// What a build leaves that was killed between two renames, on a system that cannot exchange names.
    SetAside,
}

/// What stands at the destination, by the rows of the two sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Nothing,
    Old,
    New,
}

/// One call of a build, the `nth` of its name.
#[derive(Debug, Clone)]
struct Call {
    name: String,
    nth: usize,
}

/// Runs a build of set 2 under `strace`, with its `options`; returns what came out and the trace.
fn traced(home: &Small, options: &[&str]) -> (Output, String) {
    let trace = home.path().join("trace");
    let mut command = Command::new("strace");
    command.args(["-f", "-o", "trace"]).args(options).arg(env!("CARGO_BIN_EXE_l1kdb"));
    command.args(Small::arguments("a.l1kdb", 2, &["--overwrite"]));
    command.current_dir(home.path()).env("ORT_DISABLE_TELEMETRY", "1").env("RAYON_NUM_THREADS", "1");
    let output = command.output().expect("strace was found before");
    let text = fs::read_to_string(&trace).unwrap_or_default();
    let _ = fs::remove_file(trace);
    (output, text)
}

fn prepare(home: &Small, before: Before) {
    let path = home.path().join("a.l1kdb");
    for entry in fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap()) {
        if entry.file_name().to_string_lossy().contains("a.l1kdb") {
            if entry.file_type().unwrap().is_dir() {
                fs::remove_dir_all(entry.path())
            } else {
                fs::remove_file(entry.path())
            }
            .unwrap();
        }
    }
    if before != Before::Nothing {
        copy(&home.path().join("old"), &path);
    }
    if before == Before::SetAside {
        fs::rename(&path, home.path().join(".a.l1kdb.replaced-0123456789abcdef")).unwrap();
        copy(&home.path().join("old"), &home.path().join(".a.l1kdb.building-0123456789abcdef"));
        fs::remove_file(home.path().join(".a.l1kdb.building-0123456789abcdef/MANIFEST")).unwrap();
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to.join("model")).unwrap();
    for file in ["MANIFEST", "segment-000001.l1k", "model/card.toml"] {
        fs::copy(from.join(file), to.join(file)).unwrap();
    }
}

fn state(home: &Small) -> Result<State, DbError> {
    let path = home.path().join("a.l1kdb");
    if !path.exists() {
        return Ok(State::Nothing);
    }
    let db = Db::open(&path)?;
    db.verify(&EngineOptions::default(), &Quiet)?;
    Ok(if db.signatures() == home.rows(1) { State::Old } else { State::New })
}

fn left(home: &Small) -> Vec<String> {
    let names =
        fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.starts_with('.')).collect()
}

/// The calls of a build from its first look at the destination on.
fn calls(home: &Small, before: Before) -> Vec<Call> {
    prepare(home, before);
    let (output, trace) = traced(home, &["-e", &format!("trace={CALLS}")]);
    assert!(output.status.success(), "{output:?}");
    let mut counts: HashMap<String, usize> = HashMap::new();
    let (mut calls, mut begun) = (Vec::new(), false);
    for line in trace.lines() {
        let call = line.split_whitespace().nth(1).and_then(|call| call.split_once('('));
        let Some((name, _)) = call else { continue };
        let nth = counts.entry(name.to_owned()).or_default();
        *nth += 1;
        begun |= line.contains(FIRST);
        if begun {
            calls.push(Call { name: name.to_owned(), nth: *nth });
        }
    }
    calls
}

/// What has to hold after a fault, else what does not.
fn check(home: &Small, before: Before, call: &Call, fault: &str) -> Result<(), String> {
    prepare(home, before);
    let inject = format!("inject={}:{fault}:when={}", call.name, call.nth);
    let (output, _) = traced(home, &["-e", &format!("trace={}", call.name), "-e", &inject]);
    let state = state(home).map_err(|e| format!("damaged: {e}"))?;
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    let killed = output.status.signal().is_some() || output.status.code() == Some(137);
    // A set-aside database is put back by whoever comes next, so it may be missing until then.
    let allowed = match before {
        Before::Nothing => [State::Nothing, State::New].contains(&state),
        Before::Database => [State::Old, State::New].contains(&state),
        Before::SetAside => {
            state != State::Nothing || left(home).iter().any(|name| name.contains("replaced"))
        }
    };
    if !allowed {
        return Err(format!("{state:?} {:?} {stderr}", left(home)));
    }
    match output.status.code() {
        _ if killed => {}
        Some(0) if state == State::New => {}
        Some(2) if state != State::New && stderr.contains("error: ") => {}
        code => return Err(format!("exit {code:?} with {state:?}: {stderr}")),
    }
    if output.status.code() == Some(2)
        && before == Before::Database
        && !left(home).is_empty()
        && !cannot_tidy(call)
    {
        return Err(format!("left {:?}: {stderr}", left(home)));
    }
    let next = home.build("a.l1kdb", 2, &["--overwrite"]);
    match (next.status.success(), self::state(home), left(home)) {
        (true, Ok(State::New), left) if left.is_empty() => Ok(()),
        (_, state, left) => Err(format!("the next build: {next:?} {state:?} {left:?}")),
    }
}

/// Whether the call that fails is one that tidies up, so that something has to stay. A lock that cannot be taken stays
/// because another build may hold it.
fn cannot_tidy(call: &Call) -> bool {
    ["unlink", "unlinkat", "rmdir", "flock"].contains(&call.name.as_str())
}

/// Kills a build at each call, and lets each call fail; several at a time, since most of it is waiting.
fn sweep(before: Before) {
    if !strace() {
        return;
    }
    let calls = calls(&home_with_old(), before);
    assert!(calls.len() > 25 && calls.iter().any(|call| call.name == "renameat2"), "{calls:?}");
    let faults = |call: &Call| match call.name.as_str() {
        "write" | "fsync" | "mkdir" | "rename" | "renameat" | "renameat2" => {
            vec!["signal=SIGKILL", "error=ENOSPC"]
        }
        _ => vec!["signal=SIGKILL", "error=EIO"],
    };
    let todo: Vec<(Call, &str)> =
        calls.iter().flat_map(|call| faults(call).into_iter().map(|fault| (call.clone(), fault))).collect();
    let (todo, wrong) = (Mutex::new(todo.into_iter()), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let home = home_with_old();
                loop {
                    let next = todo.lock().unwrap().next();
                    let Some((call, fault)) = next else { break };
                    if let Err(what) = check(&home, before, &call, fault) {
                        wrong.lock().unwrap().push(format!("{call:?} {fault}: {what}"));
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Inputs, and a database of set 1 to copy.
fn home_with_old() -> Small {
    let home = Small::new();
    assert!(home.build("old", 1, &[]).status.success());
    home
}

#[test]
fn a_build_cut_short_anywhere_leaves_nothing_or_a_whole_database() {
    sweep(Before::Nothing);
}

#[test]
fn a_replacement_cut_short_anywhere_leaves_the_old_or_the_new_database() {
    sweep(Before::Database);
}

#[test]
fn a_build_cut_short_anywhere_beside_left_overs_loses_none_that_is_needed() {
    sweep(Before::SetAside);
}

#[test]
fn a_system_that_cannot_exchange_names_replaces_in_two_steps_or_puts_the_old_one_back() {
    if !strace() {
        return;
    }
    let home = home_with_old();
    for errno in ["EINVAL", "ENOSYS"] {
        prepare(&home, Before::Database);
        let (output, trace) =
            traced(&home, &["-e", "trace=renameat2", "-e", &format!("inject=renameat2:error={errno}")]);
        assert!(output.status.success() && trace.contains("INJECTED"), "{output:?} {trace}");
        assert_eq!((state(&home).unwrap(), left(&home)), (State::New, vec![]));
        // The second of the last two renames fails.
        prepare(&home, Before::Database);
        let no_exchange = format!("inject=renameat2:error={errno}");
        let renames = traced(&home, &["-e", "trace=rename,renameat2", "-e", &no_exchange]).1;
        let last = renames.matches("rename(").count();
        assert!(last >= 2, "{renames}");
        prepare(&home, Before::Database);
        let rename = format!("inject=rename:error=EIO:when={last}");
        let (output, _) = traced(
            &home,
            &[
                "-e",
                "trace=rename,renameat2",
                "-e",
                &format!("inject=renameat2:error={errno}"),
                "-e",
                &rename,
            ],
        );
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert_eq!((state(&home).unwrap(), left(&home)), (State::Old, vec![]));
    }
}
