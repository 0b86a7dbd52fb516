//! A database: a directory that answers which drugs act like a profile.
//!
//! ```text
//! NAME.l1kdb/
//!   MANIFEST            format, generation, model and gene space, the segments with their checksums
//!   model/              the network that made the embeddings, so that a query needs nothing else
//!   segment-000001.l1k  immutable: vectors, graph, rows, drugs, filters, profiles
//!   LOCK                one writer at a time
//! ```
//!
//! | file | responsibility |
//! |---|---|
//! | `build` | profiles and metadata to a database |
//! | `staging` | all of it or nothing: the directory a build writes to |
//! | `write`, `segment` | a segment's sections, written and read |
//! | `manifest` | the text that says which files make a database |
//! | `groups` | one drug over several segments |
//! | `filter` | which rows pass |
//! | `query`, `score`, `hit` | the question, the drug's score, the answer |
//! | `info` | what a database is made of |
//! | `verify` | reading everything, once, to know that it is whole |
//!
//! [`Db::open`] maps the segments and looks at their heads, so it costs the same for ten signatures and for a million.
//! Any number of processes may have a database open; a file of it is never changed in place.

mod build;
mod error;
mod export;
mod filter;
mod fingerprint;
mod groups;
mod hit;
mod info;
mod manifest;
mod query;
mod score;
mod segment;
mod staging;
mod verify;
mod write;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

pub use build::{BuildOptions, BuildReport, Graph, build};
pub use error::DbError;
pub use export::Export;
pub use hit::{DrugHit, SignatureHit};
pub use info::{DbInfo, SegmentInfo};
pub use query::{Query, Search};
pub use score::DrugScore;
pub use verify::Verified;

use crate::annotate::{AtcNames, DrugRecord, SignatureRecord};
use crate::embed::{EngineOptions, Model};
use crate::profile::GeneSpace;
use groups::Groups;
use manifest::Manifest;
use segment::Segment;

/// Name of the model's directory within a database.
const MODEL: &str = "model";

/// An open database.
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use l1kdb::db::Db;
/// use l1kdb::embed::EngineOptions;
/// use l1kdb::profile::{ReadOptions, read_profiles};
/// use l1kdb::progress::Quiet;
///
/// let db = Db::open("lincs.l1kdb")?;
/// let model = db.model(&EngineOptions::default())?;
/// let (profiles, _) = read_profiles("mine.gctx", &ReadOptions::default(), &Quiet)?;
/// let embeddings = model.embed(&profiles)?;
/// for hit in db.query(embeddings.row(0)).top(20).filter("cell_id", ["MCF7"]).run()? {
///     println!("{:>3} {:<24} {:.3} {}", hit.rank, hit.drug, hit.score, hit.atc.join("|"));
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Db {
    path: PathBuf,
    manifest: Manifest,
    segments: Vec<Segment>,
    groups: OnceLock<Groups>,
}

