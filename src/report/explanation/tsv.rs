//! An explanation as one line a gene.

use std::io::{self, Write};

use super::gene::Gene;
use crate::question::Explained;
use crate::report::write_cells;

const COLUMNS: &str = "query\tdrug\tsig_id\tscore_by\tside\tmethod\tsimilarity\trank\tgene\tentrez_id\tcontribution\tquery_value\thit_value\tdirection\tcut";

pub(super) fn write_header(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{COLUMNS}")
}

pub(super) fn write(out: &mut dyn Write, explained: &Explained, genes: &[Gene<'_>]) -> io::Result<()> {
    genes.iter().zip(1..).try_for_each(|(gene, rank)| write_cells(out, fields(explained, gene, rank)))
}

fn fields(explained: &Explained, gene: &Gene<'_>, rank: usize) -> [String; 15] {
    let value = |value: f32| if value.is_nan() { String::new() } else { format!("{value:.6}") };
    [
        explained.query.clone(),
        explained.hit.drug.clone(),
        explained.hit.signature.sig_id.clone(),
        explained.by.name().to_owned(),
        explained.side.to_string(),
        explained.explanation.method.name().to_owned(),
        format!("{:.6}", explained.explanation.similarity),
        rank.to_string(),
        gene.symbol.to_owned(),
        gene.entrez.map_or_else(String::new, |id| id.to_string()),
        format!("{:.6}", gene.term.contribution),
        value(gene.term.query),
        value(gene.term.hit),
        gene.direction.name().to_owned(),
        gene.term.is_cut.to_string(),
    ]
}
