//! A retrieval as one line a figure.

use std::io::{self, Write};

use super::words::{Method, methods};
use crate::report::words::ends;
use crate::report::write_cells;
use crate::study::{Outcome, Retrieval};

/// Writes a retrieval as one line a figure under a header: system (the embedding or a baseline), part of the pairs (empty
/// for all, else such as `cell line of the pair=same`), name of the figure as in the JSON, value, and the ends of its 95 %
/// interval (empty where there is none). `curve.X` is the recall at quantile X; `difference.NAME` of a baseline is the
/// embedding's figure minus the baseline's. What does not exist is empty; cells are written by [`write_cells`].
pub(super) fn write(out: &mut dyn Write, found: &Retrieval) -> io::Result<()> {
    writeln!(out, "system\tpart\tfigure\tvalue\tlow\thigh")?;
    for method in methods(found) {
        let mut lines = all_pairs(method.outcome);
        lines.extend(parts(method.outcome));
        lines.iter().try_for_each(|line| line.write(out, method))?;
    }
    for baseline in &found.baselines {
        let method = Method { name: &baseline.name, outcome: &baseline.outcome };
        for (name, &[value, low, high]) in &baseline.difference {
            Line::new(format!("difference.{name}"), value).between([low, high]).write(out, method)?;
        }
    }
    Ok(())
}

struct Line {
    part: String,
    figure: String,
    value: f64,
    ends: Option<[f64; 2]>,
}

impl Line {
    fn new(figure: impl Into<String>, value: f64) -> Self {
        Self { part: String::new(), figure: figure.into(), value, ends: None }
    }

    fn between(self, ends: [f64; 2]) -> Self {
        Self { ends: Some(ends), ..self }
    }

    fn write(&self, out: &mut dyn Write, method: Method<'_>) -> io::Result<()> {
        let [low, high] = ends(self.ends).map_or_else(Default::default, |ends| ends.map(number));
        write_cells(out, [method.name, &self.part, &self.figure, &number(self.value), &low, &high])
    }
}

fn number(value: f64) -> String {
    match value {
        value if !value.is_finite() => String::new(),
        value if value.fract() == 0.0 => format!("{value:.0}"),
        value => format!("{value:.6}"),
    }
}

fn all_pairs(outcome: &Outcome) -> Vec<Line> {
    let mut lines = vec![
        Line::new("queries", outcome.queries as f64),
        Line::new("positives", outcome.positives as f64),
        Line::new("negatives_mean", outcome.negatives_mean),
        Line::new("drugs", outcome.drugs as f64),
        Line::new("labels", outcome.labels as f64),
    ];
    for (part, means) in [("micro", &outcome.micro), ("macro", &outcome.per_label)] {
        lines.extend(means.recall.iter().map(|(x, recall)| Line::new(format!("{part}.recall.{x}"), *recall)));
        lines.push(Line::new(format!("{part}.median_q"), means.median_q));
        lines.push(Line::new(format!("{part}.auc_quantile"), means.auc_quantile));
    }
    lines.extend(outcome.auc_roc.map(|auc| Line::new("micro.auc_roc", auc)));
    lines.extend(outcome.mcc.map(|mcc| Line::new("micro.mcc", mcc)));
    lines.push(Line::new("mean_query_median_q", outcome.mean_query_median_q));
    lines.push(Line::new("mrr", outcome.mrr));
    lines.extend(outcome.hits.iter().map(|(k, share)| Line::new(format!("hits.{k}"), *share)));
    lines.iter_mut().for_each(|line| line.ends = outcome.interval(&line.figure));
    let curve = outcome.curve.iter();
    lines.extend(curve.map(|(x, recall)| {
        Line::new(format!("curve.{}", short(*x)), recall.value).between([recall.low, recall.high])
    }));
    lines
}

/// Six digits, none that says nothing.
fn short(x: f64) -> String {
    format!("{x:.5e}").parse().map_or_else(|_| String::new(), |rounded: f64| rounded.to_string())
}

fn parts(outcome: &Outcome) -> Vec<Line> {
    let lines = outcome.strata.iter().flat_map(|stratum| {
        let auc = Line::new("micro.auc_quantile", stratum.auc_quantile).between(stratum.interval);
        let recalls =
            stratum.recall.iter().map(|(x, recall)| Line::new(format!("micro.recall.{x}"), *recall));
        let per_drug = Line::new("auc_per_drug", stratum.auc_per_drug).between(stratum.interval_per_drug);
        let lines =
            [Line::new("positives", stratum.positives as f64), auc, per_drug].into_iter().chain(recalls);
        let part = format!("{}={}", stratum.of, stratum.part);
        lines.map(move |line| Line { part: part.clone(), ..line })
    });
    lines.collect()
}
