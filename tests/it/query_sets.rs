//! Questions by gene sets, end to end: sets of files and of the command line, through the network and in gene space.

use std::fs;

use l1kdb::connectivity::{GeneSets, GeneWeights, Score, Scratch, WtcsQuery};
use l1kdb::profile::{GENES, GeneSpace};

use crate::program::{l1kdb, out, text};
use crate::world::world;

/// The genes of a profile with the largest and with the smallest values, by symbol.
fn extremes(profile: &[f32], count: usize) -> (Vec<&'static str>, Vec<&'static str>) {
    let mut order: Vec<usize> = (0..GENES).collect();
    order.sort_by(|&a, &b| profile[b].total_cmp(&profile[a]));
    let symbols = GeneSpace::landmarks().symbols();
    let of = |genes: &[usize]| genes.iter().map(|&gene| symbols[gene]).collect();
    (of(&order[..count]), of(&order[GENES - count..]))
}

#[test]
fn pairs_of_sets_find_the_signature_that_they_were_cut_from() {
    let (home, world) = (tempfile::tempdir().unwrap(), world());
    let rows = [12, 40];
    let line = |row: usize, side: &str| {
        let (up, down) = extremes(world.profiles.profile(row), 50);
        let genes = if side == "UP" { up } else { down };
        format!("set{row}_{side}\tna\t{}\n", genes.join("\t"))
    };
    let file = |name: &str, side: &str| {
        fs::write(home.path().join(name), rows.map(|row| line(row, side)).concat()).unwrap();
    };
    file("up.gmt", "UP");
    file("down.gmt", "DN");
    let db = text(&world.db);
    for by in [
        &[][..],
        &["--score-by", "wtcs"],
        &["--score-by", "cs"],
        &["--score-by", "zhang"],
        &["--score-by", "cosine"],
    ] {
        let args = [
            "query",
            db,
            "--up",
            "up.gmt",
            "--down",
            "down.gmt",
            "--by",
            "signature",
            "--format",
            "tsv",
            "--top",
            "1",
        ];
        let printed = out(&l1kdb(home.path(), &[&args[..], by].concat()));
        let found: Vec<Vec<&str>> = printed.lines().skip(1).map(|line| line.split('\t').collect()).collect();
        assert_eq!(found.len(), rows.len(), "{printed}");
        for (line, row) in found.iter().zip(rows) {
            assert_eq!(
                (line[0], line[2]),
                (format!("set{row}").as_str(), world.profiles.ids()[row].as_str())
            );
        }
    }
}

#[test]
fn the_printed_score_is_that_of_the_library() {
    let (home, world) = (tempfile::tempdir().unwrap(), world());
    let profile = world.open().profile(&world.profiles.ids()[3]).unwrap().unwrap();
    let (up, down) = extremes(&profile, 20);
    let place = |symbol: &&str| {
        GeneSpace::landmarks().symbols().iter().position(|known| known == symbol).unwrap() as u32
    };
    let sets = GeneSets::new(
        &up.iter().map(place).collect::<Vec<_>>(),
        &down.iter().map(place).collect::<Vec<_>>(),
        GENES,
    );
    let expected = WtcsQuery::new(&sets.unwrap(), GeneWeights::Magnitude)
        .score(&profile, &mut Scratch::default())
        .unwrap();
    let (up, down) = (up.join(","), down.join(","));
    let args = ["query", text(&world.db), "--up-genes", &up, "--down-genes", &down, "--score-by", "wtcs"];
    let printed = out(&l1kdb(home.path(), &[&args[..], &["--by", "signature", "--format", "tsv"]].concat()));
    let line: Vec<&str> = printed.lines().nth(1).unwrap().split('\t').collect();
    assert_eq!(line[2], world.profiles.ids()[3]);
    assert!((line[8].parse::<f64>().unwrap() - expected).abs() < 1e-6, "{printed}");
}

