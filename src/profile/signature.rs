//! Tables of signatures: what was done to which cells, at what dose and for how long.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;
use std::sync::OnceLock;

use super::id::{compound_id, mangled, may_be_mangled};
use super::missing::present;
use super::table::{TableRows, column, no_rows, shown};
use super::text::Source;
use super::{ProfileError, Quantity, Table, columns};

/// What a table says about one signature. Fields that are missing there (`-666`, empty, `NA`) are `None`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Signature {
    /// `sig_id`; `inst_id` or `sample_id` in tables of level 4 and below.
    pub sig_id: String,
    /// `pert_id`, such as `BRD-K08132273`, the first 13 characters of a Broad id.
    pub pert_id: Option<String>,
    /// `pert_iname` or `cmap_name`, as written.
    pub name: Option<String>,
    /// `pert_type`, such as `trt_cp`.
    pub pert_type: Option<String>,
    /// `cell_id` or `cell_iname`.
    pub cell_id: Option<String>,
    /// From `pert_dose` and `pert_dose_unit`, or from `pert_idose`.
    pub dose: Option<Quantity>,
    /// From `pert_time` and `pert_time_unit`, or from `pert_itime`.
    pub time: Option<Quantity>,
    /// The quality columns that the table has (`tas`, `cc_q75` and others), as text; missing values are left out.
    pub flags: Vec<(&'static str, String)>,
}

/// Columns that tell how good a signature is, in both generations of names (the second of a pair is normalised
/// to the first): `nsample`, `tas`, `cc_q75` (`distil_cc_q75`), `ss_ngene`, `pct_self_rank_q25`, `qc_pass`,
/// `is_hiq`, `is_gold`, `is_exemplar_sig`, `is_ncs_sig`, `is_null_sig`, `batch_effect_tstat`.
pub const QUALITY_COLUMNS: [&str; 12] = [
    "nsample",
    "tas",
    "cc_q75",
    "ss_ngene",
    "pct_self_rank_q25",
    "qc_pass",
    "is_hiq",
    "is_gold",
    "is_exemplar_sig",
    "is_ncs_sig",
    "is_null_sig",
    "batch_effect_tstat",
];

/// First-generation names of quality columns.
const OLDER_NAMES: [(&str, &str); 3] = [
    ("nsample", "distil_nsample"),
    ("cc_q75", "distil_cc_q75"),
    ("pct_self_rank_q25", "distil_pct_self_rank_q25"),
];

impl Signature {
    /// Tells whether this is a control: vehicle, vector or untreated wells (`ctl_*`), the seed consensus of knock-downs
    /// (`trt_sh.css`), or a consensus of controls (`*.cns`).
    pub fn is_control(&self) -> bool {
        self.pert_type.as_deref().is_some_and(|pert_type| {
            let pert_type = pert_type.to_ascii_lowercase();
            pert_type.starts_with("ctl_") || pert_type == "trt_sh.css" || pert_type.ends_with(".cns")
        })
    }
}

/// The signatures of a table such as `GSE92742_Broad_LINCS_sig_info.txt` or `siginfo_beta.txt`.
#[derive(Debug, Clone, Default)]
pub struct SignatureTable {
    rows: Vec<Signature>,
    by_id: HashMap<String, usize>,
    /// Rows by what other programs make of their ids, where that is of one row; made when an id is not found.
    by_mangled: OnceLock<HashMap<String, Option<usize>>>,
    unread: usize,
}

