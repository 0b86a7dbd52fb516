//! What signatures of the query's cell line are to an answer.

/// What signatures of the query's own cell line are to an answer.
///
/// The cell line is that of the query's signature in the database, or what is said of it
/// ([`QueryProfiles::in_cell_lines`](super::QueryProfiles::in_cell_lines), [`Ask::cell_line`](crate::question::Ask::cell_line)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SameCell {
    /// Signatures as any others.
    #[default]
    Ignore,
    /// What a drug is scored by where it has any, and otherwise by all that it has. Of signatures, they come first.
    Prefer,
    /// The only signatures that take part. A query whose cell line is not known is not asked.
    Only,
}
