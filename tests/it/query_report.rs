//! `l1kdb query --report`: one page with all that helps to read an answer, whatever was asked with, and an index of many.

use std::fs;
use std::path::{Path, PathBuf};

use crate::program::{l1kdb, text};
use crate::world::world;

/// A database of the world, calibrated for profiles and for gene sets by embedding.
fn calibrated(home: &Path) -> PathBuf {
    let path = home.join("own.l1kdb");
    world().build(&path, |options| options);
    for more in [&[][..], &["--of", "gene-sets"]] {
        assert!(l1kdb(home, &[&["calibrate", text(&path)], more].concat()).status.success());
    }
    path
}

fn id(row: usize) -> &'static str {
    &world().profiles.ids()[row]
}

/// The page that a query writes.
fn page(home: &Path, query: &[&str]) -> String {
    let output = l1kdb(home, &[&["query"], query, &["--report", "page.html"]].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let page = fs::read_to_string(home.join("page.html")).unwrap();
    // Numbers that do not exist are said to be missing, and nothing is loaded from anywhere.
    assert!(!page.contains("NaN") && !page.contains("http://") && !page.contains("https://"));
    page
}

/// The titles of a page's sections.
fn sections(page: &str) -> Vec<String> {
    let headings = page.split("<h2>").skip(1);
    headings.map(|rest| rest.split_once("</h2>").unwrap().0.to_owned()).collect()
}

#[test]
fn a_signature_has_a_page_with_hits_scores_classes_genes_and_doubts() {
    let home = tempfile::tempdir().unwrap();
    let path = calibrated(home.path());
    let page = page(home.path(), &[text(&path), "--sig", id(3), "--top", "12"]);
    let sections = sections(&page);
    for title in [
        "Hits",
        "Scores",
        "Classes",
        "Genes",
        "Signatures of the first hits",
        "What is known of the query",
        "How it was asked",
    ] {
        assert!(sections.iter().any(|section| section == title), "{title} in {sections:?}");
    }
    for figure in ["score-by-rank", "map", "classes", "leading-genes", "strip"] {
        assert!(page.contains(&format!("data-figure=\"{figure}\"")), "{figure}");
    }
    // The command as it was typed, the network and the digest of what was asked.
    for fact in ["l1kdb query", "--report page.html", "database manifest", "sha256:", "reference queries of"]
    {
        assert!(page.contains(fact), "{fact}");
    }
    // The hits of the table are those of the page.
    let printed =
        l1kdb(home.path(), &["query", text(&path), "--sig", id(3), "--top", "12", "--format", "tsv"]);
    for line in String::from_utf8_lossy(&printed.stdout).lines().skip(1) {
        let drug = line.split('\t').nth(2).unwrap();
        assert!(page.contains(&format!("<th scope=\"row\">{drug}</th>")), "{drug}");
    }
}

#[test]
fn a_page_leaves_out_what_there_is_not() {
    let home = tempfile::tempdir().unwrap();
    // Not calibrated: no classes, and the curve stands alone.
    let plain = page(home.path(), &[text(&world().db), "--sig", id(3)]);
    assert!(
        !sections(&plain).contains(&"Classes".to_owned())
            && plain.contains("is not calibrated for such a query")
    );
    let bare = home.path().join("bare.l1kdb");
    world().build(&bare, |options| options.keep_profiles(false));
    let without = page(home.path(), &[text(&bare), "--sig", id(3)]);
    assert!(!sections(&without).contains(&"Genes".to_owned()));
    let spearman = page(home.path(), &[text(&world().db), "--sig", id(3), "--score-by", "spearman"]);
    assert!(!sections(&spearman).contains(&"Genes".to_owned()) && !spearman.contains("data-figure=\"map\""));
}

#[test]
fn every_kind_of_question_has_a_page() {
    let home = tempfile::tempdir().unwrap();
    let path = calibrated(home.path());
    let db = text(&path);
    let drug = world().open().signature(id(3)).unwrap().unwrap().1.name;
    fs::write(home.path().join("up.gmt"), "mine\tna\tCDKN1A\tGDF15\tMDM2\tTP53\tFAS\tDDIT4\tCCND1\tBAX\n")
        .unwrap();
    let profiles = text(&world().files.profiles);
    for query in [
        &[db, "--drug", &drug][..],
        &[db, "--up", "up.gmt"],
        &[db, "--up", "up.gmt", "--score-by", "wtcs"],
        &[db, "--profiles", profiles, "--id", id(7)],
        &[db, "--profiles", profiles, "--id", id(7), "--reverse"],
        &[db, "--sig", id(3), "--filter", "pert_dose >= 1"],
        &[db, "--sig", id(3), "--same-cell", "prefer"],
    ] {
        assert!(sections(&page(home.path(), query)).contains(&"Hits".to_owned()), "{query:?}");
    }
}

#[test]
fn several_queries_have_one_page_with_an_index() {
    let home = tempfile::tempdir().unwrap();
    let path = calibrated(home.path());
    let ids = [3, 40, 200].map(id);
    let page = page(home.path(), &[text(&path), "--sig", ids[0], "--sig", ids[1], "--sig", ids[2]]);
    let sections = sections(&page);
    assert_eq!(sections[0], "Index");
    assert_eq!(sections[1..4], ids);
    assert_eq!(page.matches("data-figure=\"score-by-rank\"").count(), 3);
    assert_eq!(page.matches("data-figure=\"map\"").count(), 1);
}

#[test]
fn the_same_question_gives_the_same_page() {
    let home = tempfile::tempdir().unwrap();
    let path = calibrated(home.path());
    let query = [text(&path), "--sig", id(3)];
    assert!(page(home.path(), &query) == page(home.path(), &query), "two pages differ");
}
