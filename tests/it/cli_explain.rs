//! `l1kdb explain`: the genes that carry the agreement of a query and a hit, in every format, and what cannot be explained.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use l1kdb::db::Db;
use l1kdb::explain::Side;
use l1kdb::profile::{GeneSpace, Universe};
use l1kdb::question::{Ask, Combine, Explained, Question, QuestionError, ScoreBy};
use serde_json::Value;

use crate::program::{l1kdb, out, text};
use crate::world::world;

fn drug_of(row: usize) -> String {
    let db = world().open();
    db.signature(&world().profiles.ids()[row]).unwrap().unwrap().1.name
}

fn signature(row: usize) -> Question {
    Question::Signatures(vec![world().profiles.ids()[row].clone()])
}

/// The explanation of one hit for one query.
fn explained(ask: &Ask<'_>, question: &Question, hit: &str, side: Side) -> Explained {
    let mut answers = ask.explain(question, &[hit.to_owned()], side).unwrap().whole().unwrap();
    answers.remove(0).hits.remove(0)
}

fn lines(home: &Path, args: &[&str]) -> Vec<Value> {
    let printed = out(&l1kdb(home, &[&["explain"], args, &["--format", "json"]].concat()));
    printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn error(args: &[&str]) -> String {
    let home = tempfile::tempdir().unwrap();
    let output = l1kdb(home.path(), &[&["explain", text(&world().db)], args].concat());
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_drug_is_explained_by_its_signature_that_the_query_finds_first() {
    let db = world().open();
    let (question, drug) = (signature(3), drug_of(100));
    let scores = [ScoreBy::Embedding, ScoreBy::Cosine, ScoreBy::Pearson, ScoreBy::Wtcs, ScoreBy::Cs];
    for ask in scores.into_iter().flat_map(|by| [Ask::new(&db).score_by(by)]) {
        let found = explained(&ask, &question, &drug, Side::Query);
        let hits = ask.clone().top(1000).signatures(&question).unwrap().whole().unwrap().remove(0).hits;
        let first = hits.iter().find(|hit| hit.drug.name == drug).unwrap();
        assert_eq!(found.hit.signature, first.signature);
        let off = (found.explanation.similarity - f64::from(first.similarity)).abs();
        assert!(off < 1e-3, "{}: {off}", ask.by());
        assert!((found.explanation.sum - found.explanation.similarity).abs() < 1e-4);
    }
    let reversed = Ask::new(&db).reverse();
    let found = explained(&reversed, &question, &drug, Side::Query);
    let hits = reversed.top(1000).signatures(&question).unwrap().whole().unwrap().remove(0).hits;
    let last = hits.iter().find(|hit| hit.drug.name == drug).unwrap();
    assert_eq!(found.hit.signature, last.signature);
    assert!((found.explanation.similarity - f64::from(last.similarity)).abs() < 1e-3);
}

#[test]
fn a_drug_as_a_query_is_the_mean_of_its_signatures_from_either_side() {
    let db = world().open();
    let question = Question::Drug { name: drug_of(3), combine: Combine::Mean };
    let ask = Ask::new(&db);
    for hit in [drug_of(100), world().profiles.ids()[200].clone()] {
        for side in [Side::Query, Side::Hit] {
            let found = explained(&ask, &question, &hit, side);
            let hits = ask.clone().top(1000).signatures(&question).unwrap().whole().unwrap().remove(0).hits;
            let hit = hits.iter().find(|hit| hit.signature == found.hit.signature).unwrap();
            assert!((found.explanation.similarity - f64::from(hit.similarity)).abs() < 1e-3);
            assert!((found.explanation.sum - found.explanation.similarity).abs() < 1e-4);
        }
    }
}

#[test]
fn every_format_tells_the_same_genes() {
    let home = tempfile::tempdir().unwrap();
    let (db, id, drug) = (text(&world().db), &world().profiles.ids()[3], drug_of(100));
    let args = [db, "--sig", id, "--hit", &drug, "--genes", "7"];
    let json = lines(home.path(), &args);
    let genes = json[0]["genes"].as_array().unwrap();
    let named: Vec<&str> = genes.iter().map(|gene| gene["gene"].as_str().unwrap()).collect();
    assert_eq!(genes.len(), 7);
    let space = GeneSpace::landmarks();
    for gene in genes {
        let at = space.symbols().iter().position(|symbol| *symbol == gene["gene"]).unwrap();
        assert_eq!(gene["entrez_id"], space.entrez()[at]);
        let values = ["query_value", "hit_value"].map(|name| gene[name].as_f64().unwrap());
        let direction = match values {
            [q, h] if q * h < 0.0 => "opposed",
            [q, _] if q > 0.0 => "up",
            _ => "down",
        };
        assert_eq!(gene["direction"], direction);
    }
    let tsv = out(&l1kdb(home.path(), &[&["explain"], &args[..], &["--format", "tsv"]].concat()));
    let rows: Vec<Vec<&str>> = tsv.lines().map(|line| line.split('\t').collect()).collect();
    assert!(rows.iter().all(|row| row.len() == rows[0].len()));
    assert_eq!(rows[1..].iter().map(|row| row[8]).collect::<Vec<_>>(), named);
    let table = out(&l1kdb(home.path(), &[&["explain"], &args[..], &["--report", "why.html"]].concat()));
    let page = fs::read_to_string(home.path().join("why.html")).unwrap();
    for gene in named {
        assert!(table.contains(gene) && page.contains(gene), "{gene} in {table}");
    }
    assert!(page.contains("data-figure=\"leading-genes\"") && !page.contains("NaN"));
}

#[test]
fn gene_sets_are_explained_by_their_own_genes() {
    let home = tempfile::tempdir().unwrap();
    let profile = world().profiles.profile(3);
    let mut order: Vec<usize> = (0..profile.len()).collect();
    order.sort_by(|&a, &b| profile[b].total_cmp(&profile[a]));
    let symbol = |&gene: &usize| Universe::Landmark.gene(gene).unwrap().symbol();
    let up: Vec<&str> = order[..40].iter().map(symbol).collect();
    let down: Vec<&str> = order[938..].iter().map(symbol).collect();
    let (up_genes, down_genes, id) = (up.join(","), down.join(","), &world().profiles.ids()[3]);
    let args = [text(&world().db), "--up-genes", &up_genes, "--down-genes", &down_genes, "--hit", id];
    let all: BTreeSet<&str> = up.iter().chain(&down).copied().collect();
    for by in ["embedding", "wtcs", "cs"] {
        let json = lines(home.path(), &[&args[..], &["--score-by", by, "--genes", "500"]].concat());
        let genes = json[0]["genes"].as_array().unwrap();
        assert!(!genes.is_empty() && genes.iter().all(|gene| all.contains(gene["gene"].as_str().unwrap())));
        assert!(genes.iter().all(|gene| gene["contribution"].as_f64().unwrap() > 0.0));
    }
}

#[test]
fn what_cannot_be_explained_is_refused_with_a_way_out() {
    let (id, drug) = (world().profiles.ids()[3].as_str(), drug_of(3));
    assert!(error(&["--sig", id, "--hit", "nobody"]).contains("nobody"));
    assert!(
        error(&["--sig", id, "--hit", "NO:SUCH:SIGNATURE"]).contains("holds no signature NO:SUCH:SIGNATURE")
    );
    let own = error(&["--drug", &drug, "--hit", &drug]);
    assert!(own.contains("takes part in its answer") && own.contains("--hit"), "{own}");
    let idle = error(&["--sig", id, "--hit", id, "--score-by", "cosine", "--explain-side", "hit"]);
    assert!(idle.contains("--explain-side would change nothing"), "{idle}");

    let db = world().open();
    let ask = Ask::new(&db).score_by(ScoreBy::Spearman);
    let refused = ask.explain(&signature(3), &[drug], Side::Query).unwrap_err();
    assert!(matches!(refused, QuestionError::NotExplained { by: ScoreBy::Spearman }), "{refused}");
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("bare.l1kdb");
    world().build(&path, |options| options.keep_profiles(false));
    let bare = Db::open(&path).unwrap();
    let found = Ask::new(&bare).explain(&signature(3), &[id.to_owned()], Side::Query).unwrap();
    let refused = found.whole().unwrap_err();
    assert!(refused.to_string().contains("profiles"), "{refused}");
}

#[test]
fn one_query_of_many_that_cannot_be_explained_is_listed() {
    let home = tempfile::tempdir().unwrap();
    // Nothing of the hit is left to the query that is its one signature.
    let alone = |row: &usize| (0..300).filter(|other| drug_of(*other) == drug_of(*row)).count() == 1;
    let one = (0..300).find(alone).unwrap();
    let other = usize::from(one == 0);
    let ids = [other, one].map(|row| world().profiles.ids()[row].as_str());
    let args = [text(&world().db), "--sig", ids[0], "--sig", ids[1], "--hit", &drug_of(one)];
    let output = l1kdb(home.path(), &[&["explain"], &args[..]].concat());
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3), "{stderr}");
    assert!(stderr.contains(ids[1]) && stderr.contains("1 of 2 queries could not be asked"), "{stderr}");
    assert!(String::from_utf8_lossy(&output.stdout).contains(ids[0]));
}
