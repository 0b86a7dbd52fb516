use std::collections::BTreeSet;

use super::*;
use crate::page::{Block, Page};
use crate::progress::Quiet;
use crate::report::words::Verdict;
use crate::report::{FileNote, Provenance};
use crate::study::fixture::{by_drug, protocol, study};
use crate::study::{Protocol, Retrieval};

fn found() -> Retrieval {
    let study = study();
    let split = by_drug(&study);
    study.retrieval(&Protocol { split: Some(split), ..protocol("pert_iname") }, &Quiet).unwrap()
}

fn without_intervals() -> Retrieval {
    study().retrieval(&Protocol { bootstrap: 0, ..protocol("atc1") }, &Quiet).unwrap()
}

fn table(found: &Retrieval, width: usize) -> String {
    let mut out = Vec::new();
    table::write(&mut out, found, width).unwrap();
    String::from_utf8(out).unwrap()
}

fn tsv(found: &Retrieval) -> Vec<Vec<String>> {
    let mut out = Vec::new();
    tsv::write(&mut out, found).unwrap();
    let text = String::from_utf8(out).unwrap();
    text.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

fn html(page: &Page) -> String {
    let mut out = Vec::new();
    page.write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// The words of a page without its tables.
fn said(page: &Page) -> String {
    let blocks = page.sections.iter().flat_map(|section| &section.blocks);
    let texts = blocks.filter_map(|block| match block {
        Block::Text(text) | Block::Warning(text) => Some(text.as_str()),
        _ => None,
    });
    texts.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_table_says_what_was_asked_and_what_the_words_mean() {
    let found = found();
    let text = table(&found, 100).replace('\n', " ");
    for part in [
        "mine (8 dimensions, cosine): does a signature find the other signatures of its drug? 180 rows; 30 drugs with \
         360 queries and 1,800 positives, each among N = 54 negatives on average; held out by drug, k-fold (folds 3, \
         repeats 2, seed 4), 6 sets.",
        "0 is best, 0.5 is chance.",
        "recall .001*",
        "(* finer than one negative, where it means little)",
        "better than raw cosine",
        "warning: recall at 0.01 and below is finer than one of 54 negatives",
    ] {
        assert!(text.contains(part), "{part} is missing:\n{text}");
    }
}

#[test]
fn a_table_fits_its_terminal() {
    for found in [found(), without_intervals()] {
        for width in [80, 100, 120] {
            let text = table(&found, width);
            assert!(text.lines().all(|line| line.chars().count() <= width), "{width}:\n{text}");
            assert!(!text.contains("NaN"), "{text}");
        }
    }
}

#[test]
fn a_verdict_never_says_more_than_its_interval() {
    let cases = [
        ([0.1, 0.01, 0.2], Verdict::Better),
        ([0.1, 0.0, 0.2], Verdict::Indistinguishable),
        ([0.1, -0.1, 0.2], Verdict::Indistinguishable),
        ([-0.1, -0.2, -0.01], Verdict::Worse),
        ([0.9, f64::NAN, f64::NAN], Verdict::Unsaid),
    ];
    for (difference, verdict) in cases {
        assert_eq!(Verdict::of(difference), verdict, "{difference:?}");
    }
}

#[test]
fn without_intervals_nothing_is_claimed() {
    let found = without_intervals();
    let page = RetrievalReport::new(&found, &Provenance::default()).page();
    let text = table(&found, 100) + &said(&page);
    assert!(text.contains("nothing can be said without an interval"), "{text}");
    for claim in
        ["better than", "worse than", "not distinguishable from", "lies above 0.5", "is better", "is worse"]
    {
        assert!(!text.contains(claim), "{claim}:\n{text}");
    }
}

#[test]
fn every_number_of_the_lines_is_finite_or_absent() {
    for found in [found(), without_intervals()] {
        let lines = tsv(&found);
        assert_eq!(lines[0], ["system", "part", "figure", "value", "low", "high"]);
        for line in &lines[1..] {
            assert_eq!(line.len(), 6, "{line:?}");
            for number in line[3..].iter().filter(|number| !number.is_empty()) {
                assert!(number.parse::<f64>().unwrap().is_finite(), "{line:?}");
            }
        }
        let keys: BTreeSet<&[String]> = lines.iter().map(|line| &line[..3]).collect();
        assert_eq!(keys.len(), lines.len(), "no figure stands twice");
    }
}

#[test]
fn the_lines_are_the_figures_of_the_retrieval() {
    let found = found();
    let lines = tsv(&found);
    let value = |system: &str, part: &str, figure: &str| -> Vec<f64> {
        let line = lines.iter().find(|line| line[..3] == [system, part, figure]);
        let line = line.unwrap_or_else(|| panic!("{system} {part} {figure}"));
        line[3..].iter().filter_map(|number| number.parse().ok()).collect()
    };
    let near =
        |a: &[f64], b: &[f64]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-6);
    assert_eq!(value("mine", "", "positives"), [1800.0]);
    let [low, high] = found.outcome.interval("micro.auc_quantile").unwrap();
    assert!(near(&value("mine", "", "micro.auc_quantile"), &[found.outcome.micro.auc_quantile, low, high]));
    let difference = found.baselines[0].difference["macro.auc_quantile"];
    assert!(near(&value("raw cosine", "", "difference.macro.auc_quantile"), &difference));
    let same = found.outcome.strata.iter().find(|stratum| stratum.part == "same").unwrap();
    assert_eq!(value("mine", "cell line of the pair=same", "positives"), [same.positives as f64]);
    let (_, at) = found.outcome.curve.iter().find(|(x, _)| (x - 0.1).abs() < 1e-9).unwrap();
    assert!(near(&value("mine", "", "curve.0.1"), &[at.value, at.low, at.high]));
}

#[test]
fn the_page_of_a_retrieval_has_every_figure_and_the_warnings_first() {
    let found = found();
    let provenance = Provenance {
        program: "l1kdb 0.1.0".into(),
        command: "l1kdb eval <this> & that".into(),
        files: vec![FileNote { role: "profiles".into(), path: "a.gctx".into(), digest: "sha256:00".into() }],
        ..Provenance::default()
    };
    let shape = study().shape(&protocol("pert_iname"), &Quiet).unwrap();
    let page = RetrievalReport::new(&found, &provenance).shape(&shape).page();
    let html = html(&page);
    for name in ["recall-curve", "roc", "quantile-histogram", "strata"] {
        assert_eq!(html.matches(&format!("data-figure=\"{name}\"")).count(), 1, "{name}");
    }
    for part in [
        "id=\"systems\"",
        "id=\"top\"",
        "id=\"differences\"",
        "id=\"best-drugs\"",
        "id=\"worst-drugs\"",
        "sha256:00",
        "replicating, same drug",
    ] {
        assert!(html.contains(part), "{part}");
    }
    let said = said(&page);
    assert!(!html.contains("NaN") && !html.contains("data-empty"));
    assert!(said.starts_with("Recall at 0.01 and below is finer than one of 54 negatives"), "{said}");
    assert!(said.contains("the embedding is better: the difference is +0."), "{said}");
}

#[test]
fn a_drug_is_best_or_worst_but_not_both() {
    let page = RetrievalReport::new(&found(), &Provenance::default()).page();
    let blocks: Vec<&Block> = page.sections.iter().flat_map(|section| &section.blocks).collect();
    let drugs = |name: &str| -> BTreeSet<&str> {
        let tables = blocks.iter().filter_map(|block| match block {
            Block::Table(table) if table.heading.name == name => Some(table),
            _ => None,
        });
        tables.flat_map(|table| &table.rows).map(|row| row[0].as_str()).collect()
    };
    let (best, worst) = (drugs("best-drugs"), drugs("worst-drugs"));
    assert_eq!((best.len(), worst.len()), (15, 15));
    assert!(best.is_disjoint(&worst));
}
