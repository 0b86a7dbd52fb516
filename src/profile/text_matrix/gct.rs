//! GCT 1.2 and 1.3 (<https://clue.io/connectopedia/gct_format>): a version, the extents, a header, rows of signature
//! metadata, then one row per gene with its metadata and values.

use std::borrow::Cow;

use super::super::records::{Record, Records};
use super::super::table::shown;
use super::{Format, Input, Outline, ids_of, shape};
use crate::profile::{ProfileError, Table};

/// The second line of a GCT.
struct Extents {
    rows: usize,
    columns: usize,
    row_metadata: usize,
    column_metadata: usize,
}

pub(super) fn outline(input: &Input, format: Format) -> Result<Outline, ProfileError> {
    let (mut records, extents) = begin(input, format)?;
    let leading = extents.row_metadata.saturating_add(1);
    let header: Vec<String> = match records.next()? {
        Some(record) => fields(&record),
        None => return Err(missing(input, "the header")),
    };
    let mut columns: Vec<Vec<String>> = vec![header[leading..extents.width()].to_vec()];
    let mut names = vec!["id".to_owned()];
    for _ in 0..extents.column_metadata {
        let Some(record) = records.next()? else { return Err(missing(input, "metadata of the signatures")) };
        let mut row = fields(&record);
        row.truncate(extents.width());
        columns.push(row.split_off(leading));
        names.extend(row.into_iter().next());
    }
    let mut row_metadata = Table::new([&["id".to_owned()], &header[1..leading]].concat());
    while let Some(record) = records.next()? {
        row_metadata.push((0..leading).map(|i| record.field(i)));
    }
    check_rows(input, extents.rows, row_metadata.len())?;
    Ok(Outline {
        format,
        leading,
        row_ids: ids_of(&row_metadata),
        row_metadata,
        column_ids: columns[0].clone(),
        column_metadata: transposed(names, &columns),
    })
}

/// The records of the genes, after `column_metadata` records of metadata.
pub(super) fn body(input: &Input, format: Format, column_metadata: usize) -> Result<Records, ProfileError> {
    let (mut records, _) = begin(input, format)?;
    for _ in 0..=column_metadata {
        records.next()?;
    }
    Ok(records)
}

/// The records from the header on, which have to be as wide as the second line says.
fn begin(input: &Input, format: Format) -> Result<(Records, Extents), ProfileError> {
    let mut records = input.records()?;
    records.next()?;
    let extents = match records.next()? {
        Some(record) => extents(input, &record, format)?,
        None => return Err(missing(input, "the line of extents")),
    };
    records.expect_fields(extents.width(), extents.width(), "as the second line says");
    Ok((records, extents))
}

impl Extents {
    /// Fields of a record.
    fn width(&self) -> usize {
        self.row_metadata.saturating_add(1).saturating_add(self.columns)
    }
}

fn check_rows(input: &Input, expected: usize, found: usize) -> Result<(), ProfileError> {
    let what = match found {
        _ if found < expected => "rows, as its second line says (it is cut off: download or copy it again)",
        _ if found > expected => "rows, as its second line says (write there how many there are)",
        _ => return Ok(()),
    };
    Err(shape(input, what, expected, found))
}

fn extents(input: &Input, record: &Record<'_>, format: Format) -> Result<Extents, ProfileError> {
    let number = |i: usize| record.field(i).parse().ok();
    let extents = match format {
        Format::Gct12 => [number(0), number(1), Some(1), Some(0)],
        _ => [number(0), number(1), number(2), number(3)],
    };
    match extents {
        [Some(rows), Some(columns), Some(row_metadata), Some(column_metadata)] => {
            Ok(Extents { rows, columns, row_metadata, column_metadata })
        }
        _ => {
            let found: Vec<_> = record.fields().collect();
            let numbers = if format == Format::Gct12 { "two numbers" } else { "four numbers" };
            let found = shown(&found.join(" "));
            let reason = format!("expected {numbers} separated by tabs, found `{found}`");
            Err(ProfileError::Line { path: input.path.clone(), line: record.line, reason })
        }
    }
}

fn fields(record: &Record<'_>) -> Vec<String> {
    record.fields().map(Cow::into_owned).collect()
}

fn missing(input: &Input, what: &str) -> ProfileError {
    let reason = format!(
        "expected {what} below it, found the end of the file: it is cut off; download or copy it again"
    );
    ProfileError::Line { path: input.path.clone(), line: 1, reason }
}

/// A table whose columns are `columns`.
fn transposed(names: Vec<String>, columns: &[Vec<String>]) -> Table {
    let mut table = Table::new(names);
    for row in 0..columns[0].len() {
        table.push(columns.iter().map(|column| &column[row]));
    }
    table
}
