//! What is explained, and how, in words.

use super::gene::{Gene, is_opposed};
use crate::explain::{Explanation, Method};
use crate::question::Explained;

/// Query and hit.
pub(super) fn title(explained: &Explained) -> String {
    let hit = &explained.hit;
    let signature = &hit.signature;
    let known = [&signature.cell_id, &signature.pert_dose, &signature.pert_time];
    let known: Vec<&str> = known.into_iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
    let known = if known.is_empty() { String::new() } else { format!(" ({})", known.join(", ")) };
    let which = match (hit.is_most_similar, is_opposed(explained)) {
        (false, _) => "",
        (true, false) => ", its signature nearest to the query",
        (true, true) => ", its signature most against the query",
    };
    format!("{} and {}: {}{known}{which}", explained.query, hit.drug, signature.sig_id)
}

/// The score, and what it is made of.
pub(super) fn made_of(explained: &Explained) -> String {
    let Explanation { similarity, baseline, sum, completeness, .. } = explained.explanation;
    let (by, side) = (explained.by.description(), explained.side);
    let genes = explained.explanation.terms.len();
    match explained.explanation.method {
        Method::CosineTerms => format!("{by} {similarity:.3}, the sum of the terms of {genes} genes"),
        Method::LeadingEdge => {
            format!("{by} {similarity:.3}, divided among {genes} leading genes by their weights")
        }
        Method::Exact if baseline == 0.0 => {
            format!("{by} {similarity:.3}, of {genes} genes of the {side}, exactly")
        }
        Method::Exact => {
            format!(
                "{by} {similarity:.3}: {sum:.3} of {genes} genes of the {side}, exactly, and {baseline:.3} of the network's bias"
            )
        }
        Method::IntegratedGradients => format!(
            "{by} {similarity:.3}: {sum:.3} of {genes} genes of the {side}, by integrated gradients ({:.2} % off), and \
             {baseline:.3} of the network's bias",
            100.0 * completeness
        ),
    }
}

/// How much of the score the genes that are shown carry.
pub(super) fn carried(explained: &Explained, shown: &[Gene<'_>]) -> String {
    let Explanation { terms, sum, .. } = &explained.explanation;
    let carried: f64 = shown.iter().map(|gene| gene.term.contribution).sum();
    let sign = if is_opposed(explained) { -1.0 } else { 1.0 };
    let against = terms.iter().map(|term| term.contribution).filter(|value| value * sign < 0.0);
    let (count, total) = against.fold((0, 0.0), |(count, total), value| (count + 1, total + value));
    let share = if *sum == 0.0 { String::new() } else { format!(" ({:.0} %)", 100.0 * carried / sum) };
    let rest = match count {
        0 => String::new(),
        1 => format!("; 1 gene counts the other way, {total:+.3}"),
        _ => format!("; {count} genes count the other way, {total:+.3} in all"),
    };
    format!("{} genes carry {carried:.3}{share} of {sum:.3}{rest}", shown.len())
}
