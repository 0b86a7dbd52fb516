//! What a network may do: what reads other files, loops or fills the memory is refused by name, before an engine sees it.

use std::fs;
use std::time::{Duration, Instant};

use l1kdb::embed::{EmbedError, EngineOptions, Model};
use proptest::prelude::*;

use crate::embed_support::{tiny, with_card};
use crate::onnx_bytes::{
    End, branch, elsewhere, field, floats, graph, holds, integer, integers, model, network, node, number,
    sizes, tensor,
};

/// Length of a made embedding.
pub const DIM: u64 = 8;

/// `embedding = l / |l|` of the value `l`.
pub fn at_length_one(l: &str) -> Vec<Vec<u8>> {
    vec![
        node("Mul", &[l, l], &["square"], &[]),
        node("ReduceSum", &["square", "last"], &["squares"], &[integer("keepdims", 1)]),
        node("Sqrt", &["squares"], &["length"], &[]),
        node("Div", &[l, "length"], &["embedding"], &[]),
    ]
}

/// `l = profile w`, then `more`, which makes `a` of it, then the length.
pub fn around(more: &[Vec<u8>], constants: &[Vec<u8>]) -> Vec<u8> {
    let first = [node("MatMul", &["profile", "w"], &["l"], &[])];
    let own = [floats("w", &[978, DIM]), sizes("last", &[-1])];
    network(&[&first[..], more, &at_length_one("a")].concat(), &[&own[..], constants].concat(), DIM)
}

/// Adds the sum of `big`, which `more` makes, to `l`.
fn with_big(more: &[Vec<u8>], constants: &[Vec<u8>]) -> Vec<u8> {
    let sum = [
        node("ReduceMax", &["big"], &["m"], &[integer("keepdims", 0)]),
        node("Add", &["l", "m"], &["a"], &[]),
    ];
    around(&[more, &sum].concat(), constants)
}

fn load(onnx: Vec<u8>) -> Result<Model, EmbedError> {
    with_card(onnx, DIM as usize, &EngineOptions::default())
}

#[track_caller]
fn refused(onnx: Vec<u8>, parts: &[&str]) {
    let began = Instant::now();
    let error = load(onnx).unwrap_err();
    assert!(began.elapsed() < Duration::from_secs(5), "{error} took {:?}", began.elapsed());
    let text = error.to_string();
    assert!(matches!(error, EmbedError::Network { .. }), "{text}");
    assert!(text.starts_with("made: model.onnx ") && !text.contains('\n'), "{text}");
    parts.iter().for_each(|part| assert!(text.contains(part), "no {part:?} in: {text}"));
}

pub fn plain() -> Vec<Vec<u8>> {
    vec![node("Identity", &["l"], &["a"], &[])]
}

#[test]
fn weights_in_another_file_are_refused_wherever_they_stand() {
    let outside = |name: &str| elsewhere(name, &[978, DIM], "../secret.bin");
    let named = ["`w2`", "../secret.bin", "onnx.save"];
    refused(around(&plain(), &[outside("w2")]), &named);
    let constant = node("Constant", &[], &["c"], &[holds("value", &outside("w2"))]);
    refused(around(&[vec![constant], plain()].concat(), &[]), &named);
    let inner = graph(&[], &[outside("w2")], &[], &[End("w2", 1, &[])]);
    let choice =
        node("If", &["yes"], &["c"], &[branch("then_branch", &inner), branch("else_branch", &inner)]);
    refused(around(&[vec![choice], plain()].concat(), &[tensor("yes", &[], 9, &[1])]), &named);
    for operator in ["Loop", "Scan"] {
        let turns = node(operator, &["l"], &["c"], &[branch("body", &inner)]);
        refused(around(&[vec![turns], plain()].concat(), &[]), &named);
    }
    let list = [field(1, b"values"), field(10, &outside("w2"))].concat();
    refused(around(&[node("Identity", &["l"], &["a"], &[list])], &[]), &named);
    let sparse = [field(1, &outside("w2")), field(2, &sizes("at", &[0])), number(3, 978)].concat();
    let holds_sparse = [field(1, b"sparse_value"), field(22, &sparse)].concat();
    refused(around(&[node("Constant", &[], &["c"], &[holds_sparse])], &[]), &named);
    let with_graph = |number: u64, content: &[u8]| [around(&plain(), &[]), field(number, content)].concat();
    refused(with_graph(20, &field(1, &inner)), &named);
    refused(with_graph(20, &field(2, &inner)), &named);
    let function =
        [field(1, b"f"), field(7, &node("Constant", &[], &["c"], &[holds("value", &outside("w2"))]))]
            .concat();
    refused(with_graph(25, &function), &named);
    // A place without the flag, and the flag without a place.
    let entry = [field(1, b"location"), field(2, b"secret.bin")].concat();
    refused(around(&plain(), &[[floats("w2", &[2]), field(13, &entry)].concat()]), &["`w2`", "secret.bin"]);
    refused(around(&plain(), &[[floats("w2", &[2]), number(14, 1)].concat()]), &["`w2`"]);
}

