//! The columns of a matrix as signatures of drugs.

use std::path::Path;

use super::{DescribedBy, ScanError, ScanOptions};
use crate::annotate::{Catalogue, Drug, DrugKeys, unmet_atc, unmet_perturbagens};
use crate::db::{DescribedRows, DrugRecord, MoreColumns};
use crate::profile::{MatrixFile, ProfileError, Signature, SignatureTable, Table, Unmatched, join};

/// The signatures of a matrix that take part, in the order of its columns, and what is known of them.
#[derive(Debug, Clone)]
pub(super) struct Described {
    pub signatures: Vec<Signature>,
    /// The column of each signature.
    pub columns: Vec<usize>,
    /// Whether anything names the drug of any signature.
    has_drugs: bool,
    /// The drugs of the signatures, in the same order.
    pub catalogue: Catalogue,
    pub by: DescribedBy,
    pub controls: usize,
    pub undescribed: Unmatched,
    pub identity: Vec<String>,
    pub warnings: Vec<String>,
}

/// What is told of the columns.
struct Told<'a> {
    /// Columns that take part, with their signatures.
    columns: Vec<(usize, Signature)>,
    /// All signatures of the table given, by which drugs are told apart.
    table: Option<&'a SignatureTable>,
    by: DescribedBy,
    controls: usize,
    undescribed: Unmatched,
    warnings: Vec<String>,
}

impl Described {
    /// Describes the columns by the table given, else by the file, else by their ids.
    pub fn new(file: &MatrixFile, options: &ScanOptions) -> Result<Self, ScanError> {
        let told = match &options.signatures {
            Some(table) => by_table(file, table, options.keep_controls)?,
            None => by_file(file, options.keep_controls)?,
        };
        let Told { columns, table, by, controls, undescribed, mut warnings } = told;
        if columns.is_empty() && controls > 0 {
            return Err(ScanError::OnlyControls { path: file.path().to_owned(), controls });
        }
        let (columns, signatures): (Vec<usize>, Vec<Signature>) = columns.into_iter().unzip();
        let keys =
            DrugKeys::new(table.map_or(&signatures[..], SignatureTable::rows), options.perturbagens.as_ref());
        let catalogue = Catalogue::new(&signatures, &keys, options.atc.as_ref());
        let identity = keys.notes().to_vec();
        warnings.extend(unmet(&signatures, &catalogue, options));
        let has_drugs = signatures.iter().any(|one| one.name.is_some() || one.pert_id.is_some());
        Ok(Self { signatures, columns, has_drugs, catalogue, by, controls, undescribed, identity, warnings })
    }

    /// Returns the drugs. `path` is the file that the message names where nothing tells the drug of any signature.
    pub fn drugs(&self, path: &Path) -> Result<&[Drug], ScanError> {
        if self.has_drugs {
            return Ok(self.catalogue.drugs());
        }
        Err(ScanError::NoDrugs { path: path.to_owned(), signatures: self.signatures.len() })
    }

    /// Returns what is known of the drug of a signature: nothing where the drug of no signature is known.
    pub fn drug_record(&self, signature: usize) -> DrugRecord {
        let drug = &self.catalogue.drugs()[self.catalogue.of_signature()[signature] as usize];
        if self.has_drugs { DrugRecord::from(drug) } else { DrugRecord::default() }
    }

    /// The signatures as a filter asks of them, by what the file says of its columns too.
    pub fn rows<'a>(&'a self, metadata: &'a Table) -> DescribedRows<'a> {
        let more = MoreColumns { table: metadata, rows: &self.columns };
        DescribedRows::new(&self.signatures, &self.catalogue, Some(more))
    }
}

/// Why tables about drugs tell nothing.
fn unmet(signatures: &[Signature], catalogue: &Catalogue, options: &ScanOptions) -> Vec<String> {
    let drugs = || catalogue.drugs().iter().map(|drug| (drug.key.as_str(), !drug.atc.is_empty()));
    let perturbagens = options.perturbagens.as_ref();
    let perturbagens = perturbagens.and_then(|table| unmet_perturbagens(signatures.iter(), table));
    perturbagens.into_iter().chain(options.atc.as_ref().and_then(|atc| unmet_atc(drugs(), atc))).collect()
}

fn by_table<'a>(
    file: &MatrixFile,
    table: &'a SignatureTable,
    keep_controls: bool,
) -> Result<Told<'a>, ScanError> {
    let join = join(file.column_ids(), table, keep_controls);
    if let Some(why) = join.explanation().filter(|_| join.controls == 0) {
        return Err(ScanError::NothingDescribed { path: file.path().to_owned(), why });
    }
    Ok(Told {
        columns: join.rows.iter().map(|&(column, row)| (column, table.rows()[row].clone())).collect(),
        table: Some(table),
        by: DescribedBy::Table,
        controls: join.controls,
        undescribed: join.profiles_without_row,
        warnings: join.respelt.note().into_iter().collect(),
    })
}

fn by_file(file: &MatrixFile, keep_controls: bool) -> Result<Told<'static>, ProfileError> {
    let metadata = file.column_metadata();
    let by = if metadata.header().len() > 1 { DescribedBy::File } else { DescribedBy::Nothing };
    let of_id = |id: &String| Signature { sig_id: id.clone(), ..Signature::default() };
    let signatures = match by {
        DescribedBy::File => SignatureTable::of_columns(metadata, file.path())?.rows().to_vec(),
        _ => file.column_ids().iter().map(of_id).collect(),
    };
    let all = signatures.len();
    let takes_part = |(_, one): &(usize, Signature)| keep_controls || !one.is_control();
    let columns: Vec<(usize, Signature)> = signatures.into_iter().enumerate().filter(takes_part).collect();
    let (controls, undescribed, warnings) = (all - columns.len(), Unmatched::default(), Vec::new());
    Ok(Told { columns, table: None, by, controls, undescribed, warnings })
}
