//! GCT 1.2 and 1.3 (<https://clue.io/connectopedia/gct_format>): a version, the extents, a header, rows of signature
//! metadata, then one row per gene with its metadata and values.

use super::super::records::{Delimiter, Record};
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
    let mut records = input.text()?.records(Some(Delimiter::Tab))?;
    records.next()?;
    let extents = match records.next()? {
        Some(record) => extents(input, &record, format)?,
        None => return Err(missing(input, "the line of extents")),
    };
    let leading = extents.row_metadata.saturating_add(1);
    let width = leading.saturating_add(extents.columns);
    let header: Vec<String> = match records.next()? {
        Some(record) => fields(input, &record, width)?,
        None => return Err(missing(input, "the header")),
    };
    let mut columns: Vec<Vec<String>> = vec![header[leading..].to_vec()];
    let mut names = vec!["id".to_owned()];
    for _ in 0..extents.column_metadata {
        let Some(record) = records.next()? else { return Err(missing(input, "metadata of the signatures")) };
        let mut row = fields(input, &record, width)?;
        columns.push(row.split_off(leading));
        names.extend(row.into_iter().next());
    }
    let mut row_metadata = Table::new([&["id".to_owned()], &header[1..leading]].concat());
    while let Some(record) = records.next()? {
        check_width(input, &record, width)?;
        row_metadata.push((0..leading).map(|i| record.field(i)));
    }
    if row_metadata.len() != extents.rows {
        return Err(shape(input, "rows, as its second line says", extents.rows, row_metadata.len()));
    }
    Ok(Outline {
        format,
        preamble: 3 + extents.column_metadata,
        leading,
        row_ids: ids_of(&row_metadata),
        row_metadata,
        column_ids: columns[0].clone(),
        column_metadata: transposed(names, &columns),
    })
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
            let reason = format!("expected {numbers} separated by tabs, found `{}`", found.join(" "));
            Err(ProfileError::Line { path: input.path.clone(), line: record.line, reason })
        }
    }
}

/// The first `width` fields; there may be more, if they are empty.
fn fields(input: &Input, record: &Record<'_>, width: usize) -> Result<Vec<String>, ProfileError> {
    check_width(input, record, width)?;
    Ok((0..width).map(|i| record.field(i).into_owned()).collect())
}

fn check_width(input: &Input, record: &Record<'_>, width: usize) -> Result<(), ProfileError> {
    let surplus = (width..record.len()).any(|i| !record.bytes(i).is_empty());
    if record.len() >= width && !surplus {
        return Ok(());
    }
    let reason = format!("expected {width} fields, as the second line says, found {}", record.len());
    Err(ProfileError::Line { path: input.path.clone(), line: record.line, reason })
}

fn missing(input: &Input, what: &str) -> ProfileError {
    let reason = format!("expected {what}, found the end of the file");
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
