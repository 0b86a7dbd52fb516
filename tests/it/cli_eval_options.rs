//! Options of `l1kdb` that would change nothing beside others, and numbers out of their range: errors that say which.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::program::{l1kdb, out, text};
use crate::world::world;

fn own_files(home: &Path) {
    let values: Vec<f32> = (0..48 * 4).map(|at| ((at * 7919 + at * at * 31) % 1009) as f32 - 504.0).collect();
    l1kdb::profile::write_npy(home.join("e.npy"), &values, 4).unwrap();
    let column = |of: &dyn Fn(usize) -> String| (0..48).map(|row| of(row) + "\n").collect::<String>();
    fs::write(home.join("l.txt"), column(&|row| format!("d{}", row % 16))).unwrap();
    let table = column(&|row| format!("d{}\tm{}", row % 16, row % 4));
    fs::write(home.join("t.tsv"), format!("pert_iname\tmoa\n{table}")).unwrap();
    let ids = column(&|row| format!("s{row}"));
    fs::write(home.join("with.ids.tsv"), format!("id\n{ids}")).unwrap();
    fs::copy(home.join("e.npy"), home.join("with.npy")).unwrap();
    let info = column(&|row| format!("s{row}\td{}", row % 16));
    fs::write(home.join("info.tsv"), format!("sig_id\tpert_iname\n{info}")).unwrap();
}

fn error(home: &Path, line: &str) -> String {
    let files = &world().files;
    let named = |word: &str| match word {
        "DB" => text(&world().db).to_owned(),
        "PROFILES" => text(&files.profiles).to_owned(),
        "SIG" => text(&files.sig_info).to_owned(),
        "PERT" => text(&files.pert_info).to_owned(),
        word => word.to_owned(),
    };
    let words: Vec<String> = line.split_whitespace().map(named).collect();
    let output = l1kdb(home, &words.iter().map(String::as_str).collect::<Vec<_>>());
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{line}: {stderr}");
    assert!(output.stdout.is_empty(), "{line}: nothing on stdout");
    stderr
}

const LABELLED: &str = "--embeddings e.npy --labels l.txt";

/// What is typed, the option that would change nothing, and part of the reason.
const IDLE: [(&str, &str, &str); 41] = [
    ("eval retrieval --db DB --profiles PROFILES", "profiles", "--db holds"),
    ("eval retrieval --db DB --sig-info SIG", "sig-info", "--db holds"),
    ("eval classes --db DB --pert-info PERT", "pert-info", "--db holds"),
    ("eval classes --db DB --atc x", "atc", "--db holds"),
    ("eval retrieval --db DB --keep-controls", "keep-controls", "--db holds"),
    ("eval retrieval --db DB --min-coverage 0.9", "min-coverage", "--db holds"),
    ("eval retrieval --db DB --non-finite refuse", "non-finite", "--db holds"),
    ("eval retrieval --db DB --atc-names x", "atc-names", "--report"),
    ("eval retrieval LABELLED --pert-info PERT", "pert-info", "--sig-info"),
    ("eval classes LABELLED --atc x", "atc", "--sig-info"),
    ("eval retrieval LABELLED --min-coverage 0.5", "min-coverage", "--profiles"),
    ("eval classes LABELLED --non-finite drop", "non-finite", "--profiles"),
    ("eval retrieval LABELLED --provider cpu", "provider", "no network"),
    ("eval retrieval LABELLED --onnxruntime x", "onnxruntime", "no network"),
    ("eval classes LABELLED --profiles PROFILES", "profiles", "--embeddings alone"),
    (
        "eval retrieval --embeddings with.npy --sig-info info.tsv --labels t.tsv --label pert_iname",
        "labels",
        "--sig-info",
    ),
    ("eval retrieval LABELLED --folds 3", "folds", "--split-by"),
    ("eval retrieval LABELLED --hold-out 0.2", "hold-out", "--split-by"),
    ("eval retrieval LABELLED --repeats 2", "repeats", "--split-by"),
    ("eval retrieval LABELLED --at-most 2", "at-most", "--split-by"),
    ("eval retrieval LABELLED --split f.tsv --folds 3", "folds", "--split says"),
    ("eval retrieval LABELLED --split f.tsv --repeats 3", "repeats", "--split says"),
    ("eval retrieval LABELLED --split-by drug --at-most 3", "at-most", "leak-proof"),
    ("eval retrieval LABELLED --allow-shared-labels", "allow-shared-labels", "without a split"),
    ("eval split f.tsv --sig-info SIG --by leak-proof --repeats 2", "repeats", "once"),
    ("eval split f.tsv --sig-info SIG --at-most 2", "at-most", "leak-proof"),
    ("eval split f.tsv --sig-info SIG --provider cpu", "provider", "no network"),
    ("eval compare a.json b.json --onnxruntime x", "onnxruntime", "no network"),
    ("eval classes LABELLED --repeats 0", "repeats", "--folds"),
    ("eval classes LABELLED --classifier centroid --repeats 3", "repeats", "--folds"),
    ("eval classes LABELLED --split f.tsv --repeats 3", "repeats", "--split"),
    ("eval classes LABELLED --classifier svm --k 3", "k", "knn"),
    ("eval classes LABELLED --classifier ann --metric euclid", "metric", "knn"),
    ("eval classes LABELLED --classifier centroid --weighted", "weighted", "knn"),
    ("eval classes LABELLED --classifier cluster --sampling up", "sampling", "clusters"),
    ("eval classes LABELLED --classifier cluster --folds 3", "folds", "clusters"),
    ("eval classes LABELLED --repurposing --classifier svm", "classifier", "--repurposing"),
    ("eval classes LABELLED --repurposing --sampling down", "sampling", "--repurposing"),
    ("eval classes LABELLED --repurposing --multi-label", "multi-label", "--repurposing"),
    ("query DB --profiles PROFILES --by signature --score max", "score", "--by drug"),
    ("simulate new --provider cpu", "provider", "no network"),
];

