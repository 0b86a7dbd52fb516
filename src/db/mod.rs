//! A database: a directory that answers which drugs act like a profile.
//!
//! ```text
//! NAME.l1kdb/
//!   MANIFEST            format, generation, model and gene space, the segments with their checksums, a seal
//!   model/              the network that made the embeddings, so that a query needs nothing else
//!   segment-000001.l1k  immutable: vectors, graph, rows, drugs, filters, profiles
//!   calibration-000001.l1k  what drugs score for reference queries, if that was computed
//! ```
//!
//! | room | responsibility |
//! |---|---|
//! | `segment` | the sections of a segment on disk, each reader beside its writer |
//! | `snapshot` | what a reader sees: manifest, open files, drugs over all segments |
//! | `query` | the question, the rows that take part, scores, hits |
//! | `build` | one writer: all of a database or nothing |
//! | `calibration` | null distributions of its drugs' scores, in a file of their own |
//! | `database` | an open database: the door to all of it |
//! | `export`, `info`, `verify` | everything in a database, what it is made of, whether it is whole |
//! | `stored` | signatures and drugs of the database, to ask with |
//! | `names`, `directory`, `lock` | names in a database and beside it; directories held open, exchanged in one step; one writer at a time |
//! | `hash` | short digests |
//! | `fuzzing` | what fuzzers do |
//!
//! [`Db::open`] maps the segments and looks at their heads, so it costs the same for ten signatures and for a million.
//! Any number of processes may have a database open; a file of it is never changed in place. While a build replaces a
//! database, whoever opens it gets the old one or the new one, and keeps it.

mod build;
mod calibration;
mod database;
mod directory;
mod error;
mod export;
#[doc(hidden)]
pub mod fuzzing;
mod hash;
mod info;
mod lock;
mod names;
mod nearness;
mod query;
mod segment;
mod snapshot;
mod stored;
mod verify;

pub use build::{
    BuildFiles, BuildOptions, BuildReport, Graph, ProfileBlocks, ProfileSource, Source, SourceReport, build,
    build_from, build_sources, read_sources,
};
pub use calibration::{Calibration, CalibrationKey, CalibrationOf, Hubness};
pub(crate) use calibration::{CalibrationDraft, ReferenceQueries, Usual};
pub use database::Db;
pub use error::DbError;
pub use export::Contents;
pub use info::{DbInfo, SegmentInfo};
pub use query::{
    Comparison, DrugHit, DrugScore, Filter, FilterError, FilterFault, FilterStep, FilterSteps, FurtherScore,
    Population, Queries, Query, ScoreTable, Search, SignatureHit,
};
pub(crate) use query::{
    DescribedRows, MoreColumns, ScoredDrugs, drugs_in_order, keep_best, ordered, signatures_in_order,
};
pub(crate) use segment::DRUG_FILTER;
pub use segment::{DrugRecord, SignatureRecord};
pub use stored::Stored;
pub use verify::VerifyReport;
