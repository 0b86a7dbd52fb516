//! Classes of drugs as a page.

mod figures;
mod headline;
mod tables;

use super::ClassesReport;
use super::words::left_out;
use crate::eval::classification::ClassReport;
use crate::page::{Block, Page, Section, thousands};
use crate::report::{drug_map, repurposing};

/// Puts the report of a classifier on a page: findings in words, configurations beside their baselines, classes and
/// confusions, drugs that are predicted as another class, a map, and where it came from.
pub(super) fn page(classes: &ClassesReport) -> Page {
    let ClassesReport { report, repurposing: repurposed, warnings, map, provenance } = *classes;
    let warnings = warnings.iter().cloned().map(Block::Warning);
    let mut sections = vec![
        Section::new("In short", warnings.chain(headline::blocks(report)).collect()),
        Section::new("Is it better than chance?", figures::configurations(report)),
        Section::new("Class by class", figures::classes(report)),
    ];
    if let Some(found) = repurposed {
        sections.push(Section::new("Drugs predicted as another class", repurposing::blocks(found)));
    }
    sections.extend(map.map(|map| Section::new("Map", vec![Block::Map(drug_map::figure(map))])));
    let facts = [protocol(report), provenance.facts()].concat();
    sections.push(Section::new("How it was done", vec![Block::Facts(facts)]));
    sections.retain(|section| !section.blocks.is_empty());
    let subtitle = format!("{} drugs of {} classes", thousands(report.drugs as u64), report.classes.len());
    Page { title: "Do the embeddings tell what drugs are for?".to_owned(), subtitle, sections }
}

fn protocol(report: &ClassReport) -> Vec<(String, String)> {
    let classes: Vec<String> =
        report.classes.iter().map(|class| format!("{} ({})", class.name, class.drugs)).collect();
    let mut facts = vec![
        ("drugs", thousands(report.drugs as u64)),
        ("classes", classes.join("\n")),
        ("validation", report.validation.clone()),
    ];
    let reasons = left_out(report.left_out);
    if !reasons.is_empty() {
        facts.insert(1, ("drugs left out", format!("{}: {}", report.left_out.total(), reasons.join(", "))));
    }
    facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
