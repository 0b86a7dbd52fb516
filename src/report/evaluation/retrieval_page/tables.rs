//! The tables of a retrieval.

use crate::eval::study::{DrugFigures, Retrieval};
use crate::report::evaluation::words::{
    COMPARED, RECALLS, System, Verdict, ends, figure, kind, optional, recall_name, signed, systems,
};
use crate::report::page::{Block, Column, Heading, Table, thousands};

/// Drugs at either end of the list.
const DRUGS: usize = 20;

/// All systems, and the differences between the first and the others.
pub(super) fn figures(found: &Retrieval) -> Vec<Block> {
    let mut blocks = vec![Block::Table(all(found))];
    if !found.baselines.is_empty() {
        blocks.push(Block::Table(differences(found)));
    }
    blocks
}

fn all(found: &Retrieval) -> Table {
    let kind = kind(&found.label);
    let finer = match found.outcome.finer_than_one_negative.is_empty() {
        true => "",
        false => " A star marks what is finer than one negative and means little.",
    };
    let caption = format!(
        "AUC: the mean share of negatives that are less similar to the query than a positive, 0.5 by chance; macro: every \
         {kind} weighs alike. Median q: the median quantile of positives, 0.5 by chance; per query: the mean of the \
         queries' own medians. Recall at x: the share of positives below quantile x.{finer} AUC ROC and MCC \
         (Matthews correlation): one threshold for all queries. Hits at 10: the share of queries with a positive before \
         all but 9 negatives. MRR: the mean of 1 / rank of a query's first positive. In brackets: 95 % intervals over \
         drugs."
    );
    let mut columns = vec![Column::text("system")];
    let recalls = RECALLS.map(|recall| format!("recall at {}", recall_name(found, recall)));
    let names =
        ["AUC", "macro AUC", "median q", "median q per query"].map(String::from).into_iter().chain(recalls);
    columns.extend(names.map(|name| Column::number(&name)));
    columns.extend(["AUC ROC", "MCC", "hits at 10", "MRR"].map(Column::number));
    Table {
        heading: Heading::new("systems", "The embedding and its baselines").caption(&caption),
        columns,
        rows: systems(found).into_iter().map(row).collect(),
        highlighted: Some(0),
    }
}

fn row(System { name, outcome }: System<'_>) -> Vec<String> {
    let mut row = vec![
        name.to_owned(),
        spread(outcome.micro.auc_quantile, outcome.interval("micro.auc_quantile")),
        spread(outcome.per_label.auc_quantile, outcome.interval("macro.auc_quantile")),
        figure(outcome.micro.median_q),
        figure(outcome.mean_query_median_q),
    ];
    row.extend(RECALLS.map(|(x, _)| optional(outcome.micro.recall.get(x).copied())));
    row.extend([outcome.micro.auc_roc, outcome.micro.mcc, outcome.hits.get("10").copied()].map(optional));
    row.push(figure(outcome.mrr));
    row[1..].iter_mut().for_each(|text| *text = minus(text));
    row
}

fn spread(value: f64, interval: Option<[f64; 2]>) -> String {
    match ends(interval) {
        Some([low, high]) => format!("{} ({low:.3} to {high:.3})", figure(value)),
        None => figure(value),
    }
}

/// A minus sign as wide as a plus sign.
fn minus(text: &str) -> String {
    text.replace('-', "\u{2212}")
}

fn differences(found: &Retrieval) -> Table {
    let mut rows = Vec::new();
    for baseline in &found.baselines {
        if baseline.difference.is_empty() {
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
