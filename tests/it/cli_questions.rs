//! What `l1kdb query` does with many queries, with options of every kind, and with what cannot be asked.

use std::fs;
use std::process::Output;

use l1kdb::profile::{GENES, GeneSpace, MatrixFile, write_tsv};

use crate::program::{l1kdb, out, text};
use crate::world::world;

fn query(args: &[&str]) -> Output {
    l1kdb(world().home.path(), &[&["query", text(&world().db)], args].concat())
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn printed(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn lines(output: &Output) -> Vec<Vec<String>> {
    assert!(output.status.success(), "{}", said(output));
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

/// Gene sets of the first rows as GMT, pairs by name.
fn gmt(folder: &std::path::Path, rows: usize, more: &str) -> String {
    let symbols = GeneSpace::landmarks().symbols();
    let mut text = String::new();
    for row in 0..rows {
        let profile = world().profiles.profile(row);
        let mut order: Vec<usize> = (0..GENES).collect();
        order.sort_by(|&a, &b| profile[b].total_cmp(&profile[a]));
        let names = |genes: &[usize]| genes.iter().map(|&gene| symbols[gene]).collect::<Vec<_>>().join("\t");
        text += &format!("set{row}_UP\tna\t{}\n", names(&order[..30]));
        text += &format!("set{row}_DN\tna\t{}\n", names(&order[GENES - 30..]));
    }
    let path = folder.join("sets.gmt");
    fs::write(&path, text + more).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn broken_sets_are_listed_the_others_are_answered_and_the_exit_code_says_so() {
    let home = tempfile::tempdir().unwrap();
    let file = gmt(home.path(), 40, "no_gene_UP\tna\tfoo\tbar\n");
    let output = query(&["--up", &file, "--format", "tsv", "--top", "1"]);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert_eq!(printed(&output).lines().count(), 41);
    let stderr = said(&output);
    assert!(stderr.contains("not asked") && stderr.contains("no_gene"), "{stderr}");
    assert!(stderr.contains("1 of 41 queries could not be asked"), "{stderr}");
    let one = home.path().join("one.gmt");
    fs::write(&one, "no_gene_UP\tna\tfoo\tbar\n").unwrap();
    let output = query(&["--up", text(&one), "--format", "tsv"]);
    assert!(output.status.code() == Some(2) && output.stdout.is_empty(), "{}", said(&output));
}

#[test]
fn a_profile_that_is_not_finite_is_no_reason_to_refuse_the_others() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("three.tsv");
    let ids = ["a", "broken", "c"].map(str::to_owned);
    let genes = GeneSpace::landmarks().symbols().iter().map(|&symbol| symbol.to_owned()).collect::<Vec<_>>();
    let mut values: Vec<f32> = (0..3).flat_map(|row| world().profiles.profile(row).to_vec()).collect();
    values[GENES + 5] = f32::NAN;
    write_tsv(&path, &ids, &genes, &values).unwrap();
    let args = ["--profiles", text(&path), "--format", "tsv", "--top", "2"];
    let output = query(&args);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(said(&output).contains("not asked: broken: a value is not finite"), "{}", said(&output));
    let names: Vec<String> =
        printed(&output).lines().skip(1).map(|line| line.split('\t').next().unwrap().to_owned()).collect();
    assert_eq!(names, ["a", "a", "c", "c"]);
    let alone = query(&[&args[..], &["--id", "broken"]].concat());
    assert!(alone.status.code() == Some(2) && alone.stdout.is_empty(), "{}", said(&alone));
    assert_eq!(lines(&query(&[&args[..], &["--non-finite", "zero"]].concat())).len(), 7);
}

#[test]
fn scores_of_everything_are_written_in_every_format() {
    let home = tempfile::tempdir().unwrap();
    let file = gmt(home.path(), 3, "");
    let path = |name: &str| home.path().join(name).to_str().unwrap().to_owned();
    let (tsv, gctx, npy) = (path("s.tsv"), path("s.gctx"), path("s.npy"));
    for out in [&tsv, &gctx, &npy] {
        lines(&query(&["--up", &file, "--score-by", "wtcs", "--by", "signature", "--out", out]));
    }
    let table = fs::read_to_string(&tsv).unwrap();
    let header: Vec<&str> = table.lines().next().unwrap().split('\t').collect();
    assert_eq!(header.len(), 1 + world().profiles.len());
    let mut matrix = MatrixFile::open(&gctx).unwrap();
    assert_eq!(matrix.column_ids(), ["set0", "set1", "set2"]);
    let rows: Vec<usize> = (0..world().profiles.len()).collect();
    let values = matrix.read(&rows, &[1]).unwrap();
    let second: Vec<f32> =
        table.lines().nth(2).unwrap().split('\t').skip(1).map(|value| value.parse().unwrap()).collect();
    assert_eq!(values, second);
    assert_eq!(fs::read(&npy).unwrap().len(), 128 + 4 * 3 * rows.len());
    assert_eq!(fs::read_to_string(path("s.ids.tsv")).unwrap(), "id\nset0\nset1\nset2\n");
    assert_eq!(fs::read_to_string(path("s.names.tsv")).unwrap().lines().count(), 1 + rows.len());
    let hits = lines(&query(&[
        "--up",
        &file,
        "--score-by",
        "wtcs",
        "--by",
        "signature",
        "--format",
        "tsv",
        "--top",
        "5",
    ]));
    for hit in hits.iter().skip(1).filter(|hit| hit[0] == "set1") {
        let at = header.iter().position(|name| *name == hit[2]).unwrap();
        assert!((second[at - 1] - hit[8].parse::<f32>().unwrap()).abs() < 1e-6);
    }
    let refused = query(&["--up", &file, "--out", &path("s.csv")]);
    assert!(said(&refused).contains("ends in .npy, .tsv or .gctx"), "{}", said(&refused));
}

#[test]
fn columns_say_what_was_asked_for_in_every_format() {
    let home = tempfile::tempdir().unwrap();
    let file = gmt(home.path(), 3, "");
    let header = |more: &[&str]| {
        let output = query(&[&["--up", &file, "--format", "tsv", "--top", "2"], more].concat());
        lines(&output)[0].clone()
    };
    assert!(header(&["--score-by", "wtcs"]).ends_with(&["raw_cs", "es_up", "es_down"].map(str::to_owned)));
    assert!(header(&["--cmap"]).ends_with(&["raw_cs", "norm_cs"].map(str::to_owned)));
    assert!(header(&["--cmap", "--tau-references", &file]).ends_with(&["norm_cs", "tau"].map(str::to_owned)));
    assert!(header(&["--rerank", "cosine"]).ends_with(&["cosine".to_owned()]));
    assert_eq!(header(&[]).last().unwrap(), "target");
    let json = out(&query(&["--up", &file, "--cmap", "--format", "json", "--top", "1"]));
    assert!(json.lines().count() == 3 && json.contains("\"norm_cs\":"), "{json}");
    let table = out(&query(&["--up", &file, "--cmap", "--top", "1"]));
    assert!(
        table.contains("normalised connectivity (norm_cs) in gene space, 30 up and 30 down of 978"),
        "{table}"
    );
    let reversed = out(&query(&[
        "--sig",
        &world().profiles.ids()[3],
        "--reverse",
        "--score-by",
        "embedding",
        "--top",
        "3",
    ]));
    assert!(
        reversed.contains("the 100 least similar by embedding, ordered by cosine in gene space"),
        "{reversed}"
    );
}
