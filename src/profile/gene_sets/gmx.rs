//! GMX: a set a column, its name, a description and genes one below the other. Blanks between genes are passed over.

use std::path::Path;

use super::NamedSet;
use super::rows::Row;
use crate::profile::ProfileError;
use crate::profile::genes::is_like_a_gene;
use crate::profile::table::shown;

/// The sets of all columns.
///
/// # Errors
/// [`ProfileError::Line`] for genes in a column without a name, a column without genes, and descriptions that are genes.
pub(super) fn sets(path: &Path, rows: &[Row]) -> Result<Vec<NamedSet>, ProfileError> {
    let error = |line, reason| ProfileError::Line { path: path.to_owned(), line, reason };
    let Some((names, rest)) = rows.split_first() else { return Ok(Vec::new()) };
    let (descriptions, genes) = rest.split_at(1.min(rest.len()));
    check_descriptions(names, descriptions).map_err(|(line, reason)| error(line, reason))?;
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let mut sets = Vec::new();
    for column in 0..width {
        let ids = || genes.iter().map(move |row| row.cell(column));
        let first = genes.iter().find(|row| !row.cell(column).is_empty());
        match (names.cell(column), first) {
            ("", None) => {}
            ("", Some(row)) => {
                let reason = format!(
                    "expected no gene in column {}, which has no name, found `{}`",
                    column + 1,
                    shown(row.cell(column))
                );
                return Err(error(row.line, reason));
            }
            (name, None) => {
                let name = shown(name);
                let reason = format!(
                    "expected genes below the set `{name}` in column {} (GMX), found none; take the column out",
                    column + 1
                );
                return Err(error(names.line, reason));
            }
            (name, Some(_)) => {
                let description = descriptions.first().map_or("", |row| row.cell(column));
                sets.push(NamedSet::new((path, column + 1), name, description, ids()));
            }
        }
    }
    Ok(sets)
}

/// The second row holds descriptions, which most files leave blank; where it holds genes, it was left out.
fn check_descriptions(names: &Row, descriptions: &[Row]) -> Result<(), (u64, String)> {
    let Some(row) = descriptions.first() else { return Ok(()) };
    let given: Vec<&String> = row.cells.iter().filter(|cell| !cell.is_empty()).collect();
    let genes = given.iter().filter(|cell| is_like_a_gene(cell)).count();
    if given.is_empty() || 2 * genes <= given.len() {
        return Ok(());
    }
    let reason = format!(
        "expected descriptions below the names of the sets (`{}`), found genes such as `{}`; put a line of `na` between them, or \
         the first gene of each set is lost",
        shown(names.cell(0)),
        shown(given[0])
    );
    Err((row.line, reason))
}
