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

#[test]
fn a_matrix_file_answers_as_a_database_of_it_does() {
    let (home, files) = (tempfile::tempdir().unwrap(), &world().files);
    let set_file = gmt(home.path(), 3, "");
    let matrix = ["--against", text(&files.profiles), "--sig-info", text(&files.sig_info)];
    let more = ["--pert-info", text(&files.pert_info), "--atc", text(&files.drug_atc)];
    let against = |args: &[&str]| l1kdb(home.path(), &[&["query"], &matrix[..], &more, args].concat());
    let id = &world().profiles.ids()[17];
    let profile = ["--profiles", text(&files.profiles), "--id", id];
    for question in [&profile[..], &["--up", &set_file]] {
        for by in ["drug", "signature"] {
            for score in ["cosine", "pearson", "zhang"] {
                let args =
                    [question, &["--by", by, "--score-by", score, "--format", "tsv", "--top", "5"]].concat();
                let (found, expected) = (lines(&against(&args)), lines(&query(&args)));
                assert_eq!(found.len(), expected.len());
                let at = if by == "drug" { 4 } else { 8 };
                for (found, expected) in found.iter().zip(&expected).skip(1) {
                    // A database rounds profiles to half precision.
                    let scores = [found, expected].map(|line| line[at].parse::<f64>().unwrap());
                    assert!((scores[0] - scores[1]).abs() < 2e-3, "{found:?} {expected:?}");
                    assert_eq!((&found[0], &found[1]), (&expected[0], &expected[1]));
                }
            }
        }
    }
    let first =
        |args: &[&str]| lines(&against(&[args, &["--format", "tsv", "--top", "1"]].concat()))[1].clone();
    let wtcs = first(&["--up", &set_file, "--score-by", "wtcs", "--by", "signature"]);
    assert_eq!((wtcs.len(), &wtcs[2]), (15, &world().profiles.ids()[0]));
    assert!((wtcs[8].parse::<f64>().unwrap() - wtcs[12].parse::<f64>().unwrap()).abs() < 1e-6);
    assert_eq!(
        &first(&[&profile[..], &["--by", "signature", "--exclude-self", "--reverse"]].concat())[0],
        id
    );
    let title = out(&against(&[&profile[..], &["--top", "1", "--filter", "pert_time >= 24"]].concat()));
    let expected = format!("cosine in gene space, {GENES} of {GENES} rows");
    assert!(title.contains(&expected) && title.contains("; pert_time >= 24"), "{title}");

    let scores = home.path().join("all.tsv");
    lines(&against(&[&profile[..], &["--by", "signature", "--out", text(&scores)]].concat()));
    let header = fs::read_to_string(&scores).unwrap().lines().next().unwrap().split('\t').count();
    assert_eq!(header, 1 + world().profiles.len());

    let refused = |args: &[&str], cause: &str| {
        let output = l1kdb(home.path(), &[&["query"], args].concat());
        assert!(output.status.code() == Some(2) && output.stdout.is_empty(), "{args:?}");
        assert!(said(&output).contains(cause), "{}", said(&output));
    };
    refused(&[&matrix[..], &["--sig", id]].concat(), "cannot be used with");
    refused(&[&matrix[..], &profile, &["--score-by", "embedding"]].concat(), "a matrix has no embeddings");
    refused(&[&matrix[..], &profile, &["--rerank", "cosine"]].concat(), "it is about databases");
    let sets = out(&against(&[&profile[..], &["--score-by", "wtcs", "--top", "1"]].concat()));
    assert!(sets.contains("100 up and 100 down"), "{sets}");
    refused(&profile, "required");
}

#[test]
fn signatures_of_a_matrix_are_ranked_where_nothing_tells_of_drugs() {
    let home = tempfile::tempdir().unwrap();
    let bare = home.path().join("bare.tsv");
    let symbols = GeneSpace::landmarks().symbols();
    let rows =
        (0..50).map(|gene| format!("{}\t{}\t{}\n", symbols[gene], gene as f32 - 20.0, 30.0 - gene as f32));
    fs::write(&bare, format!("gene\tone\ttwo\n{}", rows.collect::<String>())).unwrap();
    let output =
        l1kdb(home.path(), &["query", "--against", text(&bare), "--up-genes", &symbols[40..50].join(",")]);
    assert!(
        out(&output).contains("one") && said(&output).contains("so signatures are ranked"),
        "{}",
        said(&output)
    );
}
