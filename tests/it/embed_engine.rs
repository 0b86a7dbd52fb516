//! Which engine runs, and that all engines agree. A process holds one ONNX Runtime for its whole life, so every case
//! here runs in a process of its own: this test program again, at the test `child`.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use l1kdb::embed::{EmbedError, Engine, EngineOptions, Model, Provider, Runtime};
use serde_json::{Value, json};

use crate::embed_support::{profiles, tiny};
use crate::needs::{Need, missing};

const TASK: &str = "L1KDB_EMBED_CHILD";
const ROWS: usize = 130;

/// Runs a task for one of the tests below and writes its answer to a file.
#[test]
#[ignore = "the other half of the tests of this file, which start it"]
fn child() {
    let Ok(task) = env::var(TASK) else { return };
    let task: Value = serde_json::from_str(&task).unwrap();
    let runtimes = task["runtimes"].as_array().unwrap();
    let answers: Vec<Value> = runtimes.iter().map(|runtime| answer(runtime, &task["provider"])).collect();
    fs::write(task["answer"].as_str().unwrap(), Value::from(answers).to_string()).unwrap();
}

fn answer(runtime: &Value, provider: &Value) -> Value {
    let runtime = match runtime.as_str().unwrap() {
        "search" => Runtime::Search,
        "built in" => Runtime::BuiltIn,
        path => Runtime::Library(path.into()),
    };
    let provider = if provider == "CUDA" { Provider::Cuda } else { Provider::Cpu };
    let options = EngineOptions::default().runtime(runtime).provider(provider);
    match embed(&options) {
        Err(error) => json!({ "error": error.to_string() }),
        Ok((engine, values)) => json!({
            "name": engine.name(), "version": engine.version(), "provider": engine.provider().to_string(),
            "library": engine.library().map(|(path, origin)| format!("{} {origin}", path.display())),
            "reports": engine.may_report(), "note": engine.note(), "warning": engine.warning(), "values": values,
        }),
    }
}

/// The embeddings of the tiny network, and behind them those of the shipped one.
fn embed(options: &EngineOptions) -> Result<(Engine, Vec<f32>), EmbedError> {
    let models = [Model::load(tiny(), options)?, Model::shipped(options)?];
    let mut values = Vec::new();
    for model in &models {
        values.extend(model.embed(&profiles(ROWS))?.into_values());
    }
    Ok((models[0].engine().unwrap().clone(), values))
}

/// How many values [`embed`] returns.
fn expected_values() -> usize {
    ROWS * (4 + Model::shipped(&EngineOptions::default()).unwrap().dim())
}

/// A process to be: the runtimes it asks for one after the other, and its environment.
struct Process {
    command: Command,
    folder: tempfile::TempDir,
    task: Value,
}

impl Process {
    /// One whose environment holds no hint of an ONNX Runtime.
    fn new(runtimes: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(env::current_exe().unwrap());
        command.args(["--exact", "embed_engine::child", "--ignored"]);
        for name in ["ORT_DYLIB_PATH", "VIRTUAL_ENV", "CONDA_PREFIX", "LD_LIBRARY_PATH", "APPDATA"] {
            command.env_remove(name);
        }
        command.env("PATH", folder.path()).env("HOME", folder.path()).env("XDG_CACHE_HOME", folder.path());
        command.env("ORT_DISABLE_TELEMETRY", "1");
        let task = json!({ "runtimes": runtimes, "provider": "CPU", "answer": folder.path().join("answer") });
        Self { command, folder, task }
    }

    fn on(mut self, provider: &str) -> Self {
        self.task["provider"] = provider.into();
        self
    }

    fn env(mut self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// The answers, one for each runtime asked for. Nothing may reach stderr or the user's folders.
    fn run(mut self) -> Vec<Value> {
        let output = self.command.env(TASK, self.task.to_string()).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}\n{stderr}", String::from_utf8_lossy(&output.stdout));
        assert_eq!(stderr, "", "the library prints nothing");
        let left: Vec<_> =
            fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["answer"], "an engine leaves nothing in the home folder");
        let answer = fs::read_to_string(self.folder.path().join("answer")).unwrap();
        serde_json::from_str(&answer).unwrap()
    }

    fn run_one(self) -> Value {
        self.run().remove(0)
    }
}

