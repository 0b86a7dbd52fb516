//! The figures of a retrieval.

use crate::page::{Axis, Bars, Bins, Block, Group, Heading, Histogram, Interval, Lines, Series, thousands};
use crate::report::retrieval::words::{Method, beside, methods, negatives};
use crate::report::words::{ends, figure};
use crate::study::{Outcome, Retrieval, Stratum};

/// What shows how far down the ranking positives lie.
pub(super) fn ranking(found: &Retrieval) -> Vec<Block> {
    let text = "The quantile of a positive is the share of negatives that are more similar to the query than it is: 0 is \
                best, and by chance it is anything from 0 to 1, 0.5 on average.";
    vec![
        Block::Text(text.to_owned()),
        Block::Lines(recall(found)),
        Block::Lines(roc(found)),
        Block::Histogram(histogram(found)),
    ]
}

fn pairs(outcome: &Outcome) -> String {
    format!("{} pairs of {} drugs", thousands(outcome.positives), thousands(outcome.drugs as u64))
}

fn recall(found: &Retrieval) -> Lines {
    let curve = |(at, method): (usize, Method<'_>)| {
        let curve = &method.outcome.curve;
        let banded = curve.iter().filter(|(_, recall)| recall.low.is_finite() && recall.high.is_finite());
        Series {
            name: method.name.to_owned(),
            points: curve.iter().map(|(x, recall)| (*x, recall.value)).collect(),
            band: if at == 0 {
                banded.map(|(x, recall)| (*x, recall.low, recall.high)).collect()
            } else {
                Vec::new()
            },
        }
    };
    let first = found.outcome.curve.first().map_or(1e-3, |(x, _)| *x);
    let caption = "The share of positives with less than a share x of the negatives before them; further up and to the \
                   left is better. The band is the 95 % interval over drugs. Left of the dotted line, x is finer than \
                   one negative.";
    Lines {
        heading: Heading::new("recall-curve", "Positives found, by how far one looks")
            .caption(caption)
            .n(&format!("{}, {} negatives a query", pairs(&found.outcome), negatives(&found.outcome))),
        x: Axis::log("quantile x").within(first, 1.0),
        y: Axis::linear("recall: share of positives below x").within(0.0, 1.0),
        series: methods(found).into_iter().enumerate().map(curve).collect(),
        diagonal: Some("chance".to_owned()),
        verticals: vec![(1.0 / found.outcome.negatives_mean, "1/N".to_owned())],
    }
}

fn roc(found: &Retrieval) -> Lines {
    let areas = methods(found).into_iter().filter_map(|method| {
        let auc = method.outcome.auc_roc?;
        Some(format!("{} {}", method.name, figure(auc)))
    });
    let areas: Vec<String> = areas.collect();
    let caption = format!(
        "One threshold of similarity for all queries: the share of positives above it by the share of negatives above \
         it. Areas under the curves: {}.",
        areas.join(", ")
    );
    let curve = |method: Method<'_>| Series::new(method.name, method.outcome.roc.clone());
    Lines {
        heading: Heading::new("roc", "One threshold for all queries (ROC)")
            .caption(&caption)
            .n(&pairs(&found.outcome)),
        x: Axis::linear("false positive rate").within(0.0, 1.0),
        y: Axis::linear("true positive rate").within(0.0, 1.0),
        series: methods(found).into_iter().map(curve).collect(),
        diagonal: Some("chance".to_owned()),
        verticals: Vec::new(),
    }
}

fn histogram(found: &Retrieval) -> Histogram {
    let embedding = Bins { name: found.embedding.clone(), counts: found.outcome.histogram.clone() };
    let other = beside(found).map(|b| Bins { name: b.name.clone(), counts: b.outcome.histogram.clone() });
    let bins = found.outcome.histogram.len().max(1);
    Histogram {
        heading: Heading::new("quantile-histogram", "Where positives are ranked")
            .caption("A good embedding piles positives up on the left; chance spreads them evenly.")
            .n(&pairs(&found.outcome)),
        x: "quantile".to_owned(),
        y: "share of positives".to_owned(),
        range: (0.0, 1.0),
        series: std::iter::once(embedding).chain(other).collect(),
        expected: Some(("spread evenly (chance)".to_owned(), 1.0 / bins as f64)),
    }
}

/// Parts of the pairs, one row each.
pub(super) fn strata(found: &Retrieval) -> Vec<Block> {
    let negatives = if found.across_sources { "" } else { " Negatives are the same for all parts." };
    let caption = format!(
        "The AUC of parts of the pairs, with 95 % intervals over drugs. Pairs of one cell line share more than the drug, so \
         those of different cell lines are the harder test.{negatives}"
    );
    let heading = Heading::new("strata", "AUC by part of the pairs").caption(&caption);
    let all = found.outcome.strata.iter();
    let over_pairs = |stratum: &Stratum| (stratum.positives, stratum.auc_quantile, stratum.interval);
    let mut blocks = vec![parts(found, heading.n(&pairs(&found.outcome)), ("AUC", "pairs"), all, over_pairs)];
    let mut by_source = found.outcome.strata.iter().filter(|stratum| stratum.is_by_source()).peekable();
    if by_source.peek().is_some() {
        let caption = "The AUC of each drug by itself, averaged over drugs, so that every drug weighs alike, with 95 % \
                       intervals over drugs. A pair of two sources shares no plate, day or pipeline.";
        let heading = Heading::new("sources", "Macro AUC within and across sources").caption(caption);
        let heading = heading.n(&format!("{} drugs", thousands(found.outcome.drugs as u64)));
        let over_drugs =
            |stratum: &Stratum| (stratum.drugs as u64, stratum.auc_per_drug, stratum.interval_per_drug);
        blocks.push(parts(found, heading, ("macro AUC", "drugs"), by_source, over_drugs));
    }
    blocks
}

/// Bars of some parts of the pairs, given how many there are, the figure, and its interval.
fn parts<'a>(
    found: &'a Retrieval,
    heading: Heading,
    (x, unit): (&str, &str),
    strata: impl Iterator<Item = &'a Stratum>,
    figure: impl Fn(&Stratum) -> (u64, f64, [f64; 2]),
) -> Block {
    let methods = methods(found);
    let value = |outcome: &Outcome, stratum: &Stratum| {
        let (_, value, interval) = figure(outcome.part_like(stratum)?);
        Some(Interval { value, ends: ends(Some(interval)).map(|[low, high]| (low, high)) })
    };
    let group = |stratum: &Stratum| Group {
        name: format!("{}: {}", stratum.of, stratum.part),
        n: figure(stratum).0,
        values: methods.iter().map(|method| value(method.outcome, stratum)).collect(),
    };
    Block::Bars(Bars {
        groups: strata.map(group).collect(),
        heading,
        x: Axis::linear(x),
        unit: unit.to_owned(),
        series: methods.iter().map(|method| method.name.to_owned()).collect(),
        reference: Some((0.5, "chance".to_owned())),
    })
}
