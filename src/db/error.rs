use std::io;
use std::path::{Path, PathBuf};

use l1kdb_index::IndexError;

use super::query::FilterError;
use crate::annotate::AnnotateError;
use crate::embed::EmbedError;
use crate::profile::{ProfileError, Universe};

/// What can go wrong with a database directory.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DbError {
    /// There is no database at the path.
    #[error("{} is not a database: {what}", .path.display())]
    NotADatabase {
        /// The path as given.
        path: PathBuf,
        /// What was found instead.
        what: String,
    },
    /// A database of a later format.
    #[error("{}: the database has format {found}, this version of l1kdb reads up to {expected}; use a newer one, or build it again", .path.display())]
    NewerFormat {
        /// The manifest.
        path: PathBuf,
        /// The newest format this program knows.
        expected: u32,
        /// The format found.
        found: u32,
    },
    /// A manifest that is damaged, or that no database can have.
    #[error("{}: {what}; the database is damaged, build it again", .path.display())]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// A file of the database that does not fit its manifest.
    #[error("{}: expected {what} {expected}, found {found}; the database is damaged, rebuild it", .path.display())]
    Mismatch {
        /// The file.
        path: PathBuf,
        /// What was compared.
        what: &'static str,
        /// As the manifest says.
        expected: String,
        /// As the file says.
        found: String,
    },
    /// A section that is missing or inconsistent.
    #[error("{}: section {section}: {what}; the database is damaged, build it again", .path.display())]
    Damaged {
        /// The segment.
        path: PathBuf,
        /// The section's four letters.
        section: &'static str,
        /// What does not fit.
        what: String,
    },
    /// The output exists.
    #[error("{} exists; choose another name, or replace it", .path.display())]
    Exists {
        /// The path as given.
        path: PathBuf,
    },
    /// The output exists, and was put back from what an interrupted build had left.
    #[error(
        "{} exists: it is what an interrupted build had left as {}, put back; choose another name, or replace it",
        .path.display(), .from.display()
    )]
    PutBack {
        /// The path as given.
        path: PathBuf,
        /// Where it was found.
        from: PathBuf,
    },
    /// The output exists and is something else than a database, or more than one, so it is never replaced.
    #[error("{} exists and {what}, so it is not replaced; choose another name", .path.display())]
    ExistsForeign {
        /// The path as given.
        path: PathBuf,
        /// What it is: `is not a database`, or more of it.
        what: String,
    },
    /// What was at the output was set aside, and could not be put back.
    #[error("{} could not be replaced; what was there is now {}, rename that to put it back", .path.display(), .aside.display())]
    Aside {
        /// The path as given.
        path: PathBuf,
        /// Where its former content is.
        aside: PathBuf,
    },
    /// A file of a user bears the name of the lock.
    #[error("{} cannot be locked: {} is in the way, and is no lock of a build; move it away", .path.display(), .other.display())]
    InTheWay {
        /// The path as given.
        path: PathBuf,
        /// The other file.
        other: PathBuf,
    },
    /// Somebody else builds the same database.
    #[error("another build or calibration of {} is under way; wait for it, or choose another name", .path.display())]
    Busy {
        /// The path as given.
        path: PathBuf,
    },
    /// No signature is left to store.
    #[error("no signature of {} can be stored: {why}{}", .profiles.display(), if *.controls > 0 { "; keep the controls" } else { "" })]
    NothingToStore {
        /// The profiles.
        profiles: PathBuf,
        /// What became of them.
        why: String,
        /// How many are controls, which are kept only if asked for.
        controls: usize,
    },
    /// A block with another signature than the one whose turn it is.
    #[error(
        "profile {row} is {found}, expected {expected} as in the list of ids; give the blocks in the order of the ids"
    )]
    OtherProfile {
        /// The number of the profile, from 1.
        row: usize,
        /// The id whose turn it is.
        expected: String,
        /// The id found.
        found: String,
    },
    /// The same signature in two sources that do not agree, or where none may be.
    #[error(
        "signature {id} stands in {} and {}, and {what}; name one of the two otherwise, or leave it out of one source",
        sources[0], sources[1]
    )]
    SameSignature {
        /// Its id.
        id: String,
        /// The sources.
        sources: [String; 2],
        /// What is wrong.
        what: &'static str,
    },
    /// Sources that do not go together.
    #[error("sources: {what}")]
    Sources {
        /// What was expected, and what was found.
        what: String,
    },
    /// A block of profiles with other genes than those that are to be kept.
    #[error(
        "a block of profiles has the {}, expected the {}; give blocks of these genes, or keep the others",
        .found.in_words(), .expected.in_words()
    )]
    OtherGenes {
        /// The genes to be kept.
        expected: Universe,
        /// The genes of the block.
        found: Universe,
    },
    /// An embedding of another length.
    #[error(
        "the query has {found} dimensions, expected {expected} as in the database; embed it with the database's own model"
    )]
    Dimension {
        /// Dimensions of the database.
        expected: usize,
        /// Dimensions of the query.
        found: usize,
    },
    /// Ids to leave out of the answers to many queries, but not one for each.
    #[error(
        "{found} ids to leave out of the answers to {expected} queries; give one id for each query, or none"
    )]
    Without {
        /// The number of queries.
        expected: usize,
        /// The number of ids.
        found: usize,
    },
    /// A filter over something the database does not know.
    #[error("unknown filter key {key:?}; the keys here are {}", .known.join(", "))]
    UnknownFilterKey {
        /// The key as given.
        key: String,
        /// The keys there are.
        known: Vec<String>,
    },
    /// A filter without a value, or with one that is empty.
    #[error(
        "an empty value stands in {key}={}: expected KEY=VALUE or KEY=V1,V2; a value that begins or ends in a comma is \
         written between double quotes",
        shortened(.text)
    )]
    EmptyFilterValue {
        /// The key.
        key: String,
        /// The values as given.
        text: String,
    },
    /// A filter value that no row has.
    #[error("no signature has {key}={}{}", shortened(.value), suggestion(.near))]
    UnknownFilterValue {
        /// The key.
        key: String,
        /// The value as given.
        value: String,
        /// Values of that key that look like it, best first.
        near: Vec<String>,
    },
    /// A signature that the database does not hold.
    #[error("{} holds no signature {}{}", .path.display(), shortened(.id), suggestion(.near))]
    UnknownSignature {
        /// The database.
        path: PathBuf,
        /// The id as given.
        id: String,
        /// Ids that look like it, best first.
        near: Vec<String>,
    },
    /// A score in gene space of a database that keeps no profiles.
    #[error(
        "{} keeps no profiles, which scores in gene space are computed of; ask by embedding, or build it with profiles",
        .path.display()
    )]
    NoProfiles {
        /// The segment.
        path: PathBuf,
    },
    /// A score of profiles with other genes.
    #[error("the score is of profiles with {found} genes, expected {expected} as in the database")]
    Genes {
        /// Genes of the database.
        expected: usize,
        /// Genes of the score.
        found: usize,
    },
    /// A part of a filter that asks for a text which no value begins with or contains.
    #[error("no signature has {}{}", shortened(.clause), suggestion(.near))]
    NoFilterMatch {
        /// The part.
        clause: String,
        /// Values of its key that look like the text, best first.
        near: Vec<String>,
    },
    /// A comparison of a key none of whose values is such a number.
    #[error("{key} is compared as a number, but its values are none of that kind, such as {}", shortened(.value))]
    NotComparable {
        /// The key.
        key: String,
        /// A value.
        value: String,
    },
    /// A text that is no filter.
    #[error(transparent)]
    Filter(#[from] FilterError),
    /// A calibration that is damaged, or of another database.
    #[error("{}: {what}; calibrate the database again", .path.display())]
    Calibration {
        /// The calibration, or the database.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// A database that was replaced while something was computed of it.
    #[error("{} was replaced meanwhile, so what was computed of it is not kept; calibrate the new one", .path.display())]
    Replaced {
        /// The database.
        path: PathBuf,
    },
    /// A search that needs a graph in a database without one.
    #[error("{} has no graph to search by; search exactly, or build it with a graph", .path.display())]
    NoGraph {
        /// The database.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("{}: {doing}", .path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// Why it was refused.
        source: io::Error,
    },
    /// Profiles or metadata that cannot be read.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// A network or an embedding.
    #[error(transparent)]
    Embed(#[from] EmbedError),
    /// Annotations.
    #[error(transparent)]
    Annotate(#[from] AnnotateError),
    /// A segment file.
    #[error(transparent)]
    Index(#[from] IndexError),
}

impl DbError {
    /// Puts the path and the deed beside what the operating system said.
    pub(super) fn io(path: &Path, doing: &'static str) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, doing, source }
    }
}

/// What was typed, as far as a line of text can show it.
fn shortened(text: &str) -> String {
    const SHOWN: usize = 80;
    let start: String = text.chars().take(SHOWN).collect();
    if start.len() < text.len() { start + "..." } else { start }
}

fn suggestion(near: &[String]) -> String {
    match near {
        [] => String::new(),
        near => format!("; did you mean {}?", near.join(" or ")),
    }
}
