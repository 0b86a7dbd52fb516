//! The messages of ONNX, as far as they tell what a network reads and how large it becomes. Names and numbers of fields
//! are those of onnx.proto3. Nothing is copied but lists of integers.

use std::collections::HashSet;

use super::NetworkFault;
use super::tensor::{MAX_DIMENSIONS, Tensor, once};
use super::wire::{Field, Message};

/// Nodes of all graphs together; networks of some hundred layers have a few thousand.
const MAX_NODES: usize = 10_000;
/// Other parts: inputs, attributes, tensors, names.
const MAX_PARTS: usize = 200_000;
/// Graphs within graphs, the branches of an `If`.
const DEEPEST: usize = 4;
/// Attributes of a node.
const MAX_ATTRIBUTES: usize = 64;
/// Integers of an attribute.
pub(in crate::embed) const MAX_INTEGERS: usize = 4096;

#[derive(Debug, Default)]
pub(super) struct Graph<'a> {
    pub(super) nodes: Vec<Node<'a>>,
    pub(super) initializers: Vec<Tensor<'a>>,
    pub(super) inputs: Vec<End<'a>>,
    pub(super) outputs: Vec<End<'a>>,
}

#[derive(Debug, Default)]
pub(super) struct Node<'a> {
    pub(super) name: &'a str,
    pub(super) operator: &'a str,
    pub(super) domain: &'a str,
    pub(super) inputs: Vec<&'a str>,
    pub(super) outputs: Vec<&'a str>,
    pub(super) attributes: Vec<Attribute<'a>>,
}

#[derive(Debug, Default)]
pub(super) struct Attribute<'a> {
    pub(super) name: &'a str,
    pub(super) integer: Option<i64>,
    pub(super) integers: Vec<i64>,
    /// Numbers in `floats`.
    pub(super) floats: usize,
    pub(super) text: &'a [u8],
    pub(super) tensor: Option<Tensor<'a>>,
    pub(super) graph: Option<Graph<'a>>,
}

/// An input or output of a graph.
#[derive(Debug, Default)]
pub(in crate::embed) struct End<'a> {
    pub(in crate::embed) name: &'a str,
    /// Number of the element type in ONNX; `None` for what is no tensor.
    pub(in crate::embed) element: Option<u64>,
    /// A dimension that is left open is `None`.
    pub(in crate::embed) dims: Vec<Option<u64>>,
}

/// Reads the graph of a model, and looks through all else that may hold tensors.
pub(super) fn graph(model: &[u8]) -> Result<Graph<'_>, NetworkFault> {
    let (mut graph, mut parts) = (None, Parts::default());
    for field in Message(model) {
        match field? {
            (7, field) => once(&mut graph, parts.graph(field.bytes()?, 0)?)?,
            (20, field) => parts.training(field.bytes()?)?,
            (25, field) => parts.function(field.bytes()?)?,
            _ => (),
        }
    }
    if let Some(name) = parts.function {
        return Err(NetworkFault::Function { name });
    }
    let graph = graph.ok_or_else(|| NetworkFault::NotOnnx { cause: "it has no graph".to_owned() })?;
    let inputs: HashSet<&str> = graph.inputs.iter().map(|input| input.name).collect();
    match graph.initializers.iter().find(|tensor| inputs.contains(tensor.name)) {
        Some(weights) => Err(NetworkFault::WeightsAmongInputs { name: weights.name.to_owned() }),
        None => Ok(graph),
    }
}

/// What has been met so far.
#[derive(Default)]
struct Parts {
    nodes: usize,
    others: usize,
    function: Option<String>,
}

impl Parts {
    fn node_more(&mut self) -> Result<(), NetworkFault> {
        self.nodes += 1;
        NetworkFault::bounded("operators", self.nodes, MAX_NODES)
    }

    fn more(&mut self) -> Result<(), NetworkFault> {
        self.others += 1;
        NetworkFault::bounded("inputs, outputs, attributes and tensors", self.others, MAX_PARTS)
    }

