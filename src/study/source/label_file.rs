//! Labels of rows, in their order.

use std::path::Path;

use crate::annotate::{AtcCode, DrugTraits, InchiKey, drug_key};
use crate::profile::{Signature, Table, columns, is_missing, plate, read_lines};
use crate::study::{Label, Row, StudyError};

/// Labels in the order of the rows.
pub(super) struct LabelFile {
    /// The labels of every row; none where it is unknown.
    pub values: Vec<Vec<String>>,
    table: Option<Table>,
}

/// Reads one label a line, or the column `label` of a table where that was asked for.
pub(super) fn read(path: &Path, label: Option<&Label>, rows: usize) -> Result<LabelFile, StudyError> {
    let read = match label {
        None => lines(path, rows)?,
        Some(label) => column(path, label)?,
    };
    match read.values.len() {
        found if found == rows => Ok(read),
        found => Err(StudyError::LabelCount { path: path.to_owned(), found, rows }),
    }
}

/// Blank lines are labels that are missing, but for those at the end that no row is there for.
fn lines(path: &Path, rows: usize) -> Result<LabelFile, StudyError> {
    let mut lines = read_lines(path)?;
    while lines.len() > rows && lines.last().is_some_and(|line| line.trim().is_empty()) {
        lines.pop();
    }
    Ok(LabelFile { values: lines.iter().map(|line| one(line)).collect(), table: None })
}

fn column(path: &Path, label: &Label) -> Result<LabelFile, StudyError> {
    let table = Table::read(path)?;
    let name = label.to_string();
    let names: &[&str] = match label {
        Label::Drug => columns::DRUG,
        _ => &[name.as_str()],
    };
    let Some(column) = table.column(names) else {
        if let (Label::Atc(level), Some(codes)) = (label, table.column(columns::ATC_CODE)) {
            let class = |row| classes(table.cell(row, codes), *level);
            return Ok(LabelFile { values: (0..table.len()).map(class).collect(), table: Some(table) });
        }
        return Err(StudyError::NoLabelColumn {
            path: path.to_owned(),
            name,
            found: table.header().join(", "),
        });
    };
    let values = (0..table.len()).map(|row| several(table.cell(row, column))).collect();
    Ok(LabelFile { values, table: Some(table) })
}

/// A whole line is one label, whatever it holds.
fn one(line: &str) -> Vec<String> {
    if is_missing(line) { Vec::new() } else { vec![line.to_owned()] }
}

fn several(cell: &str) -> Vec<String> {
    cell.split('|').map(str::trim).filter(|part| !is_missing(part)).map(str::to_owned).collect()
}

/// Returns the classes of a level that ATC codes fall in.
fn classes(cell: &str, level: u8) -> Vec<String> {
    let codes = several(cell).into_iter().filter_map(|code| code.parse::<AtcCode>().ok());
    codes.filter_map(|code| code.at_level(level).map(str::to_owned)).collect()
}

impl LabelFile {
    /// Tells whether the table says that a row is a control.
    pub fn is_control(&self, at: usize) -> bool {
        let pert_type =
            self.table.as_ref().and_then(|table| Some(table.cell(at, table.column(columns::PERT_TYPE)?)));
        let pert_type = pert_type.map(str::to_owned);
        Signature { pert_type, ..Signature::default() }.is_control()
    }

    /// Returns the row of this id, with what the table tells of it beside its label.
    pub fn row(&self, at: usize, id: &str) -> Row {
        let mut row = Row { id: id.to_owned(), ..Row::default() };
        if let Some(table) = &self.table {
            describe(&mut row, |names| {
                let text = table.cell(at, table.column(names)?).trim();
                (!is_missing(text)).then(|| text.to_owned())
            });
        }
        row
    }
}

fn describe(row: &mut Row, cell: impl Fn(&[&str]) -> Option<String>) {
    let list = |names| cell(names).map(|text| several(&text)).unwrap_or_default();
    if let Some(id) = cell(columns::SIG_ID) {
        row.plate = plate(&id).map(str::to_owned);
        row.id = id;
    }
    row.drug = cell(columns::DRUG).map(|name| {
        row.name.clone_from(&name);
        drug_key(&name)
    });
    let structure = cell(columns::INCHI_KEY).and_then(|text| text.parse::<InchiKey>().ok());
    row.traits = DrugTraits {
        keys: row.drug.iter().cloned().collect(),
        connectivity: structure.iter().map(|structure| structure.connectivity().to_owned()).collect(),
    };
    row.source = cell(columns::SOURCE);
    row.cell = cell(columns::CELL_ID);
    row.plate = cell(columns::PLATE).or_else(|| row.plate.take());
    row.dose = cell(columns::DOSE).and_then(|text| text.parse().ok());
    row.time = cell(columns::TIME).and_then(|text| text.parse().ok());
    row.strength = cell(columns::TAS).and_then(|text| text.parse().ok());
    row.moa = list(columns::MOA);
    row.targets = list(columns::TARGET);
    row.atc = list(columns::ATC_CODE).iter().filter_map(|code| code.parse().ok()).collect();
    row.smiles = cell(columns::SMILES);
}