#[test]
fn loops_chance_and_foreign_operators_are_refused_by_name() {
    let inner = graph(&[], &[], &[], &[]);
    for operator in ["Loop", "Scan", "SequenceMap"] {
        let turns = node(operator, &["l"], &["a"], &[branch("body", &inner)]);
        refused(around(&[turns], &[]), &[&format!("`{operator}`"), "loops"]);
    }
    for operator in ["RandomNormalLike", "Multinomial", "NonZero", "Resize", "LSTM", "Evil"] {
        refused(around(&[node(operator, &["l"], &["a"], &[])], &[]), &[&format!("`{operator}`")]);
    }
    for (domain, operator) in
        [("evil.ops", "Relu"), ("com.microsoft", "FusedMatMul"), ("ai.onnx.ml", "TreeEnsemble")]
    {
        let foreign = [node(operator, &["l"], &["a"], &[]), field(7, domain.as_bytes())].concat();
        refused(around(&[foreign], &[]), &[operator, domain]);
    }
    let function =
        [field(1, b"mine"), field(7, &node("Relu", &["x"], &["y"], &[])), field(10, b"own")].concat();
    refused([around(&plain(), &[]), field(25, &function)].concat(), &["`mine`", "inline_local_functions"]);
}

#[test]
fn values_that_would_fill_the_memory_are_refused_before_they_are_made() {
    let huge = [1 << 20, 1 << 20];
    let column = floats("column", &[1 << 15, 1]);
    let row = floats("row", &[1, 1 << 15]);
    let thousand = sizes("thousand", &[1000; 16]);
    let bombs = [
        (node("ConstantOfShape", &["shape"], &["big"], &[]), vec![sizes("shape", &huge)]),
        (node("Expand", &["w", "shape"], &["big"], &[]), vec![sizes("shape", &[1 << 30, 978, DIM as i64])]),
        (node("Tile", &["w", "shape"], &["big"], &[]), vec![sizes("shape", &huge)]),
        (node("Pad", &["w", "shape"], &["big"], &[]), vec![sizes("shape", &[0, 0, 1 << 30, 1 << 30])]),
        (node("Add", &["column", "row"], &["big"], &[]), vec![column.clone(), row.clone()]),
        (node("MatMul", &["column", "row"], &["big"], &[]), vec![column, row]),
        (node("ConstantOfShape", &["thousand"], &["big"], &[]), vec![thousand]),
        (
            node("Range", &["from", "to", "step"], &["big"], &[]),
            vec![sizes("from", &[0]), sizes("to", &[i64::MAX]), sizes("step", &[1])],
        ),
        (
            node("Conv", &["image", "filter"], &["big"], &[integers("pads", &[1 << 40, 1 << 40])]),
            vec![floats("image", &[1, 1, 4]), floats("filter", &[1, 1, 2])],
        ),
        (
            node("OneHot", &["at", "depth", "values"], &["big"], &[]),
            vec![sizes("at", &[0; 100]), sizes("depth", &[1 << 40]), floats("values", &[2])],
        ),
    ];
    for (bomb, constants) in bombs {
        refused(with_big(&[bomb], &constants), &["asks for more than", "numbers"]);
    }
}

