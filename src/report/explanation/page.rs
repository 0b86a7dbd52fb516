//! Explanations as a page.

use super::gene::{Gene, is_of_sets, leading};
use super::heat_map::heat_map;
use super::words::{carried, made_of, title};
use crate::page::{Block, Column, Heading, Page, Section, Table, thousands};
use crate::question::Explained;
use crate::report::Provenance;
use crate::report::words::sentence;

const READING: &str = "A contribution is what a gene adds to the score, or takes off where it is negative. By embedding, \
                       contributions are counted from a standardised profile of zeros; what the network gives for that is told \
                       as its bias. Genes marked as cut are beyond what the network sees: a little more or less of them changes \
                       nothing. A gene that carries an agreement is no proof that the drugs share a mechanism: look whether the \
                       genes make sense together.";

/// Hits of a query that stand beside each other.
const BESIDE: usize = 10;

pub(super) fn page(explained: &[Explained], genes: usize, provenance: &Provenance) -> Page {
    let of_query = |one: &Explained, next: &Explained| one.query == next.query;
    let mut sections = vec![Section::new("How to read this", vec![Block::Text(READING.to_owned())])];
    sections.extend(explained.chunk_by(of_query).map(|hits| section(hits, genes)));
    sections.push(Section::new("How it was done", vec![Block::Facts(provenance.facts())]));
    let queries = explained.chunk_by(of_query).count();
    Page {
        title: "Which genes carry the agreement?".to_owned(),
        subtitle: sentence(&format!(
            "{} of {}",
            counted(explained.len(), "hit", "hits"),
            counted(queries, "query", "queries")
        )),
        sections,
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{} {}", thousands(count as u64), if count == 1 { one } else { many })
}

fn section(hits: &[Explained], genes: usize) -> Section {
    let mut blocks = vec![Block::HeatMap(heat_map(&hits[..hits.len().min(BESIDE)], genes))];
    for hit in hits {
        blocks.extend(hit.explanation.warning.clone().map(Block::Warning));
        blocks.push(Block::Sortable(table(hit, &leading(hit, genes))));
    }
    Section::new(&hits[0].query, blocks)
}

fn table(explained: &Explained, genes: &[Gene<'_>]) -> Table {
    let query = if is_of_sets(explained) { Column::text("set") } else { Column::number("query, z") };
    let columns = [Column::text("gene"), Column::number("contribution"), query, Column::number("hit, z")];
    let value = |value: f32| if value.is_nan() { String::new() } else { format!("{value:.2}") };
    let row = |gene: &Gene<'_>| {
        let query = match is_of_sets(explained) {
            true => (if gene.term.query < 0.0 { "down" } else { "up" }).to_owned(),
            false => value(gene.term.query),
        };
        vec![
            gene.symbol.to_owned(),
            format!("{:+.4}", gene.term.contribution),
            query,
            value(gene.term.hit),
            gene.direction.name().to_owned(),
            (if gene.term.is_cut { "cut" } else { "" }).to_owned(),
        ]
    };
    Table {
        heading: Heading::new("genes", &title(explained)).caption(&format!(
            "{}. {}.",
            sentence(&made_of(explained)),
            sentence(&carried(explained, genes))
        )),
        columns: columns.into_iter().chain([Column::text("direction"), Column::text("")]).collect(),
        rows: genes.iter().map(row).collect(),
        highlighted: None,
    }
}
