//! Choices of a user about a result of differential expression.

use crate::profile::{GeneIds, Universe};

/// How a result of differential expression is read.
///
/// ```
/// use l1kdb::profile::{DifferentialOptions, Universe};
///
/// let options = DifferentialOptions::default().universe(Universe::Bing).stat_column("t");
/// ```
#[derive(Debug, Clone)]
pub struct DifferentialOptions {
    pub(super) universe: Universe,
    pub(super) ids: GeneIds,
    pub(super) gene_column: Option<String>,
    pub(super) stat_column: Option<String>,
    pub(super) contrast: Option<String>,
}

impl Default for DifferentialOptions {
    fn default() -> Self {
        Self {
            universe: Universe::Landmark,
            ids: GeneIds::built_in(),
            gene_column: None,
            stat_column: None,
            contrast: None,
        }
    }
}

impl DifferentialOptions {
    /// Sets the genes that values are wanted of; [`Universe::Landmark`] unless set.
    #[must_use]
    pub fn universe(mut self, universe: Universe) -> Self {
        self.universe = universe;
        self
    }

    /// Sets who knows names of genes; [`GeneIds::built_in`] unless set.
    #[must_use]
    pub fn ids(mut self, ids: GeneIds) -> Self {
        self.ids = ids;
        self
    }

    /// Names the column of the genes; the one that names most genes unless set.
    #[must_use]
    pub fn gene_column(mut self, name: impl Into<String>) -> Self {
        self.gene_column = Some(name.into());
        self
    }

    /// Names the column of the statistic; the one that the tool gives unless set.
    #[must_use]
    pub fn stat_column(mut self, name: impl Into<String>) -> Self {
        self.stat_column = Some(name.into());
        self
    }

    /// Names the contrast, coefficient or cluster of a table of several.
    #[must_use]
    pub fn contrast(mut self, name: impl Into<String>) -> Self {
        self.contrast = Some(name.into());
        self
    }
}
