//! What a network may do: what reads other files, loops, fills the memory or looks at its neighbours is refused by name,
//! before an engine sees it where that can be told; what people train is run.

use std::fs;
use std::time::{Duration, Instant};

use l1kdb::db::Db;
use l1kdb::embed::{EmbedError, EngineOptions, Model, NetworkFault};
use l1kdb::progress::Quiet;
use proptest::prelude::*;

use crate::embed_support::{engine, profiles, tiny, with_card};
use crate::onnx_bytes::{
    End, branch, elsewhere, field, floats, graph, holds, integer, integers, model, network, node, number,
    sizes, tensor, text,
};
use crate::world::world;

/// Length of a made embedding.
const DIM: u64 = 8;

/// `embedding = l / |l|` of the value `l`.
fn at_length_one(l: &str) -> Vec<Vec<u8>> {
    vec![
        node("Mul", &[l, l], &["square"], &[]),
        node("ReduceSum", &["square", "last"], &["squares"], &[integer("keepdims", 1)]),
        node("Sqrt", &["squares"], &["length"], &[]),
        node("Div", &[l, "length"], &["embedding"], &[]),
    ]
}

/// `l = profile w`, then `more`, which makes `a` of it, then the length.
fn around(more: &[Vec<u8>], constants: &[Vec<u8>]) -> Vec<u8> {
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

fn plain() -> Vec<Vec<u8>> {
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
    // What engines may read either way.
    refused(around(&plain(), &[sizes("t", &[1]), sizes("t", &[1 << 40])]), &["`t`", "twice"]);
    refused(around(&[plain(), plain()].concat(), &[]), &["`a`", "twice"]);
    let axes = [integers("axes", &[0]), integers("axes", &[1])];
    refused(one("ReduceMax", &["l"], &axes, &[]), &["`axes`", "twice"]);
    refused(one("ReduceMax", &["l", "last"], &axes[..1], &[]), &["`axes`", "twice"]);
}

/// What exporters of PyTorch, Keras and scikit-learn write.
#[test]
fn networks_that_people_train_are_run() {
    let Some(options) = engine("networks_that_people_train") else { return };
    let float = |name: &str, value: f32| tensor(name, &[], 1, &value.to_le_bytes());
    let torch_normalize = vec![
        node("ReduceL2", &["l"], &["norm"], &[integers("axes", &[1]), integer("keepdims", 1)]),
        node("Clip", &["norm", "least"], &["clipped"], &[]),
        node("Shape", &["l"], &["shape"], &[]),
        node("Expand", &["clipped", "shape"], &["wide"], &[]),
        node("Div", &["l", "wide"], &["a"], &[]),
    ];
    let torch_view = vec![
        node("Shape", &["l"], &["shape"], &[]),
        node("Constant", &[], &["zero"], &[holds("value", &tensor("", &[], 7, &[0; 8]))]),
        node("Gather", &["shape", "zero"], &["rows"], &[]),
        node("Unsqueeze", &["rows", "first"], &["rows1"], &[]),
        node("Concat", &["rows1", "rest"], &["target"], &[integer("axis", 0)]),
        node("Reshape", &["l", "target"], &["heads"], &[]),
        node("Transpose", &["heads"], &["turned"], &[integers("perm", &[0, 2, 1])]),
        node("MatMul", &["heads", "turned"], &["scores"], &[]),
        node("Softmax", &["scores"], &["weights"], &[integer("axis", -1)]),
        node("MatMul", &["weights", "heads"], &["mixed"], &[]),
        node("Reshape", &["mixed", "flat"], &["a"], &[]),
    ];
    let convolution = vec![
        node("Unsqueeze", &["l", "middle"], &["signal"], &[]),
        node(
            "Conv",
            &["signal", "filter"],
            &["moved"],
            &[integers("pads", &[1, 1]), integers("kernel_shape", &[3])],
        ),
        node("MaxPool", &["moved"], &["pooled"], &[integers("kernel_shape", &[1])]),
        node("Relu", &["pooled"], &["active"], &[]),
        node("ReduceMean", &["active"], &["means"], &[integers("axes", &[1]), integer("keepdims", 0)]),
        node("Add", &["means", "l"], &["a"], &[]),
    ];
    let keras = vec![
        node("Gemm", &["l", "square_w", "bias"], &["dense"], &[integer("transB", 1)]),
        node("BatchNormalization", &["dense", "bias", "bias", "bias", "variance"], &["normal"], &[]),
        node("LeakyRelu", &["normal"], &["leaky"], &[]),
        node("Dropout", &["leaky"], &["kept", ""], &[]),
        node("Slice", &["kept", "from", "to", "middle"], &["half"], &[]),
        node("Concat", &["half", "half"], &["both"], &[integer("axis", -1)]),
        node("LpNormalization", &["both"], &["a"], &[integer("axis", 1)]),
    ];
    let split = vec![
        node("Split", &["l", "widths"], &["left", "right"], &[integer("axis", 1)]),
        node("Greater", &["left", "right"], &["which"], &[]),
        node("Where", &["which", "left", "right"], &["most"], &[]),
        node("Einsum", &["most", "mixer"], &["a"], &[text("equation", "bi,ij->bj")]),
    ];
    let constants = [
        float("least", 1e-12),
        sizes("first", &[0]),
        sizes("rest", &[2, 4]),
        sizes("flat", &[-1, 8]),
        sizes("middle", &[1]),
        floats("filter", &[3, 1, 3]),
        floats("square_w", &[DIM, DIM]),
        floats("bias", &[DIM]),
        tensor("variance", &[DIM], 1, &1_f32.to_le_bytes().repeat(8)),
        sizes("from", &[0]),
        sizes("to", &[4]),
        sizes("widths", &[4, 4]),
        floats("mixer", &[4, DIM]),
    ];
    for (name, nodes) in [
        ("torch_normalize", torch_normalize),
        ("torch_view", torch_view),
        ("convolution", convolution),
        ("keras", keras),
        ("split", split),
    ] {
        let model = with_card(around(&nodes, &constants), DIM as usize, &options)
            .unwrap_or_else(|e| panic!("{name}: {e}"));
        let embeddings = model.embed(&profiles(3)).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(embeddings.dim(), DIM as usize, "{name}");
    }
    Model::load(tiny(), &options).unwrap();
    Model::shipped(&options).unwrap();
}

#[test]
fn an_embedding_that_depends_on_its_neighbours_is_refused_when_the_network_is_opened() {
    let Some(options) = engine("an_embedding_that_depends") else { return };
    let softmax = vec![node("Softmax", &["l"], &["a"], &[integer("axis", 0)])];
    let centred = vec![
        node("ReduceMean", &["l"], &["mean"], &[integers("axes", &[0]), integer("keepdims", 1)]),
        node("Sub", &["l", "mean"], &["off"], &[]),
        node("Add", &["off", "one"], &["a"], &[]),
    ];
    let slightly = vec![
        node("ReduceMean", &["l"], &["mean"], &[integers("axes", &[0]), integer("keepdims", 1)]),
        node("Mul", &["mean", "one"], &["less"], &[]),
        node("Add", &["l", "less"], &["a"], &[]),
    ];
    let counted = vec![
        node("Shape", &["l"], &["shape"], &[]),
        node("Cast", &["shape"], &["numbers"], &[integer("to", 1)]),
        node("ReduceSum", &["numbers"], &["sum"], &[integer("keepdims", 0)]),
        node("Add", &["l", "sum"], &["a"], &[]),
    ];
    let constants = [tensor("one", &[], 1, &0.01_f32.to_le_bytes())];
    for (name, nodes) in
        [("softmax", softmax), ("centred", centred), ("slightly", slightly), ("counted", counted)]
    {
        let error =
            with_card(around(&nodes, &constants), DIM as usize, &options).unwrap().prepare().unwrap_err();
        assert!(
            matches!(&error, EmbedError::Network { fault: NetworkFault::NeighboursMatter { .. }, .. }),
            "{name}: {error}"
        );
        assert!(error.to_string().contains("model.eval()"), "{error}");
    }
}

#[test]
fn a_hostile_network_in_a_database_is_refused_before_it_is_run() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("db.l1kdb");
    let tiny = Model::load(tiny(), &EngineOptions::default()).unwrap();
    let Some(options) = engine("a_hostile_network_in_a_database") else { return };
    let mut build = l1kdb::db::BuildOptions::new(&world().files.profiles, &world().files.sig_info);
    build.keep_profiles = false;
    l1kdb::db::build(&path, &build, &Model::load(crate::embed_support::tiny(), &options).unwrap(), &Quiet)
        .unwrap();
    let hostile = around(&plain(), &[elsewhere("secret", &[4], "secret.bin")]);
    let card =
        tiny.card_text().replace(tiny.card().onnx.as_ref().unwrap(), &l1kdb::embed::Card::digest(&hostile));
    fs::write(path.join("model/model.onnx"), hostile).unwrap();
    fs::write(path.join("model/card.toml"), card).unwrap();
    // Whichever is found first, the changed card or the network: nothing of it is run.
    match Db::open(&path).and_then(|db| db.model(&options)) {
        Ok(_) => panic!("it was loaded"),
        Err(error) => assert!(!error.to_string().contains('\n'), "{error}"),
    }
    let folder = Model::load(path.join("model"), &options).unwrap_err().to_string();
    assert!(folder.contains("`secret`") && folder.contains("secret.bin"), "{folder}");
}

