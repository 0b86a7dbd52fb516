//! Promises about trained and exported networks.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking, and says what it skips"
)]

use std::process::Command;

use l1kdb::embed::{Card, EngineOptions, Model, Runtime};
use l1kdb::profile::ProfileMatrix;
use l1kdb::progress::Quiet;
use l1kdb::simulate::Simulation;
use l1kdb::split::KFold;
use l1kdb::study::{Division, SplitBy};
use l1kdb_models::onnx::{Form, export};
use l1kdb_models::{
    Dataset, Files, Fitted, Kind, Labels, Negatives, Recipe, TrainError, Trained, Unwatched, card, fit,
    parity, train,
};

#[path = "../../tests/it/needs.rs"]
mod needs;

fn simulated(signatures: usize) -> Dataset {
    let simulator = Simulation::of_size(signatures).drugs(20).effect(4.0).seed(3).start().unwrap();
    let described: Vec<_> = (0..signatures).map(|row| simulator.signature(row)).collect();
    let drugs: Vec<String> = described.iter().map(|s| simulator.drugs()[s.drug].name.clone()).collect();
    let cells: Vec<String> = described.iter().map(|s| s.cell.to_string()).collect();
    let cells: Vec<_> = cells.iter().map(|cell| Some(cell.as_str())).collect();
    Dataset::new(simulator.block(0..signatures), &drugs, &cells).unwrap()
}

/// A recipe of 12 small steps.
fn short(recipe: Recipe) -> Recipe {
    let (depth, growth) = if recipe.depth == 0 { (0, 0) } else { (3, 4) };
    Recipe { epochs: 0, steps: 12, batch: 64, depth, growth, layers: 2, width: 10, dim: 6, ..recipe }
}

fn on_all(dataset: &Dataset, recipe: &Recipe) -> Result<Trained, TrainError> {
    train(dataset, &(0..dataset.len()).collect::<Vec<_>>(), recipe, None, &mut Unwatched)
}

fn trained(recipe: &Recipe) -> Trained {
    on_all(&simulated(200), recipe).unwrap()
}

#[test]
fn the_same_seed_gives_the_same_file_on_any_number_of_threads_and_another_seed_another() {
    for recipe in [Recipe::donner(), Recipe::triplet004(), Recipe::triplet_margin(), Recipe::small_data()] {
        let file = |seed, threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let recipe = short(Recipe { seed, ..recipe.clone() });
            pool.install(|| export(&trained(&recipe), Form::OneProduct))
        };
        assert!(file(1, 1) == file(1, 3), "{}", recipe.preset);
        assert!(file(1, 2) != file(2, 2), "{}", recipe.preset);
    }
}

#[test]
fn training_lowers_every_loss() {
    for recipe in [Recipe::paper004(), Recipe::triplet_margin(), Recipe::triplet_dense()] {
        let loss = |steps, looks| {
            // Semi-hard negatives get harder as the network gets better, so that the loss says little.
            let negatives = Negatives::Random;
            let recipe =
                Recipe { steps, looks, negatives, noise: 0.0, learning_rate: 0.003, ..short(recipe.clone()) };
            trained(&recipe).history.looks.iter().map(|look| look.loss).collect::<Vec<_>>()
        };
        let losses = loss(60, 6);
        assert!(losses[5] < 0.7 * losses[0], "{}: {losses:?}", recipe.preset);
    }
}

/// Every combination of form, kind, presence of hidden layers, scaling and clipping that the exporter can write.
fn exported() -> Vec<(String, Trained, Vec<u8>)> {
    let linear = Recipe { dim: 6, ..Recipe::components() };
    let recipes = [short(Recipe::donner()), short(Recipe::small_data()), short(Recipe::triplet004()), linear];
    let mut networks = Vec::new();
    for recipe in recipes {
        let trained = trained(&recipe);
        for form in [Form::OneProduct, Form::LayerByLayer] {
            let onnx = export(&trained, form);
            networks.push((format!("{} {form:?}", recipe.preset), trained.clone(), onnx));
        }
    }
    networks
}