#[test]
fn what_became_of_the_genes_is_told_and_a_title_has_the_universe() {
    let home = tempfile::tempdir().unwrap();
    let args = ["query", text(&world().db), "--up-genes", "CDKN1A,MYC,nonsense", "--score-by", "cosine"];
    let output = l1kdb(home.path(), &args);
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(stderr.contains("2 of 3 up genes are landmarks") && stderr.contains("`nonsense`"), "{stderr}");
    assert!(out(&output).contains("cosine in gene space, 2 up of 978 landmark genes"));
}

#[test]
fn questions_that_cannot_be_asked_say_the_way_out() {
    let home = tempfile::tempdir().unwrap();
    let refused = |more: &[&str], cause: &str| {
        let output = l1kdb(home.path(), &[&["query", text(&world().db)], more].concat());
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && stderr.contains(cause), "{stderr}");
        assert!(output.stdout.is_empty(), "an error comes alone");
    };
    refused(&["--up-genes", "MYC", "--down-genes", "MYC"], "in both sets");
    refused(&["--up-genes", "Q1,Q2"], "none of the 2 ids");
    refused(&["--up-genes", "MYC", "--score-by", "spearman"], "score of profiles");
    refused(&["--drug", "x", "--up-genes", "MYC"], "cannot be used with");
    refused(&["--up-genes", "MYC", "--exclude-self"], "are no signatures");
    let profiles = text(&world().files.profiles);
    refused(&["--up-genes", "Myc,Cdkn1a"], "(--species mouse)");
    let of_mouse = ["query", text(&world().db), "--up-genes", "Myc,Cdkn1a", "--species", "mouse"];
    assert!(l1kdb(home.path(), &of_mouse).status.success());
    refused(&["--profiles", profiles, "--gene-aliases", "own.tsv"], "--up");
}

#[test]
fn a_table_of_differential_expression_finds_the_signature_that_it_tells_of_and_says_what_was_used() {
    let (home, world) = (tempfile::tempdir().unwrap(), world());
    let profile = world.profiles.profile(25);
    let rows = GeneSpace::landmarks().symbols().iter().zip(profile);
    let row = |(symbol, value): (&&str, &f32)| format!("{symbol},50,{},0.5,{value},0.01,NA\n", value / 2.0);
    let table: String = rows.map(row).collect();
    fs::write(
        home.path().join("de.csv"),
        format!(",baseMean,log2FoldChange,lfcSE,stat,pvalue,padj\n{table}"),
    )
    .unwrap();
    let ask = |more: &[&str]| {
        let args = ["query", text(&world.db), "--de", "de.csv", "--by", "signature", "--format", "tsv"];
        l1kdb(home.path(), &[&args[..], more].concat())
    };
    let first = |more: &[&str]| {
        let printed = out(&ask(more));
        printed.lines().nth(1).unwrap().split('\t').map(str::to_owned).collect::<Vec<_>>()
    };
    for more in
        [&[][..], &["--score-by", "cosine"], &["--stat-column", "log2FoldChange", "--score-by", "pearson"]]
    {
        let line = first(more);
        assert_eq!((line[0].as_str(), &line[2]), ("de", &world.profiles.ids()[25]), "{more:?}");
        assert!(line[8].parse::<f32>().unwrap() > 0.999, "{line:?}");
    }
    let args = ["query", text(&world.db), "--profiles", "de.csv", "--by", "signature", "--format", "tsv"];
    assert_eq!(out(&l1kdb(home.path(), &args)), out(&ask(&[])));
    let stderr = String::from_utf8_lossy(&l1kdb(home.path(), &args).stderr).into_owned();
    assert!(stderr.contains("asked as with --de") && stderr.contains("Wald statistic"), "{stderr}");
    assert!(first(&["--reverse"])[8].parse::<f32>().unwrap() < 0.0);
    let stderr = String::from_utf8_lossy(&ask(&[]).stderr).into_owned();
    for part in ["DESeq2", "Wald statistic", "978 of the 978 landmark genes", "highest ", "RNA-seq"] {
        assert!(stderr.contains(part), "no {part} in {stderr}");
    }
}
