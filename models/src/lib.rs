//! Trains the networks that [`l1kdb`] embeds L1000 profiles with, and exports them as ONNX.
//!
//! A network learns from the profiles of some drugs; what it has learnt is then asked of drugs it has never seen: do
//! two signatures of the same drug come to lie together? The program `l1kdb-train` does all of this from files; this
//! library is its parts.
//!
//! ```no_run
//! use l1kdb::progress::Quiet;
//! use l1kdb::split::KFold;
//! use l1kdb::study::{Division, SplitBy};
//! use l1kdb_models::{Dataset, Files, Recipe, Unwatched, fit};
//!
//! let files = Files { profiles: "P.gctx".into(), sig_info: "sig_info.txt".into(), pert_info: None };
//! let data = Dataset::read(&files, &Default::default(), &Quiet)?;
//! let recipe = Recipe { dim: 64, ..Recipe::small_data() };
//! let by_drug = Division::KFold(SplitBy::Drug, KFold { folds: 5, repeats: 3 });
//! let (split, _) = data.split(by_drug, recipe.seed)?;
//! let fitted = fit(&data, &recipe, Some(&split), None, &mut Unwatched)?;
//! for method in &fitted.methods {
//!     println!("{}: {:.3}", method.name, method.pooled.micro.auc_quantile);
//! }
//! # Ok::<(), l1kdb_models::TrainError>(())
//! ```
//!
//! | room | what |
//! |---|---|
//! | `data` | profiles and their drugs, as a study of the library; which drugs are held out; scaling |
//! | `network` | architectures, their weights, what they compute and its slope |
//! | `loss` | what a network is asked to do |
//! | `linear` | linear maps in closed form |
//! | `train` | recipes, batches, the descent |
//! | `fit` | training, and figures on unseen drugs beside their baselines |
//! | `export` | the ONNX file, its check against the trained network, its card |
//! | `run`, `grid` | a run on disk; many of them |
#![forbid(unsafe_code)]

mod data;
mod error;
mod export;
mod fit;
pub mod grid;
mod linear;
mod loss;
mod network;
mod run;
mod train;

pub use data::{Dataset, Files, Scale, Standardisation, Standardiser, seed_of_fold};
pub use error::TrainError;
pub use export::card::{Labels, architecture, card};
pub use export::{onnx, parity};
pub use fit::{Embedder, Fitted, Record, embed_by, fit, protocol};
pub use linear::Start;
pub use network::{Architecture, DenseNet, Layered, Network};
pub use run::{Existing, OutOfFold, RunFolder};
pub use train::{
    DENSENET, Device, History, Kind, Look, Loss, Negatives, Presets, Recipe, State, TRIPLET, Trained,
    Unwatched, Validation, WHITEN, Watch, assignment, train,
};
