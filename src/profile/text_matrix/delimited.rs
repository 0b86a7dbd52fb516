//! CSV and TSV with one gene or one signature per line, found by looking where the gene ids stand.

use super::super::gene_map::{GeneMap, is_gene_column};
use super::super::records::Records;
use super::super::table::column;
use super::{Format, Input, Outline, ids_of, parse_value};
use crate::profile::{ProfileError, Table};

/// The header, and of the records what tells genes from signatures.
struct Look {
    header: Vec<String>,
    first_record: Vec<String>,
    first_fields: Vec<String>,
}

pub(super) fn outline(input: &Input) -> Result<Outline, ProfileError> {
    let look = Look::at(input)?;
    let in_header = GeneMap::best_of_ids(|| look.header.iter().map(String::as_str));
    let in_column = GeneMap::best_of_ids(|| look.first_fields.iter().map(String::as_str));
    match in_header.rows.first() {
        Some(&leading) if in_header.found() > in_column.found() => {
            signatures_by_line(input, &look, leading.max(1))
        }
        _ => genes_by_line(input, &look),
    }
}

fn genes_by_line(input: &Input, look: &Look) -> Result<Outline, ProfileError> {
    let is_text =
        |(name, value): (&String, &String)| is_gene_column(name) || parse_value(value.as_bytes()).is_none();
    let described = look.header.iter().zip(&look.first_record).skip(1).take_while(|&pair| is_text(pair));
    let leading = 1 + described.count();
    let row_metadata = metadata(input, &look.header, leading, 0)?;
    let column_metadata = ids_only(&look.header[leading..]);
    Ok(outline_of(Format::GenesByLine, leading, row_metadata, column_metadata))
}

fn signatures_by_line(input: &Input, look: &Look, leading: usize) -> Result<Outline, ProfileError> {
    let id = column(&look.header[..leading], &["sig_id", "inst_id", "sample_id"]).unwrap_or(0);
    let column_metadata = metadata(input, &look.header, leading, id)?;
    let row_metadata = ids_only(&look.header[leading..]);
    Ok(outline_of(Format::SignaturesByLine, leading, row_metadata, column_metadata))
}

fn outline_of(format: Format, leading: usize, row_metadata: Table, column_metadata: Table) -> Outline {
    let (row_ids, column_ids) = (ids_of(&row_metadata), ids_of(&column_metadata));
    Outline { format, preamble: 1, leading, row_metadata, column_metadata, row_ids, column_ids }
}

/// A table that knows nothing but ids.
fn ids_only(ids: &[String]) -> Table {
    let mut table = Table::new(vec!["id".to_owned()]);
    ids.iter().for_each(|id| table.push([id]));
    table
}

/// The `leading` fields of every record as a table, the one at `id` first.
fn metadata(input: &Input, header: &[String], leading: usize, id: usize) -> Result<Table, ProfileError> {
    let others: Vec<usize> = (0..leading).filter(|&i| i != id).collect();
    let names = others.iter().map(|&i| header[i].clone());
    let mut table = Table::new(std::iter::once("id".to_owned()).chain(names).collect());
    let mut records = input.text()?.records(None)?;
    records.next()?;
    while let Some(record) = records.next()? {
        table.push(std::iter::once(&id).chain(&others).map(|&i| record.field(i)));
    }
    Ok(table)
}

impl Look {
    fn at(input: &Input) -> Result<Self, ProfileError> {
        let mut records = input.text()?.records(None)?;
        let mut header = next_fields(&mut records)?;
        let first_record = next_fields(&mut records)?;
        if header.len() < 2 && first_record.len() < 2 {
            let hint = "no tab, comma or semicolon separates its fields";
            return Err(ProfileError::UnknownFormat { path: input.path.clone(), hint });
        }
        // R writes no name above the ids.
        if header.len() + 1 == first_record.len() {
            header.insert(0, "id".to_owned());
        }
        if first_record.is_empty() {
            let path = input.path.clone();
            return Err(ProfileError::Empty { path, expected: "rows below the header" });
        }
        let mut first_fields = vec![first_record[0].clone()];
        records.expect_fields(header.len());
        check_first(input, &header, &first_record)?;
        while let Some(record) = records.next()? {
            first_fields.push(record.field(0).into_owned());
        }
        Ok(Self { header, first_record, first_fields })
    }
}

fn check_first(input: &Input, header: &[String], first: &[String]) -> Result<(), ProfileError> {
    let (expected, found) = (header.len(), first.len());
    if expected == found {
        return Ok(());
    }
    Err(ProfileError::FieldCount { path: input.path.clone(), line: 2, expected, found })
}

fn next_fields(records: &mut Records) -> Result<Vec<String>, ProfileError> {
    let record = records.next()?;
    Ok(record.map(|record| record.fields().map(std::borrow::Cow::into_owned).collect()).unwrap_or_default())
}
