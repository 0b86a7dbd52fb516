//! The nodes of a graph, with their bytes.

use super::super::NetworkFault;
use super::super::inspect::{Field, Message};

/// Fields of messages, as in onnx.proto3.
pub(super) const MODEL_GRAPH: u64 = 7;
pub(super) const GRAPH_NODE: u64 = 1;
const ATTRIBUTE: u64 = 5;
const ATTRIBUTE_GRAPH: u64 = 6;

/// A network that was looked through, and the nodes of its graph in their order: each after those that it reads.
pub(super) struct Nodes<'a> {
    /// The fields of the file around the graph.
    pub(super) around: Vec<(u64, Field<'a>)>,
    /// The fields of the graph that are no nodes.
    pub(super) others: Vec<(u64, Field<'a>)>,
    pub(super) nodes: Vec<Node<'a>>,
}

pub(super) struct Node<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) operator: &'a str,
    /// Names of values; those that are left out are empty.
    pub(super) inputs: Vec<&'a str>,
    pub(super) outputs: Vec<&'a str>,
    /// Whether it holds a graph, which may read values that are not among its inputs.
    pub(super) has_graph: bool,
}

impl<'a> Nodes<'a> {
    /// Reads the bytes of a `model.onnx`.
    pub(super) fn read(onnx: &'a [u8]) -> Result<Self, NetworkFault> {
        let mut read = Self { around: Vec::new(), others: Vec::new(), nodes: Vec::new() };
        for field in Message(onnx) {
            match field? {
                (MODEL_GRAPH, graph) => read.graph(graph.bytes()?)?,
                other => read.around.push(other),
            }
        }
        Ok(read)
    }

    fn graph(&mut self, graph: &'a [u8]) -> Result<(), NetworkFault> {
        for field in Message(graph) {
            match field? {
                (GRAPH_NODE, node) => self.nodes.push(Node::read(node.bytes()?)?),
                other => self.others.push(other),
            }
        }
        Ok(())
    }
}

impl<'a> Node<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, NetworkFault> {
        let (inputs, outputs) = (Vec::new(), Vec::new());
        let mut node = Self { bytes, operator: "", inputs, outputs, has_graph: false };
        for field in Message(bytes) {
            match field? {
                (1, field) => node.inputs.push(field.text()?),
                (2, field) => node.outputs.push(field.text()?),
                (4, field) => node.operator = field.text()?,
                (ATTRIBUTE, field) => {
                    for part in Message(field.bytes()?) {
                        node.has_graph |= part?.0 == ATTRIBUTE_GRAPH;
                    }
                }
                _ => (),
            }
        }
        Ok(node)
    }
}