#[test]
fn values_that_grow_step_by_step_or_by_what_is_told_late_are_refused() {
    let wide = [integers("kernel_shape", &[1 << 31]), crate::onnx_bytes::text("auto_pad", "SAME_UPPER")];
    let turns = [node("MaxPool", &["image"], &["big"], &wide)];
    refused(with_big(&turns, &[floats("image", &[1, 1, 4])]), &["a window of 2147483648 over 4"]);
    let padded = [integers("kernel_shape", &[1 << 40]), integers("pads", &[1 << 39, 1 << 39])];
    let turns = [node("MaxPool", &["image"], &["big"], &padded)];
    refused(with_big(&turns, &[floats("image", &[1, 1, 4])]), &["multiplications"]);
    // A value that grows with the square of itself, and one of every pair and triple of genes.
    let doubling: Vec<Vec<u8>> = (0..40)
        .map(|at| {
            let [from, to] = [at, at + 1].map(|at| if at == 0 { "w".to_owned() } else { format!("t{at}") });
            node("Concat", &[&from, &from], &[&to], &[integer("axis", 0)])
        })
        .collect();
    refused(
        with_big(&[&doubling[..], &[node("Identity", &["t40"], &["big"], &[])]].concat(), &[]),
        &["Concat"],
    );
    let axes = |name: &str, axes: &[i64]| sizes(name, axes);
    let cube = [
        node("Unsqueeze", &["profile", "x"], &["px"], &[]),
        node("Unsqueeze", &["profile", "y"], &["py"], &[]),
        node("Unsqueeze", &["profile", "z"], &["pz"], &[]),
        node("Mul", &["px", "py"], &["pairs"], &[]),
        node("Mul", &["pairs", "pz"], &["big"], &[]),
    ];
    let constants = [axes("x", &[2, 3]), axes("y", &[1, 3]), axes("z", &[1, 2])];
    refused(with_big(&cube, &constants), &["asks for more than"]);
    // What can only be told when it runs is not run.
    let told_late = [
        node("Cast", &["l"], &["late"], &[integer("to", 7)]),
        node("ConstantOfShape", &["late"], &["big"], &[]),
    ];
    refused(with_big(&told_late, &[]), &["ConstantOfShape", "cannot be told before it runs"]);
    let split_late = [
        node("Cast", &["l"], &["late"], &[integer("to", 7)]),
        node("Split", &["l", "late"], &["big", "rest"], &[]),
    ];
    refused(with_big(&split_late, &[]), &["Split", "cannot be told before it runs"]);
}

#[test]
fn a_network_is_bounded_in_all_its_parts() {
    let chain = |length: usize| {
        let name = |at: usize| {
            if at == 0 {
                "l".to_owned()
            } else if at == length {
                "a".to_owned()
            } else {
                format!("t{at}")
            }
        };
        let nodes: Vec<Vec<u8>> =
            (0..length).map(|at| node("Neg", &[&name(at)], &[&name(at + 1)], &[])).collect();
        around(&nodes, &[])
    };
    load(chain(2000)).unwrap();
    refused(chain(10_000), &["operators", "at most 10000"]);
    let end = End("o", 1, &[]);
    let mut inner = graph(&[node("Identity", &["l"], &["o"], &[])], &[], &[], &[end]);
    for depth in 1..=30 {
        let choice =
            node("If", &["yes"], &["o"], &[branch("then_branch", &inner), branch("else_branch", &inner[..])]);
        let choice =
            if depth > 8 { node("If", &["yes"], &["o"], &[branch("then_branch", &inner)]) } else { choice };
        inner = graph(&[choice], &[], &[], &[end]);
        if depth == 2 {
            let shallow =
                node("If", &["yes"], &["a"], &[branch("then_branch", &inner), branch("else_branch", &inner)]);
            load(around(&[shallow], &[tensor("yes", &[], 9, &[1])])).unwrap();
        }
    }
    let deep = node("If", &["yes"], &["a"], &[branch("then_branch", &inner)]);
    refused(around(&[deep], &[tensor("yes", &[], 9, &[1])]), &["graphs within each other"]);
}

#[test]
fn tensors_hold_what_their_shapes_say() {
    let raw =
        |dims: &[u64], kind, bytes: usize| around(&plain(), &[tensor("t", dims, kind, &vec![0; bytes])]);
    refused(raw(&[978, 1 << 40], 1, 0), &["`t`", "[978, 1099511627776]", "0 bytes"]);
    refused(raw(&[3], 1, 8), &["`t`", "expected 12"]);
    refused(raw(&[u64::MAX], 1, 8), &["`t`", "negative"]);
    refused(raw(&[1 << 40], 22, 8), &["`t`"]);
    refused(raw(&[1; 17], 1, 4), &["numbers in a list"]);
    load(raw(&[2, 0, 3], 1, 0)).unwrap();
    load(raw(&[3], 22, 2)).unwrap();
    let sparse = [field(1, &floats("s", &[1])), field(2, &sizes("at", &[0])), number(3, 1 << 40)].concat();
    let constants = [floats("w", &[978, DIM]), sizes("last", &[-1])];
    let nodes = [vec![node("MatMul", &["profile", "w"], &["a"], &[])], at_length_one("a")].concat();
    let ends = (End("profile", 1, &[0, 978]), End("embedding", 1, &[0, DIM]));
    let with_sparse = [graph(&nodes, &constants, &[ends.0], &[ends.1]), field(15, &sparse)].concat();
    refused(model(&with_sparse), &["`s`", "sparse"]);
}

