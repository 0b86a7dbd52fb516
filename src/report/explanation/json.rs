//! An explanation as one object, on one line.

use std::io::{self, Write};

use super::gene::Gene;
use crate::explain::Explanation;
use crate::question::Explained;
use crate::report::json::{Value, json, write_json_line};

pub(super) fn write(out: &mut dyn Write, explained: &Explained, genes: &[Gene<'_>]) -> io::Result<()> {
    let text = |text: &str| if text.is_empty() { Value::Null } else { Value::from(text) };
    let Explanation { similarity, baseline, sum, completeness, method, warning, terms } =
        &explained.explanation;
    let signature = &explained.hit.signature;
    let object = json!({
        "query": explained.query,
        "hit": {
            "drug": explained.hit.drug,
            "sig_id": signature.sig_id,
            "pert_id": text(&signature.pert_id),
            "cell_id": text(&signature.cell_id),
            "pert_dose": text(&signature.pert_dose),
            "pert_time": text(&signature.pert_time),
            "most_similar": explained.hit.is_most_similar,
        },
        "score_by": explained.by.name(),
        "side": explained.side.to_string(),
        "method": method.name(),
        "similarity": similarity,
        "baseline": baseline,
        "sum": sum,
        "completeness": completeness,
        "warning": warning,
        "n_genes": terms.len(),
        "genes": genes.iter().zip(1..).map(|(gene, rank)| of_gene(gene, rank)).collect::<Vec<_>>(),
    });
    write_json_line(out, &object)
}

fn of_gene(gene: &Gene<'_>, rank: usize) -> Value {
    let value = |value: f32| if value.is_nan() { Value::Null } else { Value::from(value) };
    let direction = gene.direction.name();
    json!({
        "rank": rank,
        "gene": gene.symbol,
        "entrez_id": gene.entrez,
        "contribution": gene.term.contribution,
        "query_value": value(gene.term.query),
        "hit_value": value(gene.term.hit),
        "direction": if direction.is_empty() { Value::Null } else { direction.into() },
        "cut": gene.term.is_cut,
    })
}
