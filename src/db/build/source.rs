//! What a database is built of: profiles, block by block, and the tables that describe them.

use std::path::{Path, PathBuf};

use super::options::BuildFiles;
use crate::annotate::{AtcNames, DrugAtc};
use crate::db::DbError;
use crate::profile::{
    PerturbagenTable, ProfileError, ProfileMatrix, ProfileReader, ReadOptions, ReadReport, SignatureTable,
};

/// Profiles that are handed out block by block: those of a file ([`ProfileReader`]), those in memory ([`ProfileBlocks`]), or
/// those of any other source.
pub trait ProfileSource {
    /// Returns the file they come from, or a name in its place: messages show it, and [`Db::info`](crate::db::Db::info) its last
    /// part.
    fn origin(&self) -> &Path;

    /// Returns the ids of all signatures, each once.
    fn ids(&self) -> &[String];

    /// Keeps only the signatures of these ascending places among [`ids`](Self::ids). Called once, before the first block.
    ///
    /// # Errors
    /// A place without a signature.
    fn select(&mut self, places: &[usize]) -> Result<(), DbError>;

    /// Returns how many signatures are still to come.
    fn remaining(&self) -> usize;

    /// Returns at most `rows` further profiles, in the order of the ids; `None` after the last. A block may be empty. Blocks are of
    /// the genes that are kept ([`BuildOptions::keep_genes`](crate::db::BuildOptions::keep_genes)), or of any where none are.
    ///
    /// # Errors
    /// Profiles that cannot be had.
    fn next_block(&mut self, rows: usize) -> Result<Option<ProfileMatrix>, DbError>;

    /// Returns how the profiles were read, where they come from a file.
    fn report(&self) -> Option<&ReadReport> {
        None
    }
}

impl ProfileSource for ProfileReader {
    fn origin(&self) -> &Path {
        &ProfileReader::report(self).path
    }

    fn ids(&self) -> &[String] {
        ProfileReader::ids(self)
    }

    fn select(&mut self, places: &[usize]) -> Result<(), DbError> {
        Ok(ProfileReader::select(self, places)?)
    }

    fn remaining(&self) -> usize {
        ProfileReader::remaining(self)
    }

    fn next_block(&mut self, rows: usize) -> Result<Option<ProfileMatrix>, DbError> {
        let block = ProfileReader::next_block(self, rows)?;
        ProfileReader::report(self).check_signs()?;
        Ok(block)
    }

    fn report(&self) -> Option<&ReadReport> {
        Some(ProfileReader::report(self))
    }
}

/// Profiles in memory: one matrix, or blocks that an iterator makes as they are needed, so that never more than one need be there.
/// Their values are taken as they are: z-scores, of which real signatures have many below 0.
pub struct ProfileBlocks<'a> {
    origin: PathBuf,
    ids: Vec<String>,
    blocks: Box<dyn Iterator<Item = Result<ProfileMatrix, ProfileError>> + 'a>,
    /// Whether each signature is selected; all are if empty.
    selected: Vec<bool>,
    remaining: usize,
    /// The block at hand, the number of its rows that were looked at, and of all rows that were.
    block: ProfileMatrix,
    at: usize,
    seen: usize,
}

impl<'a> ProfileBlocks<'a> {
    /// Takes the ids of all signatures, and an iterator of their profiles in the same order, in blocks of any size.
    pub fn new(
        ids: Vec<String>,
        blocks: impl IntoIterator<Item = Result<ProfileMatrix, ProfileError>> + 'a,
    ) -> Self
    where
        Self: 'a,
    {
        Self {
            origin: PathBuf::from("memory"),
            remaining: ids.len(),
            ids,
            blocks: Box::new(blocks.into_iter()),
            selected: Vec::new(),
            block: ProfileMatrix::default(),
            at: 0,
            seen: 0,
        }
    }

    /// Names where the profiles come from; `memory` if not set.
    #[must_use]
    pub fn named(mut self, origin: impl Into<PathBuf>) -> Self {
        self.origin = origin.into();
        self
    }

    /// Moves on to the next row; `false` after the last.
    fn advance(&mut self) -> Result<bool, DbError> {
        while self.at == self.block.len() {
            let Some(block) = self.blocks.next().transpose()? else { return self.finished() };
            (self.block, self.at) = (block, 0);
        }
        let (expected, found) = (self.ids.get(self.seen), &self.block.ids()[self.at]);
        if expected != Some(found) {
            let expected = expected.map_or_else(|| "no further one".to_owned(), |id| format!("`{id}`"));
            return Err(DbError::OtherProfile { row: self.seen + 1, expected, found: format!("`{found}`") });
        }
        (self.at, self.seen) = (self.at + 1, self.seen + 1);
        Ok(true)
    }

