//! Which of several contrasts: side by side in columns, or one below the other.

use super::columns::{Columns, LOG_FC, MEANS, P_VALUES, SIGNED, UNSIGNED};
use super::refusal::plain;
use crate::profile::{ProfileError, Table};

/// Names of log fold changes that stand before or behind the name of a contrast.
const AFFIXED: [&str; 6] = ["log2foldchange", "logfc", "log2fc", "avg_log2fc", "avg_logfc", "logfoldchanges"];

/// What separates the name of a contrast from that of a column.
const SEPARATORS: [char; 5] = ['.', '_', ' ', '-', ':'];

/// Examples of contrasts that a message has room for.
const NAMED: usize = 20;

/// A column of more values names no contrasts.
const MAX_CONTRASTS: usize = 1000;

/// The columns of the contrast that is asked for, or of the only one; nothing where columns are of no contrast.
pub(super) fn columns(
    table: &Table,
    columns: &Columns,
    asked: Option<&str>,
) -> Result<Option<Columns>, ProfileError> {
    if columns.first(&LOG_FC).is_some() || columns.first(&SIGNED).is_some() {
        return Ok(None);
    }
    let name = |column: usize| table.header()[column].as_str();
    let mut contrasts: Vec<String> =
        columns.places().filter_map(|column| contrast_of(name(column))).collect();
    contrasts.dedup();
    if !contrasts.is_empty() {
        let contrast = chosen(table, &contrasts, asked)?;
        let is_only = contrasts.len() == 1;
        return Ok(Some(columns.renamed(|column| {
            let is_shared = is_only || columns.is(column, &MEANS);
            without(name(column), contrast).or_else(|| is_shared.then(|| name(column).to_owned()))
        })));
    }
    joint(table, columns, asked)
}

/// The columns of a coefficient of limma's joint test, which names columns of log fold changes by their coefficients.
fn joint(table: &Table, columns: &Columns, asked: Option<&str>) -> Result<Option<Columns>, ProfileError> {
    let name = |column: usize| table.header()[column].as_str();
    let is_joint = columns.first(&UNSIGNED).is_some() && columns.first(&MEANS).is_some();
    let coefficients: Vec<String> = columns
        .places()
        .filter(|&column| is_joint && is_coefficient(columns, column))
        .map(|column| name(column).to_owned())
        .collect();
    if coefficients.len() < 2 {
        return Ok(None);
    }
    let contrast = chosen(table, &coefficients, asked)?;
    Ok(Some(columns.renamed(|column| match () {
        () if name(column).eq_ignore_ascii_case(contrast) => Some("logFC".to_owned()),
        () => columns.is(column, &MEANS).then(|| name(column).to_owned()),
    })))
}

/// Whether a table of limma's joint test names a coefficient so.
fn is_coefficient(columns: &Columns, column: usize) -> bool {
    let known = [&MEANS[..], &UNSIGNED, &P_VALUES, &super::columns::ADJUSTED];
    !known.iter().any(|names| columns.is(column, names))
}

/// The contrast that a column of log fold changes is of.
fn contrast_of(column: &str) -> Option<String> {
    let rest = AFFIXED.iter().find_map(|name| {
        let lower = column.to_ascii_lowercase();
        let before = lower.strip_suffix(name).map(|before| &column[..before.len()]);
        before.or_else(|| lower.strip_prefix(name).map(|behind| &column[column.len() - behind.len()..]))
    })?;
    let contrast = rest.trim_matches(SEPARATORS);
    let is_separate = contrast.len() < rest.len() && !contrast.is_empty();
    (is_separate && plain(contrast) != "unshrunk").then(|| contrast.to_owned())
}

/// The name of a column without that of its contrast.
fn without(column: &str, contrast: &str) -> Option<String> {
    let (lower, contrast) = (column.to_ascii_lowercase(), contrast.to_ascii_lowercase());
    let rest = lower.strip_prefix(&contrast).or_else(|| lower.strip_suffix(&contrast))?;
    let name = rest.trim_matches(SEPARATORS);
    (name.len() < rest.len() && !name.is_empty()).then(|| name.to_owned())
}

fn chosen<'a>(table: &Table, contrasts: &'a [String], asked: Option<&str>) -> Result<&'a str, ProfileError> {
    let is_asked =
        |contrast: &&String| asked.is_some_and(|asked| contrast.eq_ignore_ascii_case(asked.trim()));
    match (contrasts.iter().find(is_asked), contrasts) {
        (Some(contrast), _) => Ok(contrast),
        (None, [only]) if asked.is_none() => Ok(only),
        _ => {
            let more = if contrasts.len() > NAMED { vec!["...".to_owned()] } else { Vec::new() };
            let named =
                contrasts.iter().take(NAMED).map(|name| format!("`{}`", crate::profile::table::shown(name)));
            Err(ProfileError::Contrast {
                path: table.path().to_owned(),
                given: asked.map(str::to_owned),
                contrasts: named.chain(more).collect(),
            })
        }
    }
}

/// The rows of the contrast that is asked for, of a table with one below the other: clusters of Seurat, groups of Scanpy.
/// Nothing where rows are of no contrast.
pub(super) fn rows(table: &Table, asked: Option<&str>) -> Result<Option<Vec<usize>>, ProfileError> {
    let of_scanpy = table.column(&["scores"]).and_then(|_| table.column(&["group"]));
    let Some(column) = table.column(&["cluster", "contrast", "comparison"]).or(of_scanpy) else {
        return Ok(None);
    };
    let contrasts = values(table, column);
    if contrasts.is_empty() || contrasts.len() > MAX_CONTRASTS {
        return Ok(None);
    }
    let contrast = chosen(table, &contrasts, asked)?;
    Ok(Some((0..table.len()).filter(|&row| table.cell(row, column) == contrast).collect()))
}

/// The values of a column, each once, as many as tell that they name no contrasts.
fn values(table: &Table, column: usize) -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    for value in (0..table.len()).map(|row| table.cell(row, column)) {
        let is_last = values.last().is_some_and(|last| last == value);
        if !is_last && values.len() <= MAX_CONTRASTS && !values.iter().any(|other| other == value) {
            values.push(value.to_owned());
        }
    }
    values
}

/// Refuses a contrast where the table names none.
pub(super) fn none(table: &Table, asked: &str) -> ProfileError {
    ProfileError::Contrast {
        path: table.path().to_owned(),
        given: Some(asked.to_owned()),
        contrasts: Vec::new(),
    }
}
