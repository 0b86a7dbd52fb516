//! The findings of a retrieval in a few sentences, none of which says more than its interval.

use crate::page::{Block, thousands};
use crate::report::retrieval::words::{ACROSS_SOURCES, baseline, beside, kind, negatives, question};
use crate::report::words::{Verdict, ends, figure, percent, sentence};
use crate::study::{Baseline, Outcome, Retrieval};

pub(super) fn blocks(found: &Retrieval) -> Vec<Block> {
    let warnings = found.warnings.iter().map(|warning| Block::Warning(sentence(warning)));
    let told = [Some(asked(found)), Some(answer(found)), compared(found), Some(chance(found))];
    let told: Vec<String> = told.into_iter().flatten().collect();
    warnings.chain([Block::Text(told.join("\n\n"))]).collect()
}

fn asked(found: &Retrieval) -> String {
    let (level, kind, outcome) = (found.level, kind(&found.label), &found.outcome);
    let means = if level == "drug" { " A drug is the mean of its signatures." } else { "" };
    let held_out = if found.split.is_some() { " that were held out with it" } else { "" };
    let left_out = match found.excluded.as_slice() {
        [] => String::new(),
        names => format!(" Pairs of {} were left out, as was asked.", names.join(", ")),
    };
    let among = if found.across_sources { ACROSS_SOURCES } else { "" };
    format!(
        "The question: {} Each {level} in turn was the query, and all others{held_out} were ranked by how similar they \
         are to it.{means} Those that share its {kind} are its positives, the rest its negatives. {} queries had {} \
         positives in all, and N = {} negatives each on average.{left_out}{among}",
        question(found),
        thousands(outcome.queries),
        thousands(outcome.positives),
        negatives(outcome)
    )
}

fn answer(found: &Retrieval) -> String {
    let (outcome, kind) = (&found.outcome, kind(&found.label));
    format!(
        "With {}, a positive is more similar to its query than {} of the negatives on average; by chance it would be \
         50 %. This share is called AUC: {}. For half of the pairs, at most {} of the negatives are more similar. When \
         every {kind} weighs alike, however many pairs it has, the AUC is {}.",
        found.embedding,
        percent(outcome.micro.auc_quantile),
        interval(outcome, outcome.micro.auc_quantile, "micro.auc_quantile"),
        percent(outcome.micro.median_q),
        interval(outcome, outcome.per_label.auc_quantile, "macro.auc_quantile"),
    )
}

fn interval(outcome: &Outcome, value: f64, name: &str) -> String {
    match ends(outcome.interval(name)) {
        Some([low, high]) => format!("{} (95 % interval {low:.3} to {high:.3})", figure(value)),
        None => format!("{}, without an interval", figure(value)),
    }
}

/// Against raw cosine, or what stands in for it.
fn compared(found: &Retrieval) -> Option<String> {
    let beside = beside(found).filter(|baseline| baseline.name != "permuted labels")?;
    let about = match beside.name.as_str() {
        "raw cosine" => "the similarity of the z-scores without any embedding; ",
        "raw Euclid" => "the distance between the z-scores without any embedding; ",
        _ => "",
    };
    let auc = figure(beside.outcome.micro.auc_quantile);
    let told = told(beside, "micro.auc_quantile")?;
    let weighed = match self::told(beside, "macro.auc_quantile") {
        Some(told) => format!(" With every {} weighing alike, the embedding is {told}.", kind(&found.label)),
        None => String::new(),
    };
    Some(format!("Compared with {} ({about}AUC {auc}), the embedding is {told}.{weighed}", beside.name))
}

/// What a difference allows to say, and why.
fn told(baseline: &Baseline, name: &str) -> Option<String> {
    let difference = *baseline.difference.get(name)?;
    let [value, low, high] = difference.map(|value| format!("{value:+.3}").replace('-', "\u{2212}"));
    let (verdict, lies) = match Verdict::of(difference) {
        Verdict::Better => ("better", "lies above 0"),
        Verdict::Worse => ("worse", "lies below 0"),
        Verdict::Indistinguishable => ("not distinguishable from it", "holds 0"),
        Verdict::Unsaid => {
            return Some(format!("{value} apart, of which nothing can be said without an interval"));
        }
    };
    Some(format!("{verdict}: the difference is {value}, and its 95 % interval, {low} to {high}, {lies}"))
}

/// Against permuted labels, or 0.5 where these cannot be compared.
fn chance(found: &Retrieval) -> String {
    if let Some((permuted, told)) = baseline(found, "permuted labels")
        .and_then(|permuted| Some((permuted, told(permuted, "micro.auc_quantile")?)))
    {
        let auc = figure(permuted.outcome.micro.auc_quantile);
        return format!(
            "For chance, labels were permuted at random (permuted labels; AUC {auc}). Compared with \
             that, the embedding is {told}."
        );
    }
    match ends(found.outcome.interval("micro.auc_quantile")) {
        Some([low, _]) if low > 0.5 => "The interval of the AUC lies above 0.5, which is chance.".to_owned(),
        Some([_, high]) if high < 0.5 => {
            "The interval of the AUC lies below 0.5, which is chance.".to_owned()
        }
        Some(_) => "The AUC is not distinguishable from 0.5, which is chance.".to_owned(),
        None => "No intervals were computed, so nothing is said about chance.".to_owned(),
    }
}
