//! Which format a file of sets has, found by looking where its genes stand.

use std::fmt;

use super::rows::Row;
use crate::profile::genes::is_like_a_gene;
use crate::profile::{is_missing, table::shown};

/// Rows, and cells of a row, that are looked at.
const LOOKED_AT: usize = 32;

/// The formats of files of gene sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SetFormat {
    /// A set a line: name, description, genes, between tabs.
    Gmt,
    /// A set a column: name, description, genes, between tabs.
    Gmx,
    /// One set: a gene a line. Lines that begin with `#` are comments. The set is named as the file is.
    Grp,
}

impl fmt::Display for SetFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gmt => "GMT",
            Self::Gmx => "GMX",
            Self::Grp => "GRP",
        })
    }
}

/// The format of these rows, the first of which is not blank; or what the file is instead.
pub(super) fn recognise(rows: &[Row]) -> Result<SetFormat, String> {
    let filled: Vec<&Row> = rows.iter().filter(|row| !row.is_blank() && !is_comment(row)).collect();
    if rows.first().is_some_and(|row| row.cell(0).starts_with("#1.")) {
        return Err("it is a matrix in GCT".to_owned());
    }
    if filled.iter().all(|row| row.cells.len() == 1) {
        return separated_otherwise(&filled).map_or_else(|| Ok(of_one_column(rows, &filled)), Err);
    }
    if holds_values(&filled) {
        return Err(
            "it holds a table of numbers; give it as a profile or as a result of differential expression"
                .to_owned(),
        );
    }
    Ok(if is_by_column(rows, &filled) { SetFormat::Gmx } else { SetFormat::Gmt })
}

/// A line of one cell that begins with `#`.
pub(super) fn is_comment(row: &Row) -> bool {
    row.cells.len() == 1 && row.cell(0).starts_with('#')
}

/// Sets whose cells stand between blanks, commas or semicolons: the usual fault of sets that were typed.
fn separated_otherwise(rows: &[&Row]) -> Option<String> {
    let signs = [(' ', "blanks"), (',', "commas"), (';', "semicolons")];
    let looked_at = &rows[..rows.len().min(LOOKED_AT)];
    signs.into_iter().find_map(|(sign, name)| {
        let faulty = |row: &&&Row| is_set_between(row.cell(0), sign);
        let first = looked_at.iter().find(faulty)?;
        let is_usual = 2 * looked_at.iter().filter(faulty).count() >= looked_at.len();
        is_usual.then(|| {
            format!(
                "line {} (`{}`) has {name} between its fields; write tabs: name, description, genes",
                first.line,
                shown(first.cell(0))
            )
        })
    })
}

/// Whether a line is a name and genes between signs.
fn is_set_between(line: &str, sign: char) -> bool {
    let parts: Vec<&str> = line.split(sign).map(str::trim).filter(|part| !part.is_empty()).collect();
    let genes = parts.iter().skip(1).take(LOOKED_AT).filter(|part| is_like_a_gene(part)).count();
    parts.len() > 2 && genes > 0 && !line.contains("//")
}

/// One column is a list of genes, or a GMX of one set.
fn of_one_column(rows: &[Row], filled: &[&Row]) -> SetFormat {
    let has_head = filled.len() > 1
        && !is_comment(&rows[0])
        && !is_like_a_gene(rows[0].cell(0))
        && rows.len() > 2
        && is_missing(rows[1].cell(0));
    if has_head { SetFormat::Gmx } else { SetFormat::Grp }
}

/// Whether rows hold fractions, which ids and names do not.
fn holds_values(rows: &[&Row]) -> bool {
    let body = &rows[1.min(rows.len())..rows.len().min(LOOKED_AT)];
    let is_value = |cell: &String| cell.contains('.') && cell.parse::<f64>().is_ok() && !cell.ends_with(".0");
    let with_values = body.iter().filter(|row| row.cells.iter().skip(1).any(is_value)).count();
    !body.is_empty() && 2 * with_values > body.len()
}

/// Whether sets are columns: below two rows of text, genes stand in the first column too.
fn is_by_column(rows: &[Row], filled: &[&Row]) -> bool {
    if filled.len() < 2 || rows.len() < 3 {
        return false;
    }
    if filled.iter().all(|row| row.cells.len() <= 2) {
        return mostly_genes(rows[2..].iter().map(|row| row.cell(0)));
    }
    let in_first_row = mostly_genes(rows[0].cells.iter().skip(2).map(String::as_str));
    let in_first_column = mostly_genes(rows[2..].iter().map(|row| row.cell(0)));
    let described = (0..rows[0].cells.len()).all(|column| is_missing(rows[1].cell(column)));
    !in_first_row && (in_first_column || described)
}

fn mostly_genes<'a>(cells: impl Iterator<Item = &'a str>) -> bool {
    let cells: Vec<&str> = cells.filter(|cell| !cell.is_empty()).take(LOOKED_AT).collect();
    let genes = cells.iter().filter(|cell| is_like_a_gene(cell)).count();
    genes > 0 && 2 * genes >= cells.len()
}
