//! Questions and findings of a retrieval in words, the same in a terminal and on a page.

use crate::page::thousands;
use crate::study::{Baseline, Outcome, Retrieval};

/// The embedding or a baseline.
#[derive(Clone, Copy)]
pub(super) struct Method<'a> {
    pub(super) name: &'a str,
    pub(super) outcome: &'a Outcome,
}

/// The embedding, then its baselines.
pub(super) fn methods(found: &Retrieval) -> Vec<Method<'_>> {
    let embedding = Method { name: &found.embedding, outcome: &found.outcome };
    let baselines = found.baselines.iter().map(|b| Method { name: &b.name, outcome: &b.outcome });
    std::iter::once(embedding).chain(baselines).collect()
}

/// The baseline that stands beside the embedding where there is room for one: raw cosine, else the first.
pub(super) fn beside(found: &Retrieval) -> Option<&Baseline> {
    baseline(found, "raw cosine").or_else(|| found.baselines.iter().find(|baseline| !baseline.is_embedding))
}

pub(super) fn baseline<'a>(found: &'a Retrieval, name: &str) -> Option<&'a Baseline> {
    found.baselines.iter().find(|baseline| baseline.name == name)
}

/// What a label is to a reader.
pub(super) fn kind(label: &str) -> String {
    match label {
        "pert_iname" => "drug".to_owned(),
        "moa" => "mechanism of action".to_owned(),
        "target" => "target".to_owned(),
        _ => match label.strip_prefix("atc") {
            Some(level) if level.parse::<u8>().is_ok() => format!("ATC class (level {level})"),
            _ => format!("\"{label}\""),
        },
    }
}

/// `does a signature find the other signatures of its drug?`
pub(super) fn question(found: &Retrieval) -> String {
    let level = found.level;
    format!("does a {level} find the other {level}s of its {}?", kind(&found.label))
}

/// How rows were held out.
pub(super) fn split(found: &Retrieval) -> String {
    let Some(split) = &found.split else { return "all rows together, no split".to_owned() };
    let sets = if split.sets == 1 { "1 set".to_owned() } else { format!("{} sets", split.sets) };
    // `k-fold folds=5 repeats=2` is how a file of the split says it.
    let (design, settings) = split.design.split_once(' ').unwrap_or((&split.design, ""));
    let seed = format!("seed={}", split.seed);
    let settings: Vec<String> =
        settings.split_whitespace().chain([seed.as_str()]).map(|setting| setting.replace('=', " ")).collect();
    format!("held out by {}, {design} ({}), {sets}", split.by, settings.join(", "))
}

/// In which rows a query looks, where not in all.
pub(super) const ACROSS_SOURCES: &str = " A query looks in the signatures of other sources only.";

/// Mean number of negatives.
pub(super) fn negatives(outcome: &Outcome) -> String {
    thousands(outcome.negatives_mean.round() as u64)
}

/// The figures that differences are shown of: name, how it is called.
pub(super) const COMPARED: [(&str, &str); 3] = [
    ("micro.auc_quantile", "AUC"),
    ("macro.auc_quantile", "macro AUC"),
    ("micro.recall.0.01", "recall at .01"),
];

/// The quantiles that recall is shown at, and how they are called.
pub(super) const RECALLS: [(&str, &str); 3] = [("0.001", ".001"), ("0.01", ".01"), ("0.1", ".1")];

/// `.001*` where the quantile is finer than one negative.
pub(super) fn recall_name(found: &Retrieval, (x, name): (&str, &str)) -> String {
    let finer = found.outcome.finer_than_one_negative.iter().any(|finer| finer.to_string() == x);
    format!("{name}{}", if finer { "*" } else { "" })
}
