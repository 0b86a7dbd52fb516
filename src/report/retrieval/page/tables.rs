//! The tables of a retrieval.

use crate::eval::HITS_AT;
use crate::page::{Block, Column, Heading, Table, thousands};
use crate::report::retrieval::words::{COMPARED, Method, RECALLS, kind, methods, recall_name};
use crate::report::words::{Verdict, figure, optional, signed, to_interval};
use crate::study::{DrugFigures, Retrieval};

/// Drugs at either end of the list.
const DRUGS: usize = 20;

/// All methods, and the differences between the first and the others.
pub(super) fn figures(found: &Retrieval) -> Vec<Block> {
    let mut blocks = vec![Block::Table(methods_table(found))];
    if !found.baselines.is_empty() {
        blocks.push(Block::Table(differences(found)));
    }
    blocks.push(Block::Table(top(found)));
    blocks
}

/// A table of numbers with a row for each method.
fn by_method(
    heading: Heading,
    names: &[String],
    found: &Retrieval,
    row: impl Fn(Method<'_>) -> Vec<String>,
) -> Table {
    let columns = [Column::text("system")].into_iter().chain(names.iter().map(|name| Column::number(name)));
    let row = |method: Method<'_>| {
        let figures = row(method).into_iter().map(|text| minus(&text));
        [method.name.to_owned()].into_iter().chain(figures).collect()
    };
    let rows = methods(found).into_iter().map(row).collect();
    Table { heading, columns: columns.collect(), rows, highlighted: Some(0) }
}

fn methods_table(found: &Retrieval) -> Table {
    let caption = format!(
        "AUC: the mean share of negatives that are less similar to the query than a positive, 0.5 by chance; macro: every \
         {} weighs alike. Median q: the median quantile of positives, 0.5 by chance; per query: the mean of the queries' \
         own medians. AUC ROC and MCC (Matthews correlation): one threshold for all queries; chance is 0.5 and 0. In \
         brackets: 95 % intervals over drugs.",
        kind(&found.label)
    );
    let heading = Heading::new("systems", "The embedding and its baselines").caption(&caption);
    let names = ["AUC", "macro AUC", "median q", "per query", "AUC ROC", "MCC"].map(String::from);
    by_method(heading, &names, found, |Method { outcome, .. }| {
        vec![
            to_interval(outcome.micro.auc_quantile, outcome.interval("micro.auc_quantile")),
            to_interval(outcome.per_label.auc_quantile, outcome.interval("macro.auc_quantile")),
            figure(outcome.micro.median_q),
            figure(outcome.mean_query_median_q),
            optional(outcome.auc_roc),
            optional(outcome.mcc),
        ]
    })
}

/// The top of the ranking.
fn top(found: &Retrieval) -> Table {
    let finer = match found.outcome.finer_than_one_negative.is_empty() {
        true => "",
        false => " A star marks an x that is finer than one negative, where recall means little.",
    };
    let caption = format!(
        "Recall at x: the share of positives with a quantile below x; by chance it is x.{finer} Hits at k: the share of \
         queries with a positive among their first k. MRR: the mean of 1 / rank of a query's first positive."
    );
    let heading = Heading::new("top", "The top of the ranking").caption(&caption);
    let recalls = RECALLS.map(|recall| format!("recall at {}", recall_name(found, recall)));
    let hits = HITS_AT.map(|k| format!("hits at {k}"));
    let names: Vec<String> = recalls.into_iter().chain(hits).chain(["MRR".to_owned()]).collect();
    by_method(heading, &names, found, |Method { outcome, .. }| {
        let recalls = RECALLS.map(|(x, _)| optional(outcome.micro.recall.get(x).copied()));
        let hits = HITS_AT.map(|k| optional(outcome.hits.get(&k.to_string()).copied()));
        recalls.into_iter().chain(hits).chain([figure(outcome.mrr)]).collect()
    })
}

/// A minus sign as wide as a plus sign.
fn minus(text: &str) -> String {
    text.replace('-', "\u{2212}")
}

fn differences(found: &Retrieval) -> Table {
    let mut rows = Vec::new();
    for baseline in &found.baselines {
        if baseline.difference.is_empty() && !baseline.is_embedding {
            rows.push(vec![baseline.name.clone(), String::new(), String::new(), UNPAIRED.to_owned()]);
        }
        for (name, shown) in COMPARED {
            let Some(&difference) = baseline.difference.get(name) else { continue };
            let verdict = Verdict::of(difference).than(&baseline.name);
            rows.push(vec![baseline.name.clone(), shown.to_owned(), minus(&signed(difference)), verdict]);
        }
    }
    let caption = "The embedding's figure minus the baseline's, on the same queries, with the 95 % interval over drugs. \
                   Better or worse is said only where the whole interval lies on one side of 0.";
    let columns = ["embedding minus", "figure"].map(Column::text).into_iter();
    let columns = columns.chain([Column::number("difference"), Column::text("the embedding is")]);
    Table {
        heading: Heading::new("differences", "Is the embedding better?").caption(caption),
        columns: columns.collect(),
        rows,
        highlighted: None,
    }
}

const UNPAIRED: &str = "not compared: other drugs have a query";

/// The drugs that are found best and worst.
pub(super) fn drugs(found: &Retrieval) -> Vec<Block> {
    // A drug's signatures are queries; where drugs themselves are compared, each is one query.
    let enough = |drug: &&DrugFigures| match found.level {
        "signature" => drug.queries >= 2,
        _ => drug.positives >= 2,
    };
    let mut drugs: Vec<&DrugFigures> = found.per_drug.iter().filter(enough).collect();
    drugs.retain(|drug| drug.auc_quantile.is_finite());
    drugs.sort_by(|a, b| b.auc_quantile.total_cmp(&a.auc_quantile).then_with(|| a.drug.cmp(&b.drug)));
    let (better, worse) = drugs.split_at(drugs.len().div_ceil(2));
    let best: Vec<&DrugFigures> = better.iter().take(DRUGS).copied().collect();
    let worst: Vec<&DrugFigures> = worse.iter().rev().take(DRUGS).copied().collect();
    let n = format!("{} drugs with at least two {}", thousands(drugs.len() as u64), counted(found));
    let text = "Each drug by itself. Of many drugs, some stand at either end by luck, above all those with few pairs: \
                take the lists as a hint where to look.";
    vec![
        Block::Text(text.to_owned()),
        Block::Table(list(found, "best-drugs", "Found best", &best, &n)),
        Block::Table(list(found, "worst-drugs", "Found worst", &worst, &n)),
    ]
}

fn counted(found: &Retrieval) -> &'static str {
    if found.level == "signature" { "queries" } else { "pairs" }
}

fn list(found: &Retrieval, name: &str, title: &str, drugs: &[&DrugFigures], n: &str) -> Table {
    let row = |drug: &&DrugFigures| {
        let (auc, median) = (figure(drug.auc_quantile), figure(drug.median_q));
        vec![drug.drug.clone(), auc, median, thousands(drug.queries), thousands(drug.positives)]
    };
    let caption = match &found.split {
        Some(split) if split.sets > 1 => "A drug in several held-out sets is counted in each.",
        _ => "",
    };
    Table {
        heading: Heading::new(name, title).caption(caption).n(n),
        columns: [Column::text("drug")]
            .into_iter()
            .chain(["AUC", "median q", "queries", "pairs"].map(Column::number))
            .collect(),
        rows: drugs.iter().map(row).collect(),
        highlighted: None,
    }
}
