//! Similarities of rows.

/// A similarity of two rows; larger is nearer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Similarity {
    /// The cosine of the angle between them, in [-1, 1].
    #[default]
    Cosine,
    /// The dot product of the rows as they are.
    Dot,
    /// Minus half the squared Euclidean distance: the same order as by distance, nearest first.
    Euclid,
}

impl Similarity {
    /// Returns the name used in output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cosine => "cosine",
            Self::Dot => "dot",
            Self::Euclid => "euclid",
        }
    }
}
