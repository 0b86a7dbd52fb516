//! What a split goes by.

/// Groups that a split never divides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SplitBy {
    /// Drugs.
    Drug,
    /// Mechanisms of action, and so all drugs that share one, directly or over others.
    Moa,
    /// Cell lines.
    Cell,
    /// Plates.
    Plate,
    /// Chemical scaffolds, and so drugs.
    Scaffold,
    /// Sources, such as releases.
    Source,
}

impl SplitBy {
    /// Returns the name used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Drug => "drug",
            Self::Moa => "moa",
            Self::Cell => "cell",
            Self::Plate => "plate",
            Self::Scaffold => "scaffold",
            Self::Source => "source",
        }
    }

    /// Returns where it would be known from.
    pub(super) fn source(self) -> &'static str {
        match self {
            Self::Drug => "pert_iname of the table of signatures",
            Self::Moa => "moa of the table of perturbagens",
            Self::Cell => "cell_id of the table of signatures",
            Self::Plate => "a sig_id such as PLATE:WELL",
            Self::Scaffold => "canonical_smiles of the table of perturbagens",
            Self::Source => "a database of several sources, or a column source of the labels",
        }
    }
}
