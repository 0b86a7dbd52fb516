//! `l1kdb eval`, end to end: the figures that other tools give, files that compare, mistakes that are explained.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::needs::{python, shared};
use crate::program::{l1kdb, out, text};
use crate::world::world;

fn json(home: &Path, args: &[&str]) -> Value {
    serde_json::from_str(&out(&l1kdb(home, &[args, &["--format", "json"]].concat()))).unwrap()
}

fn fails(home: &Path, args: &[&str], cause: &str) {
    let output = l1kdb(home, args);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(output.stdout.is_empty(), "nothing on stdout");
    let error = stderr.lines().find(|line| line.starts_with("l1kdb: error: ")).unwrap_or_default();
    assert!(error.contains(cause), "expected {cause:?} in {stderr}");
}

fn db() -> &'static str {
    text(&world().db)
}

/// Embeddings of three rows a label, 16 labels, as NPY, with labels and a table beside.
pub fn own_files(home: &Path) {
    let rows = 48;
    let mut state = 3_u64;
    let mut number = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1_u64 << 23) as f32 - 1.0
    };
    let values: Vec<f32> = (0..rows * 8).map(|_| number()).collect();
    l1kdb::profile::write_npy(home.join("e.npy"), &values, 8).unwrap();
    let lines: String = (0..rows).map(|row| format!("d{}\n", row % 16)).collect();
    fs::write(home.join("labels.txt"), lines).unwrap();
    let table: String = (0..rows)
        .map(|row| {
            let drug = row % 16;
            format!(
                "P{}:{row}\td{drug}\t{}\tm{}|n{}\n",
                row % 2,
                ["PC3", "A375"][row % 2],
                drug % 4,
                drug % 3
            )
        })
        .collect();
    fs::write(home.join("table.tsv"), format!("sig_id\tpert_iname\tcell_id\tmoa\n{table}")).unwrap();
}

#[test]
fn controls_of_a_table_are_left_out_and_counted() {
    let home = tempfile::tempdir().unwrap();
    own_files(home.path());
    let table: String = (0..48)
        .map(|row| format!("d{}\t{}\n", row % 16, if row < 16 { "ctl_vehicle" } else { "trt_cp" }))
        .collect();
    fs::write(home.path().join("types.tsv"), format!("pert_iname\tpert_type\n{table}")).unwrap();
    let typed =
        ["eval", "retrieval", "--embeddings", "e.npy", "--labels", "types.tsv", "--label", "pert_iname"];
    let found = json(home.path(), &[&typed[..], &["--bootstrap", "5"]].concat());
    assert_eq!((&found["rows"], &found["positives"]), (&32.into(), &32.into()));
    let kept = json(home.path(), &[&typed[..], &["--bootstrap", "5", "--keep-controls"]].concat());
    assert_eq!(kept["rows"], 48);
}

const OWN: [&str; 6] = ["eval", "retrieval", "--embeddings", "e.npy", "--labels", "labels.txt"];

#[test]
fn a_database_is_evaluated_beside_its_baselines() {
    let home = tempfile::tempdir().unwrap();
    let found = json(home.path(), &["eval", "retrieval", "--db", db(), "--bootstrap", "50"]);
    assert_eq!(found["schema"], "l1kdb-eval-retrieval/1");
    let names: Vec<&str> =
        found["baselines"].as_array().unwrap().iter().map(|b| b["name"].as_str().unwrap()).collect();
    // The database holds the z-scores themselves, so raw cosine would be the same thing twice.
    assert_eq!(names, ["raw Euclid", "permuted labels"]);
    for field in ["queries", "positives", "drugs", "mean_query_median_q"] {
        assert!(found[field].as_f64().unwrap() > 0.0, "{field}");
    }
    let auc = |part: &Value| part["micro"]["auc_quantile"].as_f64().unwrap();
    assert!((auc(&found["baselines"][1]) - 0.5).abs() < 0.1);
    assert!(found["strata"].as_array().unwrap().iter().any(|part| part["of"] == "cell line of the pair"));
    assert!(found["provenance"]["files"][0]["digest"].as_str().unwrap().starts_with("sha256:"));
    assert!(found["geometry"]["effective_rank"].as_f64().unwrap() > 1.0);
}

#[test]
fn the_answer_in_memory_is_the_answer_of_the_database() {
    let home = tempfile::tempdir().unwrap();
    let files = &world().files;
    let of_files =
        ["--model", "identity", "--profiles", text(&files.profiles), "--sig-info", text(&files.sig_info)];
    let from_files = json(
        home.path(),
        &[&["eval", "retrieval", "--no-baselines", "--bootstrap", "10"][..], &of_files].concat(),
    );
    let from_db =
        json(home.path(), &["eval", "retrieval", "--no-baselines", "--bootstrap", "10", "--db", db()]);
    assert_eq!(from_files["micro"], from_db["micro"]);
    assert_eq!(from_files["macro"], from_db["macro"]);
}

