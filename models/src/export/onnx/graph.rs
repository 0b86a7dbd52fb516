//! An ONNX graph put together node by node.

use super::messages::{
    ATTRIBUTE_INT, ATTRIBUTE_INTS, Attribute, Dimension, FLOAT, Graph, INT64, Model, Node, OperatorSet,
    Tensor, TensorShape, TensorType, Type, ValueInfo,
};

/// Operators as of ONNX 1.12: old enough for every runtime in use, and for the built-in engine.
const OPSET: i64 = 17;
/// The file format of the same release.
const IR_VERSION: i64 = 8;

/// Name of a value in the graph.
pub(super) type Value = String;

#[derive(Default)]
pub(super) struct GraphBuilder {
    nodes: Vec<Node>,
    constants: Vec<Tensor>,
}

impl GraphBuilder {
    /// Adds a node with one output, called `output`.
    pub(super) fn node(&mut self, op_type: &str, inputs: &[&Value], output: &str) -> Value {
        self.add(op_type, inputs, &[output.to_owned()], Vec::new());
        output.to_owned()
    }

    /// A node with attributes and any number of outputs.
    pub(super) fn add(&mut self, op: &str, inputs: &[&Value], outputs: &[Value], attribute: Vec<Attribute>) {
        self.nodes.push(Node {
            input: inputs.iter().map(|&input| input.clone()).collect(),
            output: outputs.to_vec(),
            name: format!("{op}_{}", self.nodes.len()),
            op_type: op.to_owned(),
            attribute,
        });
    }

    pub(super) fn floats(&mut self, name: &str, dims: &[usize], values: &[f32]) -> Value {
        let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.constant(name, dims, FLOAT, bytes)
    }

    pub(super) fn integers(&mut self, name: &str, values: &[usize]) -> Value {
        let bytes = values.iter().flat_map(|&value| (value as i64).to_le_bytes()).collect();
        self.constant(name, &[values.len()], INT64, bytes)
    }

    fn constant(&mut self, name: &str, dims: &[usize], data_type: i32, raw_data: Vec<u8>) -> Value {
        let dims = dims.iter().map(|&dim| dim as i64).collect();
        self.constants.push(Tensor { dims, data_type: Some(data_type), name: name.to_owned(), raw_data });
        name.to_owned()
    }

    /// The model: one input and one output, both matrices with a free number of rows.
    pub(super) fn model(self, name: &str, input: (&str, usize), output: (&str, usize)) -> Model {
        Model {
            ir_version: Some(IR_VERSION),
            producer_name: env!("CARGO_PKG_NAME").to_owned(),
            producer_version: env!("CARGO_PKG_VERSION").to_owned(),
            graph: Some(Graph {
                node: self.nodes,
                name: name.to_owned(),
                initializer: self.constants,
                input: vec![matrix(input)],
                output: vec![matrix(output)],
            }),
            opset_import: vec![OperatorSet { domain: String::new(), version: Some(OPSET) }],
        }
    }
}

fn matrix((name, columns): (&str, usize)) -> ValueInfo {
    let rows = Dimension { dim_value: None, dim_param: Some("N".to_owned()) };
    let columns = Dimension { dim_value: Some(columns as i64), dim_param: None };
    let shape = TensorShape { dim: vec![rows, columns] };
    let tensor = TensorType { elem_type: Some(FLOAT), shape: Some(shape) };
    ValueInfo { name: name.to_owned(), kind: Some(Type { tensor: Some(tensor) }) }
}

pub(super) fn integer(name: &str, value: i64) -> Attribute {
    Attribute { name: name.to_owned(), i: Some(value), ints: Vec::new(), kind: Some(ATTRIBUTE_INT) }
}

pub(super) fn integer_list(name: &str, values: &[i64]) -> Attribute {
    Attribute { name: name.to_owned(), i: None, ints: values.to_vec(), kind: Some(ATTRIBUTE_INTS) }
}
