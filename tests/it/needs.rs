//! What tests need beside Rust: where it is, and what happens where it is not. This file alone decides that; other packages
//! take it as a module by its path.
//!
//! A test that lacks something says so and is skipped. With `L1KDB_REQUIRE_ALL=1` it fails instead, unless
//! `L1KDB_MAY_SKIP` names what is missing: a list such as `data,browser`, of the names in [`Need::name`]. The real data
//! lie beside the repository, in `../shared`, or where `L1KDB_TEST_DATA` says, as seen from the root of the repository.
#![allow(dead_code, reason = "each package that takes this file uses a part of it")]

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What may be missing.
#[derive(Clone, Copy, Debug)]
pub enum Need {
    /// Real data, files of other programs and references in Python.
    Data,
    /// A Python with some modules.
    Python,
    OnnxRuntime,
    /// A system without an ONNX Runtime among its libraries.
    NoSystemRuntime,
    /// A machine without a GPU that ONNX Runtime can use.
    NoCuda,
    Browser,
    /// `strace`, and leave to trace.
    Strace,
    Objdump,
    /// A library of the system that is not ONNX Runtime.
    OtherLibrary,
}

impl Need {
    /// As `L1KDB_MAY_SKIP` calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Python => "python",
            Self::OnnxRuntime => "onnxruntime",
            Self::NoSystemRuntime => "no-system-runtime",
            Self::NoCuda => "no-cuda",
            Self::Browser => "browser",
            Self::Strace => "strace",
            Self::Objdump => "objdump",
            Self::OtherLibrary => "other-library",
        }
    }

    /// How to get it.
    fn remedy(self) -> &'static str {
        match self {
            Self::Data => "let L1KDB_TEST_DATA name the folder that holds data/, fixtures/ and tools/",
            Self::Python => {
                "let L1KDB_PYTHON name a Python that has them, such as that of a virtual environment, \
                after `python -m pip install numpy h5py pandas cmapPy onnx anndata`"
            }
            Self::OnnxRuntime => "`pip install onnxruntime`, and let L1KDB_ONNXRUNTIME name its library",
            Self::NoSystemRuntime => "run the tests on a system without it",
            Self::NoCuda => "run the tests with an ONNX Runtime for the processor",
            Self::Browser => "`apt-get install chromium`, or let L1KDB_CHROMIUM name the program",
            Self::Strace => "`apt-get install strace`, on a machine that lets processes be traced",
            Self::Objdump => "`apt-get install binutils`",
            Self::OtherLibrary => "run the tests on a system with the GNU C library",
        }
    }
}

/// Says that a test is skipped because of `what`; panics where the need may not be missing.
pub fn missing(need: Need, what: &str) {
    let variable = |name: &str| env::var(name).unwrap_or_default();
    let (require_all, may_skip) = (variable("L1KDB_REQUIRE_ALL"), variable("L1KDB_MAY_SKIP"));
    let message = format!("{what}; {}", need.remedy());
    assert!(
        may_be_missing(need, &require_all, &may_skip),
        "L1KDB_REQUIRE_ALL is set, and this test cannot run: {message}; or let L1KDB_MAY_SKIP name `{}`",
        need.name()
    );
    let test = std::thread::current().name().unwrap_or_default().to_owned();
    println!("{test}: skipped: {message}");
}

fn may_be_missing(need: Need, require_all: &str, may_skip: &str) -> bool {
    ["", "0"].contains(&require_all) || may_skip.split(',').any(|name| name.trim() == need.name())
}

/// A file or folder of the real data, such as `data/level5`.
pub fn shared(path: &str) -> Option<PathBuf> {
    let named = env::var_os("L1KDB_TEST_DATA").filter(|folder| !folder.is_empty());
    let path = repository().join(named.unwrap_or_else(|| "../shared".into())).join(path);
    if !path.exists() {
        missing(Need::Data, &format!("{} is absent", path.display()));
        return None;
    }
    Some(path)
}

/// The root of the repository, from whichever package.
fn repository() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.ancestors().find(|folder| folder.join("Cargo.lock").exists()).unwrap_or(package)
}

/// A Python that has these modules, written as `h5py, cmapPy`.
pub fn python(modules: &str) -> Option<String> {
    let python = env::var("L1KDB_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let import = format!("import {modules}");
    if !succeeds(Command::new(&python).args(["-c", &import])) {
        missing(Need::Python, &format!("{python} cannot {import}"));
        return None;
    }
    Some(python)
}

/// Chromium: the one that `L1KDB_CHROMIUM` names, else one on the path.
pub fn browser() -> Option<OsString> {
    let named = env::var_os("L1KDB_CHROMIUM").into_iter();
    let usual = ["chromium", "chromium-browser", "google-chrome"].map(OsString::from);
    let program = named.chain(usual).find(|program| succeeds(Command::new(program).arg("--version")));
    if program.is_none() {
        missing(Need::Browser, "there is no Chromium");
    }
    program
}

/// Whether `strace` is there and may trace.
pub fn strace() -> bool {
    let works = succeeds(Command::new("strace").args(["-f", "-o", "/dev/null", "true"]));
    if !works {
        missing(Need::Strace, "strace is not there, or may not trace");
    }
    works
}

fn succeeds(command: &mut Command) -> bool {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

#[test]
fn what_is_missing_skips_a_test_unless_all_is_required_and_it_is_not_excused() {
    for (require_all, may_skip, skipped) in [
        ("", "", true),
        ("0", "", true),
        ("1", "", false),
        ("1", "browser", false),
        ("1", "browser, data", true),
        ("1", "database", false),
    ] {
        assert_eq!(may_be_missing(Need::Data, require_all, may_skip), skipped, "{require_all} {may_skip}");
    }
}

#[test]
fn the_repository_is_found_from_every_package() {
    assert!(repository().join("ARCHITECTURE.md").exists(), "{}", repository().display());
}
