//! Networks that people train are run; one whose embeddings depend on their neighbours, or that comes with a database and
//! reads other files, is not.

use std::collections::HashMap;
use std::fs;

use l1kdb::db::{BuildFiles, BuildOptions, Db, build};
use l1kdb::embed::{Card, EmbedError, EngineOptions, Model, NetworkFault, Runtime};
use l1kdb::progress::Quiet;
use proptest::prelude::*;

use crate::embed_network::{DIM, around, at_length_one, plain};
use crate::embed_support::{engine, engines, profiles, tiny, with_card};
use crate::onnx_bytes::{
    elsewhere, float, floats, holds, integer, integers, network, node, sizes, tensor, text,
};
use crate::world::world;

type Nodes = Vec<Vec<u8>>;

/// What exporters of PyTorch write for a length and for attention.
fn of_torch() -> [(&'static str, Nodes); 2] {
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
    [("torch_normalize", torch_normalize), ("torch_view", torch_view)]
}

/// What exporters of PyTorch, Keras and others write for layers.
fn of_layers() -> [(&'static str, Nodes); 3] {
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
        node("Flatten", &["kept"], &["flat_kept"], &[integer("axis", -1)]),
        node("Slice", &["flat_kept", "from", "to", "middle"], &["half"], &[]),
        node("Concat", &["half", "half"], &["both"], &[integer("axis", -1)]),
        node("LpNormalization", &["both"], &["a"], &[integer("axis", 1)]),
    ];
    let split = vec![
        node("Split", &["l", "widths"], &["left", "right"], &[integer("axis", 1)]),
        node("Greater", &["left", "right"], &["which"], &[]),
        node("Where", &["which", "left", "right"], &["most"], &[]),
        node("Einsum", &["most", "mixer"], &["a"], &[text("equation", "bi,ij->bj")]),
    ];
    [("convolution", convolution), ("keras", keras), ("split", split)]
}

fn of_activations() -> [(&'static str, Nodes); 2] {
    [
        ("selu", vec![node("Selu", &["l"], &["a"], &[])]),
        ("celu", vec![node("Celu", &["l"], &["a"], &[float("alpha", 1.5)])]),
    ]
}

/// The constants that all of them read.
fn constants() -> Vec<Vec<u8>> {
    let float = |name: &str, value: f32| tensor(name, &[], 1, &value.to_le_bytes());
    vec![
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
    ]
}

#[test]
fn networks_that_people_train_are_run() {
    let mut answers = HashMap::new();
    for options in engines() {
        for (name, nodes) in of_torch().into_iter().chain(of_layers()).chain(of_activations()) {
            let model = with_card(around(&nodes, &constants()), DIM as usize, &options)
                .unwrap_or_else(|e| panic!("{name}: {e}"));
            let found = model.embed(&profiles(70)).unwrap_or_else(|e| panic!("{name}: {e}"));
            assert_eq!(found.dim(), DIM as usize, "{name}");
            let expected = answers.entry(name).or_insert_with(|| found.clone());
            assert_alike(expected.values(), found.values(), name);
        }
        for network in l1kdb_weights::networks() {
            let model = Model::from_parts(network.card, network.onnx, network.name, &options).unwrap();
            let found = model.embed(&profiles(600)).unwrap();
            let expected = answers.entry(network.name).or_insert_with(|| found.clone());
            assert_alike(expected.values(), found.values(), network.name);
        }
        Model::load(tiny(), &options).unwrap();
    }
}

/// All engines give one embedding.
#[track_caller]
fn assert_alike(expected: &[f32], found: &[f32], name: &str) {
    assert_eq!(expected.len(), found.len());
    let difference = expected.iter().zip(found).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(difference < 1e-5, "{name}: {difference}");
}

/// Activations that an engine may lack, and what they are by their formulae.
#[test]
fn activations_are_their_formulae_on_every_engine() {
    type Formula = fn(f64) -> f64;
    let cases: [(&str, Vec<Vec<u8>>, Formula); 4] = [
        ("Selu", vec![], |x| {
            1.050_700_987_355_480_5 * if x > 0.0 { x } else { 1.673_263_242_354_377_3 * x.exp_m1() }
        }),
        ("Selu", vec![float("alpha", 2.0), float("gamma", 0.5)], |x| {
            0.5 * if x > 0.0 { x } else { 2.0 * x.exp_m1() }
        }),
        ("Celu", vec![float("alpha", 2.0)], |x| x.max(0.0) + (2.0 * (x / 2.0).exp_m1()).min(0.0)),
        ("Elu", vec![float("alpha", 0.3)], |x| if x > 0.0 { x } else { 0.3 * x.exp_m1() }),
    ];
    // The first genes, each by itself: what comes out is the activation, up to its length.
    let pick: Vec<u8> = (0..978 * DIM)
        .flat_map(|at| (if at / DIM == at % DIM { 1.0_f32 } else { 0.0 }).to_le_bytes())
        .collect();
    let input = profiles(3);
    for options in engines() {
        for (operator, attributes, formula) in &cases {
            let nodes = [
                vec![
                    node("MatMul", &["profile", "w"], &["l"], &[]),
                    node(operator, &["l"], &["a"], attributes),
                ],
                at_length_one("a"),
            ];
            let constants = [tensor("w", &[978, DIM], 1, &pick), sizes("last", &[-1])];
            let onnx = network(&nodes.concat(), &constants, DIM);
            let found = with_card(onnx, DIM as usize, &options).unwrap().embed(&input).unwrap();
            for row in 0..input.len() {
                let active: Vec<f64> = input.values()[row * 978..][..DIM as usize]
                    .iter()
                    .map(|&x| formula(f64::from(x)))
                    .collect();
                let length = active.iter().map(|x| x * x).sum::<f64>().sqrt();
                for (expected, &found) in active.iter().zip(found.row(row)) {
                    assert!(
                        (expected / length - f64::from(found)).abs() < 2e-6,
                        "{operator}: {expected} {found}"
                    );
                }
            }
        }
    }
}

#[cfg(feature = "built-in")]
proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// What passes the inspection is opened and run, or refused; nothing else.
    #[test]
    fn no_network_ends_the_built_in_engine(
        which in 0_usize..8,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
    ) {
        let networks: Vec<Nodes> = of_torch().into_iter().chain(of_layers()).chain(of_activations()).map(|(_, nodes)| nodes).collect();
        let mut nodes = networks[which % networks.len()].clone();
        for (at, byte) in changes {
            let node = at.index(nodes.len());
            let within = at.index(nodes[node].len());
            nodes[node][within] = byte;
        }
        let options = EngineOptions::default().runtime(Runtime::BuiltIn);
        if let Ok(model) = with_card(around(&nodes, &constants()), DIM as usize, &options) {
            let _ = model.embed(&profiles(3));
        }
    }
}

#[test]
fn an_embedding_that_depends_on_its_neighbours_is_refused_when_the_network_is_opened() {
    let Some(options) = engine() else { return };
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
    let Some(options) = engine() else { return };
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("db.l1kdb");
    let tiny = Model::load(tiny(), &options).unwrap();
    let files = &world().files;
    build(&path, &BuildFiles::new(&files.profiles, &files.sig_info), &BuildOptions::default(), &tiny, &Quiet)
        .unwrap();
    let hostile = around(&plain(), &[elsewhere("secret", &[4], "secret.bin")]);
    let card = tiny.card_text().replace(tiny.card().onnx.as_ref().unwrap(), &Card::digest(&hostile));
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
