//! An index of many answers.

use crate::page::{Column, Heading, Table};
use crate::question::Overview;

pub(super) fn table(overviews: &[Overview]) -> Table {
    let columns = [
        Column::text("query"),
        Column::text("first hit"),
        Column::number("score"),
        Column::number("p"),
        Column::text("first class"),
        Column::number("doubts"),
    ];
    Table {
        heading: Heading::new("index", "Queries")
            .caption("Each query has a section below, under its own name; the list at the top of the page leads there."),
        columns: columns.into(),
        rows: overviews.iter().map(row).collect(),
        highlighted: None,
    }
}

fn row(overview: &Overview) -> Vec<String> {
    let first = overview.hits.first();
    let p = first.and_then(|hit| hit.further.iter().find(|score| score.name == "p")?.value);
    let class = overview.classes.first().map(|class| format!("{} {}", class.kind, class.names.join(", ")));
    vec![
        overview.query.clone(),
        first.map_or_else(|| "nothing".to_owned(), |hit| hit.drug.clone()),
        first.map_or_else(String::new, |hit| format!("{:.3}", hit.score)),
        p.map_or_else(String::new, |p| format!("{p:.2e}")),
        class.unwrap_or_default(),
        overview.doubts.len().to_string(),
    ]
}