/// The library in `L1KDB_ONNXRUNTIME`, else the one that a search finds; `None`, and said so, when there is none.
fn onnx_runtime() -> Option<PathBuf> {
    if let Some(path) = env::var_os("L1KDB_ONNXRUNTIME") {
        return Some(path.into());
    }
    let mut search = Process::new(&["search"]);
    for name in
        ["ORT_DYLIB_PATH", "VIRTUAL_ENV", "CONDA_PREFIX", "LD_LIBRARY_PATH", "APPDATA", "PATH", "HOME"]
    {
        if let Some(value) = env::var_os(name) {
            search = search.env(name, value);
        }
    }
    let answer = search.run_one();
    let library = answer["library"].as_str().map(|text| PathBuf::from(text.split(' ').next().unwrap()));
    if library.is_none() {
        missing(Need::OnnxRuntime, "no ONNX Runtime was found");
    }
    library
}

fn error(answer: &Value) -> &str {
    answer["error"].as_str().unwrap_or_else(|| panic!("expected an error: {answer}"))
}

#[cfg(feature = "built-in")]
fn values(answer: &Value) -> Vec<f64> {
    let values = answer["values"].as_array().unwrap_or_else(|| panic!("{answer}"));
    values.iter().map(|value| value.as_f64().unwrap()).collect()
}

#[cfg(feature = "built-in")]
#[test]
fn onnx_runtime_and_the_built_in_engine_give_the_same_embedding() {
    let Some(library) = onnx_runtime() else { return };
    let one = Process::new(&[library.to_str().unwrap()]).run_one();
    let other = Process::new(&["built in"]).run_one();
    assert_eq!((&one["name"], &other["name"]), (&json!("ONNX Runtime"), &json!("rten")));
    let (one, other) = (values(&one), values(&other));
    assert_eq!((one.len(), other.len()), (expected_values(), expected_values()));
    let difference = one.iter().zip(&other).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(difference < 1e-5, "{difference}");
}

#[test]
fn an_engine_tells_name_version_provider_and_library() {
    let Some(library) = onnx_runtime() else { return };
    let answer = Process::new(&[library.to_str().unwrap()]).run_one();
    assert_eq!((&answer["name"], &answer["provider"]), (&json!("ONNX Runtime"), &json!("CPU")));
    assert!(answer["version"].as_str().unwrap().starts_with("1."), "{answer}");
    assert_eq!(answer["library"], json!(format!("{} as asked for", library.display())));
    assert_eq!((&answer["note"], &answer["warning"]), (&Value::Null, &Value::Null));
    assert_eq!(answer["reports"], json!(false), "ORT_DISABLE_TELEMETRY is set");
}

#[test]
fn a_named_library_that_cannot_be_used_is_an_error_and_never_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("libonnxruntime.txt");
    fs::write(&text, "not a library").unwrap();
    let empty = folder.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let missing = folder.path().join("missing.so");
    let cases = [
        (&text, "cannot be loaded"),
        (&empty, "is a folder with no file named like"),
        (&missing, "does not exist"),
    ];
    for (path, expected) in cases {
        let asked = Process::new(&[path.to_str().unwrap()]).run_one();
        assert!(error(&asked).contains(expected) && error(&asked).contains("as asked for"), "{asked}");
        let named = Process::new(&["search"]).env("ORT_DYLIB_PATH", path).run_one();
        assert!(error(&named).contains(expected) && error(&named).contains("from ORT_DYLIB_PATH"), "{named}");
    }
}

/// A library of every Linux system that is not ONNX Runtime.
#[cfg(target_os = "linux")]
const OTHER_LIBRARY: &str = "libm.so.6";

#[cfg(target_os = "linux")]
#[test]
fn a_library_that_is_not_onnx_runtime_is_told_as_such_and_leaves_the_process_usable() {
    let Some(other) = loaded_library(OTHER_LIBRARY) else {
        missing(Need::OtherLibrary, &format!("{OTHER_LIBRARY} is not where it usually is"));
        return;
    };
    let Some(library) = onnx_runtime() else { return };
    let answers = Process::new(&[other.to_str().unwrap(), library.to_str().unwrap()]).run();
    assert!(error(&answers[0]).contains("is not ONNX Runtime"), "{}", answers[0]);
    assert_eq!(answers[1]["name"], json!("ONNX Runtime"), "{}", answers[1]);
}

