//! A node with what is known of its inputs, and what a rule makes of it.

use std::rc::Rc;

use super::messages::{Attribute, Node};
use super::value::{Misfit, Value};

/// A node with what its inputs are; an input that is left out is `None`.
pub(super) struct Given<'n, 'a> {
    pub(super) node: &'n Node<'a>,
    pub(super) inputs: Vec<Option<Rc<Value>>>,
}

/// Why a shape cannot be told.
pub(super) enum Trouble {
    Misfit(Misfit),
    /// It depends on values that are known only when the network runs.
    Unsized,
}

impl From<Misfit> for Trouble {
    fn from(misfit: Misfit) -> Self {
        Self::Misfit(misfit)
    }
}

/// Outputs, and how many multiplications they take beyond one a number.
pub(super) struct Made(pub(super) Vec<Value>, pub(super) u64);

impl From<Value> for Made {
    fn from(value: Value) -> Self {
        Self(vec![value], 0)
    }
}

/// As many as a tensor may have.
const MAX_AXES: i64 = 16;
/// Groups of channels, and channels in a window.
const MAX_GROUPS: i64 = 1 << 16;

impl Given<'_, '_> {
    /// Axes and numbers of groups far off, which engines do not expect.
    pub(super) fn settings_fit(&self) -> Result<(), Misfit> {
        let axes = self.attribute("axis").and_then(|axis| axis.integer);
        let axes = axes.into_iter().chain(self.integers("axes").unwrap_or_default().iter().copied());
        if let Some(axis) = axes.into_iter().find(|axis| axis.unsigned_abs() > MAX_AXES.unsigned_abs()) {
            return Err(format!("axis {axis}"));
        }
        let sizes = ["group", "num_groups", "size"].map(|name| (name, self.integer(name, 1)));
        match sizes.iter().find(|(_, size)| !(1..=MAX_GROUPS).contains(size)) {
            Some((name, size)) => Err(format!("{name} {size}")),
            None => Ok(()),
        }
    }

    pub(super) fn input(&self, at: usize) -> Result<&Value, Misfit> {
        self.optional(at).ok_or_else(|| format!("it has no input {}", at + 1))
    }

    pub(super) fn optional(&self, at: usize) -> Option<&Value> {
        self.inputs.get(at)?.as_deref()
    }

    /// All inputs.
    pub(super) fn all(&self) -> Result<Vec<&Value>, Misfit> {
        (0..self.inputs.len().max(1)).map(|at| self.input(at)).collect()
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&Attribute<'_>> {
        self.node.attributes.iter().find(|attribute| attribute.name == name)
    }

    pub(super) fn integer(&self, name: &str, by_default: i64) -> i64 {
        self.attribute(name).and_then(|attribute| attribute.integer).unwrap_or(by_default)
    }

    pub(super) fn integers(&self, name: &str) -> Option<&[i64]> {
        self.attribute(name).map(|attribute| attribute.integers.as_slice())
    }

    /// Integers that older networks have as an attribute and newer ones as an input; `None` where neither is given.
    pub(super) fn told(&self, name: &str, at: usize) -> Result<Option<Vec<i64>>, Trouble> {
        match (self.integers(name), self.optional(at)) {
            // Which of the two counts depends on the engine.
            (Some(_), Some(_)) => Err(Trouble::Misfit(format!("`{name}` is given twice"))),
            (Some(integers), None) => Ok(Some(integers.to_vec())),
            (None, Some(value)) => value.integers.clone().map(Some).ok_or(Trouble::Unsized),
            (None, None) => Ok(None),
        }
    }
}

/// Whether a node is of the standard domain, which has two spellings.
pub(super) fn is_standard(node: &Node<'_>) -> bool {
    matches!(node.domain, "" | "ai.onnx")
}

/// `MatMul` and its name, if it has one.
pub(super) fn called(node: &Node<'_>) -> String {
    match node.name {
        "" => format!("a `{}`", node.operator),
        name => format!("`{name}` ({})", node.operator),
    }
}
