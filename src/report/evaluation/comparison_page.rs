//! Several results as a page.

use super::retrieval_page::section;
use super::words::{ends, sentence, to_interval};
use crate::report::page::{
    Axis, Bars, Block, Column, Group, Heading, Interval, Page, Section, Table, thousands,
};

/// A result that stands beside others.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// What was evaluated.
    pub name: String,
    /// What was asked, and of which held-out sets. Only results of one question are put beside each other.
    pub question: String,
    /// Pairs that it rests on.
    pub pairs: u64,
    /// Name, value and 95 % interval of each figure.
    pub figures: Vec<(String, f64, Option<[f64; 2]>)>,
}

/// Puts results beside each other, a section for each question, in the order in which they come.
pub fn comparison_page(results: &[Compared]) -> Page {
    let mut questions: Vec<&str> = Vec::new();
    for result in results {
        if !questions.contains(&result.question.as_str()) {
            questions.push(&result.question);
        }
    }
    let mut sections = vec![section("How to read this", vec![Block::Text(READING.to_owned())])];
    sections.extend(questions.iter().map(|question| compared(question, results)));
    let subtitle = match questions.len() {
        1 => sentence(&format!("{} results of one question", results.len())),
        several => sentence(&format!("{} results of {several} questions", results.len())),
    };
    Page { title: "Results beside each other".to_owned(), subtitle, sections }
}

const READING: &str = "Results stand together where they answer the same question on the same held-out sets. Each interval \
                       tells how far that result would move with other drugs. Intervals that do not overlap tell two \
                       results apart; of those that do, nothing is said: for that the difference itself needs an interval, \
                       drug by drug, as every single result has it for its baselines.";

fn compared(question: &str, results: &[Compared]) -> Section {
    let results: Vec<&Compared> = results.iter().filter(|result| result.question == question).collect();
    let mut names: Vec<&str> = Vec::new();
    for (name, ..) in results.iter().flat_map(|result| &result.figures) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let bars = names.iter().map(|name| Block::Bars(bars(name, &results)));
    section(question, bars.chain([Block::Table(table(&names, &results))]).collect())
}

fn figure_of(result: &Compared, name: &str) -> Option<(f64, Option<[f64; 2]>)> {
    let (_, value, interval) = result.figures.iter().find(|(own, ..)| own == name)?;
    Some((*value, ends(*interval)))
}

fn bars(name: &str, results: &[&Compared]) -> Bars {
    let groups = results.iter().map(|result| Group {
        name: result.name.clone(),
        n: result.pairs,
        values: vec![
            figure_of(result, name)
                .map(|(value, ends)| Interval { value, ends: ends.map(|[low, high]| (low, high)) }),
        ],
    });
    Bars {
        heading: Heading::new(name, name),
        x: Axis::linear(name),
        unit: "pairs".to_owned(),
        series: vec!["with 95 % interval".to_owned()],
        groups: groups.collect(),
        reference: None,
    }
}

fn table(names: &[&str], results: &[&Compared]) -> Table {
    let row = |result: &&Compared| {
        let figure = |name: &&str| {
            figure_of(result, name).map(|(value, ends)| to_interval(value, ends)).unwrap_or_default()
        };
        let head = [result.name.clone(), thousands(result.pairs)].into_iter();
        head.chain(names.iter().map(figure)).collect()
    };
    let columns = [Column::text("result"), Column::number("pairs")].into_iter();
    Table {
        heading: Heading::new("results", "All figures").caption("In brackets: 95 % intervals over drugs."),
        columns: columns.chain(names.iter().map(|name| Column::number(name))).collect(),
        rows: results.iter().map(row).collect(),
        highlighted: None,
    }
}
