//! What engines are told and what they tell: profiles and embeddings, the ends of a network, what went wrong.

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

/// Rows for a network, and room for what it makes of each.
pub(super) struct Profiles<'a> {
    input: &'a [f32],
    width: usize,
    output: &'a mut [f32],
}

impl<'a> Profiles<'a> {
    /// `input` are rows of `width` values, row-major; `output` has as many rows of any width.
    pub(super) fn new(input: &'a [f32], width: usize, output: &'a mut [f32]) -> Self {
        Self { input, width, output }
    }

    pub(super) fn input(&self) -> &'a [f32] {
        self.input
    }

    /// Rows and columns of the input.
    pub(super) fn shape(&self) -> [usize; 2] {
        [self.input.len() / self.width, self.width]
    }

    /// Takes the output of a network, of this shape.
    pub(super) fn take(&mut self, shape: &[i64], values: &[f32]) -> Result<(), String> {
        let [rows, _] = self.shape();
        let expected = [rows, self.output.len() / rows].map(|size| size as i64);
        if *shape != expected {
            return Err(format!("expected an output of shape {expected:?}, found {shape:?}"));
        }
        self.output.copy_from_slice(values);
        Ok(())
    }
}

/// What an engine says, for one line of an error.
pub(super) fn one_line(error: impl fmt::Display) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}