#[test]
fn own_embeddings_give_the_figures_of_the_plain_reference() {
    let home = tempfile::tempdir().unwrap();
    own_files(home.path());
    let found = json(home.path(), &[&OWN[..], &["--bootstrap", "20"]].concat());
    let Some(tool) = shared("tools/quantile_reference.py") else { return };
    let Some(python) = python("numpy") else { return };
    let run = Command::new(python).arg(&tool).args(["e.npy", "labels.txt"]).current_dir(home.path()).output();
    let run = run.unwrap();
    assert!(run.status.success(), "{run:?}");
    let reference: Value = serde_json::from_slice(&run.stdout).unwrap();
    let mut compared = 0;
    for part in ["micro", "macro"] {
        for (name, expected) in reference[part].as_object().unwrap() {
            if let Some(expected) = expected.as_f64() {
                assert!((found[part][name].as_f64().unwrap() - expected).abs() < 1e-9, "{part}.{name}");
                compared += 1;
            }
        }
        for (x, expected) in reference[part]["recall"].as_object().unwrap() {
            // Python writes 1e-04 where this program writes 0.0001.
            let x = x.parse::<f64>().unwrap().to_string();
            let found = found[part]["recall"][&x].as_f64().unwrap();
            assert!((found - expected.as_f64().unwrap()).abs() < 1e-9, "{part}.recall.{x}");
            compared += 1;
        }
    }
    assert_eq!(compared, 2 * (2 + 7));
    assert_eq!(found["queries"], reference["queries"]);
    assert_eq!(found["mean_query_median_q"], reference["mean_query_median_q"]);
}

#[test]
fn a_table_of_labels_brings_drugs_cells_and_several_classes() {
    let home = tempfile::tempdir().unwrap();
    own_files(home.path());
    let table = ["eval", "retrieval", "--embeddings", "e.npy", "--labels", "table.tsv", "--bootstrap", "20"];
    let by_drug = json(home.path(), &[&table[..], &["--label", "pert_iname"]].concat());
    assert_eq!((&by_drug["level"], &by_drug["drugs"]), (&"signature".into(), &16.into()));
    assert_eq!(by_drug["positives"], 48 * 2);
    let by_moa = json(home.path(), &[&table[..], &["--label", "moa", "--exclude", "plate"]].concat());
    assert_eq!((&by_moa["level"], &by_moa["excluded"][0]), (&"drug".into(), &"same plate".into()));
    // A drug's rows are all even or all odd, so all in one cell line.
    let excluded = [&table[..], &["--label", "pert_iname", "--exclude", "cell"]].concat();
    fails(home.path(), &excluded, "is excluded");
}

#[test]
fn splits_are_made_saved_and_used_and_results_compared() {
    let home = tempfile::tempdir().unwrap();
    let files = &world().files;
    let made = ["eval", "split", "folds.tsv", "--sig-info", text(&files.sig_info), "--folds", "3"];
    let said = out(&l1kdb(home.path(), &made));
    assert!(said.contains("300 signatures in 3 held-out sets"), "{said}");
    let tables = ["--sig-info", text(&files.sig_info), "--pert-info", text(&files.pert_info)];
    let tenth = out(&l1kdb(
        home.path(),
        &[&["eval", "split", "tenth.tsv", "--hold-out", "0.1"][..], &tables].concat(),
    ));
    assert!(tenth.contains("hold-out") && tenth.contains("in 1 held-out set"), "{tenth}");
    let hard = ["eval", "split", "hard.tsv", "--by", "leak-proof", "--folds", "2", "--at-most", "3"];
    let hard = out(&l1kdb(home.path(), &[&hard[..], &tables].concat()));
    assert!(hard.contains("in 4 held-out sets"), "{hard}");
    let retrieval = ["eval", "retrieval", "--db", db(), "--split", "folds.tsv", "--bootstrap", "30"];
    let cosine = json(home.path(), &retrieval);
    assert_eq!(cosine["split"]["sets"], 3);
    let euclid = json(home.path(), &[&retrieval[..], &["--similarity", "euclid", "--no-baselines"]].concat());
    for (name, result) in [("a.json", &cosine), ("b.json", &euclid)] {
        fs::write(home.path().join(name), result.to_string()).unwrap();
    }
    let compared = json(home.path(), &["eval", "compare", "a.json", "b.json"]);
    let place =
        compared["figures"].as_array().unwrap().iter().position(|f| f == "micro.auc_quantile").unwrap();
    let difference = compared["embeddings"][1]["differences"][place][0].as_f64().unwrap();
    let auc = |result: &Value| result["micro"]["auc_quantile"].as_f64().unwrap();
    assert!((difference - (auc(&euclid) - auc(&cosine))).abs() < 1e-9);
    let table = out(&l1kdb(home.path(), &["eval", "compare", "a.json", "b.json"]));
    assert!(table.contains("macro AUC") && table.contains("95 % intervals"), "{table}");

    let unsplit =
        json(home.path(), &["eval", "retrieval", "--db", db(), "--no-baselines", "--bootstrap", "10"]);
    fs::write(home.path().join("c.json"), unsplit.to_string()).unwrap();
    fails(home.path(), &["eval", "compare", "a.json", "c.json"], "not the same split");
    own_files(home.path());
    let other_data =
        ["eval", "retrieval", "--embeddings", "e.npy", "--labels", "table.tsv", "--label", "pert_iname"];
    fails(home.path(), &[&other_data[..], &["--split", "folds.tsv"]].concat(), "folds.tsv");
    fails(home.path(), &["eval", "compare", "a.json", "folds.tsv"], "no result");
}