impl SignatureTable {
    /// Reads a TSV or CSV file, gzipped or not, with the column names of either LINCS generation.
    ///
    /// # Errors
    /// Those of [`Table::read`], and [`ProfileError::MissingColumn`] without a `sig_id` (row names of R serve as well),
    /// [`ProfileError::DuplicateId`] when one stands twice, [`ProfileError::Empty`] for a header without rows.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, ProfileError> {
        Self::from_source(path.as_ref(), Source::open(path.as_ref())?)
    }

    pub(super) fn from_source(path: &Path, source: Source) -> Result<Self, ProfileError> {
        let mut rows = TableRows::new(source)?;
        let columns = Columns::find(rows.header(), path)?;
        let mut table = Self::default();
        let mut lines = Vec::new();
        while let Some(record) = rows.next()? {
            lines.push(record.line);
            table.push(&columns, |i| record.field(i), At { path, place: "lines", of_row: &lines })?;
        }
        match lines[..] {
            [] => Err(no_rows(path)),
            _ => Ok(table),
        }
    }

    /// Takes the signatures of a table that is already in memory, such as the metadata inside a GCTX file. `path`
    /// is the file that messages name.
    ///
    /// # Errors
    /// [`ProfileError::MissingColumn`] and [`ProfileError::DuplicateId`].
    pub fn from_table(table: &Table, path: impl AsRef<Path>) -> Result<Self, ProfileError> {
        let path = path.as_ref();
        Self::from_rows(table, &Columns::find(table.header(), path)?, path)
    }

    /// Takes what a matrix file says about its signatures ([`MatrixFile::column_metadata`](super::MatrixFile::column_metadata)),
    /// one row each: its first column is their id, whatever other columns are called.
    pub(crate) fn of_columns(table: &Table, path: &Path) -> Result<Self, ProfileError> {
        let columns = Columns { sig_id: 0, ..Columns::find(table.header(), path)? };
        Self::from_rows(table, &columns, path)
    }

    fn from_rows(table: &Table, columns: &Columns, path: &Path) -> Result<Self, ProfileError> {
        let mut signatures = Self::default();
        let of_row: Vec<u64> = (0..table.len()).map(|row| table.line(row)).collect();
        for row in 0..table.len() {
            let at = At { path, place: "rows", of_row: &of_row };
            signatures.push(columns, |i| table.cell(row, i).into(), at)?;
        }
        Ok(signatures)
    }

    /// Makes a table of records in memory.
    ///
    /// # Errors
    /// [`ProfileError::DuplicateId`] when a `sig_id` stands twice, [`ProfileError::Line`] when one is empty.
    pub fn new(signatures: Vec<Signature>) -> Result<Self, ProfileError> {
        let mut table = Self::default();
        let of_row: Vec<u64> = (1..=signatures.len() as u64).collect();
        for signature in signatures {
            table.insert(signature, At { path: Path::new("records"), place: "rows", of_row: &of_row })?;
        }
        Ok(table)
    }

    /// Returns all signatures, in the order of the table.
    pub fn rows(&self) -> &[Signature] {
        &self.rows
    }

    /// Returns the row in which `sig_id` stands, or else the only one of whose id R, Python or a spreadsheet makes the same:
    /// `CPC004_A375_6H.BRD.A10188456` for `CPC004_A375_6H:BRD-A10188456`.
    pub fn find(&self, sig_id: &str) -> Option<usize> {
        self.find_exactly(sig_id).or_else(|| {
            let by_mangled =
                may_be_mangled(sig_id).then(|| self.by_mangled.get_or_init(|| self.mangled()))?;
            by_mangled.get(&mangled(sig_id)).copied().flatten()
        })
    }

    fn mangled(&self) -> HashMap<String, Option<usize>> {
        let mut by_mangled = HashMap::with_capacity(self.rows.len());
        for (row, signature) in self.rows.iter().enumerate() {
            let only = by_mangled.entry(mangled(&signature.sig_id)).or_insert(Some(row));
            *only = only.filter(|&first| first == row);
        }
        by_mangled
    }

    /// The row in which `sig_id` stands.
    pub(super) fn find_exactly(&self, sig_id: &str) -> Option<usize> {
        self.by_id.get(sig_id.trim()).copied()
    }

    /// Returns how many doses and times are there but could not be read as a number and a unit.
    pub fn unread_quantities(&self) -> usize {
        self.unread
    }

    fn push<'a>(
        &mut self,
        columns: &Columns,
        field: impl Fn(usize) -> Cow<'a, str>,
        at: At<'_>,
    ) -> Result<(), ProfileError> {
        let signature = columns.signature(&field, &mut self.unread);
        self.insert(signature, at)
    }

    fn insert(
        &mut self,
        signature: Signature,
        At { path, place, of_row }: At<'_>,
    ) -> Result<(), ProfileError> {
        let row = self.rows.len();
        if signature.sig_id.is_empty() {
            let reason = "the signature id is empty; every row has to have one".to_owned();
            return Err(ProfileError::Line { path: path.to_owned(), line: of_row[row], reason });
        }
        if let Some(first) = self.by_id.insert(signature.sig_id.clone(), row) {
            return Err(ProfileError::DuplicateId {
                path: path.to_owned(),
                kind: "signature",
                id: signature.sig_id,
                place,
                first: of_row[first] as usize,
                second: of_row[row] as usize,
            });
        }
        self.rows.push(signature);
        Ok(())
    }
}

