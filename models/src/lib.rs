//! Trains the networks that [`l1kdb`] embeds L1000 profiles with, and exports them as ONNX.
//!
//! A network learns to tell drugs apart by their profiles; what it has learnt is then asked of drugs it has never
//! seen: do two signatures of the same drug come to lie together? The program `l1kdb-train` does all of this from
//! files; this library is its parts.
//!
//! ```no_run
//! use l1kdb::profile::ReadOptions;
//! use l1kdb::progress::Quiet;
//! use l1kdb_models::{Cpu, Dataset, Files, Protocol, Recipe, Shape, run};
//!
//! let files = Files { profiles: "P.gctx".into(), sig_info: "sig_info.txt".into(), pert_info: None };
//! let data = Dataset::read(&files, &ReadOptions::default(), &Quiet)?.dataset;
//! let recipe = Recipe::small_data();
//! let protocol = Protocol::CrossValidation { folds: 5, repeats: 3 };
//! let outcome = run::<Cpu>(&data, Shape::new(8, 12, 16)?, &recipe, protocol, &Default::default(), &Quiet)?;
//! if let Some(figures) = outcome.figures {
//!     println!("{:.3} against {:.3}", figures.embedding.auc_quantile, figures.raw_cosine.auc_quantile);
//! }
//! # Ok::<(), l1kdb_models::TrainError>(())
//! ```
//!
//! | file | what |
//! |---|---|
//! | `dataset`, `split`, `standard`, `batches` | profiles and their drugs; splits by drug; scaling; noise |
//! | `densenet`, `recipe` | the network's sizes and weights; every number of a training, and the presets |
//! | `discriminant` | a start for the weights when data are few |
//! | `net`, `train`, `backend` | the computation in burn, and where it runs |
//! | `assess`, `evaluate` | figures on unseen drugs beside their baselines; hold-out and cross-validation |
//! | `onnx`, `parity`, `card`, `folder` | the exported network, its check against the trained one, its folder |
#![forbid(unsafe_code)]

mod assess;
mod backend;
mod batches;
mod card;
mod dataset;
mod densenet;
mod discriminant;
mod error;
mod evaluate;
pub mod folder;
mod net;
pub mod onnx;
pub mod parity;
mod recipe;
mod split;
mod standard;
mod train;

pub use assess::{Assessment, Figures, Stratum};
pub use backend::Cpu;
#[cfg(feature = "cuda")]
pub use backend::Gpu;
pub use card::{Labels, card};
pub use dataset::{Dataset, Files, Loaded};
pub use densenet::{DenseNet, Shape};
pub use error::TrainError;
pub use evaluate::{Outcome, Protocol, run};
pub use recipe::{Duration, PRESETS, Recipe, Scale, Start};
pub use split::{Split, folds, hold_out};
pub use standard::Standardiser;
pub use train::{Trained, train};
