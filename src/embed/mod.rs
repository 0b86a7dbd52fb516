//! From profiles to unit vectors: [`ProfileMatrix`](crate::profile::ProfileMatrix) in, [`Embeddings`] out.
//!
//! A [`Model`] is a folder with a network (`model.onnx`) and its [`Card`] (`card.toml`), or the identity, which is
//! the baseline and needs nothing. A card's digests tie it to the bytes of its network and to the gene space; a
//! model that does not fit is refused with what was expected and found.
//!
//! # The engine
//!
//! Networks run on an [`Engine`]: ONNX Runtime, which is a library found at run time, so that building l1kdb needs
//! no download and a user can bring a GPU build. It is looked for
//!
//! 1. where the caller says ([`Runtime::Library`]),
//! 2. in `ORT_DYLIB_PATH`,
//! 3. beside the executable,
//! 4. among the system's libraries,
//! 5. in an installed Python package `onnxruntime` (or `onnxruntime-gpu`).
//!
//! A library that somebody named (1, 2) and that does not work is an error: to run something else would hide a
//! mistake. One that was only found (3-5) is passed over. When none works, the built-in engine runs (feature
//! `built-in`), and [`Engine::note`] says so. A process holds one ONNX Runtime, whatever asks for it later; the built-in
//! engine runs beside it. Each engine is named in one file, behind one seam (`backend.rs`), so that its rules, and a
//! change of engine, concern that file alone. The library never prints: notes and warnings are values.
//!
//! # Offline
//!
//! l1kdb sends nothing anywhere. The official builds of ONNX Runtime for Linux and macOS do from 1.29 on: they report
//! their start and the networks they open, and keep a device id in the user's cache. The switch in the interface
//! comes too late for the first report; the environment variable `ORT_DISABLE_TELEMETRY=1` comes in time when it is
//! there before the runtime is loaded. Setting a variable is unsound once there are other threads, so this library
//! leaves it to the program: set it before the start, or call [`ensure_offline`] first thing in `main`.
//! [`Engine::may_report`] tells whether that was forgotten.
//!
//! # A network is a program
//!
//! Whoever opens a database runs the network in it, and whoever made the database chose that network. So the bytes of a
//! `model.onnx` are looked through before any engine sees them: only operators that go forward, no loops, no random
//! numbers, no operators and functions of its own, no weights in other files, sizes that can be told and are bounded.
//! When a network is opened, one profile is embedded alone and beside others: the answers must be equal. A network that
//! fails is refused by name ([`NetworkFault`]).
//!
//! # Speed
//!
//! A batch of profiles is one matrix product of a few hundred rows, which one core does best alone. So sessions
//! have one thread each, open in a few milliseconds, and batches run side by side. Neither the batch nor the
//! number of threads changes an embedding by more than 1e-6.
//!
//! | file | what |
//! |---|---|
//! | `model.rs`, `card.rs` | the folder, its checks and digests |
//! | `embedding.rs` | batches, threads, checks of every profile and every embedding |
//! | `spread.rs` | batches side by side |
//! | `parts/` | a network in parts: the standardisation of a profile, and the map from there |
//! | `inspect/` | what a network may do, told from its bytes before any engine sees them |
//! | `trial.rs` | does an embedding depend on what is embedded beside it? |
//! | `network.rs`, `sessions.rs` | one network, checks of its inputs and outputs; the sessions that run it |
//! | `engine.rs`, `discover.rs` | which engine, and where libraries lie |
//! | `backend.rs`, `port.rs`, `provider.rs` | what engines have in common |
//! | `onnx.rs` | ONNX Runtime: the only file that names `ort` |
//! | `built_in.rs` | the built-in engine: the only file that names `rten` |
//! | `written_out.rs` | operators that the built-in engine lacks, in terms of others |

mod backend;
#[cfg(feature = "built-in")]
mod built_in;
mod card;
mod discover;
mod embedding;
mod engine;
mod error;
#[doc(hidden)]
pub mod fuzzing;
mod inspect;
mod model;
mod network;
mod offline;
mod onnx;
mod parts;
mod port;
mod provider;
mod sessions;
mod spread;
mod trial;
#[cfg(feature = "built-in")]
mod written_out;

pub use card::Card;
pub use discover::Origin;
pub use embedding::{EmbedOptions, Embeddings};
pub use engine::{Engine, EngineOptions, Runtime};
pub use error::{EmbedError, LibraryFault};
pub use inspect::NetworkFault;
pub use model::Model;
pub use offline::ensure_offline;
pub(crate) use parts::{Parts, Standardised};
pub use provider::Provider;

/// The card format that this version writes, and the newest it reads.
const CARD_FORMAT: u32 = 1;
