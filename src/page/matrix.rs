//! Confusion matrices, as tables whose cells are shaded.

use super::html::{Figure, Heading, Nothing, Size, cut, escape, thousands};

/// A class of a matrix or a map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    /// A few letters, such as `L`. They stand above columns.
    pub code: String,
    /// What they mean; may be empty. Narrow screens leave it out.
    pub name: String,
}

impl Class {
    /// Returns a class that is known by `code`.
    pub fn new(code: &str, name: &str) -> Self {
        Self { code: code.to_owned(), name: name.to_owned() }
    }

    /// Code and name.
    pub(super) fn whole(&self) -> String {
        if self.name.is_empty() { self.code.clone() } else { format!("{} {}", self.code, self.name) }
    }
}

/// How many members of a true class were given which class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matrix {
    /// Title, caption, N.
    pub heading: Heading,
    /// The classes, for rows (true) and columns (predicted).
    pub classes: Vec<Class>,
    /// `counts[true][predicted]`; what is missing counts as 0.
    pub counts: Vec<Vec<u64>>,
    /// What is counted, such as `drugs`.
    pub unit: String,
}

/// Up to so many classes, two matrices stand side by side.
const MEDIUM: usize = 16;
/// Longer codes are turned upright above their columns.
const SHORT: usize = 3;
/// Characters of a code that stand above a column.
const LONGEST: usize = 14;

impl Figure for Matrix {
    fn heading(&self) -> &Heading {
        &self.heading
    }

    fn size(&self) -> Size {
        if self.classes.len() <= MEDIUM { Size::Medium } else { Size::Large }
    }

    fn body(&self) -> Result<String, Nothing> {
        if self.classes.is_empty() {
            return Err("there is no class");
        }
        if (0..self.classes.len()).all(|class| self.row_total(class) == 0) {
            return Err("nothing was classified");
        }
        let rows: String = (0..self.classes.len()).map(|row| self.row(row)).collect();
        Ok(format!(
            "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\">\n<table class=\"matrix\">\n{}\
             <tbody>\n{rows}</tbody>\n</table>\n</div>\n\
             <p class=\"shades\"><span>0 %</span><i></i><span>100 % of the row</span></p>\n",
            escape(&self.heading.title),
            self.head()
        ))
    }
}

impl Matrix {
    fn count(&self, row: usize, column: usize) -> u64 {
        self.counts.get(row).and_then(|row| row.get(column)).copied().unwrap_or(0)
    }

    fn row_total(&self, row: usize) -> u64 {
        (0..self.classes.len()).map(|column| self.count(row, column)).fold(0, u64::saturating_add)
    }

    fn head(&self) -> String {
        let upright = self.classes.iter().any(|class| class.code.chars().count() > SHORT);
        let cells = self.classes.iter().map(|class| {
            let (title, code) = (escape(&class.whole()), escape(&cut(&class.code, LONGEST)));
            format!("<th scope=\"col\" title=\"{title}\"><span>{code}</span></th>")
        });
        format!(
            "<thead{}>\n<tr><td></td><th class=\"axis\" colspan=\"{}\">predicted</th><td></td></tr>\n\
             <tr><th class=\"axis\">true</th>{}<th scope=\"col\">{}</th></tr>\n</thead>\n",
            if upright { " class=\"upright\"" } else { "" },
            self.classes.len(),
            cells.collect::<String>(),
            escape(&self.unit)
        )
    }

    fn row(&self, row: usize) -> String {
        let class = &self.classes[row];
        let cells: String = (0..self.classes.len()).map(|column| self.cell(row, column)).collect();
        format!(
            "<tr><th scope=\"row\" title=\"{}\"><b>{}</b> <span>{}</span></th>{cells}<td class=\"n\">{}</td></tr>\n",
            escape(&class.whole()),
            escape(&class.code),
            escape(&class.name),
            thousands(self.row_total(row))
        )
    }

    fn cell(&self, row: usize, column: usize) -> String {
        let (count, total) = (self.count(row, column), self.row_total(row));
        let percent = if total == 0 { 0.0 } else { 100.0 * count as f64 / total as f64 };
        let title = format!(
            "{} of {} predicted {}: {} ({percent:.1} %)",
            self.unit,
            self.classes[row].whole(),
            self.classes[column].whole(),
            thousands(count)
        );
        // Text turns where the shade has become too deep for it, earlier in the dark theme.
        let looks = [
            ("hit", row == column),
            ("mid", (55.0..75.0).contains(&percent)),
            ("deep", percent >= 75.0),
            ("none", count == 0),
        ];
        let class: Vec<&str> = looks.iter().filter(|(_, holds)| *holds).map(|(look, _)| *look).collect();
        let shown = if count == 0 { "·".to_owned() } else { count.to_string() };
        format!(
            "<td class=\"{}\" style=\"--p:{percent:.0}\" title=\"{}\">{shown}</td>",
            class.join(" "),
            escape(&title)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{Class, Matrix};
    use crate::page::Heading;
    use crate::page::html::Figure;

    fn matrix(counts: Vec<Vec<u64>>) -> Matrix {
        Matrix {
            heading: Heading::new("confusion", "Confusion"),
            classes: vec![Class::new("A", "Alimentary"), Class::new("L", "")],
            counts,
            unit: "drugs".into(),
        }
    }

    #[test]
    fn a_cell_tells_its_share_of_the_row() {
        let body = matrix(vec![vec![3, 1], vec![0, 2]]).body().unwrap();
        assert!(body.contains("drugs of A Alimentary predicted L: 1 (25.0 %)"));
        assert!(body.contains("drugs of L predicted A Alimentary: 0 (0.0 %)"));
    }

    #[test]
    fn a_matrix_with_missing_or_large_counts_is_drawn() {
        assert_eq!(matrix(vec![vec![5]]).body().unwrap().matches("--p:").count(), 4);
        assert!(matrix(vec![vec![u64::MAX, u64::MAX]]).body().is_ok());
    }

    #[test]
    fn what_cannot_be_drawn_is_said() {
        assert!(matrix(Vec::new()).body().is_err());
        assert!(Matrix { classes: Vec::new(), ..matrix(vec![vec![1]]) }.body().is_err());
    }
}
