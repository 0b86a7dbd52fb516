//! Files that appear whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::profile::ProfileError;

/// A file that is written under a temporary name in the folder of its target, and takes the target's name when it
/// is [committed](Self::commit). Dropped before that, it is removed, and what was under the name stays.
///
/// A target that is there but no ordinary file, such as `/dev/stdout`, is written directly.
pub struct AtomicFile {
    path: PathBuf,
    writer: BufWriter<File>,
    temporary: Option<Temporary>,
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
            _ => Temporary::create(target).map(|(file, temporary)| (file, Some(temporary))),
        };
        let (file, temporary) = start.map_err(|source| write_error(path, source))?;
        let writer = BufWriter::with_capacity(1 << 20, file);
        Ok(Self { path: path.to_owned(), writer, temporary })
    }

    /// The target, as it was given.
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
                Some(temporary) => writer.get_ref().sync_all().and_then(|()| temporary.rename()),
                None => Ok(()),
            }
        };
        finish(&mut self.writer).map_err(|source| write_error(&self.path, source))
    }
}

/// Removes its file when dropped, unless it was renamed.
struct Temporary {
    name: PathBuf,
    target: PathBuf,
    is_renamed: bool,
}

impl Temporary {
    fn create(target: PathBuf) -> io::Result<(File, Self)> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let unique = format!("{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let file_name = target
            .file_name()
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the path names no file"))?;
        let name = target.with_file_name(format!(".{}.{unique}.tmp", file_name.to_string_lossy()));
        let file = File::create_new(&name)?;
        Ok((file, Self { name, target, is_renamed: false }))
    }

    fn rename(mut self) -> io::Result<()> {
        fs::rename(&self.name, &self.target)?;
        // The name is free again, for whoever takes it.
        self.is_renamed = true;
        let folder = self.target.parent().filter(|folder| !folder.as_os_str().is_empty());
        sync_folder(folder.unwrap_or(Path::new(".")))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.is_renamed {
            // The error that led here is the one to report.
            let _ = fs::remove_file(&self.name);
        }
    }
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
