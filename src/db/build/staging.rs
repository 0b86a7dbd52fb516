//! A database being built: a hidden directory beside its destination that becomes the destination in one step.
//!
//! A build that fails leaves nothing: what it made goes when the value is dropped. From the first look at the destination to the last
//! step it holds the lock beside it. What stands at the destination is looked at when the build begins, and once more
//! when it ends, since anything may have come there meanwhile; and nothing is ever removed but the files of a database.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::contents::{self, Found};
use super::leftover;
use crate::db::DbError;
use crate::db::directory::{exchange, rename_new};
use crate::db::lock::Lock;
use crate::db::names::{self, MODEL, Part, parent};
use crate::profile::sync_folder;

/// The directory a build writes to.
#[derive(Debug)]
pub(super) struct Staging {
    destination: PathBuf,
    overwrite: bool,
    // Dropped in this order: the lock is let go when all else is done.
    directory: Made,
    _lock: Lock,
    _parents: Parents,
}

impl Staging {
    /// Prepares to build `destination`. Also returns a sentence about each left-over of an earlier build.
    pub fn new(destination: &Path, overwrite: bool) -> Result<(Self, Vec<String>), DbError> {
        if destination.file_name().is_none() {
            let what = "is no name that a database could take".to_owned();
            return Err(DbError::ExistsForeign { path: destination.to_owned(), what });
        }
        let parents = Parents::make(destination)?;
        let lock = Lock::take(names::sibling(destination, "lock"), destination)?;
        let tidied = leftover::tidy(destination)?;
        match (look(destination, overwrite), tidied.put_back) {
            (Err(DbError::Exists { path }), Some(from)) => return Err(DbError::PutBack { path, from }),
            (found, _) => found?,
        };
        let directory = Made::new(destination)?;
        let destination = destination.to_owned();
        let staging = Self { destination, overwrite, directory, _lock: lock, _parents: parents };
        Ok((staging, tidied.notes))
    }

    /// Returns the path of a file of the build.
    pub fn path(&self, file: &str) -> PathBuf {
        self.directory.0.join(file)
    }

    /// Makes the build the database, and then removes what was there before.
    ///
    /// An error means that what was there is there still. What goes wrong once the new database is in place is
    /// returned in sentences.
    pub fn commit(mut self) -> Result<Vec<String>, DbError> {
        // A rename is durable once its directory is, and what it leads to has to be durable before.
        for folder in [&self.path(MODEL), &self.directory.0] {
            sync_folder(folder).map_err(DbError::io(folder, "sync"))?;
        }
        let old = match look(&self.destination, self.overwrite)? {
            Found::Database => Some(self.replace()?),
            _ => self.place().map(|()| None)?,
        };
        self.directory.0 = PathBuf::new();
        let mut late = Vec::new();
        if let Err(e) = sync_folder(parent(&self.destination)) {
            late.push(format!("the new database is in place, but may not outlast a power cut: {e}"));
        }
        late.extend(old.and_then(|old| remove_old(&old)));
        Ok(late)
    }

    /// Puts the build where nothing is.
    fn place(&self) -> Result<(), DbError> {
        match rename_new(&self.directory.0, &self.destination) {
            Err(e) if e.kind() == ErrorKind::AlreadyExists => {
                // It came in this very instant: said as if it had been seen.
                look(&self.destination, false)?;
                Err(self.failed(e))
            }
            placed => placed.map_err(|e| self.failed(e)),
        }
    }

    /// Puts the build where a database is; returns where that is then.
    fn replace(&mut self) -> Result<PathBuf, DbError> {
        match exchange(&self.directory.0, &self.destination) {
            Some(Err(e)) if e.kind() == ErrorKind::NotFound => self.place().map(|()| PathBuf::new()),
            Some(exchanged) => {
                exchanged.map_err(|e| self.failed(e))?;
                self.check_exchanged()?;
                Ok(self.directory.0.clone())
            }
            None => self.replace_in_two_steps(),
        }
    }

