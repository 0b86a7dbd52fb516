//! ONNX files made byte by byte after onnx.proto3, good ones and hostile ones.

/// One end of a network: name, ONNX element type (1 = f32, 11 = f64) and shape, where 0 stands for an open size.
#[derive(Clone, Copy)]
pub struct End<'a>(pub &'a str, pub u8, pub &'a [u64]);

/// The ONNX file of `output = Identity(input)`.
pub fn echo_network(input: End, output: End) -> Vec<u8> {
    model(&graph(&[node("Identity", &[input.0], &[output.0], &[])], &[], &[input], &[output]))
}

/// A network of these nodes and constants, from `profile` to `embedding`, f32 [N, `dim`].
pub fn network(nodes: &[Vec<u8>], constants: &[Vec<u8>], dim: u64) -> Vec<u8> {
    let shape = [0, dim];
    model(&graph(nodes, constants, &[End("profile", 1, &[0, 978])], &[End("embedding", 1, &shape)]))
}

/// A file of this graph, for opset 17.
pub fn model(graph: &[u8]) -> Vec<u8> {
    [number(1, 8), field(7, graph), field(8, &number(2, 17))].concat()
}

pub fn graph(nodes: &[Vec<u8>], constants: &[Vec<u8>], inputs: &[End], outputs: &[End]) -> Vec<u8> {
    let nodes = nodes.iter().flat_map(|node| field(1, node));
    let constants = constants.iter().flat_map(|constant| field(5, constant));
    let inputs = inputs.iter().flat_map(|end| field(11, &value_info(*end)));
    let outputs = outputs.iter().flat_map(|end| field(12, &value_info(*end)));
    nodes.chain(field(2, b"made")).chain(constants).chain(inputs).chain(outputs).collect()
}

pub fn node(operator: &str, inputs: &[&str], outputs: &[&str], attributes: &[Vec<u8>]) -> Vec<u8> {
    let inputs = inputs.iter().flat_map(|name| field(1, name.as_bytes()));
    let outputs = outputs.iter().flat_map(|name| field(2, name.as_bytes()));
    let attributes = attributes.iter().flat_map(|attribute| field(5, attribute));
    inputs.chain(outputs).chain(field(4, operator.as_bytes())).chain(attributes).collect()
}

pub fn integer(name: &str, value: i64) -> Vec<u8> {
    [field(1, name.as_bytes()), number(3, value.cast_unsigned()), number(20, 2)].concat()
}

pub fn float(name: &str, value: f32) -> Vec<u8> {
    [field(1, name.as_bytes()), vec![(2 << 3) | 5], value.to_le_bytes().to_vec(), number(20, 1)].concat()
}

pub fn integers(name: &str, values: &[i64]) -> Vec<u8> {
    let values = values.iter().flat_map(|&value| number(8, value.cast_unsigned()));
    field(1, name.as_bytes()).into_iter().chain(values).chain(number(20, 7)).collect()
}

pub fn text(name: &str, value: &str) -> Vec<u8> {
    [field(1, name.as_bytes()), field(4, value.as_bytes()), number(20, 3)].concat()
}

/// An attribute that holds a tensor.
pub fn holds(name: &str, tensor: &[u8]) -> Vec<u8> {
    [field(1, name.as_bytes()), field(5, tensor), number(20, 4)].concat()
}

/// An attribute that holds a graph.
pub fn branch(name: &str, graph: &[u8]) -> Vec<u8> {
    [field(1, name.as_bytes()), field(6, graph), number(20, 5)].concat()
}

/// A constant of f32 from a formula.
pub fn floats(name: &str, dims: &[u64]) -> Vec<u8> {
    let values = 0..dims.iter().product();
    let raw: Vec<u8> = values.flat_map(|at: u64| ((at as f32).sin() / 30.0).to_le_bytes()).collect();
    tensor(name, dims, 1, &raw)
}

/// A constant vector of int64.
pub fn sizes(name: &str, values: &[i64]) -> Vec<u8> {
    let raw: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    tensor(name, &[values.len() as u64], 7, &raw)
}

pub fn tensor(name: &str, dims: &[u64], kind: u64, raw: &[u8]) -> Vec<u8> {
    let dims = dims.iter().flat_map(|&dim| number(1, dim));
    dims.chain(number(2, kind)).chain(field(8, name.as_bytes())).chain(field(9, raw)).collect()
}

/// A constant of f32 whose values lie in the file `location`.
pub fn elsewhere(name: &str, dims: &[u64], location: &str) -> Vec<u8> {
    let entry = [field(1, b"location"), field(2, location.as_bytes())].concat();
    let dims = dims.iter().flat_map(|&dim| number(1, dim));
    let head: Vec<u8> = dims.chain(number(2, 1)).chain(field(8, name.as_bytes())).collect();
    [head, field(13, &entry), number(14, 1)].concat()
}

fn value_info(End(name, element, shape): End) -> Vec<u8> {
    let dim = |&size: &u64| match size {
        0 => field(1, &field(2, b"N")),
        size => field(1, &number(1, size)),
    };
    let shape: Vec<u8> = shape.iter().flat_map(dim).collect();
    let tensor = [number(1, u64::from(element)), field(2, &shape)].concat();
    [field(1, name.as_bytes()), field(2, &field(1, &tensor))].concat()
}

/// A length-delimited protobuf field.
pub fn field(number: u64, content: &[u8]) -> Vec<u8> {
    [varint(number << 3 | 2), varint(content.len() as u64), content.to_vec()].concat()
}

/// A protobuf field of a number.
pub fn number(number: u64, value: u64) -> Vec<u8> {
    [varint(number << 3), varint(value)].concat()
}

fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 128 {
        bytes.push(value as u8 | 128);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}
