//! The tables of a report on classes.

use crate::eval::classification::{
    Candidate, ClassReport, Clustering, Configuration, Estimate, MultiLabel, MultiLabelResult, Repurposing,
    Spread,
};
use crate::page::{Block, Column, Heading, Table, thousands};
use crate::report::evaluation::words::{figure, optional};

fn table(heading: Heading, first: &str, numbers: &[&str], rows: Vec<Vec<String>>) -> Table {
    let columns = [Column::text(first)].into_iter().chain(numbers.iter().map(|name| Column::number(name)));
    Table { heading, columns: columns.collect(), rows, highlighted: None }
}

/// Baselines, then configurations, the best one highlighted.
pub(super) fn configurations(report: &ClassReport) -> Table {
    let mut rows = Vec::new();
    if let Some(baselines) = &report.baselines {
        let majority = baselines.majority.to_array().map(percent);
        rows.push(named("always the largest class", majority));
        if let Some(permuted) = &baselines.permuted {
            let of = [permuted.accuracy, permuted.balanced_accuracy, permuted.macro_f1, permuted.weighted_f1];
            rows.push(named(&format!("permuted classes ({} times)", permuted.runs), of.map(spread)));
        }
    }
    let best = report.best().and_then(|best| report.configurations.iter().position(|one| one == best));
    let highlighted = best.map(|best| rows.len() + best);
    rows.extend(report.configurations.iter().map(|one| {
        named(&one.name, [one.accuracy, one.balanced_accuracy, one.macro_f1, one.weighted_f1].map(estimate))
    }));
    let caption = "In per cent. F1 is the harmonic mean of the share found and the share right; macro: every class weighs \
                   alike, weighted: by its drugs. In brackets: 95 % intervals over drugs, for permuted classes the range \
                   of 95 % of them.";
    let heading = Heading::new("configurations", "Configurations and what chance gives").caption(caption);
    let numbers = ["accuracy", "balanced accuracy", "macro F1", "weighted F1"];
    Table { highlighted, ..table(heading, "configuration", &numbers, rows) }
}

fn named<const N: usize>(name: &str, texts: [String; N]) -> Vec<String> {
    [name.to_owned()].into_iter().chain(texts).collect()
}

pub(super) fn classes(best: &Configuration) -> Table {
    let rows = best.classes.iter().map(|class| {
        let figures = [class.accuracy, class.precision, class.f1].map(percent);
        [class.name.clone(), class.support.to_string()].into_iter().chain(figures).collect()
    });
    let heading = Heading::new("class-figures", &format!("Classes: {}", best.name)).caption("In per cent.");
    table(heading, "class", &["drugs", "found (recall)", "right (precision)", "F1"], rows.collect())
}

pub(super) fn multi_label(multi_label: &MultiLabel) -> Table {
    let chance = [percent(multi_label.majority_hit_rate), "50.0".to_owned(), String::new(), String::new()];
    let mut rows = vec![named("always the largest class", chance)];
    if let Some(permuted) = &multi_label.permuted {
        let optional = [permuted.macro_auc, permuted.macro_average_precision];
        let [auc, precision] = optional.map(|value| value.map(spread).unwrap_or_default());
        let figures = [spread(permuted.hit_rate), auc, precision, spread(permuted.macro_f1)];
        rows.push(named(&format!("permuted classes ({} times)", permuted.runs), figures));
    }
    rows.extend(multi_label.results.iter().map(|result| {
        let optional = [result.scores.macro_auc, result.scores.macro_average_precision];
        let [auc, precision] = optional.map(|value| value.map(percent).unwrap_or_default());
        named(
            &result.configuration,
            [estimate(result.hit_rate), auc, precision, percent(result.scores.macro_f1)],
        )
    }));
    let caption = "In per cent. Hit rate: drugs whose first named class is one of their own. AUC, average precision and F1 \
                   are means over classes. In brackets: 95 % intervals over drugs, for permuted classes the range of 95 % \
                   of them.";
    let heading = Heading::new("configurations", "Configurations and what chance gives").caption(caption);
    table(heading, "configuration", &["hit rate", "macro AUC", "macro average precision", "macro F1"], rows)
}

