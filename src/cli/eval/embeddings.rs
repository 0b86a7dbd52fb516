//! Embeddings and labels that another program made.

use std::path::Path;

use anyhow::{anyhow, bail};
use l1kdb::annotate::{AtcCode, DrugTraits, InchiKey, drug_key};
use l1kdb::eval::RowName;
use l1kdb::profile::{MatrixFile, Signature, Table, is_missing, read_lines, read_npy};
use l1kdb::study::{Label, Row};

/// Embeddings of a file.
pub struct Embedded {
    /// Ids of the rows, where the file names them.
    pub ids: Option<Vec<String>>,
    /// rows x dim, row-major.
    pub values: Vec<f32>,
    pub dim: usize,
}

/// Reads NPY by its name or bytes, GCTX by its bytes, and anything else as a table of ids and numbers.
pub fn read(path: &Path) -> anyhow::Result<Embedded> {
    let is_named_npy = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("npy"));
    let mut start = [0; 4];
    let read =
        std::fs::File::open(path).and_then(|mut file| std::io::Read::read_exact(&mut file, &mut start));
    match (read.is_ok(), &start) {
        _ if is_named_npy => npy(path),
        (true, b"\x93NUM") => npy(path),
        (true, b"\x89HDF") => gctx(path),
        _ => text(path),
    }
}

/// The ids stand in a file beside the numbers, as `l1kdb embed` writes it.
fn npy(path: &Path) -> anyhow::Result<Embedded> {
    let (values, dim) = read_npy(path)?;
    let beside = path.with_extension("ids.tsv");
    let ids = if beside.exists() {
        let table = Table::read(&beside)?;
        Some((0..table.len()).map(|row| table.cell(row, 0).to_owned()).collect::<Vec<_>>())
    } else {
        None
    };
    let rows = values.len() / dim;
    if let Some(ids) = ids.as_ref().filter(|ids| ids.len() != rows) {
        bail!("{}: {} ids for the {rows} rows of {}", beside.display(), ids.len(), path.display());
    }
    Ok(Embedded { ids, values, dim })
}

fn gctx(path: &Path) -> anyhow::Result<Embedded> {
    let mut file = MatrixFile::open(path)?;
    let (dim, ids) = (file.row_count(), file.column_ids().to_vec());
    let values = file.read(&(0..dim).collect::<Vec<_>>(), &(0..ids.len()).collect::<Vec<_>>())?;
    Ok(Embedded { ids: Some(ids), values, dim })
}

fn text(path: &Path) -> anyhow::Result<Embedded> {
    let table = Table::read(path)?;
    let dim = table.header().len().saturating_sub(1);
    if dim == 0 {
        bail!("{}: expected a column of ids and columns of numbers", path.display());
    }
    refuse_numbers_as_names(path, &table.header()[1..])?;
    let mut values = Vec::with_capacity(table.len() * dim);
    for row in 0..table.len() {
        for column in 1..=dim {
            let value = number(table.cell(row, column)).map_err(|why| {
                let (place, name) = (RowName::named(row, table.cell(row, 0)), &table.header()[column]);
                anyhow!("{}: {place}, column {name}: {why}", path.display())
            })?;
            values.push(value);
        }
    }
    let ids = (0..table.len()).map(|row| table.cell(row, 0).to_owned()).collect();
    Ok(Embedded { ids: Some(ids), values, dim })
}

/// Refuses a file without a header, of which the first row would be taken for one. Names of columns may be numbers, if
/// they count the columns.
fn refuse_numbers_as_names(path: &Path, names: &[String]) -> anyhow::Result<()> {
    let numbers: Option<Vec<f64>> = names.iter().map(|name| name.parse().ok()).collect();
    let count = |numbers: &[f64]| numbers.windows(2).all(|pair| pair[1] == pair[0] + 1.0);
    if numbers.is_some_and(|numbers| !count(&numbers) || numbers[0].fract() != 0.0) {
        bail!(
            "{}: the first line holds numbers ({}, ...) where the names of columns are expected: put a header above it",
            path.display(),
            names[0]
        );
    }
    Ok(())
}

/// A number that can be compared, or why there is none.
fn number(cell: &str) -> Result<f32, String> {
    match cell.parse::<f32>() {
        Ok(value) if value.is_finite() => Ok(value),
        _ if is_missing(cell) => {
            Err("the value is missing: leave the row out, or put a number there".to_owned())
        }
        Ok(_) => Err(format!("`{cell}` is not finite: leave the row out, or put a number there")),
        Err(_) if cell.replacen(',', ".", 1).parse::<f32>().is_ok() => {
            Err(format!("`{cell}` has a decimal comma: write all numbers with a point"))
        }
        Err(_) => {
            Err(format!("`{cell}` is no number: expected ids in the first column and numbers in all others"))
        }
    }
}

/// Labels in the order of the rows.
pub struct Labelled {
    /// The labels of every row; none where it is unknown.
    pub values: Vec<Vec<String>>,
    table: Option<Table>,
}

