//! The lock of whoever changes a database: one file beside it, held from the first look to the last step.
//!
//! It lies beside the database and not in it, so it stays where it is while directories change their names. The build that
//! holds it removes it at the end; whoever opened it before that finds, once it has the lock, that the name leads elsewhere, and
//! takes the new one.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::DbError;
use super::directory::{is_file_at, open_lock};

/// A lock that is held. Dropped, it is removed and let go.
#[derive(Debug)]
pub(in crate::db) struct Lock {
    path: PathBuf,
    file: File,
}

impl Lock {
    /// Takes the lock at `path` for a change of `destination`.
    pub fn take(path: PathBuf, destination: &Path) -> Result<Self, DbError> {
        let failed = |e| DbError::io(&path, "take the lock of the build")(e);
        loop {
            let file = open_lock(&path).map_err(failed)?;
            if !is_lock(&file).map_err(failed)? {
                return Err(DbError::InTheWay { path: destination.to_owned(), other: path });
            }
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(DbError::Busy { path: destination.to_owned() }),
                Err(TryLockError::Error(e)) => return Err(failed(e)),
            }
            if is_file_at(&file, &path).map_err(failed)? {
                return Ok(Self { path, file });
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Nobody else removes the file or puts another in its place while it is locked; what did is not ours to remove.
        // A lock that cannot be removed is in nobody's way.
        if is_file_at(&self.file, &self.path).unwrap_or(false) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Whether the file can be a lock: an empty ordinary file. A user's own file of that name is not touched.
fn is_lock(file: &File) -> io::Result<bool> {
    file.metadata().map(|there| there.is_file() && there.len() == 0)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{DbError, Lock};

    #[test]
    fn one_build_at_a_time_has_the_lock_and_the_last_one_leaves_nothing() {
        let home = tempfile::tempdir().unwrap();
        let (path, destination) = (home.path().join(".a.lock"), home.path().join("a"));
        let first = Lock::take(path.clone(), &destination).unwrap();
        assert!(matches!(Lock::take(path.clone(), &destination), Err(DbError::Busy { .. })));
        drop(first);
        drop(Lock::take(path.clone(), &destination).unwrap());
        assert!(!path.exists());
    }

    #[test]
    fn a_file_of_a_user_is_not_taken_for_a_lock() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join(".a.lock");
        fs::write(&path, "mine").unwrap();
        let error = Lock::take(path.clone(), &home.path().join("a")).unwrap_err();
        assert!(error.to_string().contains(".a.lock"), "{error}");
        assert_eq!(fs::read(&path).unwrap(), b"mine");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_followed() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join(".a.lock");
        std::os::unix::fs::symlink(home.path().join("elsewhere"), &path).unwrap();
        assert!(Lock::take(path, &home.path().join("a")).is_err());
        assert!(!home.path().join("elsewhere").exists());
    }
}
