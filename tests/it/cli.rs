//! The program itself, end to end: what it prints, where, and how it exits.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::program::{l1kdb, out, text};
use crate::world::world;

/// An error is one line on stderr that says `cause`, beside notes about the engine; nothing on stdout, exit code 2.
fn assert_fails(output: &Output, cause: &str) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(output.stdout.is_empty());
    let lines: Vec<&str> = stderr.lines().filter(|line| !line.starts_with("l1kdb: note: ")).collect();
    assert_eq!(lines.len(), 1, "{stderr}");
    assert!(
        lines[0].starts_with("l1kdb: error: ") && lines[0].contains(cause),
        "expected {cause:?} in {stderr}"
    );
}

/// What builds `out` of the world's profiles and signatures, with `more` arguments.
fn build_args<'a>(out: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let files = &world().files;
    let needed = ["build", out, "--profiles", text(&files.profiles), "--sig-info", text(&files.sig_info)];
    [&needed[..], more].concat()
}

/// Builds a database of the world in `home` with the shipped network.
fn build(home: &Path) -> String {
    let files = &world().files;
    let drugs = ["--pert-info", text(&files.pert_info), "--atc", text(&files.drug_atc)];
    out(&l1kdb(home, &build_args("db.l1kdb", &drugs)))
}

fn query(home: &Path, more: &[&str]) -> Output {
    let mut args = vec!["query", "db.l1kdb", "--profiles", text(&world().files.profiles)];
    args.extend(more);
    l1kdb(home, &args)
}

#[test]
fn tables_about_other_drugs_are_named_with_a_drug_of_either_side() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("perts.txt"), "pert_id\tpert_iname\tmoa\nDB99999\tnobody\tx\n").unwrap();
    fs::write(home.path().join("atc.txt"), "\ndrug,atc_code\n\nnobody,C10AA01\n,\nno one,nonsense\n")
        .unwrap();
    let more = ["--model", "identity", "--graph", "never", "--pert-info", "perts.txt", "--atc", "atc.txt"];
    let output = l1kdb(home.path(), &build_args("db.l1kdb", &more));
    let warned = String::from_utf8(output.stderr.clone()).unwrap();
    assert!(
        warned.contains("warning: the table of perturbagens knows no drug of the signatures"),
        "{warned}"
    );
    assert!(warned.contains("`DB99999` (`nobody`)"), "{warned}");
    assert!(warned.contains("warning: the table of ATC codes knows none of the drugs"), "{warned}");
    assert!(out(&output).contains("in line 6: nonsense"), "{output:?}");
}

#[test]
fn build_query_info_verify_with_the_shipped_network() {
    let home = tempfile::tempdir().unwrap();
    let built = build(home.path());
    assert!(built.contains("300 signatures") && built.contains("978 of 978 landmark genes"), "{built}");

    let info = out(&l1kdb(home.path(), &["info", "db.l1kdb"]));
    assert!(info.contains("rten") && info.contains("cell_id"), "{info}");
    let json = out(&l1kdb(home.path(), &["info", "db.l1kdb", "--format", "json"]));
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["signatures"], 300);
    assert_eq!(json["engine"]["provider"], "CPU");

    assert!(out(&l1kdb(home.path(), &["verify", "db.l1kdb"])).contains("is whole"));

    let id = world().profiles.ids()[4].as_str();
    let table = out(&query(home.path(), &["--id", id, "--top", "5"]));
    assert!(table.starts_with(id) && table.contains("against 300 signatures"), "{table}");
    let lines = table.trim_end().lines().filter(|line| !line.starts_with("doubt: "));
    assert_eq!(lines.count(), 2 + 5, "{table}");
}

#[test]
fn tsv_has_the_columns_that_were_promised() {
    let home = tempfile::tempdir().unwrap();
    build(home.path());
    let id = world().profiles.ids()[4].as_str();
    let drugs = out(&query(home.path(), &["--id", id, "--format", "tsv", "--top", "3"]));
    let header =
        "query\trank\tdrug\tpert_id\tscore\tbest_sig_id\tbest_similarity\tn_signatures\tatc\tmoa\ttarget";
    assert_eq!(drugs.lines().next(), Some(header));
    assert_eq!(drugs.lines().count(), 4);

    let args = ["--id", id, "--format", "tsv", "--top", "3", "--by", "signature"];
    let signatures = out(&query(home.path(), &args));
    let header =
        "query\trank\tsig_id\tdrug\tpert_id\tcell_id\tpert_dose\tpert_time\tsimilarity\tatc\tmoa\ttarget";
    assert_eq!(signatures.lines().next(), Some(header));
    assert_eq!(signatures.lines().nth(1).unwrap().split('\t').nth(2), Some(id));

    let excluded = out(&query(home.path(), &[&args[..], &["--exclude-self"]].concat()));
    assert!(!excluded.lines().skip(1).any(|line| line.split('\t').nth(2) == Some(id)));
}

