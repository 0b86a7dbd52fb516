//! The network between two values, as the bytes of an ONNX file.

use std::collections::HashSet;

use super::super::inspect::{Field, Message, put};
use super::nodes::{GRAPH_NODE, MODEL_GRAPH, Nodes};
use super::places::needed;

/// Fields of a graph, as in onnx.proto3.
const INITIALIZER: u64 = 5;
const INPUT: u64 = 11;
const OUTPUT: u64 = 12;
const VALUE_INFO: u64 = 13;
/// Field of a tensor.
const NAME: u64 = 8;

/// Returns the network that gives the second value from the first, both f32 [N, columns].
pub(super) fn between(nodes: &Nodes<'_>, from: (&str, usize), to: (&str, usize)) -> Vec<u8> {
    let mut graph = Vec::new();
    let mut read: HashSet<&str> = HashSet::new();
    for at in needed(nodes, from.0, to.0) {
        let node = &nodes.nodes[at];
        read.extend(&node.inputs);
        put(&mut graph, GRAPH_NODE, Field::Bytes(node.bytes));
    }
    for &(number, field) in &nodes.others {
        let is_kept = match number {
            INPUT | OUTPUT | VALUE_INFO => false,
            // Graphs within nodes read constants by name too.
            INITIALIZER => nodes.nodes.iter().any(|node| node.has_graph) || read.contains(name(field)),
            _ => true,
        };
        if is_kept {
            put(&mut graph, number, field);
        }
    }
    put(&mut graph, INPUT, Field::Bytes(&matrix(from)));
    put(&mut graph, OUTPUT, Field::Bytes(&matrix(to)));
    let mut model = Vec::with_capacity(graph.len() + 1024);
    nodes.around.iter().for_each(|&(number, field)| put(&mut model, number, field));
    put(&mut model, MODEL_GRAPH, Field::Bytes(&graph));
    model
}

/// The name of a tensor.
fn name(tensor: Field<'_>) -> &str {
    let fields = tensor.bytes().map(|bytes| Message(bytes).filter_map(Result::ok));
    let mut names = fields.into_iter().flatten().filter(|(number, _)| *number == NAME);
    names.next().and_then(|(_, field)| field.text().ok()).unwrap_or_default()
}

/// `ValueInfoProto` of f32 [N, columns].
fn matrix((name, columns): (&str, usize)) -> Vec<u8> {
    let message = |fields: &[(u64, Field<'_>)]| {
        let mut bytes = Vec::new();
        fields.iter().for_each(|&(number, field)| put(&mut bytes, number, field));
        bytes
    };
    let rows = message(&[(2, Field::Bytes(b"N"))]);
    let columns = message(&[(1, Field::Number(columns as u64))]);
    let shape = message(&[(1, Field::Bytes(&rows)), (1, Field::Bytes(&columns))]);
    let tensor = message(&[(1, Field::Number(1)), (2, Field::Bytes(&shape))]);
    let kind = message(&[(1, Field::Bytes(&tensor))]);
    message(&[(1, Field::Bytes(name.as_bytes())), (2, Field::Bytes(&kind))])
}
