//! One self-contained HTML page of figures, tables and text, for the results of an evaluation.
//!
//! Figures are SVG and styled tables, colours follow the reader's light or dark theme, and nothing is loaded from
//! anywhere: the page can be mailed, archived and opened without a network. It can be read without scripts; the few
//! lines it has show names at once, under a mouse and under a finger.
//!
//! | file | responsibility |
//! |---|---|
//! | `html` | escaping, numbers as text, the frame of a figure |
//! | `axis`, `panel` | ranges and ticks; what curves and histograms are drawn in |
//! | `marker` | the shapes that distinguish series beside their colours |
//! | `lines`, `histogram`, `bars`, `matrix`, `heat_map`, `map` | one kind of figure each |
//! | `table` | tables and lists of facts |
//! | `page.css`, `page.js` | looks; names on hover and tap |
//!
//! A figure never fails: where there is nothing to draw it says so and why.
//!
//! ```
//! use l1kdb::page::{Axis, Block, Heading, Lines, Page, Section, Series};
//!
//! let roc = Lines {
//!     heading: Heading::new("roc", "ROC").caption("Above the diagonal is better than chance.").n("120 pairs"),
//!     x: Axis::linear("false positive rate").within(0.0, 1.0),
//!     y: Axis::linear("true positive rate").within(0.0, 1.0),
//!     series: vec![Series::new("embedding", vec![(0.0, 0.0), (0.2, 0.7), (1.0, 1.0)])],
//!     diagonal: Some("chance".into()),
//!     verticals: Vec::new(),
//! };
//! let sections = vec![Section::new("Retrieval", vec![Block::Lines(roc)])];
//! let page = Page { title: "Evaluation".into(), subtitle: "of nothing in particular".into(), sections };
//! let mut html = Vec::new();
//! page.write(&mut html)?;
//! assert!(String::from_utf8_lossy(&html).contains("data-figure=\"roc\""));
//! # Ok::<(), std::io::Error>(())
//! ```

mod axis;
mod bars;
mod heat_map;
mod histogram;
mod html;
mod lines;
mod map;
mod marker;
mod matrix;
mod panel;
mod table;

use std::io::{self, Write};

pub use axis::{Axis, Scale};
pub use bars::{Bars, Group, Interval};
pub use heat_map::{HeatMap, HeatRow};
pub use histogram::{Bins, Histogram};
pub use html::Heading;
pub use lines::{Lines, Series};
pub use map::{Map, MapPoint};
pub use matrix::{Class, Matrix};
pub use table::{Column, Table};

pub(crate) use html::thousands;
use html::{Numbers, escape, figure};

/// Looks, for screens of any width, light and dark, and for paper.
const STYLE: &str = include_str!("page.css");
/// Shows the name of what is pointed at. The page is complete without it.
const SCRIPT: &str = include_str!("page.js");
/// Forbids the page to load anything, whatever a name in it may contain.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

/// A page of sections. All text is plain and is escaped when written.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The heading, also the title of the window.
    pub title: String,
    /// One line below it.
    pub subtitle: String,
    /// In order of appearance; listed at the top when there are several.
    pub sections: Vec<Section>,
}

/// Blocks under a heading.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// The heading.
    pub title: String,
    /// In order of appearance. Figures that follow each other stand side by side where the screen is wide enough.
    pub blocks: Vec<Block>,
}

/// Something on a page.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// Paragraphs, separated by empty lines.
    Text(String),
    /// What the reader must not miss.
    Warning(String),
    /// Names and values, such as command, versions and digests. Long values wrap.
    Facts(Vec<(String, String)>),
    /// Rows under a header.
    Table(Table),
    /// Rows that can be sorted, searched and copied, where scripts run.
    Sortable(Table),
    /// Curves.
    Lines(Lines),
    /// Values with intervals, by group.
    Bars(Bars),
    /// Counts in bins.
    Histogram(Histogram),
    /// A confusion matrix.
    Matrix(Matrix),
    /// Values above and below 0 as shades.
    HeatMap(HeatMap),
    /// Named points in two dimensions.
    Map(Map),
}

impl Page {
    /// Writes the page as one HTML file in UTF-8. The same page gives the same bytes.
    ///
    /// # Errors
    /// When `out` refuses.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut numbers = Numbers::default();
        let sections: Vec<(String, &Section)> =
            self.sections.iter().map(|section| (numbers.id(&section.title), section)).collect();
        self.head(out)?;
        contents(out, &sections)?;
        for (id, section) in sections {
            section.write(out, &id, &mut numbers)?;
        }
        write!(out, "</main>\n<div id=\"tip\" role=\"status\" hidden></div>\n<script>{SCRIPT}</script>\n")?;
        writeln!(out, "</body>\n</html>")
    }

    fn head(&self, out: &mut dyn Write) -> io::Result<()> {
        let (title, subtitle) = (escape(&self.title), escape(&self.subtitle));
        write!(
            out,
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <link rel=\"icon\" href=\"data:,\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n\
             <body>\n<main>\n<header>\n<h1>{title}</h1>\n<p>{subtitle}</p>\n"
        )
    }
}

fn contents(out: &mut dyn Write, sections: &[(String, &Section)]) -> io::Result<()> {
    if sections.len() > 1 {
        write!(out, "<nav aria-label=\"Contents\">")?;
        for (id, section) in sections {
            write!(out, "<a href=\"#{id}\">{}</a> ", escape(&section.title))?;
        }
        writeln!(out, "</nav>")?;
    }
    writeln!(out, "</header>")
}

impl Section {
    /// Puts blocks under a heading.
    pub fn new(title: &str, blocks: Vec<Block>) -> Self {
        Self { title: title.to_owned(), blocks }
    }

    fn write(&self, out: &mut dyn Write, id: &str, numbers: &mut Numbers) -> io::Result<()> {
        writeln!(out, "<section id=\"{id}\">\n<h2>{}</h2>", escape(&self.title))?;
        for run in self.blocks.chunk_by(|one, next| one.is_figure() == next.is_figure()) {
            let (open, close) =
                if run[0].is_figure() { ("<div class=\"figures\">\n", "</div>\n") } else { ("", "") };
            out.write_all(open.as_bytes())?;
            for block in run {
                out.write_all(block.html(numbers).as_bytes())?;
            }
            out.write_all(close.as_bytes())?;
        }
        writeln!(out, "</section>")
    }
}

impl Block {
    fn is_figure(&self) -> bool {
        !matches!(
            self,
            Self::Text(_) | Self::Warning(_) | Self::Facts(_) | Self::Table(_) | Self::Sortable(_)
        )
    }

    fn html(&self, numbers: &mut Numbers) -> String {
        match self {
            Self::Text(text) => paragraphs(text),
            Self::Warning(text) => {
                format!("<aside role=\"note\" class=\"warning\">\n{}</aside>\n", paragraphs(text))
            }
            Self::Facts(facts) => table::facts(facts),
            Self::Table(table) => table.html(numbers, false),
            Self::Sortable(table) => table.html(numbers, true),
            Self::Lines(lines) => figure(lines, numbers),
            Self::Bars(bars) => figure(bars, numbers),
            Self::Histogram(histogram) => figure(histogram, numbers),
            Self::Matrix(matrix) => figure(matrix, numbers),
            Self::HeatMap(map) => figure(map, numbers),
            Self::Map(map) => figure(map, numbers),
        }
    }
}

fn paragraphs(text: &str) -> String {
    let whole = text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
    whole.map(|paragraph| format!("<p>{}</p>\n", escape(paragraph))).collect()
}

#[cfg(test)]
mod tests;
