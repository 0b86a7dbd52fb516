//! Operators that the built-in engine lacks, written out with those that it has.
//!
//! A network is taken apart and put together again as protocol buffers: what is not replaced keeps its bytes. Numbers of
//! fields are those of onnx.proto3.

use super::NetworkFault;
use super::inspect::{Field, MAX_INTEGERS, Message, put};

/// A node in terms of others: parts of a graph, in order; `None` where the node is left to the engine.
type Rule = fn(&Node<'_>) -> Option<Vec<Part>>;

/// Formulae of the operators' specifications in ONNX.
const RULES: [(&str, Rule); 6] = [
    ("Selu", selu),
    ("Celu", celu),
    ("Mish", mish),
    ("Dropout", dropout),
    ("MaxPool", pool),
    ("AveragePool", pool),
];

/// A network of the same function, with the operators of [`RULES`] written out.
///
/// # Errors
/// [`NetworkFault::NotOnnx`] for bytes that are no messages.
pub(super) fn written_out(onnx: &[u8]) -> Result<Vec<u8>, NetworkFault> {
    within(onnx, 7, graph)
}

fn graph(bytes: &[u8]) -> Result<Vec<u8>, NetworkFault> {
    let mut written = Vec::with_capacity(bytes.len() + 1024);
    for field in Message(bytes) {
        match field? {
            (NODE, Field::Bytes(bytes)) => node(bytes, &mut written)?,
            (number, field) => put(&mut written, number, field),
        }
    }
    Ok(written)
}

/// A node as it is, with the graphs within it written out, or what stands for it.
fn node(bytes: &[u8], written: &mut Vec<u8>) -> Result<(), NetworkFault> {
    let node = Node::read(bytes)?;
    let rule = RULES.iter().find(|(name, _)| *name == node.operator && matches!(node.domain, "" | "ai.onnx"));
    match rule.and_then(|(_, rule)| rule(&node)) {
        Some(parts) => parts.iter().for_each(|(number, part)| put(written, *number, Field::Bytes(part))),
        None => {
            let branches = |attribute: &[u8]| within(attribute, 6, graph);
            put(written, NODE, Field::Bytes(&within(bytes, 5, branches)?));
        }
    }
    Ok(())
}

/// A message with what it holds under `number` written anew.
fn within(
    message: &[u8],
    number: u64,
    anew: impl Fn(&[u8]) -> Result<Vec<u8>, NetworkFault>,
) -> Result<Vec<u8>, NetworkFault> {
    let mut written = Vec::with_capacity(message.len() + 1024);
    for field in Message(message) {
        match field? {
            (found, Field::Bytes(bytes)) if found == number => {
                put(&mut written, number, Field::Bytes(&anew(bytes)?));
            }
            (other, field) => put(&mut written, other, field),
        }
    }
    Ok(written)
}

/// gamma (x where x > 0, else alpha (exp x - 1))
fn selu(node: &Node<'_>) -> Option<Vec<Part>> {
    let (input, output) = node.ends()?;
    let alpha = node.float("alpha", 1.673_263_2);
    Some(vec![
        node.step("Elu", &[input], &node.inner("elu"), &[float("alpha", alpha)]),
        scalar(&node.inner("gamma"), node.float("gamma", 1.050_701)),
        node.step("Mul", &[&node.inner("elu"), &node.inner("gamma")], output, &[]),
    ])
}

/// x where x > 0, else alpha (exp (x / alpha) - 1)
fn celu(node: &Node<'_>) -> Option<Vec<Part>> {
    let (input, output) = node.ends()?;
    Some(vec![
        scalar(&node.inner("alpha"), node.float("alpha", 1.0)),
        node.step("Div", &[input, &node.inner("alpha")], &node.inner("share"), &[]),
        node.step("Elu", &[&node.inner("share")], &node.inner("elu"), &[float("alpha", 1.0)]),
        node.step("Mul", &[&node.inner("elu"), &node.inner("alpha")], output, &[]),
    ])
}

/// x tanh (ln (1 + exp x))
fn mish(node: &Node<'_>) -> Option<Vec<Part>> {
    let (input, output) = node.ends()?;
    Some(vec![
        node.step("Softplus", &[input], &node.inner("softplus"), &[]),
        node.step("Tanh", &[&node.inner("softplus")], &node.inner("tanh"), &[]),
        node.step("Mul", &[input, &node.inner("tanh")], output, &[]),
    ])
}

/// In use nothing is dropped; a third input asks for what happens in training.
fn dropout(node: &Node<'_>) -> Option<Vec<Part>> {
    let is_used = |names: &[&str]| names.iter().any(|name| !name.is_empty());
    let (input, more) = node.inputs.split_first()?;
    let (output, masks) = node.outputs.split_first()?;
    let in_training = more.get(1..).is_some_and(is_used);
    (!in_training && !is_used(masks)).then(|| vec![node.step("Identity", &[input], output, &[])])
}

/// With the steps that are meant where none are given: one in each direction.
fn pool(node: &Node<'_>) -> Option<Vec<Part>> {
    if node.window == 0 || node.has_strides {
        return None;
    }
    let mut steps = Vec::new();
    put(&mut steps, 1, Field::Bytes(b"strides"));
    (0..node.window).for_each(|_| put(&mut steps, 8, Field::Number(1)));
    put(&mut steps, 20, Field::Number(7)); // the type INTS
    let mut written = node.bytes.to_vec();
    put(&mut written, 5, Field::Bytes(&steps));
    Some(vec![(NODE, written)])
}

/// Field of a graph, and what it holds.
type Part = (u64, Vec<u8>);

const NODE: u64 = 1;
const INITIALIZER: u64 = 5;

/// A node that may be replaced.
#[derive(Default)]
struct Node<'a> {
    operator: &'a str,
    domain: &'a str,
    inputs: Vec<&'a str>,
    outputs: Vec<&'a str>,
    floats: Vec<(&'a str, f32)>,
    /// Dimensions of `kernel_shape`.
    window: usize,
    has_strides: bool,
    bytes: &'a [u8],
}

impl<'a> Node<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, NetworkFault> {
        let mut node = Self { bytes, ..Self::default() };
        for field in Message(bytes) {
            match field? {
                (1, field) => node.inputs.push(field.text()?),
                (2, field) => node.outputs.push(field.text()?),
                (4, field) => node.operator = field.text()?,
                (5, field) => node.attribute(field.bytes()?)?,
                (7, field) => node.domain = field.text()?,
                _ => (),
            }
        }
        Ok(node)
    }

    fn attribute(&mut self, bytes: &'a [u8]) -> Result<(), NetworkFault> {
        let (mut name, mut value, mut integers) = ("", None, Vec::new());
        for field in Message(bytes) {
            match field? {
                (1, field) => name = field.text()?,
                (2, Field::Fixed(bytes)) => value = bytes.try_into().ok().map(f32::from_le_bytes),
                (8, field) => field.integers(&mut integers, MAX_INTEGERS)?,
                _ => (),
            }
        }
        self.floats.extend(value.map(|value| (name, value)));
        match name {
            "kernel_shape" => self.window = integers.len(),
            "strides" => self.has_strides = true,
            _ => (),
        }
        Ok(())
    }

    /// Input and output of a node that has one of each.
    fn ends(&self) -> Option<(&'a str, &'a str)> {
        match (&self.inputs[..], &self.outputs[..]) {
            (&[input], &[output]) => Some((input, output)),
            _ => None,
        }
    }

    fn float(&self, name: &str, default: f32) -> f32 {
        self.floats.iter().find(|(found, _)| *found == name).map_or(default, |&(_, value)| value)
    }

    /// Name of a value that stands only in what replaces this node.
    fn inner(&self, name: &str) -> String {
        format!("{}/l1kdb/{name}", self.outputs[0])
    }

    /// A node of what replaces this one.
    fn step(&self, operator: &str, inputs: &[&str], output: &str, attributes: &[Vec<u8>]) -> Part {
        let mut node = Vec::new();
        inputs.iter().for_each(|input| put(&mut node, 1, Field::Bytes(input.as_bytes())));
        put(&mut node, 2, Field::Bytes(output.as_bytes()));
        put(&mut node, 3, Field::Bytes(self.inner(operator).as_bytes()));
        put(&mut node, 4, Field::Bytes(operator.as_bytes()));
        attributes.iter().for_each(|attribute| put(&mut node, 5, Field::Bytes(attribute)));
        (NODE, node)
    }
}

fn float(name: &str, value: f32) -> Vec<u8> {
    let mut attribute = Vec::new();
    put(&mut attribute, 1, Field::Bytes(name.as_bytes()));
    put(&mut attribute, 2, Field::Fixed(&value.to_le_bytes()));
    put(&mut attribute, 20, Field::Number(1)); // the type FLOAT
    attribute
}

fn scalar(name: &str, value: f32) -> Part {
    let mut tensor = Vec::new();
    put(&mut tensor, 2, Field::Number(1)); // the type FLOAT
    put(&mut tensor, 8, Field::Bytes(name.as_bytes()));
    put(&mut tensor, 9, Field::Bytes(&value.to_le_bytes()));
    (INITIALIZER, tensor)
}

#[cfg(test)]
mod tests;
