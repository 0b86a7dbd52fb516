//! What the tests of the room `embed` share: profiles, the tiny network, an engine, a card for any network.

use std::path::PathBuf;

use l1kdb::embed::{Card, EmbedError, Engine, EngineOptions, Model, Runtime};
use l1kdb::profile::{GENES, GeneSpace, ProfileMatrix};

use crate::needs::{Need, missing};

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

/// The options of an engine that starts; `None`, and said so, when there is neither a runtime nor a built-in engine.
pub fn engine() -> Option<EngineOptions> {
    let options = options();
    match Engine::start(&options) {
        Ok(_) => Some(options),
        Err(error @ EmbedError::NoEngine { .. }) => {
            missing(Need::OnnxRuntime, &error.to_string());
            None
        }
        Err(error) => panic!("{error}"),
    }
}

/// The options of every engine that starts: the built-in one, and the ONNX Runtime of [`options`].
pub fn engines() -> Vec<EngineOptions> {
    let built_in = EngineOptions::default().runtime(Runtime::BuiltIn);
    let is_another =
        |options: &EngineOptions| Engine::start(options).is_ok_and(|engine| engine.library().is_some());
    let others = Some(options()).filter(is_another);
    others.into_iter().chain(cfg!(feature = "built-in").then_some(built_in)).collect()
}

/// A model of bytes that are not what `tests/data` holds, with a card whose digest fits them.
pub fn with_card(onnx: Vec<u8>, dim: usize, options: &EngineOptions) -> Result<Model, EmbedError> {
    let card = format!(
        "format = 1\nname = \"made\"\narchitecture = \"test\"\nparameters = 0\ndimension = {dim}\n\
         gene_space = \"{}\"\nonnx = \"{}\"\nlicence = \"CC0-1.0\"\nsource = \"a test\"\n",
        GeneSpace::landmarks().digest(),
        Card::digest(&onnx)
    );
    Model::from_parts(card, onnx, "made", options)
}