pub(super) fn multi_label_classes(result: &MultiLabelResult) -> Table {
    let rows = result.classes.iter().map(|class| {
        let figures = [optional(class.auc), optional(class.average_precision), figure(class.f1)];
        [class.name.clone(), class.support.to_string()].into_iter().chain(figures).collect()
    });
    let heading = Heading::new("class-figures", &format!("Classes: {}", result.configuration));
    table(heading, "class", &["drugs", "AUC", "average precision", "F1"], rows.collect())
}

pub(super) fn clusterings(clusterings: &[Clustering]) -> Table {
    let range = |spread: Option<Spread>| {
        spread.map(|Spread { range: [low, high], .. }| format!("{low:.3} to {high:.3}")).unwrap_or_default()
    };
    let rows = clusterings.iter().map(|found| {
        let largest = found.sizes.first().map(ToString::to_string).unwrap_or_default();
        let ari = [figure(found.ari), range(found.permuted_ari)];
        let nmi = [figure(found.nmi), range(found.permuted_nmi)];
        [found.method.clone(), found.sizes.len().to_string(), largest]
            .into_iter()
            .chain(ari)
            .chain(nmi)
            .collect()
    });
    let caption = "ARI: adjusted Rand index, 1 for the same groups, 0 by chance. NMI: normalised mutual information, 1 for \
                   the same groups, above 0 by chance. Permuted: the range of 95 % of permuted classes.";
    let heading = Heading::new("clusterings", "Groups held against classes").caption(caption);
    let numbers = ["groups", "largest", "ARI", "ARI, permuted", "NMI", "NMI, permuted"];
    table(heading, "method", &numbers, rows.collect())
}

/// The list, under how long it would be by chance.
pub(super) fn repurposing(found: &Repurposing) -> Vec<Block> {
    let mut blocks = vec![Block::Text(listed(found))];
    if !found.candidates.is_empty() {
        blocks.push(Block::Table(candidates(found)));
    }
    blocks
}

fn listed(found: &Repurposing) -> String {
    let (listed, drugs) = (found.candidates.len(), thousands(found.drugs as u64));
    let told = format!(
        "{listed} of {drugs} drugs are placed again and again in a class that is not theirs ({}, {}). Such a drug may act \
         like those of the other class; it may as well be a mistake.",
        found.configuration, found.validation
    );
    let Some(chance) = found.by_chance else {
        return format!("{told} How many there would be by chance was not asked.");
    };
    let [low, high] = chance.range;
    let said = if listed as f64 > high {
        "The list is longer than that, so some of it is more than chance, but it does not say which."
    } else {
        "The list is no longer than that: it says nothing."
    };
    format!(
        "{told}\n\nWith classes dealt out at random ({} times) the same rule lists {:.1} drugs ({low:.1} to {high:.1}). {said}",
        found.permutations, chance.mean
    )
}

fn candidates(found: &Repurposing) -> Table {
    let row = |candidate: &Candidate| {
        let near = candidate.neighbours.iter().map(|near| format!("{} ({:.2})", near.drug, near.similarity));
        vec![
            candidate.drug.clone(),
            candidate.classes.join(", "),
            candidate.proposed.clone(),
            near.collect::<Vec<_>>().join(", "),
            format!("{:.0}", 100.0 * candidate.agreement),
            format!("{:.2}", candidate.mean_score),
        ]
    };
    let caption = "Repeats: the share of repeats of the validation that place the drug there. Score: how sure the \
                   classifier is, on average. Nearest: drugs of that class with the most similar embeddings, and their \
                   similarity.";
    let columns = ["drug", "its class", "placed in", "nearest there"].map(Column::text).into_iter();
    Table {
        heading: Heading::new("repurposing", "Drugs placed in another class").caption(caption),
        columns: columns.chain(["repeats %", "score"].map(Column::number)).collect(),
        rows: found.candidates.iter().map(row).collect(),
        highlighted: None,
    }
}

fn percent(share: f64) -> String {
    format!("{:.1}", 100.0 * share)
}

fn estimate(estimate: Estimate) -> String {
    let value = percent(estimate.value);
    match estimate.interval {
        Some([low, high]) => format!("{value} ({} to {})", percent(low), percent(high)),
        None => value,
    }
}

fn spread(spread: Spread) -> String {
    let [low, high] = spread.range.map(percent);
    format!("{} ({low} to {high})", percent(spread.mean))
}
