//! Values above and below 0 as shades: rows and columns with names, a number in every cell.

use super::html::{Figure, Heading, Nothing, Size, escape};

/// Values above and below 0, by row and column.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatMap {
    /// Title, caption, N.
    pub heading: Heading,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Rows, from top to bottom.
    pub rows: Vec<HeatRow>,
    /// What stands above the notes of rows; empty where they have none.
    pub note: String,
    /// What values are, such as `z-score`.
    pub unit: String,
    /// The value of the deepest shade; larger ones have the same.
    pub deepest: f64,
}

/// A row of a heat map.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatRow {
    /// Stands at its left.
    pub name: String,
    /// Stands at its right.
    pub note: String,
    /// One value a column; `None` where it does not exist.
    pub values: Vec<Option<f64>>,
}

/// Up to so many columns, two heat maps stand side by side.
const MEDIUM: usize = 8;
/// Shares of the deepest shade from which on text turns: in the dark theme at the first, in the light one at the second.
const MID: f64 = 55.0;
const DEEP: f64 = 75.0;

impl Figure for HeatMap {
    fn heading(&self) -> &Heading {
        &self.heading
    }

    fn size(&self) -> Size {
        if self.columns.len() <= MEDIUM { Size::Medium } else { Size::Large }
    }

    fn body(&self) -> Result<String, Nothing> {
        if self.rows.iter().flat_map(|row| &row.values).flatten().next().is_none() {
            return Err("there is no value");
        }
        let rows: String = self.rows.iter().map(|row| self.row(row)).collect();
        let (title, unit) = (escape(&self.heading.title), escape(&self.unit));
        let deepest = self.deepest;
        Ok(format!(
            "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{title}\">\n<table class=\"heat\">\n{}<tbody>\n\
             {rows}</tbody>\n</table>\n</div>\n<p class=\"shades\"><span>{unit} \u{2212}{deepest} and below</span><i class=\"both\">\
             </i><span>{deepest} and above</span></p>\n",
            self.head()
        ))
    }
}

impl HeatMap {
    fn head(&self) -> String {
        let cell = |name: &String| format!("<th scope=\"col\"><span>{}</span></th>", escape(name));
        let columns: String = self.columns.iter().map(cell).collect();
        format!("<thead><tr><td></td>{columns}<th scope=\"col\">{}</th></tr></thead>\n", escape(&self.note))
    }

    fn row(&self, row: &HeatRow) -> String {
        let values = row.values.iter().copied().chain(std::iter::repeat(None));
        let cells: String =
            self.columns.iter().zip(values).map(|(column, value)| self.cell(row, column, value)).collect();
        format!(
            "<tr><th scope=\"row\">{}</th>{cells}<td class=\"n\">{}</td></tr>\n",
            escape(&row.name),
            escape(&row.note)
        )
    }

    fn cell(&self, row: &HeatRow, column: &str, value: Option<f64>) -> String {
        let Some(value) = value.filter(|value| value.is_finite()) else {
            return "<td class=\"none\">·</td>".to_owned();
        };
        let percent = (100.0 * value.abs() / self.deepest).clamp(0.0, 100.0);
        let side = if value < 0.0 { "down" } else { "up" };
        let depth = if percent >= DEEP {
            " deep"
        } else if percent >= MID {
            " mid"
        } else {
            ""
        };
        let title = escape(&format!("{}, {column}: {} {value:.2}", row.name, self.unit));
        format!(
            "<td class=\"{side}{depth}\" style=\"--p:{percent:.0}\" title=\"{title}\">{}</td>",
            tenths(value)
        )
    }
}

/// One decimal, and no minus before 0.
fn tenths(value: f64) -> String {
    let text = format!("{value:.1}");
    if text == "-0.0" { "0.0".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::{HeatMap, HeatRow};
    use crate::page::Heading;
    use crate::page::html::Figure;

    fn heat_map(values: Vec<Option<f64>>) -> HeatMap {
        HeatMap {
            heading: Heading::new("genes", "Genes"),
            columns: vec!["query".into(), "<hit>".into()],
            rows: vec![HeatRow { name: "CCNB1".into(), note: "+0.03".into(), values }],
            note: "contribution".into(),
            unit: "z-score".into(),
            deepest: 4.0,
        }
    }

    #[test]
    fn a_cell_tells_its_side_and_depth_and_value() {
        let body = heat_map(vec![Some(-1.0), Some(9.0)]).body().unwrap();
        assert!(
            body.contains(
                "<td class=\"down\" style=\"--p:25\" title=\"CCNB1, query: z-score -1.00\">-1.0</td>"
            )
        );
        assert!(body.contains("<td class=\"up deep\" style=\"--p:100\"") && body.contains("&lt;hit&gt;"));
    }

    #[test]
    fn missing_values_leave_their_cells_and_nothing_is_said_to_be_nothing() {
        let body = heat_map(vec![Some(f64::NAN), Some(1.0)]).body().unwrap();
        assert_eq!(body.matches("class=\"none\"").count(), 1);
        assert!(heat_map(vec![Some(2.0)]).body().unwrap().contains("class=\"none\""));
        assert!(heat_map(vec![None, None]).body().is_err());
    }
}
