//! Files that appear whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use crate::profile::ProfileError;

/// A file that is written under a temporary name in the folder of its target, and takes the target's name when it
/// is [committed](Self::commit). Dropped before that, it is removed, and what was under the name stays.
///
/// A target that is there but no ordinary file, such as `/dev/stdout`, is written directly.
pub struct AtomicFile {
    path: PathBuf,
    writer: BufWriter<File>,
    /// The file, which is removed when this is dropped, and the target.
    temporary: Option<(TempPath, PathBuf)>,
}

impl AtomicFile {
    /// Starts a file that will be called `path`.
    ///
    /// # Errors
    /// [`ProfileError::Write`] when the folder is absent or cannot be written.
    pub fn create(path: impl AsRef<Path>) -> Result<Self, ProfileError> {
        let path = path.as_ref();
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let start = match fs::metadata(&target) {
            Ok(there) if there.is_dir() => Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder")),
            Ok(there) if !there.is_file() => {
                File::options().write(true).open(&target).map(|file| (file, None))
            }
            _ => temporary(&target).map(|(file, temporary)| (file, Some((temporary, target)))),
        };
        let (file, temporary) = start.map_err(|source| write_error(path, source))?;
        let writer = BufWriter::with_capacity(1 << 20, file);
        Ok(Self { path: path.to_owned(), writer, temporary })
    }

    /// Returns the target, as it was given.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Appends bytes.
    ///
    /// # Errors
    /// [`ProfileError::Write`], for example on a full disk.
    pub fn put(&mut self, bytes: &[u8]) -> Result<(), ProfileError> {
        self.writer.write_all(bytes).map_err(|source| write_error(&self.path, source))
    }

    /// Replaces the bytes at the beginning of the file, which have to be there already.
    ///
    /// # Errors
    /// [`ProfileError::Write`].
    pub fn put_at_start(&mut self, bytes: &[u8]) -> Result<(), ProfileError> {
        let place = |writer: &mut BufWriter<File>| {
            writer.seek(SeekFrom::Start(0))?;
            writer.write_all(bytes)?;
            writer.seek(SeekFrom::End(0))
        };
        place(&mut self.writer).map(|_| ()).map_err(|source| write_error(&self.path, source))
    }

    /// Makes the file durable and gives it its name.
    ///
    /// # Errors
    /// [`ProfileError::Write`]; the target is then what it was.
    pub fn commit(mut self) -> Result<(), ProfileError> {
        let temporary = self.temporary.take();
        let finish = |writer: &mut BufWriter<File>| {
            writer.flush()?;
            match temporary {
                None => Ok(()),
                Some((temporary, target)) => {
                    writer.get_ref().sync_all()?;
                    temporary.persist(&target)?;
                    sync_folder(folder_of(&target))
                }
            }
        };
        finish(&mut self.writer).map_err(|source| write_error(&self.path, source))
    }
}

/// A new file in the folder of its target, with the rights that every new file has.
fn temporary(target: &Path) -> io::Result<(File, TempPath)> {
    let no_name = || io::Error::new(io::ErrorKind::InvalidInput, "the path names no file");
    let prefix = format!(".{}.", target.file_name().ok_or_else(no_name)?.to_string_lossy());
    let builder = &mut tempfile::Builder::new();
    let made =
        builder.prefix(&prefix).suffix(".tmp").make_in(folder_of(target), |path| File::create_new(path));
    made.map(tempfile::NamedTempFile::into_parts)
}

fn folder_of(target: &Path) -> &Path {
    target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes the names in a folder survive a crash. Other systems than Unix cannot open a folder, and do not need it.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    let _ = folder;
    Ok(())
}

fn write_error(path: &Path, source: io::Error) -> ProfileError {
    ProfileError::Write { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_committed_leaves_its_target_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.tsv");
        fs::write(&path, "old").unwrap();
        let mut file = AtomicFile::create(&path).unwrap();
        file.put(b"half").unwrap();
        drop(file);
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_committed_file_replaces_its_target_and_leaves_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.tsv");
        fs::write(&path, "old").unwrap();
        let mut file = AtomicFile::create(&path).unwrap();
        file.put(b"new and whole").unwrap();
        file.put_at_start(b"NEW").unwrap();
        file.commit().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"NEW and whole");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_missing_folder_or_a_folder_as_target_is_an_error_that_names_it() {
        let folder = tempfile::tempdir().unwrap();
        for path in [folder.path().join("absent").join("out.tsv"), folder.path().to_owned()] {
            let error = AtomicFile::create(&path).err().expect("there is no such place");
            assert!(error.to_string().contains(&path.display().to_string()), "{error}");
        }
    }
}
