//! Tables, and lists of facts.

use super::html::{Heading, Numbers, caption, escape};

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Stands in the header.
    pub name: String,
    /// Whether it holds numbers, which are aligned on the right.
    pub numbers: bool,
}

impl Column {
    /// Returns a column of text.
    pub fn text(name: &str) -> Self {
        Self { name: name.to_owned(), numbers: false }
    }

    /// Returns a column of numbers.
    pub fn number(name: &str) -> Self {
        Self { numbers: true, ..Self::text(name) }
    }
}

/// Rows under a header. The first column names the row and stays in sight when the table is scrolled sideways.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Title, caption, N.
    pub heading: Heading,
    /// The header.
    pub columns: Vec<Column>,
    /// Texts in the order of the columns; missing ones are empty, surplus ones are not shown.
    pub rows: Vec<Vec<String>>,
    /// The row to look at first, from 0.
    pub highlighted: Option<usize>,
}

impl Table {
    /// A table that is sortable gets its tools from the script of the page.
    pub(super) fn html(&self, numbers: &mut Numbers, sortable: bool) -> String {
        let (id, number) = (numbers.id(&self.heading.name), numbers.table());
        let tools = if sortable { " data-sortable" } else { "" };
        let head: String =
            self.columns.iter().map(|column| cell("th scope=\"col\"", "th", column, &column.name)).collect();
        let rows: String = self.rows.iter().enumerate().map(|(i, row)| self.row(i, row)).collect();
        let body = if self.rows.is_empty() || self.columns.is_empty() {
            "<p class=\"nothing\">nothing to show: the table has no row</p>\n".to_owned()
        } else {
            format!(
                "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\">\n<table>\n<thead><tr>{head}</tr></thead>\n\
                 <tbody>\n{rows}</tbody>\n</table>\n</div>\n",
                escape(&self.heading.title)
            )
        };
        format!(
            "<div class=\"table\" id=\"{id}\"{tools}>\n<h3>{}</h3>\n{body}<p class=\"caption\"><b>Table {number}.</b> {}</p>\n</div>\n",
            escape(&self.heading.title),
            caption(&self.heading)
        )
    }

    fn row(&self, index: usize, row: &[String]) -> String {
        let texts = row.iter().map(String::as_str).chain(std::iter::repeat(""));
        let cells = self.columns.iter().zip(texts).enumerate().map(|(i, (column, text))| {
            if i == 0 { cell("th scope=\"row\"", "th", column, text) } else { cell("td", "td", column, text) }
        });
        let class = if self.highlighted == Some(index) { " class=\"highlighted\"" } else { "" };
        format!("<tr{class}>{}</tr>\n", cells.collect::<String>())
    }
}

fn cell(open: &str, close: &str, column: &Column, text: &str) -> String {
    let class = if column.numbers { " class=\"number\"" } else { "" };
    format!("<{open}{class}>{}</{close}>", escape(text))
}

/// Names and values, such as a command, versions and digests.
pub(super) fn facts(facts: &[(String, String)]) -> String {
    let items =
        facts.iter().map(|(name, value)| format!("<dt>{}</dt><dd>{}</dd>\n", escape(name), escape(value)));
    format!("<dl class=\"facts\">\n{}</dl>\n", items.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::{Column, Table};
    use crate::page::Heading;
    use crate::page::html::Numbers;

    fn html(rows: Vec<Vec<String>>) -> String {
        let columns = vec![Column::text("method"), Column::number("AUC")];
        let table =
            Table { heading: Heading::new("figures", "Figures"), columns, rows, highlighted: Some(0) };
        table.html(&mut Numbers::default(), false)
    }

    #[test]
    fn ragged_rows_are_filled_and_cut() {
        let html = html(vec![vec!["<a>".into()], vec!["b".into(), "1".into(), "surplus".into()]]);
        assert!(html.contains("<th scope=\"row\">&lt;a&gt;</th><td class=\"number\"></td>"));
        assert!(!html.contains("surplus"));
    }

    #[test]
    fn an_empty_table_says_so() {
        assert!(html(Vec::new()).contains("nothing to show"));
    }
}
