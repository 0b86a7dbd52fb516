//! Replacing a small file so that a crash leaves the old one or the new one.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::error::{IndexError, Result};

/// Replaces the file at `path` by `bytes`, or creates it.
///
/// The bytes are written to a temporary file in the same folder (`.NAME.tmp`) and synced; that file is renamed over `path`, and the folder is
/// synced. Whenever the machine stops, `path` holds all the old bytes or all the new ones. Two writers of the
/// same path must take turns.
///
/// # Errors
/// A step fails; the temporary file is removed again, and `path` is as it was. An error that names the folder comes
/// after the rename: the new bytes are in place, but may not outlast a power cut.
pub fn replace_file(path: &Path, bytes: &[u8]) -> Result<()> {
    let temporary = temporary_for(path)?;
    let written = write_synced(&temporary, bytes)
        .and_then(|()| fs::rename(&temporary, path).map_err(|source| failed("replace", path, source)));
    if written.is_err() {
        // The error to report is the first one.
        let _ = fs::remove_file(&temporary);
    }
    written?;
    sync_folder(folder_of(path))
}

fn temporary_for(path: &Path) -> Result<PathBuf> {
    let Some(name) = path.file_name() else {
        return Err(failed("write", path, std::io::ErrorKind::InvalidInput.into()));
    };
    let mut temporary = std::ffi::OsString::from(".");
    temporary.push(name);
    temporary.push(".tmp");
    Ok(path.with_file_name(temporary))
}

fn write_synced(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = File::create(path).map_err(|source| failed("create", path, source))?;
    file.write_all(bytes).map_err(|source| failed("write", path, source))?;
    file.sync_all().map_err(|source| failed("sync", path, source))
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes the names in a folder outlast a power cut.
///
/// Elsewhere than on Unix a folder cannot be opened for this, and a rename is as durable as the system makes it.
///
/// # Errors
/// The folder cannot be opened or synced.
#[cfg_attr(not(unix), expect(clippy::unnecessary_wraps, reason = "the same signature everywhere"))]
pub fn sync_folder(folder: &Path) -> Result<()> {
    #[cfg(unix)]
    File::open(folder).and_then(|open| open.sync_all()).map_err(|source| failed("sync", folder, source))?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

fn failed(action: &'static str, path: &Path, source: std::io::Error) -> IndexError {
    IndexError::Io { action, path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_created_and_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("MANIFEST");
        for bytes in [&b"first, longer"[..], b"second"] {
            replace_file(&path, bytes).unwrap();
            assert_eq!(fs::read(&path).unwrap(), bytes);
        }
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "no temporary file stays");
    }

    #[test]
    fn a_failure_leaves_the_folder_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let taken = folder.path().join("taken");
        fs::create_dir(&taken).unwrap();
        fs::write(taken.join("inside"), b"x").unwrap();
        let message = replace_file(&taken, b"bytes").unwrap_err().to_string();
        assert!(message.starts_with("cannot replace "), "{message}");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        assert!(replace_file(&folder.path().join("none/file"), b"").is_err());
        assert!(replace_file(Path::new("/"), b"").is_err());
    }
}
