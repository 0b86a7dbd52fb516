//! What is asked.

use std::fmt;

use crate::connectivity::Score;

/// One question, or many of one kind.
#[derive(Clone, Copy)]
pub(super) enum Question<'a> {
    /// Which rows are similar to these embeddings, unit vectors of the database's model: questions x dim, row-major.
    Embedding(&'a [f32]),
    /// Which rows have profiles that these scores, of whatever query in gene space, are large for?
    Profile(&'a [Box<dyn Score>]),
}

impl fmt::Debug for Question<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Embedding(values) => f.debug_tuple("Embedding").field(values).finish(),
            Self::Profile(scores) => f.debug_tuple("Profile").field(&scores.len()).finish(),
        }
    }
}
