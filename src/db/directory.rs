//! Directories that are held by what they are, not by what they are called: opened once, renamed in one step. The only
//! file that names `rustix`.
//!
//! Another process may replace a database at any instant. Whoever has opened its directory here goes on reading that
//! one. Elsewhere than on Unix a directory cannot be held, and every step goes by path.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// An open directory.
#[derive(Debug)]
pub(super) struct Directory {
    path: PathBuf,
    #[cfg(unix)]
    handle: std::os::fd::OwnedFd,
}

impl Directory {
    /// Opens the directory at `path`, through symbolic links if need be.
    pub fn open(path: &Path) -> io::Result<Self> {
        #[cfg(unix)]
        {
            use rustix::fs::{Mode, OFlags, open};
            let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
            Ok(Self { path: path.to_owned(), handle: open(path, flags, Mode::empty())? })
        }
        #[cfg(not(unix))]
        match fs::metadata(path)?.is_dir() {
            true => Ok(Self { path: path.to_owned() }),
            false => Err(io::ErrorKind::NotADirectory.into()),
        }
    }

    /// Returns the path that it was opened by.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Opens a directory within this one. A symbolic link is not followed.
    pub fn directory(&self, name: &str) -> io::Result<Self> {
        let path = self.path.join(name);
        #[cfg(unix)]
        {
            use rustix::fs::OFlags;
            Ok(Self { handle: self.open_at(name, OFlags::DIRECTORY | OFlags::NOFOLLOW)?, path })
        }
        #[cfg(not(unix))]
        match fs::symlink_metadata(&path)?.is_dir() {
            true => Ok(Self { path }),
            false => Err(io::ErrorKind::NotADirectory.into()),
        }
    }

    /// Opens an ordinary file of the directory. Whatever else bears the name is refused and not touched: a link may
    /// lead out of the database, and opening a pipe may wait for ever.
    pub fn file(&self, name: &str) -> io::Result<File> {
        let file = self.open_file(name)?;
        match file.metadata()?.is_file() {
            true => Ok(file),
            false => Err(no_ordinary_file()),
        }
    }

    #[cfg(unix)]
    fn open_file(&self, name: &str) -> io::Result<File> {
        use rustix::fs::OFlags;
        use rustix::io::Errno;
        match self.open_at(name, OFlags::NOFOLLOW | OFlags::NONBLOCK) {
            Err(Errno::LOOP | Errno::NXIO) => Err(no_ordinary_file()),
            file => Ok(file?.into()),
        }
    }

    #[cfg(unix)]
    fn open_at(&self, name: &str, flags: rustix::fs::OFlags) -> rustix::io::Result<std::os::fd::OwnedFd> {
        use rustix::fs::{Mode, OFlags, openat};
        openat(&self.handle, name, OFlags::RDONLY | OFlags::CLOEXEC | flags, Mode::empty())
    }

    #[cfg(not(unix))]
    fn open_file(&self, name: &str) -> io::Result<File> {
        let path = self.path.join(name);
        match fs::symlink_metadata(&path)?.is_file() {
            true => File::open(path),
            false => Err(no_ordinary_file()),
        }
    }

    /// Tells whether the path still leads to this directory.
    pub fn is_current(&self) -> bool {
        #[cfg(unix)]
        {
            use rustix::fs::{fstat, stat};
            let identity = |stat: rustix::fs::Stat| (stat.st_dev, stat.st_ino);
            fstat(&self.handle).map(identity).ok() == stat(&self.path).map(identity).ok()
        }
        #[cfg(not(unix))]
        true
    }
}

fn no_ordinary_file() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "it is no ordinary file")
}

/// Opens the file at `path` for a lock, and makes it if need be. A symbolic link is not followed.
pub(super) fn open_lock(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.create(true).append(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed());
    }
    options.open(path)
}

/// Tells whether `path` names the open `file` itself.
pub(super) fn is_file_at(file: &File, path: &Path) -> io::Result<bool> {
    let there = match fs::symlink_metadata(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(false),
        there => there?,
    };
    let open = file.metadata()?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        Ok((open.dev(), open.ino()) == (there.dev(), there.ino()))
    }
    #[cfg(not(unix))]
    Ok(open.is_file() == there.is_file())
}

/// Renames `from` to `to`, where nothing is: whatever is there stays, and the error is
/// [`AlreadyExists`](io::ErrorKind::AlreadyExists).
pub(super) fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    match system::rename_new(from, to) {
        Some(done) => done,
        // Without help of the system: a plain rename of a directory replaces nothing but an empty one.
        None if fs::symlink_metadata(to).is_ok() => Err(io::ErrorKind::AlreadyExists.into()),
        None => fs::rename(from, to),
    }
}

/// Lets two names change places in one step, so that neither is ever missing. `None` where the system cannot.
pub(super) fn exchange(one: &Path, other: &Path) -> Option<io::Result<()>> {
    system::exchange(one, other)
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
mod system {
    use std::io;
    use std::path::Path;

    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;

    pub fn rename_new(from: &Path, to: &Path) -> Option<io::Result<()>> {
        rename(from, to, RenameFlags::NOREPLACE)
    }

    pub fn exchange(one: &Path, other: &Path) -> Option<io::Result<()>> {
        rename(one, other, RenameFlags::EXCHANGE)
    }

    /// `None` where the kernel or the file system knows no such flag.
    fn rename(from: &Path, to: &Path, flags: RenameFlags) -> Option<io::Result<()>> {
        match renameat_with(CWD, from, CWD, to, flags) {
            Err(Errno::NOSYS | Errno::INVAL | Errno::NOTSUP | Errno::PERM) => None,
            done => Some(done.map_err(Into::into)),
        }
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
mod system {
    use std::io;
    use std::path::Path;

    pub fn rename_new(_from: &Path, _to: &Path) -> Option<io::Result<()>> {
        None
    }

    pub fn exchange(_one: &Path, _other: &Path) -> Option<io::Result<()>> {
        None
    }
}