#[test]
fn json_is_one_object_a_query_with_the_names_of_every_atc_level() {
    let home = tempfile::tempdir().unwrap();
    build(home.path());
    let ids = [world().profiles.ids()[0].as_str(), world().profiles.ids()[9].as_str()];
    let printed =
        out(&query(home.path(), &["--id", ids[0], "--id", ids[1], "--format", "json", "--top", "100"]));
    let objects: Vec<serde_json::Value> =
        printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(objects.iter().map(|object| object["query"].as_str().unwrap()).collect::<Vec<_>>(), ids);
    let hits = objects[0]["hits"].as_array().unwrap();
    let classes = hits.iter().flat_map(|hit| hit["atc_classes"].as_array().unwrap()).next().unwrap();
    assert!(classes["level_1"]["name"].is_string() && classes["level_5"]["code"].is_string(), "{classes}");
}

#[test]
fn the_same_question_gives_the_same_answer() {
    let home = tempfile::tempdir().unwrap();
    build(home.path());
    let ask = || out(&query(home.path(), &["--format", "tsv", "--top", "4"]));
    assert_eq!(ask(), ask());
}

#[test]
fn nothing_found_is_exit_code_1_and_wrong_input_is_2() {
    let home = tempfile::tempdir().unwrap();
    build(home.path());
    let id = world().profiles.ids()[0].as_str();
    let found = query(
        home.path(),
        &["--id", id, "--filter", "cell_id=CELL01", "--filter", "pert_time=6", "--top", "0"],
    );
    assert_eq!(found.status.code(), Some(1));

    assert_fails(&query(home.path(), &["--filter", "cell=CELL01"]), "cell_id");
    assert_fails(&query(home.path(), &["--filter", "cell_id=CELLO1"]), "did you mean CELL01");
    assert_fails(&query(home.path(), &["--id", &id[..id.len() - 1]]), "did you mean");
    assert_fails(
        &query(home.path(), &["--onnxruntime", "/nowhere/libonnxruntime.so"]),
        "/nowhere/libonnxruntime.so",
    );
    let explain = ["explain", "db.l1kdb", "--sig", id, "--hit", id, "--score-by", "embedding"];
    for reverse in [&[][..], &["--reverse"]] {
        let typed = [&explain[..], reverse, &["--onnxruntime", "/nowhere/libonnxruntime.so"]].concat();
        assert_fails(&l1kdb(home.path(), &typed), "/nowhere/libonnxruntime.so");
    }
    assert_fails(&l1kdb(home.path(), &["query", "nowhere.l1kdb", "--profiles", "x.gctx"]), "nowhere.l1kdb");
    assert_fails(&l1kdb(home.path(), &["query", "db.l1kdb", "--profiles", "x.gctx"]), "x.gctx");
    assert_fails(&l1kdb(home.path(), &["info", "db.l1kdb/MANIFEST"]), "directory");
    assert_fails(
        &l1kdb(home.path(), &["embed", "--profiles", "x.gctx", "--out", "e.xls"]),
        ".npy, .tsv or .gctx",
    );

    fs::write(home.path().join("empty.gctx"), "").unwrap();
    assert_fails(&l1kdb(home.path(), &["query", "db.l1kdb", "--profiles", "empty.gctx"]), "empty.gctx");
    let usage = l1kdb(home.path(), &["query", "db.l1kdb"]);
    assert_eq!(usage.status.code(), Some(2));
}

#[test]
fn an_existing_database_is_replaced_only_when_asked() {
    let home = tempfile::tempdir().unwrap();
    build(home.path());
    let args = build_args("db.l1kdb", &["--model", "identity"]);
    assert_fails(&l1kdb(home.path(), &args), "--overwrite");
    out(&l1kdb(home.path(), &[&args[..], &["--overwrite"]].concat()));
    assert!(out(&l1kdb(home.path(), &["info", "db.l1kdb"])).contains("identity"));
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
}

#[test]
fn embeddings_are_written_in_every_format_and_agree() {
    let home = tempfile::tempdir().unwrap();
    let profiles = text(&world().files.profiles);
    for file in ["e.npy", "e.tsv", "e.gctx"] {
        let printed = out(&l1kdb(home.path(), &["embed", "--profiles", profiles, "--out", file]));
        assert!(printed.contains("wrote 300 x"), "{printed}");
    }
    let tsv = fs::read_to_string(home.path().join("e.tsv")).unwrap();
    let first: Vec<f32> =
        tsv.lines().nth(1).unwrap().split('\t').skip(1).map(|v| v.parse().unwrap()).collect();
    let length: f32 = first.iter().map(|v| v * v).sum();
    assert!((length - 1.0).abs() < 1e-5);
    let npy = fs::read(home.path().join("e.npy")).unwrap();
    let data = &npy[npy.len() - 300 * first.len() * 4..];
    assert_eq!(f32::from_le_bytes(data[..4].try_into().unwrap()), first[0]);
    let ids = fs::read_to_string(home.path().join("e.ids.tsv")).unwrap();
    assert_eq!(ids.lines().skip(1).collect::<Vec<_>>(), world().profiles.ids());
    let file = l1kdb::profile::MatrixFile::open(home.path().join("e.gctx")).unwrap();
    assert_eq!(file.column_ids(), world().profiles.ids());
}