#[test]
fn classes_are_told_apart_or_not_and_the_list_of_the_misplaced_is_there() {
    let home = tempfile::tempdir().unwrap();
    let classes =
        ["eval", "classes", "--db", db(), "--label", "moa", "--bootstrap", "30", "--permutations", "5"];
    let found = json(
        home.path(),
        &[&classes[..], &["--k", "1,3", "--metric", "cosine,canberra", "--repurposing"]].concat(),
    );
    assert_eq!(found["schema"], "l1kdb-eval-classes/1");
    assert_eq!(found["configurations"].as_array().unwrap().len(), 4);
    assert!(found["baselines"]["majority"]["accuracy"].as_f64().unwrap() > 0.0);
    assert!(found["repurposing"]["candidates"].is_array());
    for classifier in ["svm", "ann", "centroid", "cluster"] {
        let table = out(&l1kdb(home.path(), &[&classes[..], &["--classifier", classifier]].concat()));
        assert!(table.contains("drugs"), "{table}");
    }
}

#[test]
fn a_report_is_one_file_that_asks_for_nothing() {
    let home = tempfile::tempdir().unwrap();
    let retrieval = ["eval", "retrieval", "--db", db(), "--bootstrap", "20", "--report", "r.html"];
    out(&l1kdb(home.path(), &retrieval));
    let classes = ["eval", "classes", "--db", db(), "--bootstrap", "20", "--k", "3", "--report", "c.html"];
    out(&l1kdb(home.path(), &classes));
    for (page, figures) in
        [("r.html", &["recall-curve", "roc", "strata", "map"][..]), ("c.html", &["confusion", "map"][..])]
    {
        let page = fs::read_to_string(home.path().join(page)).unwrap();
        for figure in figures {
            assert!(page.contains(&format!("data-figure=\"{figure}")), "{figure}");
        }
        assert!(page.contains("l1kdb eval") && page.contains("sha256:"));
        for loads in ["src=\"http", "href=\"http", "@import", "url(http"] {
            assert!(!page.contains(loads), "{loads}");
        }
    }
}

#[test]
fn mistakes_are_explained_and_nothing_is_printed() {
    let home = tempfile::tempdir().unwrap();
    own_files(home.path());
    let own = |labels: &str, more: &[&str]| {
        fs::write(home.path().join("labels.txt"), labels).unwrap();
        let args: Vec<String> = [&OWN[..], more].concat().into_iter().map(String::from).collect();
        args
    };
    let check = |labels: &str, more: &[&str], cause: &str| {
        let args = own(labels, more);
        fails(home.path(), &args.iter().map(String::as_str).collect::<Vec<_>>(), cause);
    };
    check(&"a\n".repeat(40), &[], "40 labels for 48 rows of embeddings, 8 too few: row 41");
    check(&"a\n".repeat(49), &[], "1 too many");
    check(&"a\n".repeat(48), &[], "one label");
    let distinct: String = (0..48).map(|row| format!("{row}\n")).collect();
    check(&distinct, &[], "none of the 48 labels occurs twice");
    check(&"a\nb\n".repeat(24), &["--label", "site"], "no column site");
    check(&"a\nb\n".repeat(24), &["--split-by", "scaffold"], "canonical_smiles");
    let mut values = vec![0.5; 48 * 8];
    values[8..16].fill(0.0);
    l1kdb::profile::write_npy(home.path().join("e.npy"), &values, 8).unwrap();
    check(&"a\nb\n".repeat(24), &[], "row 2 of the embeddings holds only zeros");
    // The way out that the error names.
    let by_euclid =
        [&OWN[..], &["--similarity", "euclid", "--bootstrap", "5", "--report", "r.html"]].concat();
    assert_eq!(json(home.path(), &by_euclid)["similarity"], "euclid");
    values[9] = f32::NAN;
    l1kdb::profile::write_npy(home.path().join("e.npy"), &values, 8).unwrap();
    check(&"a\nb\n".repeat(24), &[], "not finite");
    fails(home.path(), &["eval", "retrieval", "--embeddings", "e.npy"], "--labels");
    fs::write(home.path().join("folds.tsv"), "# l1kdb split 1\n").unwrap();
    fails(home.path(), &["eval", "retrieval", "--db", db(), "--split", "folds.tsv"], "folds.tsv");
    let files = &world().files;
    let split = ["eval", "split", "other.tsv", "--sig-info", text(&files.sig_info), "--folds", "1000"];
    fails(home.path(), &split, "at least 1000 groups");
}