#[test]
fn an_option_that_would_change_nothing_is_an_error_that_names_it_and_says_why() {
    let home = tempfile::tempdir().unwrap();
    own_files(home.path());
    for (line, option, why) in IDLE {
        let said = error(home.path(), &line.replace("LABELLED", LABELLED));
        let expected = format!("l1kdb: error: --{option} would change nothing: ");
        assert!(said.starts_with(&expected) && said.contains(why), "{line}: {said}");
        assert_eq!(said.lines().count(), 1, "{line}: {said}");
    }
    assert!(!home.path().join("new").exists() && !home.path().join("f.tsv").exists(), "nothing was done");
}

#[test]
fn the_same_options_are_taken_where_they_change_something() {
    let home = tempfile::tempdir().unwrap();
    own_files(home.path());
    let lines = [
        "eval classes LABELLED --folds 3 --repeats 2 --k 3 --metric euclid --weighted --permutations 5",
        "eval classes LABELLED --classifier knn --k 3 --repurposing --permutations 5",
        "eval classes LABELLED --classifier cluster --permutations 5 --bootstrap 50",
        "eval retrieval --embeddings e.npy --labels t.tsv --label pert_iname --split-by drug --folds 2 --repeats 2 --bootstrap 40",
        "eval retrieval --embeddings with.npy --sig-info info.tsv --labels l.txt --keep-controls --bootstrap 0",
    ];
    for line in lines {
        let line = line.replace("LABELLED", LABELLED);
        out(&l1kdb(home.path(), &line.split_whitespace().collect::<Vec<_>>()));
    }
}

#[test]
fn numbers_out_of_their_range_are_refused_with_the_range() {
    let home = tempfile::tempdir().unwrap();
    own_files(home.path());
    let refused = [
        ("eval retrieval LABELLED --candidates 0", "the number of candidates is 0, expected at least 1"),
        ("eval retrieval LABELLED --bootstrap 1000000000", "is 1000000000, expected at most 100000"),
        ("eval classes LABELLED --bootstrap 1000000000 --k 3", "is 1000000000, expected at most 100000"),
        ("eval classes LABELLED --permutations 1000000000 --k 3", "is 1000000000, expected at most 10000"),
        ("eval classes LABELLED --k 3 --folds 3 --repeats 0", "repeats is 0, expected 1 to 1000"),
        ("eval classes LABELLED --k 3 --folds 3 --repeats 18446744073709551615", "expected 1 to 1000"),
        ("eval classes LABELLED --k 48", "48 neighbours were asked for, but only 47"),
        ("eval classes LABELLED --k 18446744073709551615", "but only 47"),
        ("eval classes LABELLED --folds 49", "folds is 49"),
        ("eval classes LABELLED --folds 18446744073709551615", "at most one for each of the 48"),
        ("eval classes LABELLED --top 1", "top is 1"),
        ("eval retrieval LABELLED --exclude plate", "--exclude plate"),
        ("eval retrieval --embeddings e.npy --labels t.tsv --label moa --exclude cell", "--exclude cell"),
    ];
    for (line, cause) in refused {
        let said = error(home.path(), &line.replace("LABELLED", LABELLED));
        assert!(said.contains(cause), "{line}: {said}");
        assert_eq!(said.lines().count(), 1, "{line}: {said}");
    }
    let one = [
        "eval",
        "retrieval",
        "--embeddings",
        "e.npy",
        "--labels",
        "l.txt",
        "--candidates",
        "1000000",
        "--format",
        "json",
    ];
    let found: Value = serde_json::from_str(&out(&l1kdb(home.path(), &one))).unwrap();
    assert_eq!(found["candidates"], Value::Null, "all rows are candidates");
}
