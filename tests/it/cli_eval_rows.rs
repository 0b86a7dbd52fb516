//! `l1kdb eval` on rows and labels as they come: of any size, missing, named, few.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::program::{l1kdb, out};

/// Whole numbers from -500 to 499 that look random.
fn numbers(count: usize) -> Vec<f32> {
    (0..count).map(|at| ((at * 7919 + at * at * 613 + at * at * at) % 1000) as f32 - 500.0).collect()
}

fn run(home: &Path, line: &str) -> std::process::Output {
    l1kdb(home, &line.split_whitespace().collect::<Vec<_>>())
}

fn json(home: &Path, line: &str) -> Value {
    serde_json::from_str(&out(&run(home, &format!("{line} --format json")))).unwrap()
}

fn error(home: &Path, line: &str) -> String {
    let output = run(home, line);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(2) && output.stdout.is_empty(), "{line}: {stderr}");
    let errors: Vec<&str> = stderr.lines().filter(|line| line.starts_with("l1kdb: error: ")).collect();
    assert_eq!(errors.len(), 1, "{line}: {stderr}");
    errors[0].to_owned()
}

fn labels(home: &Path, rows: usize, each: usize) {
    let lines: String = (0..rows).map(|row| format!("d{}\n", row / each)).collect();
    fs::write(home.join("l.txt"), lines).unwrap();
}

#[test]
fn the_size_of_values_changes_no_figure() {
    let home = tempfile::tempdir().unwrap();
    labels(home.path(), 60, 3);
    let values = numbers(60 * 6);
    let write = |power: i32| {
        let scaled: Vec<f32> =
            values.iter().map(|&value| (f64::from(value) * 2.0_f64.powi(power)) as f32).collect();
        l1kdb::profile::write_npy(home.path().join("e.npy"), &scaled, 6).unwrap();
    };
    let retrieval = |similarity: &str| {
        let line = format!(
            "eval retrieval --embeddings e.npy --labels l.txt --bootstrap 0 --similarity {similarity}"
        );
        let found = json(home.path(), &line);
        [found["micro"].clone(), found["macro"].clone(), found["mrr"].clone(), found["geometry"].clone()]
    };
    let classes = |classifier: &str| {
        let line = format!(
            "eval classes --embeddings e.npy --labels l.txt --bootstrap 0 --permutations 0 {classifier}"
        );
        let found = json(home.path(), &line);
        [found["configurations"].clone(), found["clusterings"].clone()]
    };
    write(0);
    let similarities = ["cosine", "dot", "euclid"];
    // With one neighbour: similarities, which part ties, are not meant to be the same.
    let classifiers = ["--k 1", "--classifier centroid", "--classifier svm", "--classifier cluster"];
    let expected = (similarities.map(retrieval), classifiers.map(classes));
    let auc = expected.0[2][0]["auc_quantile"].as_f64().unwrap();
    assert!((0.3..0.7).contains(&auc), "{auc}");
    // 500 x 2^118 is beyond 1e38, 2^-149 is the smallest number there is.
    for power in [63, 118, -83, -149] {
        write(power);
        for (similarity, expected) in similarities.iter().zip(&expected.0) {
            assert!(retrieval(similarity) == *expected, "2^{power}: {similarity}");
        }
        for (classifier, expected) in classifiers.iter().zip(&expected.1) {
            assert!(classes(classifier) == *expected, "2^{power}: {classifier}");
        }
    }
}

#[test]
fn a_value_that_is_missing_or_not_finite_is_named_by_its_row_from_1_and_its_id() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    labels(home, 12, 2);
    let mut values = numbers(12 * 3);
    values[4 * 3 + 1] = f32::NAN;
    l1kdb::profile::write_npy(home.join("e.npy"), &values, 3).unwrap();
    l1kdb::profile::write_npy(home.join("named.npy"), &values, 3).unwrap();
    let ids: String = (0..12).map(|row| format!("s{row}\n")).collect();
    fs::write(home.join("named.ids.tsv"), format!("id\n{ids}")).unwrap();
    for command in ["retrieval", "classes"] {
        let of = |file: &str| error(home, &format!("eval {command} --embeddings {file} --labels l.txt"));
        assert!(of("e.npy").contains("row 5 of the embeddings"), "{}", of("e.npy"));
        assert!(of("named.npy").contains("row 5 (s4) of the embeddings"), "{}", of("named.npy"));
        for (cell, cause) in [
            ("", "the value is missing"),
            ("NA", "the value is missing"),
            ("NaN", "the value is missing"),
            ("inf", "not finite"),
            ("1e39", "not finite"),
            ("0,5", "decimal comma"),
            ("high", "`high` is no number"),
        ] {
            let row = |row: usize| format!("s{row}\t{}\t2.5\t{row}\n", if row == 4 { cell } else { "1.5" });
            fs::write(home.join("e.tsv"), format!("id\ta\tb\tc\n{}", (0..12).map(row).collect::<String>()))
                .unwrap();
            let said = of("e.tsv");
            assert!(said.contains("row 5 (s4), column a: ") && said.contains(cause), "{cell}: {said}");
        }
    }
    fs::write(home.join("e.tsv"), "s0\t1.5\t2.5\t0.25\n".repeat(13)).unwrap();
    let said = error(home, "eval retrieval --embeddings e.tsv --labels l.txt");
    assert!(said.contains("put a header above"), "a first row is not lost: {said}");
    // The number is that of the file, also where rows before it are left out.
    let types: String = (0..12)
        .map(|row| format!("d{}\t{}\n", row / 2, ["ctl_vehicle", "trt_cp"][usize::from(row > 2)]))
        .collect();
    fs::write(home.join("types.tsv"), format!("pert_iname\tpert_type\n{types}")).unwrap();
    let said = error(home, "eval retrieval --embeddings e.npy --labels types.tsv --label pert_iname");
    assert!(said.contains("row 5 of the embeddings"), "{said}");
    values[4 * 3..5 * 3].fill(0.0);
    l1kdb::profile::write_npy(home.join("e.npy"), &values, 3).unwrap();
    let said = error(home, "eval retrieval --embeddings e.npy --labels types.tsv --label pert_iname");
    assert!(said.contains("row 5 of the embeddings holds only zeros"), "{said}");
}

