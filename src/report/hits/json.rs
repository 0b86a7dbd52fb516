//! Hits as one object a query, one line each (JSON Lines).

use std::io::{self, Write};

use super::Hits;
use crate::annotate::{ATC_LEVELS, AtcCode, AtcNames};
use crate::db::{DrugHit, FurtherScore, SignatureHit};
use crate::enrichment::{ClassCall, ClassHit, ClassKind};
use crate::question::Doubt;
use crate::report::json::{Map, Value, json, write_json_line};

pub(super) fn write(
    out: &mut dyn Write,
    query: &str,
    (of, doubts): (&Hits, Option<&[Doubt]>),
    names: &AtcNames,
) -> io::Result<()> {
    let hits: Vec<Value> = match of {
        Hits::Drugs(hits) => hits.iter().map(|hit| drug(hit, names)).collect(),
        Hits::Signatures(hits) => hits.iter().map(|hit| signature(hit, names)).collect(),
        Hits::Classes(hits, _) => hits.iter().map(|hit| class(hit, names)).collect(),
    };
    let mut object = json!({ "query": query, "hits": hits });
    if let Hits::Classes(_, calls) = of {
        object["calls"] = calls.iter().map(|call| called(call, names)).collect();
    }
    if let Some(doubts) = doubts {
        let doubt = |doubt: &Doubt| json!({ "name": doubt.name(), "text": doubt.to_string() });
        object["doubts"] = doubts.iter().map(doubt).collect();
    }
    write_json_line(out, &object)
}

fn drug(hit: &DrugHit, names: &AtcNames) -> Value {
    let object = json!({
        "rank": hit.rank,
        "drug": hit.drug,
        "pert_id": hit.pert_ids,
        "score": hit.score,
        "best_sig_id": hit.best_sig_id,
        "best_similarity": hit.best_similarity,
        "n_signatures": hit.n_signatures,
        "atc": hit.atc,
        "atc_classes": classes(&hit.atc, names),
        "moa": hit.moa,
        "target": hit.targets,
    });
    let mut object = with_further(object, &hit.further);
    if !hit.sources.is_empty() {
        object["source"] = json!(hit.sources);
    }
    object
}

fn class(hit: &ClassHit, names: &AtcNames) -> Value {
    let named: Vec<Option<&str>> = match hit.kind {
        ClassKind::Atc => hit.names.iter().map(|code| names.name(code)).collect(),
        ClassKind::Mechanism | ClassKind::Target => Vec::new(),
    };
    json!({
        "rank": hit.rank,
        "kind": hit.kind.name(),
        "class": hit.names,
        "atc_names": named,
        "n_drugs": hit.drugs,
        "score": hit.score,
        "p": hit.p,
        "q": hit.q,
        "es": hit.es,
        "nes": hit.nes,
        "deepest": hit.is_deepest,
        "p_without_deeper": hit.p_without_deeper,
        "leading_edge": hit.leading_edge,
    })
}

fn called(call: &ClassCall, names: &AtcNames) -> Value {
    let ClassCall { kind, class, p, prior, queries, drugs, error, .. } = call;
    json!({
        "kind": kind.name(),
        "class": class,
        "name": if *kind == ClassKind::Atc { names.name(class) } else { None },
        "called": call.is_called(),
        "p": p,
        "prior": prior,
        "n_queries": queries,
        "n_drugs": drugs,
        "calibration_error": error,
    })
}

fn with_further(mut object: Value, further: &[FurtherScore]) -> Value {
    for score in further {
        object[score.name] = score.value.into();
    }
    object
}

fn signature(hit: &SignatureHit, names: &AtcNames) -> Value {
    let (signature, drug) = (&hit.signature, &hit.drug);
    let text = |text: &str| if text.is_empty() { Value::Null } else { Value::from(text) };
    let object = json!({
        "rank": hit.rank,
        "sig_id": signature.sig_id,
        "drug": drug.name,
        "pert_id": text(&signature.pert_id),
        "cell_id": text(&signature.cell_id),
        "pert_dose": text(&signature.pert_dose),
        "pert_time": text(&signature.pert_time),
        "similarity": hit.similarity,
        "atc": drug.atc,
        "atc_classes": classes(&drug.atc, names),
        "moa": drug.moa,
        "target": drug.targets,
    });
    let mut object = with_further(object, &hit.further);
    if !hit.source.is_empty() {
        object["source"] = hit.source.as_str().into();
    }
    object
}

fn classes(codes: &[String], names: &AtcNames) -> Vec<Value> {
    codes.iter().filter_map(|code| code.parse().ok()).map(|code| levels(&code, names)).collect()
}

fn levels(code: &AtcCode, names: &AtcNames) -> Value {
    let mut object = Map::new();
    object.insert("atc".into(), code.as_str().into());
    for level in 1..=ATC_LEVELS {
        if let Some(class) = code.at_level(level) {
            object.insert(format!("level_{level}"), json!({ "code": class, "name": names.name(class) }));
        }
    }
    object.into()
}
