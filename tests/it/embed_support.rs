//! What the tests of the room `embed` share: profiles, the tiny network, an engine, and networks made byte by byte.

use std::path::PathBuf;

use l1kdb::embed::{Card, EmbedError, Engine, EngineOptions, Model, Runtime};
use l1kdb::profile::{GENES, GeneSpace, ProfileMatrix};

/// The folder of the network that `tests/data/make_tiny.py` wrote.
pub fn tiny() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/tiny")
}

/// `rows` profiles of z-scores between -3 and 3 from a formula, so that other programs can make the same ones.
pub fn profiles(rows: usize) -> ProfileMatrix {
    let ids = (0..rows).map(|row| format!("SIG{row}")).collect();
    let value = |at: usize| (3.0 * ((at % 100_003) as f64 * 0.7).sin()) as f32;
    ProfileMatrix::new(ids, (0..rows * GENES).map(value).collect()).unwrap()
}

/// The ONNX Runtime in `L1KDB_ONNXRUNTIME`, else whatever is found.
pub fn options() -> EngineOptions {
    let mut options = EngineOptions::default();
    if let Some(path) = std::env::var_os("L1KDB_ONNXRUNTIME") {
        options.runtime = Runtime::Library(path.into());
    }
    options
}

/// The options of an engine that starts; `None`, and said so, when there is neither a runtime nor tract.
pub fn engine(test: &str) -> Option<EngineOptions> {
    let options = options();
    match Engine::start(&options) {
        Ok(_) => Some(options),
        Err(error @ EmbedError::NoEngine { .. }) => {
            eprintln!("{test}: skipped: {error}");
            None
        }
        Err(error) => panic!("{error}"),
    }
}

/// A model of bytes that are not what `tests/data` holds, with a card whose digest fits them.
pub fn with_card(onnx: Vec<u8>, dimension: usize, options: &EngineOptions) -> Result<Model, EmbedError> {
    let card = format!(
        "format = 1\nname = \"made\"\narchitecture = \"test\"\nparameters = 0\ndimension = {dimension}\n\
         gene_space = \"{}\"\nonnx = \"{}\"\nlicence = \"CC0-1.0\"\nsource = \"a test\"\n",
        GeneSpace::landmarks().digest(),
        Card::digest(&onnx)
    );
    Model::from_parts(card, onnx, "made", options)
}

/// One end of a network: name, ONNX element type (1 = f32, 11 = f64) and shape, where 0 stands for an open size.
#[derive(Clone, Copy)]
pub struct End<'a>(pub &'a str, pub u8, pub &'a [u64]);

/// The ONNX file of `output = Identity(input)`, written by hand after onnx.proto3 (IR 8, opset 13).
pub fn echo_network(input: End, output: End) -> Vec<u8> {
    let node = [field(1, input.0.as_bytes()), field(2, output.0.as_bytes()), field(4, b"Identity")].concat();
    let graph =
        [field(1, &node), field(2, b"echo"), field(11, &value_info(input)), field(12, &value_info(output))]
            .concat();
    [vec![1 << 3, 8], field(7, &graph), field(8, &[2 << 3, 13])].concat()
}

fn value_info(End(name, element, shape): End) -> Vec<u8> {
    let dimension = |&size: &u64| match size {
        0 => field(1, &field(2, b"N")),
        size => field(1, &[vec![1 << 3], varint(size)].concat()),
    };
    let shape: Vec<u8> = shape.iter().flat_map(dimension).collect();
    let tensor = [vec![1 << 3, element], field(2, &shape)].concat();
    [field(1, name.as_bytes()), field(2, &field(1, &tensor))].concat()
}

/// A length-delimited protobuf field.
fn field(number: u8, content: &[u8]) -> Vec<u8> {
    [vec![number << 3 | 2], varint(content.len() as u64), content.to_vec()].concat()
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
