//! What engines tell of a network: its ends, and what went wrong.

use std::fmt;

/// One end of a network as it declares itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Port {
    pub(super) name: String,
    /// `f32`, `f64`, ..., or `not a tensor`.
    pub(super) element: String,
    /// -1 for a dimension that is left open.
    pub(super) shape: Vec<i64>,
}

impl fmt::Display for Port {
    /// `profile: f32 [N, 978]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = |&size: &i64| if size < 0 { "N".to_owned() } else { size.to_string() };
        let shape = self.shape.iter().map(size).collect::<Vec<_>>().join(", ");
        write!(f, "{}: {} [{shape}]", self.name, self.element)
    }
}

/// What an engine says, for one line of an error.
pub(super) fn one_line(error: impl fmt::Display) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}
