//! Levels of an evaluation: signatures or drugs.

/// The rows that are compared: every signature, or every drug by the mean of its signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Signatures with signatures.
    Signature,
    /// Drugs with drugs.
    Drug,
}

impl Level {
    /// Returns the name used in output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Signature => "signature",
            Self::Drug => "drug",
        }
    }
}