#[test]
fn a_model_that_is_no_file_or_has_no_end_is_not_read() {
    let home = tempfile::tempdir().unwrap();
    let card = fs::read(tiny().join("card.toml")).unwrap();
    fs::write(home.path().join("card.toml"), &card).unwrap();
    fs::create_dir(home.path().join("model.onnx")).unwrap();
    let error = Model::load(home.path(), &EngineOptions::default()).unwrap_err();
    assert!(error.to_string().contains("model.onnx"), "{error}");
    fs::remove_dir(home.path().join("model.onnx")).unwrap();
    let file = fs::File::create(home.path().join("model.onnx")).unwrap();
    file.set_len(1 << 40).unwrap();
    let error = Model::load(home.path(), &EngineOptions::default()).unwrap_err();
    assert!(matches!(&error, EmbedError::FileTooLarge { found, .. } if *found == 1 << 40), "{error}");
    fs::File::create(home.path().join("card.toml")).unwrap().set_len(1 << 40).unwrap();
    let error = Model::load(home.path(), &EngineOptions::default()).unwrap_err();
    assert!(matches!(&error, EmbedError::FileTooLarge { .. }), "{error}");
    #[cfg(unix)]
    {
        fs::remove_file(home.path().join("card.toml")).unwrap();
        std::os::unix::fs::symlink("/dev/zero", home.path().join("card.toml")).unwrap();
        let error = Model::load(home.path(), &EngineOptions::default()).unwrap_err();
        assert!(error.to_string().contains("card.toml"), "{error}");
    }
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
