//! Which drugs act like this one, and what are they used for?
//!
//! l1kdb is an embedded similarity-search database for L1000 drug-perturbation profiles. A profile, the z-scores of 978
//! landmark genes, goes through a small ONNX network, becomes a unit vector of some 8 to 64 numbers, and is compared
//! with every profile in a memory-mapped database. The answer is a ranked list of drugs with their ATC classes,
//! mechanism and target.
//!
//! ```no_run
//! use l1kdb::db::{Db, Filter};
//! use l1kdb::embed::EngineOptions;
//! use l1kdb::profile::{ReadOptions, read_profiles};
//! use l1kdb::progress::Quiet;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // A database carries the network that made it, so a query needs nothing else.
//! let db = Db::open("lincs.l1kdb")?;
//! let model = db.model(&EngineOptions::default())?;
//!
//! let (profiles, report) = read_profiles("mine.gctx", &ReadOptions::default(), &Quiet)?;
//! println!("{} of 978 landmark genes", report.genes_found);
//!
//! let embeddings = model.embed(&profiles)?;
//! let filter = Filter::parse("cell_id in (MCF7, PC3) and pert_time >= 24")?;
//! for hit in db.query(embeddings.row(0)).top(20).filter(filter).run()? {
//!     println!("{:>3} {:<24} {:.3} {}", hit.rank, hit.drug, hit.score, hit.atc.join("|"));
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Rooms
//!
//! | module | question |
//! |---|---|
//! | [`profile`] | what is in this file? |
//! | [`embed`] | what is the short vector of this profile? |
//! | [`annotate`] | whose signature is this, and what is the drug for? |
//! | [`connectivity`] | how alike are two profiles, or gene sets and a profile? |
//! | [`explain`] | which genes carry the agreement between a query and a hit? |
//! | [`db`] | which drugs act like this one? |
//! | [`question`] | the same, asked with profiles, gene sets, results of differential expression or a drug's name, by any score |
//! | [`scan`] | which signatures of a matrix file act like this one, without a database? |
//! | [`split`] | which rows are held out? |
//! | [`learn`] | which class does a row have, by what others have? |
//! | [`eval`] | how good is an embedding, on plain slices? |
//! | [`study`] | how good is an embedding, asked of a database, a model or files? |
//! | [`simulate`] | data like LINCS, of any size, with the truth known |
//! | [`report`] | hits as a table, TSV or JSON |
//!
//! # Features
//!
//! | feature | adds |
//! |---|---|
//! | `cli` (default) | the `l1kdb` program |
//! | `built-in` (default) | a built-in engine, for machines without ONNX Runtime |
//! | `cuda` (default) | asking a GPU build of ONNX Runtime for its CUDA provider |
//!
//! With `default-features = false` the library needs an installed ONNX Runtime to run networks.
//!
//! # Limits
//!
//! - Profiles are level-5 z-scores (or level 4) of the 978 landmarks, not expression values and not fold changes.
//! - A similarity is no proof of a shared mechanism, and rank says more than the number. Scores of different models
//!   cannot be compared.
//! - A segment holds up to 2^32 - 1 signatures; little-endian machines only.

#![forbid(unsafe_code)]

pub mod annotate;
pub mod chem;
pub mod connectivity;
pub mod db;
/// For the crates of this workspace.
#[doc(hidden)]
pub mod digest;
mod disjoint_sets;
pub mod embed;
pub mod enrichment;
pub mod eval;
pub mod explain;
pub mod learn;
/// For the crates of this workspace.
#[doc(hidden)]
pub mod page;
pub mod profile;
pub mod progress;
pub mod question;
mod random;
pub mod report;
mod rows;
pub mod scan;
mod setting;
#[doc(hidden)]
pub mod simd;
pub mod simulate;
pub mod split;
pub mod stats;
pub mod study;
mod visible;

pub use rows::{Rows, RowsError};
pub use setting::SettingError;

/// The README's Rust compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
