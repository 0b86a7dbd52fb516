use super::super::EngineOptions;
use super::*;

/// A message field of text or a message.
fn bytes(number: u64, content: &[u8]) -> Vec<u8> {
    let mut field = Vec::new();
    super::super::inspect::put(&mut field, number, super::super::inspect::Field::Bytes(content));
    field
}

fn node(operator: &str, inputs: &[&str], outputs: &[&str]) -> Vec<u8> {
    let inputs = inputs.iter().flat_map(|name| bytes(1, name.as_bytes()));
    let outputs = outputs.iter().flat_map(|name| bytes(2, name.as_bytes()));
    bytes(1, &inputs.chain(outputs).chain(bytes(4, operator.as_bytes())).collect::<Vec<_>>())
}

fn places_of(nodes: &[Vec<u8>]) -> [String; 3] {
    let onnx = bytes(7, &nodes.concat());
    let nodes = Nodes::read(&onnx).unwrap();
    let Places { scaled, clipped, unnormalised } = Places::of(&nodes);
    [scaled, clipped, unnormalised.unwrap_or("none")].map(str::to_owned)
}

/// `output = input / |input|`
fn unit(input: &str, output: &str) -> Vec<u8> {
    let norm = format!("{output}.norm");
    [node("ReduceL2", &[input], &[&norm]), node("Div", &[input, &norm], &[output])].concat()
}

#[test]
fn a_network_is_cut_behind_its_standardisation_and_before_its_last_normalisation() {
    let head = [unit("profile", "unit"), node("Clip", &["unit", "low", "high"], &["cut"])].concat();
    let layers = [node("Gemm", &["cut", "w"], &["a"]), node("Relu", &["a"], &["b"])].concat();
    let skipped = [node("Gemm", &["cut", "w"], &["a"]), node("Concat", &["cut", "a"], &["b"])].concat();
    for layers in [layers, skipped] {
        let found = places_of(&[head.clone(), layers, unit("b", "embedding")]);
        assert_eq!(found, ["unit", "cut", "b"]);
    }
}

#[test]
fn what_passes_by_a_value_keeps_it_from_being_a_place() {
    // The profile itself is read again behind the cut.
    let found = places_of(&[
        node("Clip", &["profile", "low", "high"], &["cut"]),
        node("Concat", &["cut", "profile"], &["a"]),
        node("Gemm", &["a", "w"], &["b"]),
        unit("b", "embedding"),
    ]);
    assert_eq!(found, ["profile", "profile", "b"]);
    // A branch that nothing reads does not count.
    let found = places_of(&[
        node("Clip", &["profile", "low", "high"], &["cut"]),
        node("Gemm", &["cut", "w"], &["b"]),
        node("Gemm", &["profile", "w"], &["unread"]),
        unit("b", "embedding"),
    ]);
    assert_eq!(found, ["profile", "cut", "b"]);
}

#[test]
fn a_network_without_layers_or_with_branches_of_its_own_stays_whole() {
    assert_eq!(places_of(&[unit("profile", "embedding")]), ["profile", "profile", "none"]);
    let branch = bytes(5, &bytes(6, &[]));
    let choice = [bytes(1, b"profile"), bytes(2, b"a"), bytes(4, b"If"), branch].concat();
    let found = places_of(&[bytes(1, &choice), unit("a", "embedding")]);
    assert_eq!(found, ["profile", "profile", "none"]);
}

#[cfg(feature = "built-in")]
#[test]
fn the_parts_of_the_shipped_network_give_its_embeddings_and_cut_what_is_large() {
    let options = EngineOptions::default().runtime(super::super::Runtime::BuiltIn);
    let model = Model::shipped(&options).unwrap();
    let parts = model.parts().unwrap().unwrap();
    let mut profile = probe(7);
    profile[5] = 40.0;
    let seen = parts.standardise(&profile).unwrap();
    assert!(seen.is_cut[5] && !seen.is_cut.iter().all(|&cut| cut));
    let vector = parts.map(&seen.values).unwrap();
    let matrix = crate::profile::ProfileMatrix::new(vec!["P".into()], profile).unwrap();
    let embedding = model.embed(&matrix).unwrap();
    assert!(is_along(embedding.row(0), &vector));
    // Before it is brought to length 1, its length says something.
    let half: Vec<f32> = seen.values.iter().map(|value| value / 2.0).collect();
    let length = |vector: &[f32]| vector.iter().map(|v| v * v).sum::<f32>().sqrt();
    assert!((length(&parts.map(&half).unwrap()) / length(&vector) - 1.0).abs() > 0.1);
}