/// Reads one label a line, or the column `label` of a table where that was asked for.
pub fn labels(path: &Path, label: Option<&Label>, rows: usize) -> anyhow::Result<Labelled> {
    let read = match label {
        None => lines(path, rows)?,
        Some(label) => column(path, label)?,
    };
    let found = read.values.len();
    if found != rows {
        let (more, which) = if found > rows {
            (found - rows, format!("label {} is the first without a row", rows + 1))
        } else {
            (rows - found, format!("{} is the first without a label", RowName::from(found)))
        };
        bail!(
            "{}: {found} labels for {rows} rows of embeddings, {more} too {}: {which} (a header counts as a label unless \
             --label names a column)",
            path.display(),
            if found > rows { "many" } else { "few" }
        );
    }
    Ok(read)
}

/// Blank lines are labels that are missing, but for those at the end that no row is there for.
fn lines(path: &Path, rows: usize) -> anyhow::Result<Labelled> {
    let mut lines = read_lines(path)?;
    while lines.len() > rows && lines.last().is_some_and(|line| line.trim().is_empty()) {
        lines.pop();
    }
    Ok(Labelled { values: lines.iter().map(|line| one(line)).collect(), table: None })
}

fn column(path: &Path, label: &Label) -> anyhow::Result<Labelled> {
    let table = Table::read(path)?;
    let name = label.to_string();
    let names: &[&str] = match label {
        Label::Drug => &["pert_iname", "cmap_name", "drug"],
        _ => &[name.as_str()],
    };
    let Some(column) = table.column(names) else {
        if let (Label::Atc(level), Some(codes)) = (label, table.column(&["atc_code", "atc"])) {
            let class = |row| classes(table.cell(row, codes), *level);
            return Ok(Labelled { values: (0..table.len()).map(class).collect(), table: Some(table) });
        }
        bail!("{}: no column {name}; it has {}", path.display(), table.header().join(", "));
    };
    let values = (0..table.len()).map(|row| several(table.cell(row, column))).collect();
    Ok(Labelled { values, table: Some(table) })
}

/// A whole line is one label, whatever it holds.
fn one(line: &str) -> Vec<String> {
    if is_missing(line) { Vec::new() } else { vec![line.to_owned()] }
}

fn several(cell: &str) -> Vec<String> {
    cell.split('|').map(str::trim).filter(|part| !is_missing(part)).map(str::to_owned).collect()
}

/// The classes of a level that ATC codes fall in.
fn classes(cell: &str, level: u8) -> Vec<String> {
    let codes = several(cell).into_iter().filter_map(|code| code.parse::<AtcCode>().ok());
    codes.filter_map(|code| code.at_level(level).map(str::to_owned)).collect()
}

impl Labelled {
    /// Whether the table says that a row is a control.
    pub fn is_control(&self, at: usize) -> bool {
        let pert_type =
            self.table.as_ref().and_then(|table| Some(table.cell(at, table.column(&["pert_type"])?)));
        let pert_type = pert_type.map(str::to_owned);
        Signature { pert_type, ..Signature::default() }.is_control()
    }

    /// Takes over what a table of labels tells beside them.
    pub fn describe(&self, at: usize, row: &mut Row) {
        let Some(table) = &self.table else { return };
        let cell = |names: &[&str]| {
            let text = table.cell(at, table.column(names)?).trim();
            (!is_missing(text)).then(|| text.to_owned())
        };
        if let Some(id) = cell(&["sig_id", "id"]) {
            row.plate = id.split_once(':').map(|(plate, _)| plate.to_owned());
            row.id = id;
        }
        row.drug = cell(&["pert_iname", "cmap_name", "drug"]).map(|name| {
            row.name.clone_from(&name);
            drug_key(&name)
        });
        let structure = cell(&["inchi_key"]).and_then(|text| text.parse::<InchiKey>().ok());
        row.traits = DrugTraits {
            keys: row.drug.iter().cloned().collect(),
            connectivity: structure.iter().map(|structure| structure.connectivity().to_owned()).collect(),
        };
        row.cell = cell(&["cell_id", "cell_iname"]);
        row.plate = cell(&["rna_plate", "det_plate", "plate"]).or_else(|| row.plate.take());
        row.dose = cell(&["pert_idose", "dose"]).and_then(|text| text.parse().ok());
        row.time = cell(&["pert_itime", "time"]).and_then(|text| text.parse().ok());
        row.strength = cell(&["tas"]).and_then(|text| text.parse().ok());
        row.moa = cell(&["moa"]).map(|text| several(&text)).unwrap_or_default();
        row.targets = cell(&["target"]).map(|text| several(&text)).unwrap_or_default();
        row.atc = cell(&["atc_code", "atc"])
            .map(|text| several(&text).iter().filter_map(|code| code.parse().ok()).collect())
            .unwrap_or_default();
        row.smiles = cell(&["canonical_smiles", "smiles"]);
    }
}
