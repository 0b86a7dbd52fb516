//! Which column of a table names the genes.

use crate::profile::genes::may_hold_numbers;
use crate::profile::{GeneIds, ProfileError, Table, Universe};

/// Rows that are looked at. They stand side by side, so that numbers of rows are known as such.
const LOOKED_AT: usize = 2000;

/// The column that names most genes, the first of several; or the one that is asked for.
pub(super) fn find(table: &Table, ids: &GeneIds, asked: Option<&str>) -> Result<usize, ProfileError> {
    if let Some(name) = asked {
        return named(table, name);
    }
    let found = |column: usize| {
        let cells: Vec<&str> = (0..table.len().min(LOOKED_AT)).map(|row| table.cell(row, column)).collect();
        ids.map(&cells, Universe::All).report().genes
    };
    let may_name = |&column: &usize| {
        let name = &table.header()[column];
        column == 0 || may_hold_numbers(name) || !table.holds_numbers(column)
    };
    let candidates = (0..table.header().len()).filter(may_name).map(|column| (found(column), column));
    let best = candidates.max_by_key(|&(found, column)| (found, std::cmp::Reverse(column)));
    Ok(best.map_or(0, |(_, column)| column))
}

/// The column of a name.
pub(super) fn named(table: &Table, name: &str) -> Result<usize, ProfileError> {
    table.column(&[name]).ok_or_else(|| ProfileError::MissingColumn {
        path: table.path().to_owned(),
        expected: format!("`{name}`"),
        found: table.header().iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
    })
}

/// Whether the first row was taken for a header: a gene stands above the genes, and a number above numbers.
pub(super) fn is_without_header(table: &Table, ids: &GeneIds, genes: usize) -> bool {
    let header = table.header();
    let is_gene = ids.map(&[&header[genes]], Universe::All).report().genes == 1;
    let is_number = |column: usize| {
        column != genes && header[column].parse::<f64>().is_ok() && table.holds_numbers(column)
    };
    is_gene && (0..header.len()).any(is_number)
}