/// Where rows stand.
#[derive(Clone, Copy)]
struct At<'a> {
    path: &'a Path,
    /// `lines` or `rows`, which are counted from 1.
    place: &'static str,
    of_row: &'a [u64],
}

/// Where a table keeps what [`Signature`] holds.
struct Columns {
    sig_id: usize,
    pert_id: Option<usize>,
    name: Option<usize>,
    pert_type: Option<usize>,
    cell_id: Option<usize>,
    dose: QuantityColumns,
    time: QuantityColumns,
    flags: Vec<(&'static str, usize)>,
}

impl Columns {
    fn find(header: &[String], path: &Path) -> Result<Self, ProfileError> {
        let find = |names: &[&str]| column(header, names);
        // R writes ids as the names of rows, above which is nothing.
        let row_names = header.first().is_some_and(String::is_empty).then_some(0);
        let sig_id = match find(columns::SIG_ID).or(row_names) {
            Some(column) => column,
            None => required(header, columns::SIG_ID, path)?,
        };
        let flags = QUALITY_COLUMNS.iter().filter_map(|&name| {
            let older = OLDER_NAMES.iter().find(|(new, _)| *new == name).map(|(_, old)| *old);
            find(&[name]).or_else(|| find(&[older?])).map(|column| (name, column))
        });
        Ok(Self {
            sig_id,
            pert_id: find(columns::PERT_ID),
            name: find(columns::PERT_INAME),
            pert_type: find(columns::PERT_TYPE),
            cell_id: find(columns::CELL_ID),
            dose: QuantityColumns::find(header, "pert_dose", "pert_dose_unit", "pert_idose"),
            time: QuantityColumns::find(header, "pert_time", "pert_time_unit", "pert_itime"),
            flags: flags.collect(),
        })
    }

    fn signature<'a>(&self, field: &impl Fn(usize) -> Cow<'a, str>, unread: &mut usize) -> Signature {
        let text = |column: Option<usize>| column.and_then(|i| present(&field(i)));
        let mut quantity = |columns: &QuantityColumns| match columns.read(field) {
            Ok(quantity) => quantity,
            Err(Unread) => {
                *unread += 1;
                None
            }
        };
        Signature {
            sig_id: field(self.sig_id).into_owned(),
            pert_id: text(self.pert_id).as_deref().map(compound_id),
            name: text(self.name),
            pert_type: text(self.pert_type),
            cell_id: text(self.cell_id),
            dose: quantity(&self.dose),
            time: quantity(&self.time),
            flags: self.flags.iter().filter_map(|&(name, i)| Some((name, present(&field(i))?))).collect(),
        }
    }
}

/// Where a dose or a time stands: number and unit apart, or together.
struct QuantityColumns {
    value: Option<usize>,
    unit: Option<usize>,
    both: Option<usize>,
}

/// The table states a dose or a time, but not as a number.
struct Unread;

impl QuantityColumns {
    fn find(header: &[String], value: &str, unit: &str, both: &str) -> Self {
        let find = |name: &str| column(header, &[name]);
        Self { value: find(value), unit: find(unit), both: find(both) }
    }

    /// Number and unit apart are the more exact (`pert_idose` is rounded). A number without a unit is taken only
    /// when the joined column does not know better.
    fn read<'a>(&self, field: &impl Fn(usize) -> Cow<'a, str>) -> Result<Option<Quantity>, Unread> {
        let text = |column: Option<usize>| column.and_then(|i| present(&field(i)));
        let (value, unit, both) = (text(self.value), text(self.unit), text(self.both));
        let apart = value.as_deref().and_then(|v| Quantity::from_columns(v, unit.as_deref().unwrap_or("")));
        let joined = || both.as_deref().and_then(|text| text.parse::<Quantity>().ok());
        let quantity = match (apart, &unit) {
            (Some(apart), Some(_)) => Some(apart),
            (apart, _) => joined().or(apart).or_else(|| value.as_deref()?.parse().ok()),
        };
        match quantity {
            None if value.is_some() || both.is_some() => Err(Unread),
            quantity => Ok(quantity),
        }
    }
}

/// The column that bears one of `names`.
pub(super) fn required(header: &[String], names: &[&str], path: &Path) -> Result<usize, ProfileError> {
    column(header, names).ok_or_else(|| ProfileError::MissingColumn {
        path: path.to_owned(),
        expected: names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or "),
        found: header.iter().take(12).map(|name| format!("`{}`", shown(name))).collect::<Vec<_>>().join(", "),
    })
}
