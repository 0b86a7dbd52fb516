//! The program from end to end, on simulated files.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use l1kdb::embed::Card;
use l1kdb::progress::Quiet;
use l1kdb::simulate::{Files, Simulation};
use tempfile::TempDir;

fn simulated() -> (TempDir, Files) {
    let folder = tempfile::tempdir().unwrap();
    let simulation = Simulation { signatures: 240, drugs: 24, seed: 5, ..Simulation::of_size(240) };
    let files = simulation.start().unwrap().write(folder.path(), &Quiet).unwrap();
    (folder, files)
}

fn densenet(files: &Files, out: &Path, more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_l1kdb-train"));
    command.arg("densenet").arg("--profiles").arg(&files.profiles).arg("--sig-info").arg(&files.sig_info);
    command.arg("--pert-info").arg(&files.pert_info).arg("--out").arg(out);
    command
        .args(["--depth", "2", "--growth", "4", "--dim", "6", "--batch", "64", "--steps", "10"])
        .args(more);
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Fails with exit code 2 and one line of cause that names `expected`; leaves nothing behind at `out`.
fn refused(output: &Output, expected: &[&str]) {
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert_eq!(stderr.lines().filter(|line| !line.starts_with("note:")).count(), 1, "{stderr}");
    expected.iter().for_each(|part| assert!(stderr.contains(part), "no `{part}` in: {stderr}"));
}

#[test]
fn a_gctx_file_becomes_a_model_with_figures_and_their_baselines() {
    let (folder, files) = simulated();
    let out = folder.path().join("My net");
    let run = densenet(&files, &out, &["--validation-share", "0.3", "--seed", "4"]);
    assert!(run.status.success(), "{}", text(&run.stderr));
    let stdout = text(&run.stdout);
    for part in
        ["240 signatures of 24 drugs", "this recipe", "cosine of z-scores", "labels permuted", "queries"]
    {
        assert!(stdout.contains(part), "no `{part}` in: {stdout}");
    }
    let onnx = fs::read(out.join("model.onnx")).unwrap();
    let card = Card::parse(&fs::read_to_string(out.join("card.toml")).unwrap(), "card").unwrap();
    assert_eq!((card.name.as_str(), card.dimension), ("my-net", 6));
    assert_eq!(card.onnx, Some(Card::digest(&onnx)));
    for figures in ["embedding", "raw_cosine", "permuted_labels"] {
        assert!(card.metrics[figures]["positives"].as_integer().is_some_and(|n| n > 0), "{figures}");
    }
    assert!(card.split["held_out_drugs"].as_integer().is_some_and(|n| n >= 2));
}

#[test]
fn the_same_command_gives_the_same_bytes() {
    let (folder, files) = simulated();
    let bytes = |name: &str| {
        let out = folder.path().join(name);
        assert!(densenet(&files, &out, &["--name", "net"]).status.success());
        ["model.onnx", "card.toml"].map(|file| fs::read(out.join(file)).unwrap())
    };
    assert_eq!(bytes("first"), bytes("second"));
}

#[test]
fn cross_validation_trains_the_written_network_on_all_drugs() {
    let (folder, files) = simulated();
    let out = folder.path().join("net");
    let run = densenet(&files, &out, &["--folds", "3", "--repeats", "2", "--preset", "small-data"]);
    assert!(run.status.success(), "{}", text(&run.stderr));
    let card = Card::parse(&fs::read_to_string(out.join("card.toml")).unwrap(), "card").unwrap();
    assert_eq!(card.split["training_signatures"].as_integer(), Some(240));
    assert_eq!(card.metrics["auc_quantile_by_repeat"].as_array().map(Vec::len), Some(2));
    assert!(card.split["note"].as_str().is_some_and(|note| note.contains("not seen")));
}

#[test]
fn a_model_is_replaced_only_with_force_and_other_folders_never() {
    let (folder, files) = simulated();
    let out = folder.path().join("net");
    assert!(densenet(&files, &out, &[]).status.success());
    refused(&densenet(&files, &out, &[]), &["already holds a model", "--force"]);
    assert!(densenet(&files, &out, &["--force", "--seed", "9"]).status.success());
    refused(&densenet(&files, folder.path(), &["--force"]), &["no model folder", "--out"]);
}

#[test]
fn wrong_input_is_one_line_with_the_way_out_and_leaves_nothing() {
    let (folder, files) = simulated();
    let out = folder.path().join("net");
    let missing = Files { profiles: folder.path().join("no.gctx"), ..files.clone() };
    refused(&densenet(&missing, &out, &[]), &["no.gctx"]);
    refused(&densenet(&files, &out, &["--dim", "0"]), &["--dim is 0, expected 1 to 978"]);
    refused(&densenet(&files, &out, &["--learning-rate", "nan"]), &["--learning-rate is NaN"]);
    refused(&densenet(&files, &out, &["--folds", "100"]), &["200", "drugs"]);
    let swapped = Files { sig_info: files.pert_info.clone(), ..files.clone() };
    refused(&densenet(&swapped, &out, &[]), &["pert_info.txt"]);
    assert!(!out.exists());
}

#[test]
fn an_unknown_option_or_preset_is_explained() {
    let (folder, files) = simulated();
    let run = densenet(&files, &folder.path().join("net"), &["--preset", "paper005"]);
    assert_eq!(run.status.code(), Some(2));
    assert!(text(&run.stderr).contains("small-data"), "{}", text(&run.stderr));
}