    fn graph<'a>(&mut self, bytes: &'a [u8], depth: usize) -> Result<Graph<'a>, NetworkFault> {
        NetworkFault::bounded("graphs within each other", depth, DEEPEST)?;
        let mut graph = Graph::default();
        for field in Message(bytes) {
            match field? {
                (1, field) => graph.nodes.push(self.node(field.bytes()?, depth)?),
                (5, field) => graph.initializers.push(self.tensor(field.bytes()?)?),
                (11, field) => graph.inputs.push(self.end(field.bytes()?)?),
                (12, field) => graph.outputs.push(self.end(field.bytes()?)?),
                (15, field) => self.sparse(field.bytes()?)?,
                _ => (),
            }
        }
        Ok(graph)
    }

    fn node<'a>(&mut self, bytes: &'a [u8], depth: usize) -> Result<Node<'a>, NetworkFault> {
        self.node_more()?;
        let mut node = Node::default();
        for field in Message(bytes) {
            match field? {
                (1, field) => node.inputs.push(self.name(field)?),
                (2, field) => node.outputs.push(self.name(field)?),
                (3, field) => node.name = field.text()?,
                (4, field) => node.operator = field.text()?,
                (5, field) => {
                    let attribute = self.attribute(field.bytes()?, depth)?;
                    // Which of two counts would depend on the engine.
                    if node.attributes.iter().any(|other| other.name == attribute.name) {
                        return Err(twice(attribute.name));
                    }
                    node.attributes.push(attribute);
                    NetworkFault::bounded(
                        "attributes of an operator",
                        node.attributes.len(),
                        MAX_ATTRIBUTES,
                    )?;
                }
                (7, field) => node.domain = field.text()?,
                _ => (),
            }
        }
        Ok(node)
    }

    fn name<'a>(&mut self, field: Field<'a>) -> Result<&'a str, NetworkFault> {
        self.more()?;
        field.text()
    }

    fn attribute<'a>(&mut self, bytes: &'a [u8], depth: usize) -> Result<Attribute<'a>, NetworkFault> {
        self.more()?;
        let mut attribute = Attribute::default();
        for field in Message(bytes) {
            match field? {
                (1, field) => attribute.name = field.text()?,
                (3, field) => attribute.integer = Some(field.integer()?),
                (4, field) => attribute.text = field.bytes()?,
                (5, field) => once(&mut attribute.tensor, self.tensor(field.bytes()?)?)?,
                (6, field) => once(&mut attribute.graph, self.graph(field.bytes()?, depth + 1)?)?,
                (7, field) => attribute.floats += field.size() / 4,
                (8, field) => field.integers(&mut attribute.integers, MAX_INTEGERS)?,
                // Lists of tensors and graphs belong to no operator that is run; what they hold is looked at all the same.
                (10, field) => drop(self.tensor(field.bytes()?)?),
                (11, field) => drop(self.graph(field.bytes()?, depth + 1)?),
                (22 | 23, field) => self.sparse(field.bytes()?)?,
                _ => (),
            }
        }
        Ok(attribute)
    }

    fn tensor<'a>(&mut self, bytes: &'a [u8]) -> Result<Tensor<'a>, NetworkFault> {
        self.more()?;
        Tensor::read(bytes)
    }

    /// A sparse tensor may be as large as its shape says, whatever it holds.
    fn sparse(&mut self, bytes: &[u8]) -> Result<(), NetworkFault> {
        let mut name = "";
        for field in Message(bytes) {
            if let (number @ 1..=2, field) = field? {
                let tensor = self.tensor(field.bytes()?)?;
                name = if number == 1 { tensor.name } else { name };
            }
        }
        Err(NetworkFault::Tensor { tensor: name.to_owned(), cause: "that is sparse".to_owned() })
    }

    fn end<'a>(&mut self, bytes: &'a [u8]) -> Result<End<'a>, NetworkFault> {
        self.more()?;
        let (mut end, mut kind) = (End::default(), None);
        for field in Message(bytes) {
            match field? {
                (1, field) => end.name = field.text()?,
                (2, field) => once(&mut kind, field.bytes()?)?,
                _ => (),
            }
        }
        // value_info.type.tensor_type: elem_type and shape
        let tensor = kind.map(|kind| only(kind, 1)).transpose()?.flatten();
        let tensor = tensor.map(Field::bytes).transpose()?;
        end.element =
            tensor.map(|tensor| only(tensor, 1)).transpose()?.flatten().map(Field::number).transpose()?;
        let shape = tensor.map(|tensor| only(tensor, 2)).transpose()?.flatten();
        let shape = shape.map(Field::bytes).transpose()?;
        end.dims = shape.map_or(Ok(vec![None; 2]), open_dims)?;
        Ok(end)
    }

    /// Graphs that no engine runs here, but that may name other files.
    fn training(&mut self, bytes: &[u8]) -> Result<(), NetworkFault> {
        for field in Message(bytes) {
            if let (1 | 2, field) = field? {
                self.graph(field.bytes()?, 1)?;
            }
        }
        Ok(())
    }

    fn function(&mut self, bytes: &[u8]) -> Result<(), NetworkFault> {
        let mut name = "";
        for field in Message(bytes) {
            match field? {
                (1, field) => name = field.text()?,
                (7, field) => drop(self.node(field.bytes()?, 1)?),
                (11, field) => drop(self.attribute(field.bytes()?, 1)?),
                _ => (),
            }
        }
        self.function.get_or_insert_with(|| name.to_owned());
        Ok(())
    }
}

/// Two things of one name.
pub(super) fn twice(name: &str) -> NetworkFault {
    NetworkFault::NotOnnx { cause: format!("`{name}` stands in one place twice") }
}

/// The one field under `number`.
fn only(message: &[u8], number: u64) -> Result<Option<Field<'_>>, NetworkFault> {
    let mut found = None;
    for field in Message(message) {
        let (at, field) = field?;
        if at == number {
            once(&mut found, field)?;
        }
    }
    Ok(found)
}

fn open_dims(shape: &[u8]) -> Result<Vec<Option<u64>>, NetworkFault> {
    let mut dims = Vec::new();
    for field in Message(shape) {
        if let (1, field) = field? {
            let mut size = None;
            for part in Message(field.bytes()?) {
                if let (1, part) = part? {
                    size = u64::try_from(part.integer()?).ok();
                }
            }
            dims.push(size);
            NetworkFault::bounded("dimensions of an input", dims.len(), MAX_DIMENSIONS)?;
        }
    }
    Ok(dims)
}
