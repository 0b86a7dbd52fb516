//! Unit vectors and a navigable graph in one memory-mapped, checksummed file.
//!
//! A *segment* is one immutable file: vectors, a graph over them for approximate search, and any other sections its
//! owner puts in. It is written once, opened by any number of processes at once, and searched where it lies.
//!
//! ```
//! use l1kdb_index::{BuildParams, Index, SegmentWriter, Vectors, build_graph};
//! # let folder = tempfile::tempdir().unwrap();
//! # let path = folder.path().join("circle.l1k");
//! // 1,000 rows on a circle.
//! let angles = (0..1000).map(|i| i as f32 * 0.006);
//! let vectors = Vectors::new(2, angles.flat_map(|a| [a.cos(), a.sin()]).collect())?;
//!
//! let mut writer = SegmentWriter::create(&path, *b"owner, 16 bytes.")?;
//! writer.vectors(&vectors)?;
//! writer.graph(&build_graph(&vectors, &BuildParams::default(), &|_rows| ())?)?;
//! writer.finish()?;
//!
//! let index = Index::open_path(&path)?;
//! let near = index.exact(vectors.row(500), 3, None)?;
//! assert_eq!((near.len(), near[0].row), (3, 500));
//! assert_eq!(index.ann(vectors.row(500), 3, None, None)?, near);
//! index.verify()?;
//! # Ok::<(), l1kdb_index::IndexError>(())
//! ```
//!
//! # Overview
//! - [`Vectors`]: rows of unit length, checked. [`build_graph`] makes a [`Graph`] over them, with an [`Audit`] of what it finds.
//! - [`SegmentWriter`] streams sections to a file.
//! - [`Index`] opens a file ([`Mapped`]) or memory ([`AlignedBytes`]) and searches: [`exact`](Index::exact),
//!   [`ann`](Index::ann), [`similarities`](Index::similarities), with a roaring bitmap as filter.
//! - [`Index::verify`] reads everything that opening takes on trust. `FORMAT.md` describes every byte.
//!
//! # Limits
//! Under 2^32 - 1 rows in a segment. Little-endian machines only. A graph is built in memory, some kilobytes a row
//! on top of the vectors. A mapped file must not be changed in place.

mod aligned;
mod answers;
mod error;
mod exact;
mod format;
#[doc(hidden)]
pub mod fuzzing;
mod graph;
mod index;
mod map;
mod neighbour;
mod params;
mod queries;
#[doc(hidden)]
pub mod simd;
mod tiles;
mod topk;
mod vectors;

pub use aligned::AlignedBytes;
pub use error::{IndexError, Result};
pub use format::MAX_SECTIONS;
pub use format::header::FORMAT_VERSION;
pub use format::verify::{SectionInfo, VerifyReport};
pub use format::write::{SegmentSummary, SegmentWriter};
pub use graph::{Audit, Graph, MAX_LEVELS, build_graph};
pub use index::Index;
pub use map::Mapped;
pub use neighbour::Neighbour;
pub use params::BuildParams;
pub use queries::Queries;
pub use vectors::{UNIT_TOLERANCE, Vectors};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