#[test]
fn labels_are_read_as_tables_are_and_missing_ones_are_left_out() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    l1kdb::profile::write_npy(home.join("e.npy"), &numbers(12 * 3), 3).unwrap();
    let plain = "a\nb\na\nb\nc\nc\nNA\n<NA>\n\n-666\nnan\nb";
    let found = |bytes: &[u8]| {
        fs::write(home.join("l.txt"), bytes).unwrap();
        json(home, "eval retrieval --embeddings e.npy --labels l.txt --bootstrap 0")
    };
    let expected = found(plain.as_bytes());
    assert_eq!((&expected["rows"], &expected["rows_without_label"]), (&7.into(), &5.into()));
    for text in [
        plain.replace('\n', "\r\n"),
        plain.replace('\n', "\r"),
        format!("\u{feff}{plain}"),
        format!("{plain}\n\n\n"),
    ] {
        let read = found(text.as_bytes());
        assert_eq!((&read["micro"], &read["rows"]), (&expected["micro"], &expected["rows"]), "{text:?}");
    }
    fs::write(home.join("l.txt"), format!("drug\n{plain}")).unwrap();
    let said = error(home, "eval retrieval --embeddings e.npy --labels l.txt");
    assert!(said.contains("1 too many") && said.contains("a header counts as a label"), "{said}");
}

#[test]
fn a_few_drugs_or_draws_give_figures_without_intervals_and_say_why() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    l1kdb::profile::write_npy(home.join("e.npy"), &numbers(12 * 3), 3).unwrap();
    for (each, draws, why) in
        [(6, 1000, "2 drugs"), (3, 1000, "4 drugs"), (2, 1, "1 resamples"), (2, 39, "39 resamples")]
    {
        labels(home, 12, each);
        let retrieval = format!("eval retrieval --embeddings e.npy --labels l.txt --bootstrap {draws}");
        let found = json(home, &retrieval);
        let outcomes = found["baselines"].as_array().unwrap().iter().chain([&found]);
        for outcome in outcomes {
            assert!(outcome["micro"]["auc_quantile"].is_f64());
            for (name, interval) in outcome["intervals"].as_object().unwrap() {
                assert_eq!(interval, &serde_json::json!([null, null]), "{name}");
            }
            assert!(outcome["curve"].as_array().unwrap().iter().all(|point| point["low"].is_null()));
        }
        let difference = &found["baselines"][0]["difference"]["micro.auc_quantile"];
        assert!(difference[0].is_f64() && difference[1].is_null() && difference[2].is_null());
        let table = out(&run(home, &retrieval));
        assert!(table.contains("no intervals") && table.contains(why) && !table.contains("NaN"), "{table}");
    }
    labels(home, 12, 2);
    let found = json(home, "eval retrieval --embeddings e.npy --labels l.txt --bootstrap 40");
    assert!(found["intervals"]["micro.auc_quantile"][0].is_f64());

    labels(home, 12, 6);
    l1kdb::profile::write_npy(home.join("e.npy"), &numbers(4 * 3), 3).unwrap();
    labels(home, 4, 2);
    let classes = "eval classes --embeddings e.npy --labels l.txt --k 1 --permutations 1";
    let found = json(home, classes);
    assert_eq!(found["configurations"][0]["accuracy"]["interval"], Value::Null);
    assert_eq!(found["baselines"]["permuted"], Value::Null);
    let table = out(&run(home, classes));
    assert!(table.contains("no intervals: of 4 drugs") && table.contains("no permuted classes"), "{table}");
}

#[test]
fn every_number_of_replicates_has_a_null_of_its_own() {
    // Of two rows a median cosine spreads more than of six: a common threshold would let too many pairs replicate.
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let sizes: Vec<usize> = (0..90).map(|label| if label < 60 { 2 } else { 6 }).collect();
    let lines: String =
        sizes.iter().enumerate().flat_map(|(label, &size)| vec![format!("d{label}\n"); size]).collect();
    fs::write(home.join("l.tsv"), format!("pert_iname\n{lines}")).unwrap();
    l1kdb::profile::write_npy(home.join("e.npy"), &numbers(300 * 5), 5).unwrap();
    let line =
        "eval retrieval --embeddings e.npy --labels l.tsv --label pert_iname --no-baselines --bootstrap 0";
    let found = json(home, line);
    assert_eq!(found["replicates"], json(home, line)["replicates"], "the same seed draws the same sets");
    let by_label = found["replicates"]["drug"]["by_label"].as_array().unwrap().clone();
    let threshold = |rows: u64| {
        let of: Vec<f64> = by_label
            .iter()
            .filter(|label| label["rows"] == rows)
            .map(|label| label["threshold"].as_f64().unwrap())
            .collect();
        assert!(of.windows(2).all(|pair| pair[0] == pair[1]));
        of[0]
    };
    assert!(threshold(2) > threshold(6) + 0.2, "{} {}", threshold(2), threshold(6));
    let percent = found["replicates"]["drug"]["percent"]["value"].as_f64().unwrap();
    assert!(percent < 15.0, "of unrelated rows one in twenty replicates: {percent}");
}
