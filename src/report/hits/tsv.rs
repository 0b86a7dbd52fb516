//! Hits as one line each, for programs.

use std::io::{self, Write};

use super::{By, Hits};
use crate::db::{DrugHit, FurtherScore, SignatureHit};
use crate::enrichment::{ClassCall, ClassHit, ClassKind};
use crate::report::write_cells;

const DRUG_COLUMNS: &str =
    "query\trank\tdrug\tpert_id\tscore\tbest_sig_id\tbest_similarity\tn_signatures\tatc\tmoa\ttarget";
const CLASS_COLUMNS: &str = "query\trank\tkind\tclass\tn_drugs\tscore\tp\tq\tes\tnes\tdeepest\tp_without_deeper\tleading_edge\t\
     atc_call\tatc_call_p\tmechanism_call\tmechanism_call_p";
const SIGNATURE_COLUMNS: &str =
    "query\trank\tsig_id\tdrug\tpert_id\tcell_id\tpert_dose\tpert_time\tsimilarity\tatc\tmoa\ttarget";

/// Writes the names of the columns.
pub(super) fn write_header(out: &mut dyn Write, by: By, further: &[&str]) -> io::Result<()> {
    let columns = match by {
        By::Drug => DRUG_COLUMNS,
        By::Signature => SIGNATURE_COLUMNS,
        By::Class => CLASS_COLUMNS,
    };
    out.write_all(columns.as_bytes())?;
    further.iter().try_for_each(|name| write!(out, "\t{name}"))?;
    writeln!(out)
}

pub(super) fn write(out: &mut dyn Write, query: &str, hits: &Hits) -> io::Result<()> {
    match hits {
        Hits::Drugs(hits) => hits.iter().try_for_each(|hit| {
            let source = (!hit.sources.is_empty()).then(|| hit.sources.join("|"));
            write_cells(out, with_further(drug_fields(query, hit), &hit.further).chain(source))
        }),
        Hits::Signatures(hits) => hits.iter().try_for_each(|hit| {
            let source = (!hit.source.is_empty()).then(|| hit.source.clone());
            write_cells(out, with_further(signature_fields(query, hit), &hit.further).chain(source))
        }),
        Hits::Classes(hits, calls) => {
            let calls = [ClassKind::Atc, ClassKind::Mechanism].map(|kind| called(calls, kind));
            hits.iter().try_for_each(|hit| {
                write_cells(out, class_fields(query, hit).into_iter().chain(calls.iter().flatten().cloned()))
            })
        }
    }
}

fn with_further<const N: usize>(
    fields: [String; N],
    further: &[FurtherScore],
) -> impl Iterator<Item = String> {
    let value = |score: &FurtherScore| match score.name {
        "p" | "q" => rate(score.value),
        _ => score.value.map_or_else(String::new, |value| format!("{value:.6}")),
    };
    fields.into_iter().chain(further.iter().map(value))
}

/// A p-value or rate, which six decimals would make 0.
fn rate(value: Option<f64>) -> String {
    match value {
        None => String::new(),
        Some(value) if value < 1e-3 => format!("{value:.4e}"),
        Some(value) => format!("{value:.6}"),
    }
}

fn class_fields(query: &str, hit: &ClassHit) -> [String; 13] {
    let number = |value: Option<f64>| value.map_or_else(String::new, |value| format!("{value:.6}"));
    [
        query.to_owned(),
        hit.rank.to_string(),
        hit.kind.to_string(),
        hit.names.join("|"),
        hit.drugs.to_string(),
        format!("{:.6}", hit.score),
        rate(Some(hit.p)),
        rate(Some(hit.q)),
        number(hit.es),
        number(hit.nes),
        hit.is_deepest.map_or_else(String::new, |is| is.to_string()),
        rate(hit.p_without_deeper),
        hit.leading_edge.join("|"),
    ]
}

/// The class that is called, and the probability of the most likely one.
fn called(calls: &[ClassCall], kind: ClassKind) -> [String; 2] {
    let Some(call) = calls.iter().find(|call| call.kind == kind) else { return Default::default() };
    let class = if call.is_called() { call.class.clone() } else { String::new() };
    [class, format!("{:.6}", call.p)]
}

fn drug_fields(query: &str, hit: &DrugHit) -> [String; 11] {
    [
        query.to_owned(),
        hit.rank.to_string(),
        hit.drug.clone(),
        hit.pert_ids.join("|"),
        format!("{:.6}", hit.score),
        hit.best_sig_id.clone(),
        format!("{:.6}", hit.best_similarity),
        hit.n_signatures.to_string(),
        hit.atc.join("|"),
        hit.moa.join("|"),
        hit.targets.join("|"),
    ]
}

fn signature_fields(query: &str, hit: &SignatureHit) -> [String; 12] {
    let (signature, drug) = (&hit.signature, &hit.drug);
    [
        query.to_owned(),
        hit.rank.to_string(),
        signature.sig_id.clone(),
        drug.name.clone(),
        signature.pert_id.clone(),
        signature.cell_id.clone(),
        signature.pert_dose.clone(),
        signature.pert_time.clone(),
        format!("{:.6}", hit.similarity),
        drug.atc.join("|"),
        drug.moa.join("|"),
        drug.targets.join("|"),
    ]
}

#[cfg(test)]
mod tests {
    use super::{write, write_header};
    use crate::db::{DrugHit, FurtherScore, SignatureHit};
    use crate::report::{By, Hits};

    #[test]
    fn every_line_has_as_many_fields_as_the_header() {
        let drug = DrugHit {
            rank: 1,
            drug: "a\tb".into(),
            pert_ids: vec!["p".into(), "q".into()],
            score: 0.5,
            best_sig_id: "s".into(),
            best_similarity: 0.75,
            n_signatures: 3,
            atc: vec![],
            moa: vec![],
            targets: vec![],
            sources: vec!["lincs".into(), "mine".into()],
            further: vec![FurtherScore::new("es_up", Some(0.25)), FurtherScore::new("es_down", None)],
        };
        let signature = SignatureHit {
            rank: 1,
            signature: Default::default(),
            drug: Default::default(),
            source: "lincs".into(),
            similarity: 1.0,
            further: vec![FurtherScore::new("es_up", None), FurtherScore::new("es_down", None)],
        };
        let answers =
            [(By::Drug, Hits::Drugs(vec![drug])), (By::Signature, Hits::Signatures(vec![signature]))];
        for (by, hits) in answers {
            let mut out = Vec::new();
            write_header(&mut out, by, &["es_up", "es_down", "source"]).unwrap();
            write(&mut out, "q", &hits).unwrap();
            let text = String::from_utf8(out).unwrap();
            let fields: Vec<usize> = text.lines().map(|line| line.split('\t').count()).collect();
            assert_eq!(fields[0], fields[1]);
        }
    }
}