    /// That what was exchanged was a database to the last instant; else it is put back.
    fn check_exchanged(&self) -> Result<(), DbError> {
        let (ours, destination) = (&self.directory.0, &self.destination);
        let why = match contents::look(ours) {
            Ok(Found::Other(what)) => DbError::ExistsForeign { path: destination.clone(), what },
            Ok(_) => return Ok(()),
            Err(e) => e,
        };
        match exchange(ours, destination) {
            Some(Ok(())) => Err(why),
            _ => Err(DbError::Aside { path: destination.clone(), aside: ours.clone() }),
        }
    }

    /// Sets the old database aside, puts the new one in its place, and the old one back if that fails.
    fn replace_in_two_steps(&mut self) -> Result<PathBuf, DbError> {
        let aside = names::new_name(&self.destination, Part::Replaced);
        rename_new(&self.destination, &aside).map_err(|e| self.failed(e))?;
        let placed = match contents::look(&aside) {
            Ok(Found::Other(what)) => Err(DbError::ExistsForeign { path: self.destination.clone(), what }),
            Ok(_) => self.place(),
            Err(e) => Err(e),
        };
        match placed.map_err(|e| (e, rename_new(&aside, &self.destination))) {
            Ok(()) => Ok(aside),
            Err((e, Ok(()))) => Err(e),
            Err((_, Err(_))) => Err(DbError::Aside { path: self.destination.clone(), aside }),
        }
    }

    fn failed(&self, e: std::io::Error) -> DbError {
        DbError::io(&self.destination, "put the new database in place")(e)
    }
}

/// Removes the old database; says what is left of it.
fn remove_old(old: &Path) -> Option<String> {
    match contents::remove(old) {
        Ok(true) => None,
        Ok(false) => Some(format!(
            "the new database is in place; of the old one, {} holds what is no part of a database",
            old.display()
        )),
        Err(e) => Some(format!(
            "the new database is in place; the old one cannot be removed and lies in {}: {e}",
            old.display()
        )),
    }
}

/// Looks at the destination: nothing, or a database that may be replaced.
fn look(destination: &Path, overwrite: bool) -> Result<Found, DbError> {
    let path = destination.to_owned();
    match contents::look(destination)? {
        Found::Other(what) => Err(DbError::ExistsForeign { path, what }),
        Found::Database if !overwrite => Err(DbError::Exists { path }),
        found => Ok(found),
    }
}

/// A directory that this process made; its files and it are removed when it is dropped. An empty path is none.
#[derive(Debug)]
struct Made(PathBuf);

impl Made {
    fn new(destination: &Path) -> Result<Self, DbError> {
        loop {
            let path = names::new_name(destination, Part::Building);
            match fs::create_dir(&path) {
                Err(e) if e.kind() == ErrorKind::AlreadyExists => {}
                made => {
                    return made
                        .map(|()| Self(path.clone()))
                        .map_err(DbError::io(&path, "create the directory of the build"));
                }
            }
        }
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        if !self.0.as_os_str().is_empty() {
            // There is nobody left to tell of a failure; the next build reports what it finds.
            let _ = contents::remove(&self.0);
        }
    }
}

/// The folders above a destination that were made for it, the deepest last. Those that are empty when it is dropped go.
#[derive(Debug)]
struct Parents(Vec<PathBuf>);

impl Parents {
    fn make(destination: &Path) -> Result<Self, DbError> {
        let mut missing: Vec<&Path> = Vec::new();
        let mut folder = parent(destination);
        while !folder.exists() {
            missing.push(folder);
            folder = parent(folder);
        }
        let mut made = Self(Vec::new());
        for folder in missing.into_iter().rev() {
            match fs::create_dir(folder) {
                Err(e) if e.kind() == ErrorKind::AlreadyExists => {}
                done => {
                    done.map_err(DbError::io(folder, "create the folder of the database"))?;
                    made.0.push(folder.to_owned());
                }
            }
        }
        Ok(made)
    }
}

impl Drop for Parents {
    fn drop(&mut self) {
        for folder in self.0.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}
