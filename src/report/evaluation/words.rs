//! Questions, figures and findings in words, the same in a terminal and on a page.

use crate::page::thousands;
use crate::study::{Baseline, Outcome, Retrieval};

/// The embedding or a baseline.
#[derive(Clone, Copy)]
pub(super) struct System<'a> {
    pub(super) name: &'a str,
    pub(super) outcome: &'a Outcome,
}

/// The embedding, then its baselines.
pub(super) fn systems(found: &Retrieval) -> Vec<System<'_>> {
    let embedding = System { name: &found.embedding, outcome: &found.outcome };
    let baselines = found.baselines.iter().map(|b| System { name: &b.name, outcome: &b.outcome });
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

/// Mean number of negatives.
pub(super) fn negatives(outcome: &Outcome) -> String {
    thousands(outcome.negatives_mean.round() as u64)
}

/// Three decimals, or as a power of ten where they would say 0.
pub(super) fn figure(value: f64) -> String {
    match value {
        value if !value.is_finite() => String::new(),
        value if value != 0.0 && value.abs() < 0.0005 => format!("{value:.0e}"),
        value => format!("{value:.3}"),
    }
}

/// As [`figure`]; empty for what does not exist.
pub(super) fn optional(value: Option<f64>) -> String {
    value.map(figure).unwrap_or_default()
}

/// Per cent with one decimal.
pub(super) fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

/// An interval whose ends are known.
pub(super) fn ends(interval: Option<[f64; 2]>) -> Option<[f64; 2]> {
    interval.filter(|ends| ends.iter().all(|end| end.is_finite()))
}

/// `0.877 (0.861-0.893)`.
pub(super) fn with_interval(value: f64, interval: Option<[f64; 2]>) -> String {
    match ends(interval) {
        Some([low, high]) => format!("{} ({low:.3}-{high:.3})", figure(value)),
        None => figure(value),
    }
}

/// `0.877 (0.861 to 0.893)`, where there is room.
pub(super) fn to_interval(value: f64, interval: Option<[f64; 2]>) -> String {
    match ends(interval) {
        Some([low, high]) => format!("{} ({low:.3} to {high:.3})", figure(value)),
        None => figure(value),
    }
}

/// `+0.071 (+0.050 to +0.092)`.
pub(super) fn signed(difference: [f64; 3]) -> String {
    let [value, low, high] = difference.map(|value| format!("{value:+.3}"));
    if ends(Some([difference[1], difference[2]])).is_some() {
        format!("{value} ({low} to {high})")
    } else {
        value
    }
}

/// What a difference allows to say, where more is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Better,
    Worse,
    NotToldApart,
    /// There is no interval.
    Unsaid,
}

impl Verdict {
    pub(super) fn of([_, low, high]: [f64; 3]) -> Self {
        match ends(Some([low, high])) {
            None => Self::Unsaid,
            Some([low, _]) if low > 0.0 => Self::Better,
            Some([_, high]) if high < 0.0 => Self::Worse,
            Some(_) => Self::NotToldApart,
        }
    }

    pub(super) fn than(self, other: &str) -> String {
        match self {
            Self::Better => format!("better than {other}"),
            Self::Worse => format!("worse than {other}"),
            Self::NotToldApart => format!("not told apart from {other}"),
            Self::Unsaid => "nothing can be said without an interval".to_owned(),
        }
    }
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

/// A sentence that starts with a capital letter and ends with a full stop.
pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    let stop = if text.ends_with(['.', '?', '!']) { "" } else { "." };
    format!("{first}{}{stop}", letters.as_str())
}
