//! Text in columns that together fit a width.

use std::io::{self, Write};

use crate::visible::{columns as columns_of, cut, visible};

/// On which side of its column a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Text.
    Left,
    /// Numbers.
    Right,
}

/// Columns do not shrink below this, so that something can be read in each.
const MIN_WIDTH: usize = 8;

/// Rows of text under a header, written once all are known.
///
/// ```
/// use l1kdb::report::{Align, Columns};
///
/// let mut columns = Columns::new(&[("drug", Align::Left), ("score", Align::Right)]);
/// columns.row(["vorinostat", "0.91"]);
/// let mut text = Vec::new();
/// columns.write(&mut text, 80)?;
/// assert_eq!(String::from_utf8_lossy(&text), "drug        score\nvorinostat   0.91\n");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Columns {
    aligns: Vec<Align>,
    rows: Vec<Vec<String>>,
}

impl Columns {
    /// Starts with a header.
    pub fn new(header: &[(&str, Align)]) -> Self {
        let aligns = header.iter().map(|(_, align)| *align).collect();
        Self { aligns, rows: vec![header.iter().map(|(name, _)| visible(name).into_owned()).collect()] }
    }

    /// Adds a row; its texts stand in the order of the header, as [`visible`] shows them.
    pub fn row<S: AsRef<str>>(&mut self, texts: impl IntoIterator<Item = S>) {
        self.rows.push(texts.into_iter().map(|text| visible(text.as_ref()).into_owned()).collect());
    }

    /// Writes header and rows. Where they are wider than `width`, the widest columns of text are cut with an ellipsis;
    /// a column that is empty in every row is left out.
    ///
    /// # Errors
    /// When `out` refuses.
    pub fn write(&self, out: &mut dyn Write, width: usize) -> io::Result<()> {
        let widths = self.fit(width);
        for row in &self.rows {
            let mut line = String::new();
            for ((text, width), align) in
                row.iter().zip(&widths).zip(&self.aligns).filter(|((_, w), _)| **w > 0)
            {
                if !line.is_empty() {
                    line.push_str("  ");
                }
                line.push_str(&placed(text, *width, *align));
            }
            writeln!(out, "{}", line.trim_end())?;
        }
        Ok(())
    }

    fn fit(&self, width: usize) -> Vec<usize> {
        let mut widths: Vec<usize> = (0..self.aligns.len()).map(|column| self.natural(column)).collect();
        let shown = widths.iter().filter(|width| **width > 0).count();
        let room = width.saturating_sub(2 * shown.saturating_sub(1));
        while widths.iter().sum::<usize>() > room {
            let text = (0..widths.len()).filter(|column| self.aligns[*column] == Align::Left);
            let Some(widest) =
                text.max_by_key(|column| widths[*column]).filter(|column| widths[*column] > MIN_WIDTH)
            else {
                break;
            };
            widths[widest] -= 1;
        }
        widths
    }

    /// The width of the longest text of a column, 0 where all rows are empty.
    fn natural(&self, column: usize) -> usize {
        let lengths = self.rows.iter().map(|row| row.get(column).map_or(0, |text| columns_of(text)));
        if lengths.clone().skip(1).all(|length| length == 0) { 0 } else { lengths.max().unwrap_or(0) }
    }
}

fn placed(text: &str, width: usize, align: Align) -> String {
    let cut = cut(text, width);
    let blanks = " ".repeat(width.saturating_sub(columns_of(&cut)));
    match align {
        Align::Left => format!("{cut}{blanks}"),
        Align::Right => format!("{blanks}{cut}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Align, Columns};

    fn written(columns: &Columns, width: usize) -> String {
        let mut out = Vec::new();
        columns.write(&mut out, width).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn numbers_are_never_cut_and_the_longest_text_gives_way() {
        let mut columns =
            Columns::new(&[("name", Align::Left), ("score", Align::Right), ("why", Align::Left)]);
        columns.row(["short", "0.123456", "a reason that goes on for much too long"]);
        let text = written(&columns, 36);
        assert!(text.lines().all(|line| line.chars().count() <= 36), "{text}");
        assert!(text.contains("0.123456") && text.contains("short") && text.contains('…'));
    }

    #[test]
    fn a_name_makes_no_row_and_moves_no_column() {
        let mut columns = Columns::new(&[("name", Align::Left), ("score", Align::Right)]);
        columns.row(["good\n  evil  0.999", "0.1"]);
        columns.row(["\u{1b}[2Jwiped", "0.2"]);
        columns.row(["漢字", "0.3"]);
        let text = written(&columns, 80);
        assert_eq!(text.lines().count(), 4, "{text}");
        assert!(!text.contains('\u{1b}'), "{text}");
        assert!(text.ends_with("漢字                  0.3\n"), "{text}");
    }

    #[test]
    fn a_column_without_content_is_left_out() {
        let mut columns = Columns::new(&[("name", Align::Left), ("target", Align::Left)]);
        columns.row(["a", ""]);
        assert_eq!(written(&columns, 80), "name\na\n");
    }
}
