//! A model computes what its network says, for any batch and any number of threads, and a model that does not fit
//! is refused with what was expected and found.

use std::fs;

use l1kdb::embed::{Card, EmbedError, EmbedOptions, EngineOptions, Model};
use l1kdb::profile::{GENES, GeneSpace, ProfileMatrix};

use crate::embed_support::{engine, engines, profiles, tiny, with_card};
use crate::onnx_bytes::{End, echo_network};

/// The network of `tests/data/make_tiny.py`, in f64.
fn tiny_by_hand(profile: &[f32]) -> Vec<f64> {
    let out = |j: usize| {
        let weight = |gene: usize| f64::from(((gene + GENES * j) as f64).sin() as f32 / 40.0);
        let sum: f64 = profile.iter().enumerate().map(|(gene, &z)| f64::from(z) * weight(gene)).sum();
        (sum + (j as f64 + 1.0) / 100.0).tanh()
    };
    let active: Vec<f64> = (0..4).map(out).collect();
    let length = active.iter().map(|a| a * a).sum::<f64>().sqrt();
    active.iter().map(|a| a / length).collect()
}

fn largest_difference(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn a_network_computes_its_formula_and_gives_unit_vectors() {
    let Some(options) = engine() else { return };
    let model = Model::load(tiny(), &options).unwrap();
    let profiles = profiles(5);
    let embeddings = model.embed(&profiles).unwrap();
    assert_eq!((embeddings.len(), embeddings.dim()), (5, 4));
    for row in 0..5 {
        let expected: Vec<f32> = tiny_by_hand(profiles.profile(row)).iter().map(|&v| v as f32).collect();
        assert!(largest_difference(embeddings.row(row), &expected) < 1e-5, "{expected:?} {embeddings:?}");
        let length: f64 = embeddings.row(row).iter().map(|&v| f64::from(v).powi(2)).sum();
        assert!((length - 1.0).abs() < 1e-6);
    }
}

#[test]
fn neither_batch_nor_threads_change_an_embedding() {
    let profiles = profiles(301);
    let networks = engines()
        .into_iter()
        .flat_map(|options| [Model::load(tiny(), &options).unwrap(), Model::shipped(&options).unwrap()]);
    for model in networks.chain([Model::identity()]) {
        let all_at_once = EmbedOptions::default().threads(1).batch(301);
        let expected = model.embed_with(&profiles, &all_at_once).unwrap();
        for (threads, batch) in [(1, 1), (1, 64), (2, 7), (3, 100), (4, 300), (2, 10_000), (0, 0)] {
            let options = EmbedOptions::default().threads(threads).batch(batch);
            let found = model.embed_with(&profiles, &options).unwrap();
            let difference = largest_difference(expected.values(), found.values());
            assert!(difference <= 1e-6, "{threads} threads, batches of {batch}: {difference}");
        }
        let found = model.embed(&profiles).unwrap();
        assert!(largest_difference(expected.values(), found.values()) <= 1e-6);
    }
}

#[test]
fn no_profiles_give_no_embeddings() {
    let none = ProfileMatrix::new(Vec::new(), Vec::new()).unwrap();
    let embeddings = Model::identity().embed(&none).unwrap();
    assert!(embeddings.is_empty());
    assert_eq!((embeddings.len(), embeddings.dim()), (0, GENES));
}

#[test]
fn the_identity_is_the_profile_at_length_one_even_when_its_squares_overflow() {
    let mut values = vec![0.0; GENES];
    let huge = 2f32.powi(100); // a power of two, so that 0.6 comes out to the last bit
    (values[1], values[7]) = (3.0 * huge, -4.0 * huge);
    let profiles = ProfileMatrix::new(vec!["HUGE".into()], values).unwrap();
    let embeddings = Model::identity().embed(&profiles).unwrap();
    assert_eq!((embeddings.row(0)[1], embeddings.row(0)[7]), (0.6, -0.8));
}

#[test]
fn a_profile_of_zeros_is_refused_by_name() {
    let (mut ids, mut values) = profiles(700).into_parts();
    ids[650] = "NOTHING".into();
    values[650 * GENES..651 * GENES].fill(0.0);
    values[660 * GENES..661 * GENES].fill(0.0);
    let profiles = ProfileMatrix::new(ids, values).unwrap();
    let mut models = vec![Model::identity()];
    models.extend(engine().map(|options| Model::load(tiny(), &options).unwrap()));
    for model in models {
        for threads in [1, 2] {
            let options = EmbedOptions::default().threads(threads).batch(64);
            let error = model.embed_with(&profiles, &options).unwrap_err();
            assert!(matches!(&error, EmbedError::Zero { id, row: 650 } if id == "NOTHING"), "{error}");
        }
    }
}

#[test]
fn an_output_that_is_no_unit_vector_is_refused_by_name() {
    let Some(options) = engine() else { return };
    let rows = [0, GENES as u64];
    let onnx = echo_network(End("profile", 1, &rows), End("embedding", 1, &rows));
    let model = with_card(onnx, GENES, &options).unwrap();
    let mut values = vec![0.0; 2 * GENES];
    (values[0], values[GENES]) = (1.0, 1.01);
    let profiles = ProfileMatrix::new(vec!["UNIT".into(), "LONG".into()], values).unwrap();
    let error = model.embed(&profiles).unwrap_err();
    assert!(
        matches!(&error, EmbedError::NotUnit { id, row: 1, length, .. } if id == "LONG" && (length - 1.01).abs() < 1e-6),
        "{error}"
    );
}

#[test]
fn names_types_and_shapes_of_a_network_are_checked() {
    let Some(options) = engine() else { return };
    let genes = GENES as u64;
    let rows: &[u64] = &[0, genes];
    let good = (End("profile", 1, rows), End("embedding", 1, rows));
    with_card(echo_network(good.0, good.1), GENES, &options).unwrap().prepare().unwrap();
    let wrong = [
        (End("profiles", 1, rows), good.1, "input profiles: f32 [N, 978]"),
        (good.0, End("out", 1, rows), "output out: f32 [N, 978]"),
        (End("profile", 11, rows), End("embedding", 11, rows), "input profile: f64 [N, 978]"),
        (End("profile", 1, &[0, 977]), End("embedding", 1, &[0, 977]), "input profile: f32 [N, 977]"),
        (End("profile", 1, &[1, genes]), End("embedding", 1, &[1, genes]), "input profile: f32 [1, 978]"),
        (
            End("profile", 1, &[0, genes, 1]),
            End("embedding", 1, &[0, genes, 1]),
            "input profile: f32 [N, 978, 1]",
        ),
    ];
    for (input, output, expected) in wrong {
        let error = with_card(echo_network(input, output), GENES, &options).unwrap().prepare().unwrap_err();
        assert!(
            matches!(&error, EmbedError::Graph { found, .. } if found == expected),
            "{expected}: {error}"
        );
    }
}

#[test]
fn a_dimension_that_is_not_the_networks_is_refused() {
    let Some(options) = engine() else { return };
    let card = tiny_card().replace("dimension = 4", "dimension = 5");
    let model = Model::from_parts(card, tiny_onnx(), "edited", &options).unwrap();
    let error = model.embed(&profiles(1)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "edited: expected output embedding: f32 [N, 5], found output embedding: f32 [N, 4]; export the network again"
    );
}

fn tiny_card() -> String {
    fs::read_to_string(tiny().join("card.toml")).unwrap()
}

fn tiny_onnx() -> Vec<u8> {
    fs::read(tiny().join("model.onnx")).unwrap()
}

/// Loads the tiny network with an edited card; needs no engine.
fn with_edit(from: &str, to: &str) -> Result<Model, EmbedError> {
    let card = tiny_card();
    assert!(card.contains(from), "{from}");
    Model::from_parts(card.replace(from, to), tiny_onnx(), "edited", &EngineOptions::default())
}

#[test]
fn a_network_cut_at_any_byte_does_not_fit_its_card() {
    let (card, onnx) = (tiny_card(), tiny_onnx());
    for length in (0..onnx.len()).step_by(13).chain([onnx.len() - 1]) {
        let cut = onnx[..length].to_vec();
        let error = Model::from_parts(card.clone(), cut, "cut", &EngineOptions::default()).unwrap_err();
        assert!(matches!(error, EmbedError::OnnxDigest { .. }), "{length}: {error}");
    }
}

#[test]
fn a_card_cut_at_any_byte_is_refused_or_whole_up_to_its_free_tables() {
    let (card, onnx) = (tiny_card(), tiny_onnx());
    let required = card.find("\n\n[training]").unwrap();
    for length in 0..card.len() {
        let cut = card[..length].to_owned();
        match Model::from_parts(cut, onnx.clone(), "cut", &EngineOptions::default()) {
            Ok(model) => assert!(length >= required && model.dim() == 4, "accepted {length} bytes"),
            Err(error) => assert!(!error.to_string().contains('\n'), "{error}"),
        }
    }
}

#[test]
fn what_does_not_fit_is_refused_with_expected_and_found() {
    let newer = with_edit("format = 1", "format = 2\nnew_key = 1").unwrap_err();
    assert!(matches!(newer, EmbedError::CardFormat { expected: 1, found: 2, .. }), "{newer}");

    let genes = GeneSpace::landmarks().digest().to_owned();
    let other = with_edit(&genes, "sha256:00").unwrap_err();
    assert!(
        matches!(&other, EmbedError::GeneSpace { expected, found, .. } if *expected == genes && found == "sha256:00"),
        "{other}"
    );

    let onnx = Card::digest(&tiny_onnx());
    let digest = with_edit(&onnx, "sha256:11").unwrap_err();
    assert!(
        matches!(&digest, EmbedError::OnnxDigest { expected, found, .. } if expected == "sha256:11" && *found == onnx),
        "{digest}"
    );
}

#[test]
fn a_bad_card_is_refused_with_the_line_or_the_key() {
    let cases = [
        ("format = 1", "format = \"1\"", "line 2: invalid type"),
        ("name = \"tiny\"\n", "", "missing field `name`"),
        ("parameters =", "parametres =", "line 5: unknown field `parametres`"),
        (
            "name = \"tiny\"",
            "name = \"My Net\"",
            "expected name to be 1 to 64 of a-z, 0-9 and -, found \"My Net\"",
        ),
        ("dimension = 4", "dimension = 0", "expected dimension to be 1 to 65536, found 0"),
        ("dimension = 4", "dimension = -4", "line 6: invalid value"),
        ("onnx =", "# onnx =", "expected onnx to be the digest of model.onnx, found nothing"),
        ("\"perceptron\"", "\"identity\"", "expected dimension to be 978 (identity), found 4"),
        ("format = 1", "= = =", "line 2:"),
    ];
    for (from, to, expected) in cases {
        let error = with_edit(from, to).unwrap_err().to_string();
        assert!(error.contains(expected), "{from} -> {to}: {error}");
        assert!(!error.contains('\n'), "{error}");
    }
}

#[test]
fn an_architecture_nobody_knows_is_fine() {
    assert_eq!(with_edit("\"perceptron\"", "\"tabnet\"").unwrap().card().architecture, "tabnet");
}

#[test]
fn a_missing_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let load = || Model::load(folder.path(), &EngineOptions::default()).unwrap_err();
    assert!(matches!(load(), EmbedError::Read { path, .. } if path.ends_with("card.toml")));
    fs::copy(tiny().join("card.toml"), folder.path().join("card.toml")).unwrap();
    assert!(matches!(load(), EmbedError::Read { path, .. } if path.ends_with("model.onnx")));
    fs::write(folder.path().join("card.toml"), [0xff, 0xfe]).unwrap();
    assert!(matches!(load(), EmbedError::Read { path, .. } if path.ends_with("card.toml")));
}

