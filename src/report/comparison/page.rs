//! Several embeddings on one split, as a page.

use crate::page::{Axis, Bars, Block, Column, Group, Heading, Interval, Page, Section, Table, thousands};
use crate::report::Provenance;
use crate::report::words::{ends, sentence, signed, to_interval};
use crate::study::{Compared, Comparison};

/// Figures that are drawn; the table has all.
const DRAWN: [(&str, &str, &str); 3] = [
    ("micro.auc_quantile", "auc", "AUC, all pairs alike"),
    ("macro.auc_quantile", "macro-auc", "AUC, every drug alike"),
    ("micro.recall.0.01", "recall", "Recall at 0.01, all pairs alike"),
];

const READING: &str = "All results answer the same question on the same held-out sets. Each interval tells how far a figure \
                       would move with other drugs; two that overlap may still differ for sure, since the same drugs are \
                       hard for both. The differences to the first result are therefore resampled drug by drug, with intervals of \
                       their own: where one leaves out 0, the two results differ.";

/// Puts results beside each other, and their differences to the first.
pub(super) fn page(comparison: &Comparison, provenance: &Provenance) -> Page {
    let names: Vec<&str> = comparison.embeddings.iter().map(|embedding| embedding.name.as_str()).collect();
    let bars = DRAWN.iter().filter_map(|drawn| bars(comparison, drawn)).map(Block::Bars);
    let mut facts = vec![
        ("question".to_owned(), format!("{}, {} level", comparison.label, comparison.level)),
        ("split".to_owned(), comparison.split.clone().unwrap_or_else(|| "none".to_owned())),
    ];
    facts.extend(provenance.facts());
    Page {
        title: names.join(" and "),
        subtitle: sentence(&format!(
            "{} drugs, {} pairs",
            thousands(comparison.drugs as u64),
            thousands(comparison.positives)
        )),
        sections: vec![
            Section::new("How to read this", vec![Block::Text(READING.to_owned())]),
            Section::new("Figures", bars.chain([Block::Table(values(comparison))]).collect()),
            differences(comparison),
            Section::new("How it was done", vec![Block::Facts(facts)]),
        ],
    }
}

fn bars(comparison: &Comparison, (figure, name, title): &(&str, &str, &str)) -> Option<Bars> {
    let at = comparison.figures.iter().position(|own| own == figure)?;
    let group = |embedding: &Compared| {
        let [value, low, high] = embedding.values[at];
        let ends = ends(Some([low, high])).map(|[low, high]| (low, high));
        Group {
            name: embedding.name.clone(),
            n: comparison.positives,
            values: vec![Some(Interval { value, ends })],
        }
    };
    let chance = figure.ends_with("auc_quantile").then(|| (0.5, "chance".to_owned()));
    Some(Bars {
        heading: Heading::new(name, title).caption("Value and 95 % interval over drugs of each result.").n(
            &format!(
                "{} pairs of {} drugs",
                thousands(comparison.positives),
                thousands(comparison.drugs as u64)
            ),
        ),
        x: Axis::linear(title),
        unit: "pairs".to_owned(),
        series: vec!["with 95 % interval".to_owned()],
        groups: comparison.embeddings.iter().map(group).collect(),
        reference: chance,
    })
}

fn values(comparison: &Comparison) -> Table {
    table(comparison, "results", "All figures", &comparison.embeddings, |embedding, at| {
        let [value, low, high] = embedding.values[at];
        to_interval(value, Some([low, high]))
    })
}

fn differences(comparison: &Comparison) -> Section {
    let others = comparison.embeddings.get(1..).unwrap_or_default();
    let first = comparison.embeddings.first().map_or("the first", |embedding| &embedding.name);
    let title = format!("Minus {first}");
    let table =
        table(comparison, "differences", &title, others, |embedding, at| signed(embedding.differences[at]));
    Section::new("Differences", vec![Block::Table(table)])
}

/// Figures as rows, embeddings as columns.
fn table(
    comparison: &Comparison,
    name: &str,
    title: &str,
    embeddings: &[Compared],
    cell: impl Fn(&Compared, usize) -> String,
) -> Table {
    let row = |(at, figure): (usize, &String)| {
        let cells = embeddings.iter().map(|embedding| cell(embedding, at));
        std::iter::once(figure.clone()).chain(cells).collect()
    };
    let columns = std::iter::once(Column::text("figure"));
    Table {
        heading: Heading::new(name, title).caption("In brackets: 95 % intervals over drugs."),
        columns: columns.chain(embeddings.iter().map(|embedding| Column::number(&embedding.name))).collect(),
        rows: comparison.figures.iter().enumerate().map(row).collect(),
        highlighted: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_stand_beside_each_other_with_their_differences() {
        let embedding = |name: &str, auc: f64, differences| Compared {
            name: name.into(),
            file: format!("{name}.json"),
            values: vec![[auc, auc - 0.1, auc + 0.1], [auc, f64::NAN, f64::NAN]],
            differences,
        };
        let comparison = Comparison {
            warnings: Vec::new(),
            label: "pert_iname".into(),
            level: "signature".into(),
            split: None,
            drugs: 12,
            positives: 1200,
            figures: vec!["micro.auc_quantile".into(), "macro.auc_quantile".into()],
            embeddings: vec![
                embedding("a", 0.8, Vec::new()),
                embedding("b", 0.7, vec![[-0.1, -0.15, -0.05], [-0.1, f64::NAN, f64::NAN]]),
            ],
        };
        let mut html = Vec::new();
        page(&comparison, &Provenance::default()).write(&mut html).unwrap();
        let html = String::from_utf8(html).unwrap();
        assert!(html.contains("0.800 (0.700 to 0.900)") && html.contains("0.100 ("), "{html}");
        assert!(!html.contains("NaN") && !html.contains("data-empty"));
        assert_eq!(html.matches("<figure ").count(), 2, "of the figures that are drawn, two are there");
    }
}
