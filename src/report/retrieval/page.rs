//! A retrieval as a page.

mod figures;
mod headline;
mod tables;

use super::words::{question, split};
use super::{RetrievalReport, shape};
use crate::page::{Block, Page, Section, thousands};
use crate::report::drug_map;
use crate::report::words::sentence;
use crate::study::Retrieval;

/// Puts a retrieval on a page: findings in words, curves, parts of the pairs, tables, drugs, and where it came from; with the
/// shape of the embedding and a map of drugs where they are given.
pub(super) fn page(report: &RetrievalReport) -> Page {
    let RetrievalReport { retrieval: found, shape, map, provenance } = *report;
    let mut sections = vec![
        Section::new("In short", headline::blocks(found)),
        Section::new("How far down the ranking", figures::ranking(found)),
        Section::new("Figures", tables::figures(found)),
    ];
    if !found.outcome.strata.is_empty() {
        sections.push(Section::new("Where it is easy and where it is hard", figures::strata(found)));
    }
    sections.push(Section::new("Drugs", tables::drugs(found)));
    sections.extend(map.map(|map| Section::new("Map", vec![Block::Map(drug_map::figure(map))])));
    let facts = shape.map_or_else(Vec::new, |shape| {
        vec![("Geometry", shape::geometry(shape)), ("Replicates", shape::replicates(shape))]
    });
    for (title, facts) in facts.into_iter().filter(|(_, facts)| !facts.is_empty()) {
        sections.push(Section::new(title, vec![Block::Facts(facts)]));
    }
    let facts = [protocol(found), provenance.facts()].concat();
    sections.push(Section::new("How it was done", vec![Block::Facts(facts)]));
    Page { title: format!("{}: {}", found.embedding, question(found)), subtitle: subtitle(found), sections }
}

fn subtitle(found: &Retrieval) -> String {
    let (rows, drugs) = (thousands(found.rows as u64), thousands(found.outcome.drugs as u64));
    sentence(&format!("{rows} rows, {drugs} drugs with a query; {}", split(found)))
}

/// How it was asked, for who wants to ask it again.
fn protocol(found: &Retrieval) -> Vec<(String, String)> {
    let mut facts = vec![
        ("embedding", format!("{}, {} dimensions", found.embedding, found.dim)),
        ("similarity", found.similarity.to_owned()),
        ("label", found.label.clone()),
        ("compared", format!("{}s", found.level)),
    ];
    if found.rows_without_label > 0 {
        facts.push(("rows without a label", thousands(found.rows_without_label as u64)));
    }
    if let Some(candidates) = found.candidates {
        facts.push(("candidates", format!("{} sampled at random", thousands(candidates as u64))));
    }
    if !found.excluded.is_empty() {
        facts.push(("pairs left out", found.excluded.join(", ")));
    }
    if found.across_sources {
        facts.push(("looked in", "signatures of other sources".to_owned()));
    }
    facts.push(("split", split(found)));
    if let Some(split) = &found.split {
        facts.push(("digest of the split", split.digest.clone()));
        facts.push(("sets without a pair", split.sets_without_pair.to_string()));
        facts.push(("rows in no set", thousands(split.rows_outside as u64)));
    }
    facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