#[test]
fn a_saved_model_is_the_same_model() {
    let folder = tempfile::tempdir().unwrap();
    for (name, model) in
        [("tiny", Model::load(tiny(), &EngineOptions::default()).unwrap()), ("identity", Model::identity())]
    {
        let folder = folder.path().join("deep").join(name);
        model.save(&folder).unwrap();
        let again = Model::load(&folder, &EngineOptions::default()).unwrap();
        assert_eq!(again.digest(), model.digest());
        assert_eq!(again.card(), model.card());
        assert_eq!(again.card_text(), model.card_text());
        assert_eq!(again.onnx_bytes(), model.onnx_bytes());
    }
}

#[test]
fn a_digest_tells_networks_apart_and_overlooks_the_rest_of_the_card() {
    let tiny = Model::load(tiny(), &EngineOptions::default()).unwrap();
    let renamed = with_edit("name = \"tiny\"", "name = \"other\"").unwrap();
    assert_eq!(tiny.digest(), renamed.digest());
    assert_ne!(tiny.digest(), Model::identity().digest());
    let rows = [0, GENES as u64];
    let echo = echo_network(End("profile", 1, &rows), End("embedding", 1, &rows));
    let other = with_card(echo, GENES, &EngineOptions::default()).unwrap();
    assert_ne!(tiny.digest(), other.digest());
    // Databases keep it: it must never change.
    assert_eq!(
        Model::identity().digest(),
        Card::digest(format!("l1kdb model\nidentity\n{}\n", GeneSpace::landmarks().digest()).as_bytes())
    );
}

#[test]
fn a_card_survives_writing_and_reading() {
    let card = Card::parse(&tiny_card(), "tiny").unwrap();
    assert_eq!(card.training["seed"].as_integer(), Some(0));
    assert_eq!(Card::parse(&card.to_toml(), "again").unwrap(), card);
}

#[test]
fn the_shipped_network_opens_and_embeds() {
    let Some(options) = engine() else { return };
    let model = Model::shipped(&options).unwrap();
    let embeddings = model.embed(&profiles(3)).unwrap();
    assert_eq!((embeddings.len(), embeddings.dim()), (3, model.card().dim));
}