fn card_of(trained: &Trained, onnx: &[u8]) -> String {
    let labels =
        Labels { name: "test".into(), licence: "CC0-1.0".into(), source: "simulated".into(), note: None };
    let fitted = Fitted { trained: trained.clone(), held_out_drugs: 0, methods: Vec::new() };
    card(&labels, toml::Table::new(), &Recipe::donner(), None, &fitted, onnx).to_toml()
}

#[test]
fn the_exported_network_computes_what_the_trained_one_does() {
    let mut runtimes = vec![Runtime::Search, Runtime::BuiltIn];
    runtimes.extend(std::env::var_os("L1KDB_ONNXRUNTIME").map(|path| Runtime::Library(path.into())));
    for (name, trained, onnx) in exported() {
        let card = card_of(&trained, &onnx);
        for runtime in &runtimes {
            let engine = EngineOptions::default().runtime(runtime.clone());
            let (largest, ran) =
                parity::check(&trained, &simulated(1_000), &card, &onnx, &engine).expect(&name);
            assert!(largest <= parity::TOLERANCE, "{name} on {ran}: {largest}");
        }
    }
}

#[test]
fn an_export_that_computes_something_else_is_refused() {
    let trained = trained(&short(Recipe::donner()));
    let simulated = simulated(20);
    let values = simulated.values();
    let off_by = |difference: f32| {
        parity::compare(&trained, values, |values| {
            Ok(trained.embed(values).into_iter().map(|value| value + difference).collect())
        })
    };
    assert!(off_by(1e-6).is_ok());
    assert!(matches!(off_by(1e-3), Err(TrainError::Parity { .. })));
    assert!(matches!(off_by(f32::NAN), Err(TrainError::Parity { .. })));
    assert!(matches!(parity::compare(&trained, values, |_| Ok(Vec::new())), Err(TrainError::Parity { .. })));
}

#[test]
fn huge_values_get_a_finite_embedding_and_zeros_no_panic() {
    let network = trained(&short(Recipe::small_data()));
    let onnx = export(&network, Form::OneProduct);
    let model = Model::from_parts(card_of(&network, &onnx), onnx, "test", &EngineOptions::default()).unwrap();
    let profile = |value: f32| {
        let values = (0..978).map(|gene| if gene % 2 == 0 { value } else { -value }).collect();
        ProfileMatrix::new(vec!["one".into()], values).unwrap()
    };
    let embeddings = model.embed(&profile(1e6)).unwrap();
    assert!(embeddings.values().iter().all(|value| value.is_finite()));
    assert!(network.embed(&[0.0; 978]).iter().all(|value| value.is_finite()));
}

