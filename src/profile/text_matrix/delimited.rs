//! CSV and TSV with one gene or one signature per line, found by looking where the gene ids stand.

use super::super::decimal::is_number;
use super::super::genes::{GeneMap, is_gene_column};
use super::super::records::{Delimiter, Records};
use super::super::table::{TableRows, column, no_rows};
use super::{Format, Input, Outline, gene_sets, ids_of};
use crate::profile::{ProfileError, Table};

/// The header, and of the records what tells genes from signatures.
struct Look {
    header: Vec<String>,
    first_fields: Vec<String>,
    /// Columns after the first that describe genes, if each line is a gene.
    described: usize,
}

pub(super) fn outline(input: &Input) -> Result<Outline, ProfileError> {
    gene_sets::refuse(input)?;
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
    let leading = 1 + look.described;
    let row_metadata = match leading {
        1 => ids_only(&look.first_fields),
        _ => metadata(input, &look.header, leading, 0)?,
    };
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
    Outline { format, leading, row_metadata, column_metadata, row_ids, column_ids }
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
    let mut records = body(input)?;
    while let Some(record) = records.next()? {
        table.push(std::iter::once(&id).chain(&others).map(|&i| record.field(i)));
    }
    Ok(table)
}

/// The records below the header.
pub(super) fn body(input: &Input) -> Result<Records, ProfileError> {
    rows(input).map(TableRows::into_records)
}

fn rows(input: &Input) -> Result<TableRows, ProfileError> {
    let mut rows = input.rows()?;
    rows.expect_names();
    Ok(rows)
}

impl Look {
    fn at(input: &Input) -> Result<Self, ProfileError> {
        let mut rows = rows(input)?;
        let (header, delimiter) = (rows.header().to_vec(), rows.delimiter());
        if header.len() < 2 {
            let hint = match header[0].split_whitespace().nth(1) {
                Some(_) => {
                    "no tab, comma or semicolon separates its fields, only blanks; write tabs between them"
                }
                None => "no tab, comma or semicolon separates its fields",
            };
            return Err(ProfileError::UnknownFormat { path: input.path.clone(), hint });
        }
        let mut first_fields = Vec::new();
        let mut columns: Vec<Column> = Vec::new();
        while let Some(record) = rows.next()? {
            let mut kinds = (1..header.len()).map(|i| Column::of(record.bytes(i), &header[i], delimiter));
            match first_fields.is_empty() {
                true => columns = kinds.take_while(Column::is_text).collect(),
                false => columns.iter_mut().zip(&mut kinds).for_each(|(column, kind)| column.add(&kind)),
            }
            first_fields.push(record.field(0).into_owned());
        }
        if first_fields.is_empty() {
            return Err(no_rows(&input.path));
        }
        let described = columns.iter().take_while(|column| column.is_text()).count();
        Ok(Self { header, first_fields, described })
    }
}

/// What the fields of a column are.
struct Column {
    is_named: bool,
    numbers: usize,
    others: usize,
}

impl Column {
    fn of(field: &[u8], name: &str, delimiter: Delimiter) -> Self {
        let is_number = is_number(field, delimiter);
        Self {
            is_named: is_gene_column(name),
            numbers: usize::from(is_number),
            others: usize::from(!is_number),
        }
    }

    fn add(&mut self, other: &Self) {
        self.numbers += other.numbers;
        self.others += other.others;
    }

    /// Whether it describes genes: by its name, or because most of it is no number. A single value that cannot be read
    /// does not make a description of a signature.
    fn is_text(&self) -> bool {
        self.is_named || self.others > self.numbers
    }
}