#[cfg(target_os = "linux")]
fn loaded_library(name: &str) -> Option<PathBuf> {
    let maps = fs::read_to_string("/proc/self/maps").ok()?;
    let path =
        maps.lines().filter_map(|line| line.split_whitespace().last()).find(|path| path.ends_with(name));
    path.map(PathBuf::from)
}

#[cfg(unix)]
#[test]
fn python_installations_are_searched_and_broken_libraries_passed_over() {
    let Some(library) = onnx_runtime() else { return };
    let folder = tempfile::tempdir().unwrap();
    let (broken, good) = (folder.path().join("broken"), folder.path().join("good"));
    install(&broken, |file| fs::write(file, "not a library").unwrap());
    install(&good, |file| std::os::unix::fs::symlink(&library, file).unwrap());
    let answer = Process::new(&["search"]).env("VIRTUAL_ENV", &broken).env("CONDA_PREFIX", &good).run_one();
    assert_eq!(answer["name"], json!("ONNX Runtime"), "{answer}");
    let found = answer["library"].as_str().unwrap();
    if !found.ends_with("from the system's libraries") {
        assert!(found.starts_with(good.to_str().unwrap()), "{found}");
        assert!(found.ends_with("from a Python installation"), "{found}");
    }
}

#[cfg(unix)]
fn install(prefix: &Path, make: impl FnOnce(&Path)) {
    let name = if cfg!(target_vendor = "apple") {
        "libonnxruntime.1.99.0.dylib"
    } else {
        "libonnxruntime.so.1.99.0"
    };
    let capi = prefix.join("lib/python3.13/site-packages/onnxruntime/capi");
    fs::create_dir_all(&capi).unwrap();
    make(&capi.join(name));
}

#[test]
fn where_nothing_is_installed_the_built_in_engine_runs_with_a_note_or_the_error_says_what_to_install() {
    let answer = Process::new(&["search"]).run_one();
    if answer["library"].as_str().is_some_and(|found| found.ends_with("from the system's libraries")) {
        missing(Need::NoSystemRuntime, "this system has an ONNX Runtime among its libraries");
    } else if cfg!(feature = "built-in") {
        assert_eq!((&answer["name"], &answer["library"]), (&json!("rten"), &Value::Null));
        let note = answer["note"].as_str().unwrap();
        assert!(note.contains("no ONNX Runtime found") && note.contains("pip install onnxruntime"), "{note}");
    } else {
        assert!(error(&answer).contains("pip install onnxruntime"), "{answer}");
    }
}

#[cfg(unix)]
#[test]
fn a_process_keeps_the_runtime_it_has_and_says_so() {
    let Some(library) = onnx_runtime() else { return };
    let folder = tempfile::tempdir().unwrap();
    let other = folder.path().join(library.file_name().unwrap());
    fs::copy(&library, &other).unwrap();
    let asked = [library.to_str().unwrap(), "search", other.to_str().unwrap(), library.to_str().unwrap()];
    let answers = Process::new(&asked).run();
    assert_eq!(answers[0], answers[1], "a search is content with what runs");
    assert!(error(&answers[2]).contains("already runs ONNX Runtime"), "{}", answers[2]);
    assert_eq!(answers[0], answers[3]);
}

#[cfg(feature = "built-in")]
#[test]
fn the_built_in_engine_runs_beside_another() {
    let Some(library) = onnx_runtime() else { return };
    let answers = Process::new(&["built in", library.to_str().unwrap(), "built in", "search"]).run();
    let names: Vec<&Value> = answers.iter().map(|answer| &answer["name"]).collect();
    assert_eq!(names, ["rten", "ONNX Runtime", "rten", "ONNX Runtime"]);
    assert_eq!(answers[0], answers[2]);
}

#[test]
fn cuda_that_cannot_be_had_becomes_the_cpu_with_a_warning() {
    let Some(library) = onnx_runtime() else { return };
    let answer = Process::new(&[library.to_str().unwrap()]).on("CUDA").run_one();
    if answer["provider"] == "CUDA" {
        missing(Need::NoCuda, "this machine has CUDA");
        return;
    }
    assert_eq!(answer["provider"], json!("CPU"), "{answer}");
    assert!(
        answer["warning"].as_str().unwrap().starts_with("CUDA cannot be used, running on the CPU: "),
        "{answer}"
    );
    assert_eq!(answer["values"].as_array().unwrap().len(), expected_values());
}