    fn finished(&self) -> Result<bool, DbError> {
        match self.ids.get(self.seen) {
            None => Ok(false),
            Some(id) => {
                let (expected, found) = (format!("`{id}`"), "no further one".to_owned());
                Err(DbError::OtherProfile { row: self.seen + 1, expected, found })
            }
        }
    }
}

impl From<ProfileMatrix> for ProfileBlocks<'_> {
    fn from(profiles: ProfileMatrix) -> Self {
        Self::new(profiles.ids().to_vec(), [Ok(profiles)])
    }
}

impl ProfileSource for ProfileBlocks<'_> {
    fn origin(&self) -> &Path {
        &self.origin
    }

    fn ids(&self) -> &[String] {
        &self.ids
    }

    fn select(&mut self, places: &[usize]) -> Result<(), DbError> {
        self.selected = vec![false; self.ids.len()];
        let there = self.ids.len();
        for &index in places {
            let missing = || {
                let (path, what) = (self.origin.clone(), "signature");
                ProfileError::Selection { path, what, index, there }
            };
            *self.selected.get_mut(index).ok_or_else(missing)? = true;
        }
        self.remaining = self.selected.iter().filter(|selected| **selected).count();
        Ok(())
    }

    fn remaining(&self) -> usize {
        self.remaining
    }

    fn next_block(&mut self, rows: usize) -> Result<Option<ProfileMatrix>, DbError> {
        let (mut ids, mut values, mut universe) = (Vec::new(), Vec::new(), None);
        while ids.len() < rows.max(1) && self.advance()? {
            if self.selected.get(self.seen - 1).copied().unwrap_or(true) {
                let at = self.at - 1;
                ids.push(self.block.ids()[at].clone());
                let found = self.block.universe();
                let expected = *universe.get_or_insert(found);
                if found != expected {
                    return Err(DbError::OtherGenes { expected, found });
                }
                values.extend_from_slice(self.block.profile(at));
            }
        }
        self.remaining -= ids.len().min(self.remaining);
        if ids.is_empty() {
            return Ok(None);
        }
        Ok(Some(ProfileMatrix::of_universe(universe.unwrap_or_default(), ids, values)?))
    }
}

/// What a database is built of. Tables come from files or from records in memory alike.
#[derive(Debug)]
pub struct Source<P> {
    pub(super) profiles: P,
    pub(super) signatures: SignatureTable,
    pub(super) perturbagens: Option<PerturbagenTable>,
    pub(super) atc: Option<DrugAtc>,
    pub(super) atc_names: AtcNames,
    /// The level of the profiles, where it is said.
    pub(super) level: Option<u8>,
}

impl<P: ProfileSource> Source<P> {
    /// Joins profiles with the table that describes them, by `sig_id`.
    pub fn new(profiles: P, signatures: SignatureTable) -> Self {
        let atc_names = AtcNames::default();
        Self { profiles, signatures, perturbagens: None, atc: None, atc_names, level: None }
    }

    /// Adds what is known of the perturbagens: mechanism, targets, canonical name.
    #[must_use]
    pub fn perturbagens(mut self, table: PerturbagenTable) -> Self {
        self.perturbagens = Some(table);
        self
    }

    /// Adds ATC codes.
    #[must_use]
    pub fn atc(mut self, codes: DrugAtc) -> Self {
        self.atc = Some(codes);
        self
    }

    /// Adds names of ATC classes; those of the main groups are known.
    #[must_use]
    pub fn atc_names(mut self, names: AtcNames) -> Self {
        self.atc_names = names;
        self
    }
}

impl Source<ProfileReader> {
    /// Opens files; of the profiles their ids and genes are read.
    ///
    /// # Errors
    /// A file that cannot be read or understood.
    pub fn open(files: &BuildFiles) -> Result<Self, DbError> {
        Self::open_as(files, &files.read)
    }

    /// [`open`](Self::open), reading the profiles as `read` says.
    pub(super) fn open_as(files: &BuildFiles, read: &ReadOptions) -> Result<Self, DbError> {
        let profiles = ProfileReader::open(&files.profiles, read)?;
        Ok(Self {
            profiles,
            signatures: SignatureTable::read(&files.sig_info)?,
            perturbagens: files.pert_info.as_ref().map(PerturbagenTable::read).transpose()?,
            atc: files.atc.as_ref().map(DrugAtc::read).transpose()?,
            atc_names: files.atc_names.as_ref().map(AtcNames::read).transpose()?.unwrap_or_default(),
            level: files.level,
        })
    }
}
