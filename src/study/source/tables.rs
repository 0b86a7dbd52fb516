use std::path::PathBuf;

use crate::study::Label;

/// The tables that describe the rows of a study.
///
/// ```
/// use l1kdb::study::Tables;
///
/// let tables = Tables::default().sig_info("siginfo_beta.txt").pert_info("compoundinfo_beta.txt");
/// ```
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
#[must_use]
pub struct Tables {
    /// Signatures, joined on `sig_id`.
    pub sig_info: Option<PathBuf>,
    /// Perturbagens: mechanism, targets, structure.
    pub pert_info: Option<PathBuf>,
    /// Drugs to ATC codes.
    pub atc: Option<PathBuf>,
    /// Labels in the order of the embeddings: one a line, or a table where [`label`](Self::label) names a column.
    pub labels: Option<PathBuf>,
    /// The column of `labels`.
    pub label: Option<Label>,
    /// Whether control signatures are kept.
    pub keep_controls: bool,
}

impl Tables {
    /// Sets the table of signatures.
    pub fn sig_info(mut self, path: impl Into<PathBuf>) -> Self {
        self.sig_info = Some(path.into());
        self
    }

    /// Sets the table of perturbagens.
    pub fn pert_info(mut self, path: impl Into<PathBuf>) -> Self {
        self.pert_info = Some(path.into());
        self
    }

    /// Sets the table of drugs and ATC codes.
    pub fn atc(mut self, path: impl Into<PathBuf>) -> Self {
        self.atc = Some(path.into());
        self
    }

    /// Sets the file of labels.
    pub fn labels(mut self, path: impl Into<PathBuf>) -> Self {
        self.labels = Some(path.into());
        self
    }

    /// Sets the column of the file of labels.
    pub fn label(mut self, label: Label) -> Self {
        self.label = Some(label);
        self
    }

    /// Keeps control signatures, which are left out otherwise.
    pub fn keep_controls(mut self, keep: bool) -> Self {
        self.keep_controls = keep;
        self
    }
}
