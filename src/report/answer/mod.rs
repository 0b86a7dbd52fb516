//! An answer by drug with all that helps to read it, as a page.

mod classes;
mod curve;
mod hits;
mod index;
mod places;
mod question;
mod strips;

use super::Provenance;
use super::explanation::heat_map;
use super::words::sentence;
use crate::annotate::AtcNames;
use crate::page::{Block, Page, Section, thousands};
use crate::question::{Overview, Overviews};

/// Genes in a heat map.
const GENES: usize = 30;

/// Returns a page of answers: one query with a section for each thing to look at, several with a section each, behind an index. `titles` say of
/// each query what was asked of how much.
pub fn answer_page(found: &Overviews, names: &AtcNames, titles: &[String], provenance: &Provenance) -> Page {
    let title = |at: usize| titles.get(at).cloned().unwrap_or_default();
    let mut sections = match &found.overviews[..] {
        [one] => parts(one, names, places(found, names))
            .into_iter()
            .map(|(title, blocks)| Section::new(title, blocks))
            .collect(),
        several => {
            let mut blocks = vec![Block::Sortable(index::table(several))];
            blocks.extend(places(found, names));
            let mut sections = vec![Section::new("Index", blocks)];
            for (at, overview) in several.iter().enumerate() {
                let mut blocks = vec![Block::Text(title(at))];
                blocks.extend(parts(overview, names, None).into_iter().flat_map(|(_, blocks)| blocks));
                sections.push(Section::new(&overview.query, blocks));
            }
            sections
        }
    };
    if !found.doubts.is_empty() {
        let doubts = found.doubts.iter().map(|doubt| Block::Warning(sentence(doubt)));
        sections.insert(0, Section::new("Doubts about the input", doubts.collect()));
    }
    let mut facts: Vec<_> = found.notes.iter().map(|note| ("note".to_owned(), note.clone())).collect();
    facts.extend(provenance.facts());
    sections.push(Section::new("How it was asked", vec![Block::Facts(facts)]));
    let like = if found.reverse { "against" } else { "like" };
    let (page, subtitle) = match &found.overviews[..] {
        [one] => (format!("Drugs that act {like} {}", one.query), title(0)),
        several => {
            (format!("Drugs that act {like} these"), format!("{} queries", thousands(several.len() as u64)))
        }
    };
    Page { title: page, subtitle: sentence(&subtitle), sections }
}

/// The queries among the drugs.
fn places(found: &Overviews, names: &AtcNames) -> Option<Block> {
    let places = found.places.as_ref()?;
    Some(Block::Map(places::figure(places, &found.overviews, names)))
}

/// What there is to look at in one answer.
fn parts(overview: &Overview, names: &AtcNames, map: Option<Block>) -> Vec<(&'static str, Vec<Block>)> {
    let doubts = overview.doubts.iter().map(|doubt| Block::Warning(sentence(&doubt.to_string())));
    let mut parts = vec![("Doubts", doubts.collect::<Vec<_>>())];
    parts.push(("Hits", vec![Block::Sortable(hits::table(overview, names))]));
    let mut scores = vec![Block::Lines(curve::figure(&overview.curve))];
    scores.extend(map);
    parts.push(("Scores", scores));
    parts.push(("Classes", classes::blocks(overview, names)));
    if !overview.explained.is_empty() {
        parts.push(("Genes", vec![Block::HeatMap(heat_map(&overview.explained, GENES))]));
    }
    let strips = overview.strips.iter().map(|strip| Block::HeatMap(strips::figure(strip))).collect();
    parts.push(("Signatures of the first hits", strips));
    parts.push(("What is known of the query", question::blocks(overview)));
    parts.retain(|(_, blocks)| !blocks.is_empty());
    parts
}
