//! Where a row or a drug is.

/// A row of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::db) struct RowAt {
    /// The number of the segment in the manifest.
    pub segment: usize,
    pub row: u32,
}

/// A drug of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::db) struct DrugAt {
    /// The number of the segment in the manifest.
    pub segment: usize,
    pub drug: u32,
}