#[test]
fn what_does_not_fit_together_is_said_with_its_shapes() {
    let one = |operator: &str, inputs: &[&str], attributes: &[Vec<u8>], constants: &[Vec<u8>]| {
        around(&[node(operator, inputs, &["a"], attributes)], constants)
    };
    refused(one("MatMul", &["l", "w"], &[], &[]), &["MatMul", "[978, 8]"]);
    refused(one("Add", &["l", "t"], &[], &[floats("t", &[3])]), &["Add", "[3]"]);
    refused(one("Transpose", &["l"], &[integers("perm", &[0, 7])], &[]), &["axis 7"]);
    refused(one("Concat", &["l", "l"], &[integer("axis", 5)], &[]), &["axis 5"]);
    refused(one("Softmax", &["l"], &[integer("axis", -9)], &[]), &["axis -9"]);
    refused(one("Gather", &["l", "at"], &[integer("axis", 1)], &[sizes("at", &[8])]), &["position 8 of 8"]);
    refused(one("Reshape", &["l", "to"], &[], &[sizes("to", &[1, 8])]), &["[1, 8]", "open batch dimension"]);
    refused(
        one("Split", &["l", "into"], &[integer("axis", 1)], &[sizes("into", &[5, 5])]),
        &["8 into [5, 5]"],
    );
    refused(one("Relu", &["nowhere"], &[], &[]), &["`nowhere`"]);
    refused(network(&[], &[], DIM), &["`embedding`"]);
    let ends = [End("profile", 1, &[0, 978]), End("w", 1, &[978, DIM])];
    let constants = [floats("w", &[978, DIM]), sizes("last", &[-1])];
    let nodes = [vec![node("MatMul", &["profile", "w"], &["a"], &[])], at_length_one("a")].concat();
    let old = graph(&nodes, &constants, &ends, &[End("embedding", 1, &[0, DIM])]);
    refused(model(&old), &["`w`", "keep_initializers_as_inputs=False"]);
    refused(b"not a network".to_vec(), &["is not an ONNX network"]);
    refused(Vec::new(), &["no graph"]);
    let twice = around(&plain(), &[]);
    refused([twice.clone(), twice].concat(), &["is not an ONNX network"]);
    let far = [integer("axis", i64::MIN)];
    refused(one("LayerNormalization", &["l", "t"], &far, &[floats("t", &[DIM])]), &["axis -92233"]);
    refused(one("MeanVarianceNormalization", &["l"], &[integers("axes", &[1 << 40])], &[]), &["axis 1099"]);
    refused(one("GroupNormalization", &["l"], &[integer("num_groups", 0)], &[]), &["num_groups 0"]);
    // What engines may read either way.
    refused(around(&plain(), &[sizes("t", &[1]), sizes("t", &[1 << 40])]), &["`t`", "twice"]);
    refused(around(&[plain(), plain()].concat(), &[]), &["`a`", "twice"]);
    let axes = [integers("axes", &[0]), integers("axes", &[1])];
    refused(one("ReduceMax", &["l"], &axes, &[]), &["`axes`", "twice"]);
    refused(one("ReduceMax", &["l", "last"], &axes[..1], &[]), &["`axes`", "twice"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Whatever the bytes are, the answer is a model or an error.
    #[test]
    fn no_bytes_make_the_inspection_panic(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6), cut in any::<prop::sample::Index>()) {
        let mut onnx = fs::read(tiny().join("model.onnx")).unwrap();
        // The weights are most of the bytes and the least interesting.
        let heads: Vec<usize> = (0..onnx.len()).filter(|at| *at < 400 || at + 600 > onnx.len()).collect();
        for (at, byte) in changes {
            onnx[heads[at.index(heads.len())]] = byte;
        }
        let _ = load(onnx.clone());
        onnx.truncate(cut.index(onnx.len()));
        let _ = load(onnx);
    }
}
