//! Leading genes of several hits of one query, beside each other.

use std::collections::HashMap;

use super::gene::{gene, is_of_sets, is_opposed};
use crate::page::{Heading, HeatMap, HeatRow};
use crate::question::Explained;

/// The z-score of the deepest shade: a tenth of all genes of a strong signature is beyond.
const DEEPEST: f64 = 4.0;

const READING: &str = "z-scores of the genes that carry the agreement, in the query and in each hit; a gene that goes the same way \
                       in both has the same colour twice.";

/// The genes that contribute most to the scores of all `hits` of one query, at most `most` of them.
pub(in crate::report) fn heat_map(hits: &[Explained], most: usize) -> HeatMap {
    let mut sums: HashMap<usize, f64> = HashMap::new();
    for hit in hits {
        let sign = if is_opposed(hit) { -1.0 } else { 1.0 };
        hit.explanation
            .terms
            .iter()
            .for_each(|term| *sums.entry(term.gene).or_default() += sign * term.contribution);
    }
    let mut genes: Vec<(usize, f64)> = sums.into_iter().collect();
    genes.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    genes.truncate(most);
    let of_sets = hits.first().is_some_and(is_of_sets);
    let query = if of_sets { "sets" } else { "query" };
    let names = hits.iter().map(|hit| hit.hit.drug.clone());
    HeatMap {
        heading: Heading::new("leading-genes", "Leading genes").caption(READING),
        columns: std::iter::once(query.to_owned()).chain(names).collect(),
        rows: rows(hits, &genes),
        note: "contribution".to_owned(),
        unit: "z-score".to_owned(),
        deepest: DEEPEST,
    }
}

fn rows(hits: &[Explained], genes: &[(usize, f64)]) -> Vec<HeatRow> {
    let by_gene: Vec<HashMap<usize, _>> = hits
        .iter()
        .map(|hit| hit.explanation.terms.iter().map(|term| (term.gene, gene(hit, term))).collect())
        .collect();
    let value = |value: f32| Some(f64::from(value)).filter(|value| value.is_finite());
    let row = |&(at, sum): &(usize, f64)| {
        let named = by_gene.iter().find_map(|genes| genes.get(&at));
        let of_query = named.and_then(|gene| value(gene.term.query));
        let of_hits = by_gene.iter().map(|genes| genes.get(&at).and_then(|gene| value(gene.term.hit)));
        HeatRow {
            name: named.map_or("?", |gene| gene.symbol).to_owned(),
            note: format!("{:+.3}", sum / hits.len().max(1) as f64),
            values: std::iter::once(of_query).chain(of_hits).collect(),
        }
    };
    genes.iter().map(row).collect()
}