#[test]
fn the_demo_runs_and_shows_a_newcomer_what_to_do_next() {
    let home = tempfile::tempdir().unwrap();
    let shown = out(&l1kdb(home.path(), &["demo", "--signatures", "800"]));
    for promised in
        ["1. simulated 800", "2. built", "3. asked", "mechanism", "l1kdb build", "l1kdb info", "l1kdb query"]
    {
        assert!(shown.contains(promised), "{promised}: {shown}");
    }
    // A second time replaces the first.
    out(&l1kdb(home.path(), &["demo", "--signatures", "800"]));
}

#[test]
fn every_command_explains_itself() {
    let home = tempfile::tempdir().unwrap();
    for command in ["demo", "build", "query", "embed", "info", "verify", "simulate"] {
        assert!(out(&l1kdb(home.path(), &[command, "--help"])).contains("Usage: l1kdb"));
    }
    assert!(out(&l1kdb(home.path(), &["--version"])).contains(env!("CARGO_PKG_VERSION")));
}

#[cfg(unix)]
#[test]
fn a_read_only_directory_is_an_error_with_nothing_left() {
    use std::os::unix::fs::PermissionsExt;

    let home = tempfile::tempdir().unwrap();
    let shut = home.path().join("shut");
    fs::create_dir(&shut).unwrap();
    fs::set_permissions(&shut, fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(shut.join("probe"), "").is_ok() {
        // The superuser may write anywhere; a path beneath a file stands in for what nobody may write to.
        fs::remove_file(shut.join("probe")).unwrap();
        fs::write(home.path().join("file"), "").unwrap();
    }
    let target = if home.path().join("file").exists() { "file/db.l1kdb" } else { "shut/db.l1kdb" };
    assert_fails(&l1kdb(home.path(), &build_args(target, &[])), "db.l1kdb");
    assert_eq!(fs::read_dir(&shut).unwrap().count(), 0);
}

/// Writing fails as on a full disk once a file passes the limit set for the process.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_during_a_build_leaves_nothing_half_built() {
    let home = tempfile::tempdir().unwrap();
    let files = &world().files;
    let command = format!(
        "trap '' XFSZ; ulimit -f 100; exec '{}' build full.l1kdb --profiles '{}' --sig-info '{}'",
        env!("CARGO_BIN_EXE_l1kdb"),
        files.profiles.display(),
        files.sig_info.display()
    );
    let output = Command::new("/bin/bash")
        .current_dir(home.path())
        .args(["-c", &command])
        .env("ORT_DISABLE_TELEMETRY", "1")
        .env("ORT_DYLIB_PATH", "")
        .env("PATH", "")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("full.l1kdb"), "{output:?}");
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
}

#[test]
fn a_fault_in_a_filter_is_pointed_at_and_what_an_empty_one_leaves_is_told() {
    let home = tempfile::tempdir().unwrap();
    build(home.path());
    let id = world().profiles.ids()[0].as_str();
    let ask = |filter: &str| query(home.path(), &["--id", id, "--filter", filter]);
    let title = |filter: &str| out(&ask(filter)).lines().next().unwrap().to_owned();
    assert!(title("cell_id = CELL01,CELL02").ends_with(" drugs; cell_id=CELL01,CELL02"));
    assert!(
        title("pert_time >= 6 and not cell_id ^= CELL01")
            .ends_with("; pert_time >= 6 and not cell_id ^= CELL01")
    );

    let faulty = ask("cell_id = CELL01 and pert_time > soon");
    assert_fails(&faulty, "filter, column 34: pert_time is compared with a time such as 24");
    let stderr = String::from_utf8(faulty.stderr).unwrap();
    let lines: Vec<&str> = stderr.lines().collect();
    assert_eq!(lines[1], "l1kdb: note: cell_id = CELL01 and pert_time > soon");
    assert_eq!(lines[2], "l1kdb: note:                                  ^");

    let empty = ask("cell_id = CELL01 and pert_time > 1000");
    let stderr = String::from_utf8(empty.stderr).unwrap();
    assert_eq!((empty.status.code(), empty.stdout.is_empty()), (Some(1), false));
    assert!(stderr.contains("no signature passes the filter: cell_id = CELL01: "), "{stderr}");
    assert!(stderr.contains(" rows; and pert_time > 1000: 0\n"), "{stderr}");
}