impl Db {
    /// Opens a database for reading. The cost does not depend on the number of signatures.
    ///
    /// Headers, section tables and bounds are checked, contents are not: [`verify`](Self::verify) does that. A search
    /// in a damaged database returns an error or a wrong answer, but neither panics nor reads out of bounds.
    ///
    /// # Errors
    /// No database there, one of a newer format or another gene space, or a segment that does not fit the manifest.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, DbError> {
        let path = path.as_ref();
        let manifest = Manifest::read(path)?;
        let expected = GeneSpace::landmarks().digest();
        if manifest.gene_space != expected {
            return Err(DbError::Mismatch {
                path: path.join(manifest::MANIFEST),
                what: "gene space",
                expected: expected.to_owned(),
                found: manifest.gene_space,
            });
        }
        let owner = fingerprint::owner(&manifest.model, &manifest.gene_space);
        let segments =
            manifest.segments.iter().map(|entry| Segment::open(path, entry, owner, manifest.dimension));
        let segments = segments.collect::<Result<_, _>>()?;
        Ok(Self { path: path.to_owned(), manifest, segments, groups: OnceLock::new() })
    }

    /// Returns the directory.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the number of signatures.
    pub fn rows(&self) -> usize {
        self.segments.iter().map(Segment::rows).sum()
    }

    /// Returns the number of drugs.
    ///
    /// # Errors
    /// A damaged drug table.
    pub fn drugs(&self) -> Result<usize, DbError> {
        Ok(self.drug_groups()?.len())
    }

    /// Returns the length of an embedding.
    pub fn dimension(&self) -> usize {
        self.manifest.dimension
    }

    /// Loads the network that made the database. Only its embeddings can be compared with those stored.
    ///
    /// # Errors
    /// A network that is missing, damaged, or not the one that the manifest names.
    pub fn model(&self, engine: &EngineOptions) -> Result<Model, DbError> {
        let path = self.path.join(MODEL);
        let model = Model::load(&path, engine)?;
        if model.digest() == self.manifest.model {
            return Ok(model);
        }
        let (expected, found) = (self.manifest.model.clone(), model.digest().to_owned());
        Err(DbError::Mismatch { path, what: "model", expected, found })
    }

    /// Asks which drugs or signatures lie nearest to `embedding`, a unit vector from the database's own
    /// [`model`](Self::model).
    pub fn query<'a>(&'a self, embedding: &'a [f32]) -> Query<'a> {
        Query::new(self, embedding)
    }

    /// Returns the keys that [`Query::filter`] takes here, sorted.
    ///
    /// # Errors
    /// A damaged filter section.
    pub fn filter_keys(&self) -> Result<Vec<String>, DbError> {
        let mut keys = BTreeSet::new();
        for segment in &self.segments {
            keys.extend(segment.filter_directory()?.keys());
        }
        Ok(keys.into_iter().collect())
    }

    /// Returns the names of the ATC classes that the database's drugs fall in.
    ///
    /// # Errors
    /// A damaged section.
    pub fn atc_names(&self) -> Result<AtcNames, DbError> {
        let mut all = Vec::new();
        for segment in &self.segments {
            all.extend(segment.atc_names()?.iter().map(|(code, name)| (code.to_owned(), name.to_owned())));
        }
        Ok(all.into_iter().collect())
    }

    /// Returns what is stored of a signature, and its drug, if the database holds it.
    ///
    /// # Errors
    /// A damaged section.
    pub fn signature(&self, sig_id: &str) -> Result<Option<(SignatureRecord, DrugRecord)>, DbError> {
        for (place, segment) in self.segments.iter().enumerate() {
            if let Some(row) = segment.row_of(sig_id)? {
                let signature = segment.signatures()?.record(row as usize)?;
                return Ok(Some((signature, self.drug_of(place, row)?)));
            }
        }
        Ok(None)
    }

    /// Returns the stored profile of a signature: 978 z-scores in gene-space order, rounded to half precision.
    /// `None` where the signature is not here or the database keeps no profiles.
    ///
    /// # Errors
    /// A damaged section.
    pub fn profile(&self, sig_id: &str) -> Result<Option<Vec<f32>>, DbError> {
        for segment in &self.segments {
            if let Some(row) = segment.row_of(sig_id)? {
                return segment.profile(row);
            }
        }
        Ok(None)
    }

    fn drug_groups(&self) -> Result<&[Vec<(usize, u32)>], DbError> {
        Ok(self.groups()?.all())
    }

    fn groups(&self) -> Result<&Groups, DbError> {
        if let Some(groups) = self.groups.get() {
            return Ok(groups);
        }
        let groups = Groups::new(&self.segments)?;
        Ok(self.groups.get_or_init(|| groups))
    }

    fn group_of(&self, place: usize, drug: u32) -> Result<usize, DbError> {
        let segment = &self.segments[place];
        self.groups()?.of(place, drug).ok_or_else(|| segment.damaged("DROW", format!("no drug {drug}")))
    }

    /// The drug of a segment's row, with what every segment knows of it.
    fn drug_of(&self, place: usize, row: u32) -> Result<DrugRecord, DbError> {
        let segment = &self.segments[place];
        let drug = segment.drug_of_rows()?.get(row as usize);
        let drug = drug.ok_or_else(|| segment.damaged("DROW", format!("no row {row}")))?;
        self.merged_drug(&self.drug_groups()?[self.group_of(place, *drug)?])
    }

    fn merged_drug(&self, group: &[(usize, u32)]) -> Result<DrugRecord, DbError> {
        let mut records = Vec::new();
        for (place, drug) in group {
            records.push(self.segments[*place].drugs()?.record(*drug as usize)?);
        }
        Ok(groups::merge(records))
    }
}