#[test]
fn the_reference_checker_of_onnx_accepts_every_graph() {
    let Some(python) = needs::python("onnx") else { return };
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
fn a_loss_that_is_not_finite_names_its_step_and_learning_rate() {
    let mut dataset = simulated(40);
    dataset.study.embedding.values_mut()[5] = f32::NAN;
    let found = on_all(&dataset, &short(Recipe::paper004()));
    let error = found.map(|trained| trained.history.steps).unwrap_err();
    assert!(matches!(error, TrainError::Diverged { step: 1, rate: 0.005 }), "{error}");
    assert!(error.to_string().contains("step 1") && error.to_string().contains("0.005"), "{error}");
}

#[test]
fn one_drug_or_only_single_signatures_are_nothing_to_learn_from() {
    let dataset = |drugs: [&str; 4]| {
        let drugs = drugs.map(str::to_owned);
        Dataset::new((0..4 * 978).map(|at| (at as f32).sin()).collect(), &drugs, &[None; 4]).unwrap()
    };
    let found = on_all(&dataset(["a"; 4]), &short(Recipe::donner()));
    assert!(matches!(found, Err(TrainError::TooFewDrugs { drugs: 1, .. })));
    let found = on_all(&dataset(["a", "a", "b", "c"]), &short(Recipe::triplet_margin()));
    assert!(matches!(found, Err(TrainError::TooFewDrugs { drugs: 1, .. })));
}

#[test]
fn training_stops_where_the_validation_drugs_stop_gaining_and_keeps_the_best_weights() {
    let recipe = Recipe {
        steps: 400,
        looks: 40,
        patience: 3,
        validation: 0.3,
        learning_rate: 0.02,
        ..short(Recipe::paper004())
    };
    let history = trained(&recipe).history;
    let aucs: Vec<f64> = history.looks.iter().map(|look| look.validation.unwrap().auc).collect();
    let best = history.best.unwrap();
    assert!(history.steps < 400, "{aucs:?}");
    assert_eq!(history.steps, best.step + 3 * 10);
    assert_eq!(best.validation.unwrap().auc, aucs.iter().copied().fold(0.0, f64::max));
    assert!(history.validation_signatures > 0 && history.signatures + history.validation_signatures == 200);
}

fn level5() -> Option<Dataset> {
    let folder = needs::shared("data")?;
    let read = |name: &str, profiles: &str| {
        let at = |file: &str| folder.join(name).join(file);
        let (sig_info, pert_info) = (at("sig_info.txt"), Some(at("pert_info.txt")));
        Dataset::read(&Files { profiles: at(profiles), sig_info, pert_info }, &Default::default(), &Quiet)
            .unwrap()
    };
    let mut dataset = read("level5", "l1000_level5_modz_n1645x978.gctx");
    dataset.set_background(&read("consensus", "l1000_consensus_n895x978.gctx"));
    Some(dataset)
}

/// The real level-5 set beside the checkout: the start of the shipped network against its bars.
#[test]
fn on_real_drugs_it_has_not_seen_the_recipe_beats_raw_cosine_and_whitening() {
    let Some(dataset) = level5() else { return };
    let by_drug = Division::KFold(SplitBy::Drug, KFold { folds: 5, repeats: 1 });
    let (split, _) = dataset.split(by_drug, 0).unwrap();
    let recipe = Recipe::weighted_discriminant();
    let fitted = fit(&dataset, &recipe, Some(&split), None, &mut Unwatched).unwrap();
    let auc = |at: usize| fitted.methods[at].pooled.micro.auc_quantile;
    let (raw, whitening, recipe, permuted) = (auc(0), auc(1), auc(2), auc(3));
    assert!(recipe > 0.70 && recipe > raw + 0.07 && recipe > whitening + 0.02, "{raw} {whitening} {recipe}");
    assert!((permuted - 0.5).abs() < 0.02, "{permuted}");
}

/// Also without any ONNX Runtime.
#[test]
fn the_shipped_networks_open_and_give_unit_embeddings() {
    for network in l1kdb_weights::networks() {
        let card = Card::parse(network.card, network.name).unwrap();
        let options = EngineOptions::default().runtime(Runtime::BuiltIn);
        let model = Model::from_parts(network.card, network.onnx, network.name, &options).unwrap();
        let ids = (0..20).map(|row| row.to_string()).collect();
        let embeddings =
            model.embed(&ProfileMatrix::new(ids, simulated(20).values().to_vec()).unwrap()).unwrap();
        assert_eq!(embeddings.dim(), card.dim);
        for row in 0..20 {
            let length = embeddings.row(row).iter().map(|value| value * value).sum::<f32>().sqrt();
            assert!((length - 1.0).abs() < 1e-5, "{length}");
        }
    }
}

#[test]
fn the_start_of_a_linear_network_is_refused_for_a_layered_one() {
    let recipe = Recipe { network: Kind::Layered, ..Recipe::small_data() };
    assert!(recipe.check().unwrap_err().to_string().contains("random"));
}
