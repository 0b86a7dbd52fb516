//! Promises about trained and exported networks.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::Command;

use l1kdb::embed::{Card, EngineOptions, Model, Runtime};
use l1kdb::profile::ProfileMatrix;
use l1kdb::progress::Quiet;
use l1kdb::simulate::Simulation;
use l1kdb_models::onnx::{Form, export};
use l1kdb_models::{
    Cpu, Dataset, Duration, Files, Labels, Outcome, Protocol, Recipe, Shape, TrainError, Trained, card,
    parity, run, train,
};

fn simulated(signatures: usize) -> Dataset {
    let simulator =
        Simulation { signatures, drugs: 20, seed: 3, ..Simulation::of_size(signatures) }.start().unwrap();
    let described: Vec<_> = (0..signatures).map(|row| simulator.signature(row)).collect();
    let drugs: Vec<String> = described.iter().map(|s| simulator.drugs()[s.drug].name.clone()).collect();
    let cells: Vec<String> = described.iter().map(|s| s.cell.to_string()).collect();
    let cells: Vec<_> = cells.iter().map(|cell| Some(cell.as_str())).collect();
    Dataset::new(simulator.block(0..signatures), &drugs, &cells)
}

fn short(recipe: &Recipe) -> Recipe {
    Recipe { duration: Duration::Steps(12), batch: 64, ..recipe.clone() }
}

fn trained(recipe: &Recipe, shape: Shape) -> Trained {
    train::<Cpu>(&simulated(200), shape, &short(recipe), &Default::default(), &Quiet).unwrap()
}

fn small() -> Shape {
    Shape::new(3, 4, 6).unwrap()
}

#[test]
fn the_same_seed_gives_the_same_file_and_another_seed_another() {
    let file = |seed| export(&trained(&Recipe { seed, ..Recipe::donner() }, small()), Form::OneProduct);
    assert_eq!(file(1), file(1));
    assert_ne!(file(1), file(2));
}

#[test]
fn training_lowers_the_loss() {
    let loss = |steps| {
        let recipe =
            Recipe { duration: Duration::Steps(steps), batch: 200, noise: 0.0, ..Recipe::paper004() };
        train::<Cpu>(&simulated(200), small(), &recipe, &Default::default(), &Quiet).unwrap().loss
    };
    assert!(loss(40) < 0.5 * loss(1), "{} then {}", loss(1), loss(40));
}

/// Every combination of form, presence of hidden layers and clipping that the exporter can write.
fn exported() -> Vec<(String, Trained, Vec<u8>)> {
    let mut networks = Vec::new();
    for (recipe, shape) in [
        (Recipe::donner(), small()),
        (Recipe::small_data(), Shape::new(1, 5, 3).unwrap()),
        (Recipe::paper004(), Shape::new(0, 0, 4).unwrap()),
    ] {
        let trained = trained(&recipe, shape);
        for form in [Form::OneProduct, Form::LayerByLayer] {
            let onnx = export(&trained, form);
            networks.push((format!("{} {form:?}", recipe.preset), trained.clone(), onnx));
        }
    }
    networks
}

fn card_of(trained: &Trained, onnx: &[u8]) -> String {
    let files = Files { profiles: "p.gctx".into(), sig_info: "s.txt".into(), pert_info: None };
    let labels =
        Labels { name: "test".into(), licence: "CC0-1.0".into(), source: "simulated".into(), note: None };
    let outcome = Outcome {
        trained: trained.clone(),
        train_rows: vec![0],
        held_out_drugs: 0,
        figures: None,
        auc_by_repeat: Vec::new(),
    };
    let protocol = Protocol::HoldOut { share: 0.0 };
    card(&labels, &files, &simulated(20), &Recipe::donner(), protocol, &outcome, onnx).to_toml()
}

#[test]
fn the_exported_network_computes_what_the_trained_one_does() {
    let engine = EngineOptions::default();
    for (name, trained, onnx) in exported() {
        let card = card_of(&trained, &onnx);
        let (largest, _) = parity::check(&trained, &simulated(200), &card, &onnx, &engine).expect(&name);
        assert!(largest <= parity::TOLERANCE, "{name}: {largest}");
    }
}

#[test]
fn an_export_that_computes_something_else_is_refused() {
    let trained = trained(&Recipe::donner(), small());
    let values = simulated(20).values;
    let off_by = |difference: f32| {
        parity::compare(&trained, &values, |values| {
            Ok(trained.embed(values).into_iter().map(|value| value + difference).collect())
        })
    };
    assert!(off_by(1e-6).is_ok());
    assert!(matches!(off_by(1e-3), Err(TrainError::Parity { .. })));
    assert!(matches!(off_by(f32::NAN), Err(TrainError::Parity { .. })));
    assert!(matches!(parity::compare(&trained, &values, |_| Ok(Vec::new())), Err(TrainError::Parity { .. })));
}

