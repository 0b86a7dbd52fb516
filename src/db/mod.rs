//! A database: a directory that answers which drugs act like a profile.
//!
//! ```text
//! NAME.l1kdb/
//!   MANIFEST            format, generation, model and gene space, the segments with their checksums, a seal
//!   model/              the network that made the embeddings, so that a query needs nothing else
//!   segment-000001.l1k  immutable: vectors, graph, rows, drugs, filters, profiles
//! ```
//!
//! | room | responsibility |
//! |---|---|
//! | `segment` | the sections of a segment on disk, each reader beside its writer |
//! | `snapshot` | what a reader sees: manifest, open files, drugs over all segments |
//! | `query` | the question, the rows that take part, scores, hits |
//! | `build` | one writer: all of a database or nothing |
//! | `export`, `info`, `verify` | everything in a database, what it is made of, whether it is whole |
//! | `names`, `directory` | names in a database and beside it; directories held open, exchanged in one step |
//! | `hash` | short digests |
//!
//! [`Db::open`] maps the segments and looks at their heads, so it costs the same for ten signatures and for a million.
//! Any number of processes may have a database open; a file of it is never changed in place. While a build replaces a
//! database, whoever opens it gets the old one or the new one, and keeps it.

mod build;
mod directory;
mod error;
mod export;
mod hash;
mod info;
mod names;
mod query;
mod segment;
mod snapshot;
mod verify;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

pub use build::{BuildOptions, BuildReport, Graph, build};
pub use error::DbError;
pub use export::Export;
pub use info::{DbInfo, SegmentInfo};
pub use query::{DrugHit, DrugScore, Queries, Query, Search, SignatureHit};
pub use segment::{DrugRecord, SignatureRecord};
pub use verify::Verified;

use crate::annotate::AtcNames;
use crate::embed::{Card, EmbedError, EngineOptions, Model};
use segment::Segment;
use snapshot::{Groups, Manifest, ModelFiles};

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
    model: ModelFiles,
    segments: Vec<Segment>,
    groups: OnceLock<Groups>,
}

impl Db {
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
        let (card, text) = self.read_card()?;
        let onnx = if card.onnx.is_some() { self.model.onnx()? } else { Vec::new() };
        let path = self.model.path();
        let model = Model::from_parts(text, onnx, &path.display().to_string(), engine)?;
        if model.digest() == self.manifest.model {
            return Ok(model);
        }
        let (expected, found) = (self.manifest.model.clone(), model.digest().to_owned());
        Err(DbError::Mismatch { path: path.clone(), what: "model", expected, found })
    }

    /// Reads the card of the network that made the database, without loading the network.
    ///
    /// # Errors
    /// A card that is missing, malformed, or not the one that the manifest names.
    pub fn card(&self) -> Result<Card, DbError> {
        Ok(self.read_card()?.0)
    }

    fn read_card(&self) -> Result<(Card, String), DbError> {
        let path = self.model.path();
        let bytes = self.model.card()?;
        let found = Card::digest(&bytes);
        match &self.manifest.card {
            Some(expected) if *expected != found => {
                let (path, expected) = (path.join("card.toml"), expected.clone());
                return Err(DbError::Mismatch { path, what: "digest", expected, found });
            }
            _ => {}
        }
        let origin = path.display().to_string();
        let syntax =
            |_| EmbedError::CardSyntax { origin: origin.clone(), detail: "it is not text".to_owned() };
        let text = String::from_utf8(bytes).map_err(syntax)?;
        Ok((Card::parse(&text, &origin)?, text))
    }

    /// Asks which drugs or signatures lie nearest to `embedding`, a unit vector from the database's own
    /// [`model`](Self::model).
    pub fn query<'a>(&'a self, embedding: &'a [f32]) -> Query<'a> {
        Query::new(self, embedding)
    }

    /// Asks the same of many embeddings, row by row as [`Embeddings::values`](crate::embed::Embeddings::values) has them.
    pub fn queries<'a>(&'a self, embeddings: &'a [f32]) -> Queries<'a> {
        Queries::new(self, embeddings)
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

    /// The drug of a segment's row, as the place of its group.
    fn group_of_row(&self, place: usize, row: u32) -> Result<usize, DbError> {
        let segment = &self.segments[place];
        let drug = segment.drug_of_rows()?.get(row as usize);
        let drug = drug.ok_or_else(|| segment.damaged("DROW", format!("no row {row}")))?;
        self.group_of(place, *drug)
    }

    /// The drug of a segment's row, with what every segment knows of it.
    fn drug_of(&self, place: usize, row: u32) -> Result<DrugRecord, DbError> {
        let group = BTreeSet::from([self.group_of_row(place, row)?]);
        Ok(self.merged_drugs(&group)?.remove(0))
    }

    /// What every segment knows of some drugs, in the order of their groups.
    fn merged_drugs(&self, groups: &BTreeSet<usize>) -> Result<Vec<DrugRecord>, DbError> {
        let all = self.drug_groups()?;
        let mut records = vec![Vec::new(); groups.len()];
        for (place, segment) in self.segments.iter().enumerate() {
            let here = |(number, &group): (usize, &usize)| {
                all[group].iter().filter(move |(of, _)| *of == place).map(move |(_, drug)| (number, *drug))
            };
            let members: Vec<(usize, u32)> = groups.iter().enumerate().flat_map(here).collect();
            let read = segment.drugs()?.some(members.iter().map(|(_, drug)| *drug as usize))?;
            members.iter().zip(read).for_each(|((number, _), record)| records[*number].push(record));
        }
        Ok(records.into_iter().map(snapshot::merge).collect())
    }
}
