//! The house is as `ARCHITECTURE.md` says it is.

use std::fs;
use std::path::{Path, PathBuf};

use crate::needs::{Need, missing};

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let rust = files.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    rust.chain(folders.iter().flat_map(|folder| sources(folder))).collect()
}

#[test]
fn a_crate_that_could_be_swapped_is_named_in_one_file() {
    let homes = [
        ("ort::", "src/embed/onnx.rs"),
        ("rten::", "src/embed/built_in.rs"),
        ("rkyv::", "src/db/segment/records.rs"),
        ("hdf5_pure::", "src/profile/hdf5.rs"),
        ("strsim::", "src/annotate/nearest.rs"),
        ("indicatif::", "src/cli/progress.rs"),
        ("xxhash_rust::", "src/db/hash.rs"),
        ("rustix::", "src/db/directory.rs"),
        ("l1kdb_weights::", "src/embed/model.rs"),
        ("rand_chacha::", "src/random.rs"),
        ("sha2::", "src/digest.rs"),
        ("serde_json::", "src/report/json.rs"),
        ("pulp::", "index/src/simd/mod.rs"),
        ("kodama::", "src/learn/hierarchical.rs"),
        ("nalgebra::", "src/eval/geometry/spectrum.rs"),
        ("hnsw_rs::", "index/src/graph/hierarchy.rs"),
        ("memmap2::", "index/src/map.rs"),
    ];
    let files = [sources(&root().join("src")), sources(&root().join("index/src"))].concat();
    for (name, home) in homes {
        // `hdf5_pure::` must not be found in `other_hdf5_pure::`, nor `ort::` in `report::`.
        let names = |line: &str| {
            let code = line.trim_start();
            !code.starts_with("//") && code.match_indices(name).any(|(at, _)| !code[..at].ends_with(is_word))
        };
        for file in &files {
            let text = fs::read_to_string(file).unwrap();
            let relative = file.strip_prefix(root()).unwrap();
            // Tests talk to other programs in JSON.
            let at_home = relative == Path::new(home)
                || relative == Path::new(home).with_extension("").join("tests.rs")
                || (name == "serde_json::" && relative.ends_with("tests.rs"));
            if text.lines().any(names)
                && !at_home
                && !(home.starts_with("src") && relative.starts_with("index"))
            {
                panic!("{name} is at home in {home}, but {} names it", relative.display());
            }
        }
        assert!(
            fs::read_to_string(root().join(home)).unwrap().contains(name.trim_end_matches(':')),
            "{home}"
        );
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Markdown files of the repository.
fn documents(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let ours = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy();
        !name.starts_with('.') && name != "target"
    };
    let (folders, files): (Vec<_>, Vec<_>) = entries.filter(ours).partition(|path| path.is_dir());
    let found = files.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    found.chain(folders.iter().flat_map(|folder| documents(folder))).collect()
}

#[test]
fn every_path_that_the_documents_name_exists() {
    for document in documents(root()) {
        let text = fs::read_to_string(&document).unwrap();
        let here = document.parent().unwrap();
        let exists = |path: &str| root().join(path).exists() || here.join(path).exists();
        let links = text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
        let links = links.filter(|link| !link.starts_with("http") && !link.is_empty());
        // A path of a database or of somebody's data begins with no folder of ours.
        let is_path = |name: &&str| {
            name.chars().all(|c| c.is_ascii_alphanumeric() || "_-./".contains(c))
                && name.split_once('/').is_some_and(|(first, _)| !first.is_empty() && exists(first))
        };
        let named = text.split('`').skip(1).step_by(2).filter(is_path);
        for path in links.chain(named) {
            assert!(exists(path), "{} names {path}", document.display());
        }
    }
}

/// A multiply-add that is compiled without the processor's instruction for it is a call of `fmaf`, which takes twenty times as
/// long: what kernels came to once, in closures that the compiler did not make part of them.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
#[test]
fn no_code_of_ours_calls_the_library_for_a_multiply_add() {
    let program = env!("CARGO_BIN_EXE_l1kdb");
    let Ok(found) =
        std::process::Command::new("objdump").args(["-d", "--no-show-raw-insn", program]).output()
    else {
        missing(Need::Objdump, "there is no objdump");
        return;
    };
    let code = String::from_utf8_lossy(&found.stdout);
    assert!(code.contains("vfmadd"), "{program} was not disassembled, or has no kernel with the instruction");
    let (mut function, mut callers) = ("", Vec::new());
    for line in code.lines() {
        if let Some(name) = line.strip_suffix(">:").and_then(|line| line.split_once('<')) {
            function = name.1;
        } else if line.contains("<fma") && !function.contains("fma") {
            callers.push(function);
        }
    }
    callers.dedup();
    assert_eq!(callers, Vec::<&str>::new());
}