#[test]
fn huge_values_get_a_finite_embedding_and_zeros_are_refused_by_name() {
    let network = trained(&Recipe::small_data(), small());
    let onnx = export(&network, Form::OneProduct);
    let model = Model::from_parts(card_of(&network, &onnx), onnx, "test", &EngineOptions::default()).unwrap();
    let profile = |id: &str, value: f32| ProfileMatrix::new(vec![id.into()], vec![value; 978]).unwrap();
    let embeddings = model.embed(&profile("huge", 1e6)).unwrap();
    assert!(embeddings.values().iter().all(|value| value.is_finite()));
    assert!(model.embed(&profile("nothing", 0.0)).unwrap_err().to_string().contains("nothing"));
    assert!(network.embed(&[0.0; 978]).iter().all(|value| value.is_finite()));
}

#[test]
fn the_reference_checker_of_onnx_accepts_every_graph() {
    let python = std::env::var("L1KDB_PYTHON").unwrap_or_else(|_| "python3".into());
    let available = Command::new(&python).args(["-c", "import onnx"]).output();
    if !available.is_ok_and(|run| run.status.success()) {
        println!("skipped: {python} has no onnx (set L1KDB_PYTHON to a Python that has)");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for (name, _, onnx) in exported() {
        let file = folder.path().join("model.onnx");
        std::fs::write(&file, onnx).unwrap();
        let script = "import onnx, sys; onnx.checker.check_model(onnx.load(sys.argv[1]), full_check=True)";
        let run = Command::new(&python).args(["-c", script]).arg(&file).output().unwrap();
        assert!(run.status.success(), "{name}: {}", String::from_utf8_lossy(&run.stderr));
    }
}

#[test]
fn a_loss_that_is_not_finite_is_an_error_and_not_a_network() {
    let mut dataset = simulated(40);
    dataset.values[5] = f32::NAN;
    let recipe = short(&Recipe::paper004());
    let found = train::<Cpu>(&dataset, small(), &recipe, &Default::default(), &Quiet);
    assert!(matches!(found, Err(TrainError::Diverged { .. })), "{:?}", found.map(|trained| trained.loss));
}

#[test]
fn one_drug_is_nothing_to_tell_apart() {
    let drugs = vec!["aspirin".to_owned(); 4];
    let dataset = Dataset::new(vec![1.0; 4 * 978], &drugs, &[None; 4]);
    let found = train::<Cpu>(&dataset, small(), &Recipe::donner(), &Default::default(), &Quiet);
    assert!(matches!(found, Err(TrainError::TooFewDrugs { drugs: 1, .. })));
}

/// The real level-5 set beside the checkout: the recipe of the shipped network against its bar.
#[test]
fn on_real_drugs_it_has_not_seen_the_recipe_beats_raw_cosine_and_whitening() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/level5");
    if !folder.exists() {
        println!("skipped: needs {}", folder.display());
        return;
    }
    let files = Files {
        profiles: folder.join("l1000_level5_modz_n1645x978.gctx"),
        sig_info: folder.join("sig_info.txt"),
        pert_info: Some(folder.join("pert_info.txt")),
    };
    let dataset = Dataset::read(&files, &Default::default(), &Quiet).unwrap().dataset;
    let protocol = Protocol::CrossValidation { folds: 5, repeats: 1 };
    // No hidden layers and few steps: the cheaper half of the shipped recipe, which has to clear the bar alone.
    let recipe = Recipe { duration: Duration::Steps(60), ..Recipe::small_data() };
    let shape = Shape::new(0, 0, 32).unwrap();
    let outcome = run::<Cpu>(&dataset, shape, &recipe, protocol, &Default::default(), &Quiet).unwrap();
    let figures = outcome.figures.unwrap();
    assert!(figures.embedding.auc_quantile > 0.64, "{:?}", figures.embedding);
    assert!(
        figures.embedding.auc_quantile > figures.raw_cosine.auc_quantile + 0.02,
        "{:?}",
        figures.raw_cosine
    );
    assert!((figures.permuted.auc_quantile - 0.5).abs() < 0.02, "{:?}", figures.permuted);
}

/// The figures in a card are of the network in its folder, so both engines must give the shipped one alike.
#[test]
fn the_shipped_network_opens_and_gives_unit_embeddings() {
    for network in l1kdb_weights::networks() {
        let card = Card::parse(network.card, network.name).unwrap();
        let options = EngineOptions { runtime: Runtime::Search, ..EngineOptions::default() };
        let model = Model::from_parts(network.card, network.onnx, network.name, &options).unwrap();
        let ids = (0..20).map(|row| row.to_string()).collect();
        let embeddings = model.embed(&ProfileMatrix::new(ids, simulated(20).values).unwrap()).unwrap();
        assert_eq!(embeddings.dim(), card.dimension);
        for row in 0..20 {
            let length = embeddings.row(row).iter().map(|value| value * value).sum::<f32>().sqrt();
            assert!((length - 1.0).abs() < 1e-5, "{length}");
        }
    }
}
