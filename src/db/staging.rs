//! A database being built: a hidden directory beside its destination that becomes the destination in one rename.
//!
//! A build that fails leaves nothing: the directory goes when the value is dropped. What a killed process left
//! behind is cleared by the next build of the same name, which knows by the lock that nobody is at work in it.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use l1kdb_index::sync_folder;

use super::DbError;
use super::manifest::MANIFEST;

const LOCK: &str = "LOCK";

/// The directory a build writes to.
#[derive(Debug)]
pub(super) struct Staging {
    destination: PathBuf,
    directory: PathBuf,
    /// Held open, so locked, until the build ends.
    lock: Option<File>,
}

impl Staging {
    /// Prepares to build `destination`.
    pub fn new(destination: &Path, overwrite: bool) -> Result<Self, DbError> {
        check_destination(destination, overwrite)?;
        let directory = sibling(destination, "building")?;
        fs::create_dir_all(&directory)
            .map_err(DbError::io(&directory, "create the directory of the build"))?;
        let lock = lock(&directory, destination)?;
        let staging = Self { destination: destination.to_owned(), directory, lock: Some(lock) };
        clear(&staging.directory)?;
        Ok(staging)
    }

    /// Returns the path of a file of the build.
    pub fn path(&self, file: &str) -> PathBuf {
        self.directory.join(file)
    }

    /// Makes the build the database. What was there before is removed last.
    pub fn commit(mut self) -> Result<(), DbError> {
        // A rename is durable once its directory is.
        sync_folder(&self.directory)?;
        self.lock = None;
        let replaced = sibling(&self.destination, "replaced")?;
        let exists = self.destination.exists();
        if exists {
            remove(&replaced)?;
            fs::rename(&self.destination, &replaced)
                .map_err(DbError::io(&self.destination, "set the old database aside"))?;
        }
        fs::rename(&self.directory, &self.destination)
            .map_err(DbError::io(&self.destination, "put the new database in place"))?;
        sync_folder(parent(&self.destination))?;
        if exists { remove(&replaced) } else { Ok(()) }
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // After a commit the directory is gone, and there is nothing to do; nor is there anyone to tell of a failure.
        let _ = fs::remove_dir_all(&self.directory);
    }
}

fn check_destination(destination: &Path, overwrite: bool) -> Result<(), DbError> {
    let path = destination.to_owned();
    match (destination.exists(), destination.join(MANIFEST).exists(), overwrite) {
        (false, _, _) | (true, true, true) => Ok(()),
        (true, true, false) => Err(DbError::Exists { path }),
        (true, false, _) => Err(DbError::ExistsForeign { path }),
    }
}

fn lock(directory: &Path, destination: &Path) -> Result<File, DbError> {
    let path = directory.join(LOCK);
    let file = File::options().create(true).append(true).open(&path);
    let file = file.map_err(DbError::io(&path, "create the lock of the build"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(DbError::Busy { path: destination.to_owned() }),
        Err(TryLockError::Error(e)) => Err(DbError::io(&path, "lock the build")(e)),
    }
}

/// Removes what an earlier build left, apart from the lock.
fn clear(directory: &Path) -> Result<(), DbError> {
    let failed = |e| DbError::io(directory, "clear what an earlier build left")(e);
    for entry in fs::read_dir(directory).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.file_name().is_some_and(|name| name != LOCK) {
            remove(&path)?;
        }
    }
    Ok(())
}

fn remove(path: &Path) -> Result<(), DbError> {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
            Err(DbError::io(path, "remove what is left over")(e))
        }
        _ => Ok(()),
    }
}

/// `.NAME.what`, beside `destination`.
fn sibling(destination: &Path, what: &str) -> Result<PathBuf, DbError> {
    let name = destination.file_name().ok_or_else(|| DbError::NotADatabase {
        path: destination.to_owned(),
        what: "its path has no name".to_owned(),
    })?;
    Ok(destination.with_file_name(format!(".{}.{what}", name.to_string_lossy())))
}

fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{DbError, MANIFEST, Staging};

    #[test]
    fn a_build_that_fails_leaves_nothing() {
        let home = tempfile::tempdir().unwrap();
        let staging = Staging::new(&home.path().join("a.l1kdb"), false).unwrap();
        fs::write(staging.path("segment"), "half").unwrap();
        drop(staging);
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_a_killed_build_left_is_cleared() {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join(".a.l1kdb.building")).unwrap();
        fs::write(home.path().join(".a.l1kdb.building/segment"), "half").unwrap();
        let staging = Staging::new(&home.path().join("a.l1kdb"), false).unwrap();
        assert!(!staging.path("segment").exists());
    }

    #[test]
    fn two_builds_of_one_name_do_not_meet() {
        let home = tempfile::tempdir().unwrap();
        let _first = Staging::new(&home.path().join("a.l1kdb"), false).unwrap();
        assert!(matches!(Staging::new(&home.path().join("a.l1kdb"), false), Err(DbError::Busy { .. })));
    }

    #[test]
    fn only_a_database_is_ever_replaced_and_only_when_asked() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a.l1kdb");
        fs::create_dir(&path).unwrap();
        assert!(matches!(Staging::new(&path, true), Err(DbError::ExistsForeign { .. })));
        fs::write(path.join(MANIFEST), "old").unwrap();
        assert!(matches!(Staging::new(&path, false), Err(DbError::Exists { .. })));
        let staging = Staging::new(&path, true).unwrap();
        fs::write(staging.path(MANIFEST), "new").unwrap();
        staging.commit().unwrap();
        assert_eq!(fs::read_to_string(path.join(MANIFEST)).unwrap(), "new");
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
    }
}
