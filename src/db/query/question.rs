//! What is asked.

/// One question, or many of one kind.
#[derive(Debug, Clone, Copy)]
pub(super) enum Question<'a> {
    /// Which rows are similar to these embeddings, unit vectors of the database's model: questions x dim, row-major.
    Embedding(&'a [f32]),
}
