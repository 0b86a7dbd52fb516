//! What is known of a reference beside its file.

use crate::annotate::DrugAtc;
use crate::profile::{GeneIds, PerturbagenTable, SignatureTable};

/// What is known of a reference beside its file. By default nothing: signatures are described by the file's own metadata.
///
/// ```
/// use l1kdb::scan::ScanOptions;
///
/// let options = ScanOptions::default().keep_controls(true);
/// assert!(options.signatures.is_none());
/// ```
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
#[must_use]
pub struct ScanOptions {
    /// Metadata of the signatures, joined on `sig_id`. It goes before the metadata of the file.
    pub signatures: Option<SignatureTable>,
    /// Metadata of the perturbagens: mechanism, targets, canonical name.
    pub perturbagens: Option<PerturbagenTable>,
    /// ATC codes of drugs.
    pub atc: Option<DrugAtc>,
    /// The names of genes.
    pub gene_ids: GeneIds,
    /// Whether control signatures take part.
    pub keep_controls: bool,
}

impl ScanOptions {
    /// Describes the signatures, such as by LINCS' table of them.
    pub fn signatures(self, table: SignatureTable) -> Self {
        Self { signatures: Some(table), ..self }
    }

    /// Adds what is known of the perturbagens.
    pub fn perturbagens(self, table: PerturbagenTable) -> Self {
        Self { perturbagens: Some(table), ..self }
    }

    /// Adds ATC codes.
    pub fn atc(self, codes: DrugAtc) -> Self {
        Self { atc: Some(codes), ..self }
    }

    /// Sets the names of genes by which rows are found; [`GeneIds::built_in`] if not set.
    pub fn gene_ids(self, gene_ids: GeneIds) -> Self {
        Self { gene_ids, ..self }
    }

    /// Sets whether control signatures (`ctl_*`, `trt_sh.css`, ...) take part; they do not if not set, as in a database.
    pub fn keep_controls(self, keep_controls: bool) -> Self {
        Self { keep_controls, ..self }
    }
}
