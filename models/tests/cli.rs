//! The program from end to end, on simulated files.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use l1kdb::embed::Card;
use l1kdb::progress::Quiet;
use l1kdb::simulate::{Files, Simulation};
use l1kdb::split::{Grouping, KFold, Split};
use tempfile::TempDir;

fn simulated() -> (TempDir, Files) {
    let folder = tempfile::tempdir().unwrap();
    let simulation = Simulation::of_size(240).drugs(24).seed(5);
    let files = simulation.start().unwrap().write(folder.path(), &Quiet).unwrap();
    (folder, files)
}

fn with_data(command: &str, files: &Files, more: &[&str]) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_l1kdb-train"));
    program.arg(command).arg("--profiles").arg(&files.profiles).arg("--sig-info").arg(&files.sig_info);
    program.arg("--pert-info").arg(&files.pert_info).args(more);
    program
}

fn small(command: &str, files: &Files, out: &Path, more: &[&str]) -> Command {
    let mut program = with_data(command, files, &["--dim", "6", "--batch", "64", "--steps", "10"]);
    program.arg("--out").arg(out).args(more);
    program
}

fn densenet(files: &Files, out: &Path, more: &[&str]) -> Output {
    let sizes = ["--depth", "2", "--growth", "4"];
    small("densenet", files, out, &[&sizes, more].concat()).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn succeeded(output: &Output) -> String {
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

/// Fails with exit code 2 and one line of cause that names `expected`.
fn refused(output: &Output, expected: &[&str]) {
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert_eq!(stderr.lines().filter(|line| !line.starts_with("note:")).count(), 1, "{stderr}");
    expected.iter().for_each(|part| assert!(stderr.contains(part), "no `{part}` in: {stderr}"));
}

fn card_in(out: &Path) -> Card {
    Card::parse(&fs::read_to_string(out.join("card.toml")).unwrap(), "card").unwrap()
}

#[test]
fn a_gctx_file_becomes_a_model_with_figures_and_their_baselines() {
    let (folder, files) = simulated();
    let out = folder.path().join("My net");
    let stdout = succeeded(&densenet(&files, &out, &["--test-share", "0.3", "--seed", "4"]));
    for part in
        ["240 signatures of 24 drugs", "this recipe", "raw cosine", "whitening", "permuted labels", "queries"]
    {
        assert!(stdout.contains(part), "no `{part}` in: {stdout}");
    }
    let card = card_in(&out);
    let onnx = fs::read(out.join("model.onnx")).unwrap();
    assert_eq!((card.name.as_str(), card.dim), ("my-net", 6));
    assert_eq!(card.onnx, Some(Card::digest(&onnx)));
    for figures in ["this_recipe", "raw_cosine", "whitening", "permuted_labels"] {
        assert!(card.metrics[figures]["positives"].as_integer().is_some_and(|n| n > 0), "{figures}");
    }
    assert!(card.split["held_out_drugs"].as_integer().is_some_and(|n| n >= 2));
    assert!(card.data["digest"].as_str().is_some_and(|digest| digest.starts_with("sha256:")));
    let log = fs::read_to_string(out.join("log.tsv")).unwrap();
    assert_eq!(log.lines().count(), 11, "{log}");
    assert!(fs::read_to_string(out.join("curve.svg")).unwrap().contains("<svg"));
    assert!(!out.join("checkpoint.bin").exists());
}

#[test]
fn every_kind_of_network_is_trained_and_written() {
    let (folder, files) = simulated();
    for (command, preset) in
        [("triplet", "paper004"), ("triplet", "margin"), ("triplet", "dense"), ("whiten", "components")]
    {
        let out = folder.path().join(format!("{command}-{preset}"));
        let more = ["--preset", preset, "--set", "width=20", "--test-share", "0"];
        succeeded(&small(command, &files, &out, &more).output().unwrap());
        assert_eq!(card_in(&out).dim, 6);
    }
}

#[test]
fn the_same_command_gives_the_same_bytes() {
    let (folder, files) = simulated();
    let bytes = |name: &str| {
        let out = folder.path().join(name);
        succeeded(&densenet(&files, &out, &["--name", "net"]));
        ["model.onnx", "card.toml"].map(|file| fs::read(out.join(file)).unwrap())
    };
    assert_eq!(bytes("first"), bytes("second"));
}

#[test]
fn cross_validation_trains_the_written_network_on_all_drugs() {
    let (folder, files) = simulated();
    let out = folder.path().join("net");
    succeeded(&densenet(&files, &out, &["--folds", "3", "--repeats", "2", "--preset", "small-data"]));
    let card = card_in(&out);
    assert_eq!(card.split["training_signatures"].as_integer(), Some(240));
    let repeats = card.metrics["this_recipe"]["auc_quantile_by_repeat"].as_array().map(Vec::len);
    assert_eq!(repeats, Some(2));
    assert!(card.split["note"].as_str().is_some_and(|note| note.contains("not seen")));
    assert!(!out.join("folds").exists());
}

/// Enough steps that a kill finds it at work, with a checkpoint as often as the disk allows.
const LONG: [&str; 8] =
    ["--epochs", "400", "--checkpoint-every", "0", "--set", "validation=0.2", "--set", "patience=1000"];

fn long(files: &Files, out: &Path, more: &[&str]) -> Command {
    let sizes = [
        "--depth", "2", "--growth", "4", "--dim", "6", "--batch", "64", "--name", "net", "--preset", "donner",
    ];
    let mut program = with_data("densenet", files, &[&sizes, &LONG[..], more].concat());
    program.arg("--out").arg(out).stdout(Stdio::null()).stderr(Stdio::null());
    program
}

fn wait_for_checkpoint(child: &mut Child, out: &Path) {
    while !out.join("checkpoint.bin").exists() {
        assert!(child.try_wait().unwrap().is_none(), "ended before it had a checkpoint");
        std::thread::sleep(Duration::from_millis(2));
    }
    std::thread::sleep(Duration::from_millis(30));
}

#[test]
fn a_run_that_was_killed_goes_on_to_the_same_result() {
    let (folder, files) = simulated();
    let [whole, killed] = ["whole", "killed"].map(|name| folder.path().join(name));
    assert!(long(&files, &whole, &[]).status().unwrap().success());
    let mut child = long(&files, &killed, &[]).spawn().unwrap();
    wait_for_checkpoint(&mut child, &killed);
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!killed.join("card.toml").exists(), "it was done before it was killed");
    assert!(long(&files, &killed, &["--resume"]).status().unwrap().success());
    for file in ["model.onnx", "card.toml"] {
        assert!(fs::read(whole.join(file)).unwrap() == fs::read(killed.join(file)).unwrap(), "{file}");
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_leaves_a_checkpoint_to_go_on_from() {
    let (folder, files) = simulated();
    let out = folder.path().join("net");
    let mut child = long(&files, &out, &["--checkpoint-every", "1e6"]).spawn().unwrap();
    wait_for_checkpoint(&mut child, &out);
    let interrupt = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(interrupt.success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(long(&files, &out, &["--checkpoint-every", "1e6", "--resume"]).status().unwrap().success());
    assert!(out.join("model.onnx").exists());
}

#[test]
fn a_run_is_resumed_only_with_its_own_settings_and_replaced_only_with_force() {
    let (folder, files) = simulated();
    let out = folder.path().join("net");
    succeeded(&densenet(&files, &out, &[]));
    refused(&densenet(&files, &out, &[]), &["already holds a run", "--force", "--resume"]);
    refused(&densenet(&files, &out, &["--resume"]), &["complete"]);
    succeeded(&densenet(&files, &out, &["--force", "--seed", "9"]));
    refused(&densenet(&files, folder.path(), &["--force"]), &["no run", "--out"]);
    let mut child = long(&files, &folder.path().join("cut"), &[]).spawn().unwrap();
    wait_for_checkpoint(&mut child, &folder.path().join("cut"));
    child.kill().unwrap();
    child.wait().unwrap();
    let other = long(&files, &folder.path().join("cut"), &["--resume", "--margin", "0.1"])
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    refused(&other, &["margin = 0.25", "margin = 0.1"]);
    assert!(folder.path().join("cut/checkpoint.bin").exists());
}

#[test]
fn a_kernel_that_there_is_not_is_refused() {
    let (folder, files) = simulated();
    let mut program = small("densenet", &files, &folder.path().join("net"), &[]);
    refused(&program.env("L1KDB_KERNEL", "avx1024").output().unwrap(), &["L1KDB_KERNEL", "avx1024", "plain"]);
}

#[test]
fn a_damaged_checkpoint_is_refused() {
    let (folder, files) = simulated();
    let out = folder.path().join("net");
    let mut child = long(&files, &out, &[]).spawn().unwrap();
    wait_for_checkpoint(&mut child, &out);
    child.kill().unwrap();
    child.wait().unwrap();
    let mut bytes = fs::read(out.join("checkpoint.bin")).unwrap();
    bytes[100] ^= 1;
    fs::write(out.join("checkpoint.bin"), bytes).unwrap();
    let found = long(&files, &out, &["--resume"]).stderr(Stdio::piped()).output().unwrap();
    refused(&found, &["checkpoint.bin", "checksum", "--force"]);
}

#[test]
fn wrong_input_is_one_line_with_the_way_out_and_leaves_nothing() {
    let (folder, files) = simulated();
    let out = folder.path().join("net");
    let missing = Files { profiles: folder.path().join("no.gctx"), ..files.clone() };
    refused(&densenet(&missing, &out, &[]), &["no.gctx"]);
    refused(&densenet(&files, &out, &["--dim", "0"]), &["dim is 0, expected 1 to 978"]);
    refused(&densenet(&files, &out, &["--learning-rate", "nan"]), &["learning-rate is NaN"]);
    refused(&densenet(&files, &out, &["--set", "margn=0.2"]), &["`margn`", "`margin`"]);
    refused(&densenet(&files, &out, &["--preset", "paper005"]), &["paper005", "small-data", "donner"]);
    let swapped = Files { sig_info: files.pert_info.clone(), ..files.clone() };
    refused(&densenet(&swapped, &out, &[]), &["pert_info.txt"]);
    let nameless = folder.path().join("nameless.txt");
    let table = fs::read_to_string(&files.sig_info).unwrap();
    let first = |line: &str| format!("{}\n", line.split('\t').next().unwrap_or_default());
    fs::write(&nameless, table.lines().map(first).collect::<String>()).unwrap();
    let nameless = Files { sig_info: nameless, ..files.clone() };
    refused(&densenet(&nameless, &out, &[]), &["nameless.txt", "pert_iname", "its columns are `sig_id`"]);
    let config = folder.path().join("run.toml");
    fs::write(&config, "nois = 1.0\n").unwrap();
    refused(&densenet(&files, &out, &["--config", config.to_str().unwrap()]), &["run.toml", "`noise`"]);
    assert!(!out.exists());
}

#[test]
fn a_run_that_is_refused_after_its_data_were_read_can_be_started_again_without_force() {
    let (folder, files) = simulated();
    let out = folder.path().join("net");
    refused(&densenet(&files, &out, &["--folds", "100"]), &["200", "drugs"]);
    assert!(!out.join("run.toml").exists() && !out.join("model.onnx").exists());
    succeeded(&densenet(&files, &out, &[]));
    // What a folder holds is not lost to a run that keeps nothing.
    let before = fs::read(out.join("model.onnx")).unwrap();
    let settings = fs::read(out.join("run.toml")).unwrap();
    refused(&densenet(&files, &out, &["--folds", "100", "--force"]), &["200", "drugs"]);
    assert!(fs::read(out.join("model.onnx")).unwrap() == before);
    assert_eq!(fs::read(out.join("run.toml")).unwrap(), settings);
}

#[test]
fn two_processes_never_train_into_one_folder() {
    let (folder, files) = simulated();
    let out = folder.path().join("net");
    let mut child = long(&files, &out, &[]).spawn().unwrap();
    wait_for_checkpoint(&mut child, &out);
    for way in ["--resume", "--force"] {
        let second = long(&files, &out, &[way]).stderr(Stdio::piped()).output().unwrap();
        refused(&second, &["another process", "net", "--out"]);
    }
    assert!(child.try_wait().unwrap().is_none(), "the first goes on");
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(long(&files, &out, &["--resume"]).status().unwrap().success());
}

#[test]
fn a_fold_of_another_run_is_refused_by_name() {
    let (folder, files) = simulated();
    let [own, other] = ["own", "other"].map(|name| folder.path().join(name));
    let folds = ["--folds", "2", "--repeats", "1"];
    for (out, seed) in [(&own, "1"), (&other, "2")] {
        let mut child = long(&files, out, &[&folds[..], &["--seed", seed]].concat()).spawn().unwrap();
        while !out.join("folds/0-0.f32").exists() {
            assert!(child.try_wait().unwrap().is_none(), "it ended before a fold was kept");
            std::thread::sleep(Duration::from_millis(2));
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    fs::copy(other.join("folds/0-0.f32"), own.join("folds/0-0.f32")).unwrap();
    let more = [&folds[..], &["--seed", "1", "--resume"]].concat();
    let found = long(&files, &own, &more).stderr(Stdio::piped()).output().unwrap();
    refused(&found, &["0-0.f32", "other settings or data", "--force"]);
    fs::remove_dir_all(own.join("folds")).unwrap();
    assert!(long(&files, &own, &more).status().unwrap().success(), "the way out works");
}

#[test]
fn names_of_files_and_arguments_act_on_nothing() {
    let (folder, files) = simulated();
    let evil = "\u{1b}]0;owned\u{7}\nerror: invented";
    let out = folder.path().join("net");
    let missing = Files { profiles: folder.path().join(evil), ..files.clone() };
    for output in [
        densenet(&missing, &out, &[]),
        densenet(&files, &out, &["--preset", evil]),
        densenet(&files, &out, &["--set", evil]),
        densenet(&files, &out, &["--dim", evil]),
        densenet(&files, &out, &[&format!("--{evil}")]),
        with_data("evaluate", &files, &["--models", evil]).output().unwrap(),
        with_data(evil, &files, &[]).output().unwrap(),
    ] {
        refused(&output, &["error"]);
        let stderr = text(&output.stderr);
        assert!(stderr.starts_with("error: ") && !stderr.contains(['\u{1b}', '\u{7}']), "{stderr:?}");
    }
    let out = folder.path().join("\u{1b}[1mnet");
    let stdout = succeeded(&densenet(&files, &out, &["--test-share", "0"]));
    assert!(stdout.contains("␛[1mnet") && !stdout.contains('\u{1b}'), "{stdout:?}");
}

#[test]
fn a_reader_that_has_seen_enough_ends_no_training() {
    let (folder, files) = simulated();
    let out = folder.path().join("net");
    let sizes = ["--depth", "2", "--growth", "4"];
    let mut child = small("densenet", &files, &out, &sizes)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(out.join("card.toml").exists());
}

#[test]
fn a_grid_runs_every_combination_once() {
    let (folder, files) = simulated();
    let config = folder.path().join("grid.toml");
    fs::write(
        &config,
        "preset = \"densenet:donner\"\nsteps = 4\nbatch = 64\ngrowth = 3\n[grid]\ndepth = [1, 2]\ndim = [3, 4, 5]\n",
    )
    .unwrap();
    let out = folder.path().join("grid");
    let run = || {
        let more =
            ["--config", config.to_str().unwrap(), "--out", out.to_str().unwrap(), "--test-share", "0.3"];
        succeeded(&with_data("grid", &files, &more).output().unwrap())
    };
    let first = run();
    assert_eq!(first.lines().count(), 7, "{first}");
    assert!(first.lines().all(|line| line.split('\t').count() == 12), "{first}");
    let written = |name: &str| fs::metadata(out.join(name).join("model.onnx")).unwrap().modified().unwrap();
    let before = written("depth-2.dim-5");
    assert_eq!(run(), first);
    assert_eq!(before, written("depth-2.dim-5"), "a run that was done was done again");
    assert_eq!(fs::read_to_string(out.join("results.tsv")).unwrap(), first);
}

#[test]
fn recipes_and_models_are_compared_on_drugs_they_have_not_seen() {
    let (folder, files) = simulated();
    let model = folder.path().join("model");
    succeeded(&densenet(&files, &model, &["--test-share", "0"]));
    let mine = folder.path().join("mine.toml");
    fs::write(&mine, "preset = \"densenet:donner\"\nsteps = 3\nbatch = 64\ndepth = 1\ngrowth = 2\ndim = 4\n")
        .unwrap();
    let models = format!("components,whiten,{},{}", mine.display(), model.display());
    let run = with_data("evaluate", &files, &["--folds", "3", "--models", &models, "--format", "tsv"])
        .output()
        .unwrap();
    let stdout = succeeded(&run);
    let names: Vec<&str> = stdout.lines().skip(1).filter_map(|line| line.split('\t').next()).collect();
    assert_eq!((names[0], names[names.len() - 1]), ("raw cosine", "permuted labels"));
    assert!(names.contains(&"components") && names.contains(&model.to_str().unwrap()));
    assert!(text(&run.stderr).contains("was trained on these data"), "{}", text(&run.stderr));
}

fn column(path: &Path, number: usize) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap();
    text.lines().skip(1).map(|line| line.split('\t').nth(number).unwrap().to_owned()).collect()
}

#[test]
fn every_signature_is_embedded_by_a_network_that_has_not_seen_its_fold() {
    let (folder, files) = simulated();
    let (ids, drugs) = (column(&files.sig_info, 0), column(&files.sig_info, 2));
    let drugs =
        Grouping::by_one(drugs.iter().zip(&ids).map(|(drug, id)| (*id != ids[7]).then_some(drug.as_str())));
    let path = folder.path().join("split.tsv");
    let split = Split::k_fold(&ids, "drug", &drugs, KFold { folds: 3, repeats: 1 }, 1).unwrap();
    split.save(&path).unwrap();
    let out = folder.path().join("out-of-fold");
    let evaluate = |models: &str, split: &Path| {
        let more =
            ["--models", models, "--split", split.to_str().unwrap(), "--out-of-fold", out.to_str().unwrap()];
        with_data("evaluate", &files, &more).output().unwrap()
    };
    assert!(succeeded(&evaluate("components,whiten", &path)).contains("by drug, k-fold folds=3"));
    for name in ["components", "whiten"] {
        let written = column(&out.join(format!("{name}.ids.tsv")), 0);
        assert_eq!(written, [&ids[..7], &ids[8..]].concat());
        assert!(fs::metadata(out.join(format!("{name}.npy"))).unwrap().len() > 4 * 239);
    }
    refused(&evaluate("whiten,whiten", &path), &["whiten.npy"]);

    let other: Vec<String> = ids.iter().map(|id| format!("{id}x")).collect();
    let other = Split::k_fold(&other, "drug", &drugs, KFold { folds: 3, repeats: 1 }, 1).unwrap();
    let other_path = folder.path().join("other.tsv");
    other.save(&other_path).unwrap();
    refused(&evaluate("whiten", &other_path), &["other data", &ids[0]]);

    let plates: Vec<String> = (0..ids.len()).map(|row| format!("plate {}", row % 3)).collect();
    let plates = Grouping::by_one(plates.iter().map(|plate| Some(plate.as_str())));
    let leaking = Split::k_fold(&ids, "plate", &plates, KFold { folds: 3, repeats: 1 }, 1).unwrap();
    leaking.save(&other_path).unwrap();
    refused(&evaluate("whiten", &other_path), &["stands on both sides", "make one by drug"]);
}

#[test]
fn a_simulation_can_be_written_from_here() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("sim");
    let mut program = Command::new(env!("CARGO_BIN_EXE_l1kdb-train"));
    program.args(["simulate", "--signatures", "50", "--drugs", "10", "--nuisance", "2", "--out"]).arg(&out);
    assert!(succeeded(&program.output().unwrap()).contains("50 signatures of 10 drugs"));
    assert!(out.join("sig_info.txt").exists());
}

#[test]
fn training_on_a_gpu_that_is_not_there_is_explained() {
    let (folder, files) = simulated();
    let found = densenet(&files, &folder.path().join("net"), &["--device", "cuda"]);
    refused(&found, &["GPU", "--device"]);
}
