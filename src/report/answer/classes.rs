//! Classes at the top of an answer.

use crate::annotate::AtcNames;
use crate::enrichment::{ClassHit, ClassKind};
use crate::page::{Axis, Bars, Block, Column, Group, Heading, Interval, Table};
use crate::question::Overview;
use crate::report::hits::{called, rate, spoken};
use crate::report::words::sentence;

const BARS: &str = "The mean of the best quarter of the scores of a class's drugs, in standard deviations over all drugs; n is the number \
                    of its drugs. The most significant come first.";
const READING: &str = "p is the share of reference queries, of drugs of other classes, for which the class scores as high: members of a \
                       class resemble each other, so that shuffled labels would call far too many. q is the false discovery rate among \
                       classes of its kind. NES is the normalised enrichment score of gene set enrichment analysis.";
const CALLS: &str = "What the query's own drug may be, by the drugs at the top of the answer; the probability is calibrated on drugs \
                     that it was not fitted to.";

pub(super) fn blocks(overview: &Overview, names: &AtcNames) -> Vec<Block> {
    if overview.classes.is_empty() {
        return Vec::new();
    }
    let mut blocks =
        vec![Block::Bars(bars(&overview.classes, names)), Block::Sortable(table(&overview.classes, names))];
    if !overview.calls.is_empty() {
        blocks.push(Block::Text(CALLS.to_owned()));
        blocks.extend(overview.calls.iter().map(|call| Block::Text(sentence(&called(call, names)))));
    }
    blocks
}

fn bars(classes: &[ClassHit], names: &AtcNames) -> Bars {
    let group = |class: &ClassHit| Group {
        name: name(class, names),
        n: class.drugs as u64,
        values: vec![Some(Interval {
            value: f64::from(class.score),
            ends: Some((0.0, f64::from(class.score))),
        })],
    };
    Bars {
        heading: Heading::new("classes", "Classes at the top").caption(BARS),
        x: Axis::linear("score of the class"),
        unit: "drugs".to_owned(),
        series: vec!["class".to_owned()],
        groups: classes.iter().map(group).collect(),
        reference: Some((0.0, "mean of all drugs".to_owned())),
    }
}

fn table(classes: &[ClassHit], names: &AtcNames) -> Table {
    let columns = [
        Column::text("class"),
        Column::text("kind"),
        Column::number("drugs"),
        Column::number("score"),
        Column::number("p"),
        Column::number("q"),
        Column::number("NES"),
        Column::text("deepest"),
        Column::text("leading drugs"),
    ];
    let row = |class: &ClassHit| {
        vec![
            name(class, names),
            class.kind.to_string(),
            class.drugs.to_string(),
            format!("{:.2}", class.score),
            rate(class.p),
            rate(class.q),
            class.nes.map_or_else(String::new, |nes| format!("{nes:.2}")),
            class.is_deepest.map_or("", |is| if is { "yes" } else { "no" }).to_owned(),
            class.leading_edge.join(", "),
        ]
    };
    Table {
        heading: Heading::new("class-table", "Classes").caption(READING),
        columns: columns.into(),
        rows: classes.iter().map(row).collect(),
        highlighted: None,
    }
}

/// Codes with what they are called.
fn name(class: &ClassHit, names: &AtcNames) -> String {
    let called = match class.kind {
        ClassKind::Atc => class.names.last().and_then(|code| names.name(code)).map(spoken),
        ClassKind::Mechanism | ClassKind::Target => None,
    };
    let codes = class.names.join(", ");
    called.map_or_else(|| codes.clone(), |called| format!("{codes} {called}"))
}
