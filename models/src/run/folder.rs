//! The folder of a run: what was asked, how far it has come, and in the end the model.
//!
//! ```text
//! run.toml        every setting, and the digest of the data
//! log.tsv         one line a look
//! curve.svg       loss and validation AUC over the steps
//! checkpoint.bin  where to go on from; gone when the run is complete
//! folds/          embeddings of the held-out signatures of folds that are done; gone when the run is complete
//! .lock           held by the process that trains here; empty, and left behind
//! model.onnx      the network
//! card.toml       what it was made from, how, and how well it does
//! ```
//!
//! Every file is replaced whole: a reader sees the old one or the new one, and an interruption leaves one of them. What an
//! unfinished run goes on from is sealed: a file that is damaged, or of another run, is refused by name. A run that fails
//! before there is something to keep leaves nothing but the lock.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use l1kdb::profile::AtomicFile;

use super::seal::{bad, sealed, unsealed};
use super::{checkpoint, log};
use crate::TrainError;
use crate::train::State;

const SETTINGS: &str = "run.toml";
const LOG: &str = "log.tsv";
const CURVE: &str = "curve.svg";
const CHECKPOINT: &str = "checkpoint.bin";
const FOLDS: &str = "folds";
const ONNX: &str = "model.onnx";
const CARD: &str = "card.toml";
const LOCK: &str = ".lock";

/// What to do about a run that the folder holds already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// Refuse to touch it.
    Keep,
    /// Go on with it.
    Resume,
    /// Start again; its model stays until the new one is there.
    Replace,
}

/// The folder of a run, which no other process can open meanwhile.
#[derive(Debug)]
pub struct RunFolder {
    path: PathBuf,
    settings: String,
    /// Whether what it holds is of this run.
    begun: AtomicBool,
    _lock: File,
}

impl RunFolder {
    /// Checks that a run may use `path`: it does not exist, is empty, or holds a run and `existing` allows for it.
    /// Writes nothing; to be called before anything large is read.
    ///
    /// # Errors
    /// [`TrainError::NotARun`], [`TrainError::RunExists`], [`TrainError::RunComplete`]; [`TrainError::Write`] when it
    /// cannot be looked at.
    pub fn check(path: &Path, existing: Existing) -> Result<(), TrainError> {
        let names = names_of_a_run(path)?;
        let has = |name: &str| names.iter().any(|found| found == name);
        match existing {
            Existing::Keep if !names.is_empty() => Err(TrainError::RunExists { path: path.to_owned() }),
            Existing::Resume if has(CARD) && !has(CHECKPOINT) => {
                Err(TrainError::RunComplete { path: path.to_owned() })
            }
            _ => Ok(()),
        }
    }

    /// Takes the folder for a run with these settings (TOML), or for going on with one that had the same. What it holds
    /// of another run is there until this one has something to keep.
    ///
    /// # Errors
    /// Those of [`check`](Self::check), [`TrainError::InUse`] while another process has it, and
    /// [`TrainError::OtherSettings`] when the run that is to be gone on with was started with others.
    pub fn open(path: &Path, existing: Existing, settings: &str) -> Result<Self, TrainError> {
        names_of_a_run(path)?;
        fs::create_dir_all(path).map_err(TrainError::write(path))?;
        // Held before the second look, so that what is seen stays.
        let lock = locked(path)?;
        let begun = existing == Existing::Resume && has_settings(path, settings)?;
        Self::check(path, existing)?;
        Ok(Self {
            path: path.to_owned(),
            settings: settings.to_owned(),
            begun: AtomicBool::new(begun),
            _lock: lock,
        })
    }

    /// Makes the folder this run's, with the first thing that it keeps.
    fn begin(&self) -> Result<(), TrainError> {
        if !self.has_begun() {
            self.remove(&[SETTINGS, LOG, CURVE, CHECKPOINT, FOLDS])?;
            self.write(SETTINGS, self.settings.as_bytes())?;
            self.begun.store(true, Ordering::Relaxed);
        }
        Ok(())
    }

    fn has_begun(&self) -> bool {
        self.begun.load(Ordering::Relaxed)
    }

    /// What this run keeps under that name, if anything.
    fn kept(&self, path: &Path) -> Result<Option<Vec<u8>>, TrainError> {
        if !self.has_begun() {
            return Ok(None);
        }
        match fs::read(path) {
            Ok(bytes) => unsealed(&bytes, &self.settings, path).map(|kept| Some(kept.to_vec())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(TrainError::write(path)(error)),
        }
    }

    fn keep(&self, path: &Path, bytes: Vec<u8>) -> Result<(), TrainError> {
        self.begin()?;
        write(path, &sealed(bytes, &self.settings))
    }
    /// Returns where the training of the network that will be written had come to, if it had begun.
    ///
    /// # Errors
    /// [`TrainError::BadCheckpoint`] when the file is damaged.
    pub fn state(&self) -> Result<Option<State>, TrainError> {
        let path = self.path.join(CHECKPOINT);
        self.kept(&path)?.map(|bytes| checkpoint::decode(&bytes, &path)).transpose()
    }

    /// Keeps the state, and what it shows, on disk. An earlier checkpoint stays until this one is whole.
    ///
    /// # Errors
    /// [`TrainError::Profile`] when it cannot be written, for example on a full disk.
    pub fn save(&self, state: &State) -> Result<(), TrainError> {
        self.keep(&self.path.join(CHECKPOINT), checkpoint::encode(state))
    }

    /// Rewrites log and curve from the looks so far.
    ///
    /// # Errors
    /// As [`save`](Self::save).
    pub fn log(&self, state: &State) -> Result<(), TrainError> {
        self.begin()?;
        self.write(LOG, log::table(&state.looks).as_bytes())?;
        match log::curve(&state.looks, state.steps) {
            Some(svg) => self.write(CURVE, svg.as_bytes()),
            None => Ok(()),
        }
    }

    /// Returns the embeddings of a fold's held-out signatures, if that fold was done before; `length` numbers.
    ///
    /// # Errors
    /// [`TrainError::BadCheckpoint`] when the file is damaged or of another run.
    pub fn fold(&self, repeat: usize, fold: usize, length: usize) -> Result<Option<Vec<f32>>, TrainError> {
        let path = self.fold_file(repeat, fold);
        let Some(bytes) = self.kept(&path)? else { return Ok(None) };
        let (values, []) = bytes.as_chunks::<4>() else { return Err(bad(&path, "it holds half a number")) };
        if values.len() != length {
            return Err(bad(&path, &format!("it holds {} numbers, expected {length}", values.len())));
        }
        Ok(Some(values.iter().map(|value| f32::from_le_bytes(*value)).collect()))
    }

    /// Keeps the embeddings of a fold's held-out signatures.
    ///
    /// # Errors
    /// As [`save`](Self::save).
    pub fn save_fold(&self, repeat: usize, fold: usize, embeddings: &[f32]) -> Result<(), TrainError> {
        self.begin()?;
        let path = self.path.join(FOLDS);
        fs::create_dir_all(&path).map_err(TrainError::write(&path))?;
        let bytes = embeddings.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.keep(&self.fold_file(repeat, fold), bytes)
    }

    fn fold_file(&self, repeat: usize, fold: usize) -> PathBuf {
        self.path.join(FOLDS).join(format!("{repeat}-{fold}.f32"))
    }

    /// Writes the model and removes what only an unfinished run needs. The card names the digest of the network, so a
    /// pair that does not belong together is never loaded.
    ///
    /// # Errors
    /// As [`save`](Self::save).
    pub fn finish(&self, onnx: &[u8], card: &str) -> Result<(), TrainError> {
        self.begin()?;
        self.write(ONNX, onnx)?;
        self.write(CARD, card.as_bytes())?;
        self.remove(&[CHECKPOINT, FOLDS])
    }

    /// Returns where the network will be.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn remove(&self, names: &[&str]) -> Result<(), TrainError> {
        for name in names {
            let path = self.path.join(name);
            let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            match removed {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(TrainError::write(&path)(error));
                }
                _ => (),
            }
        }
        Ok(())
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), TrainError> {
        write(&self.path.join(name), bytes)
    }
}

pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), TrainError> {
    let mut file = AtomicFile::create(path)?;
    file.put(bytes)?;
    Ok(file.commit()?)
}

/// Whether a run with these settings was begun here.
fn has_settings(folder: &Path, settings: &str) -> Result<bool, TrainError> {
    let path = folder.join(SETTINGS);
    if !path.exists() {
        return Ok(false);
    }
    let found = fs::read_to_string(&path).map_err(TrainError::write(&path))?;
    match first_difference(&found, settings) {
        None => Ok(true),
        Some((found, expected)) => Err(TrainError::OtherSettings { path, found, expected }),
    }
}

/// The lock of a folder, held until it is closed, at the latest when the process ends. The file stays: who removes a
/// lock by its name may remove that of the next.
fn locked(folder: &Path) -> Result<File, TrainError> {
    let path = folder.join(LOCK);
    let file = File::options().create(true).truncate(false).write(true).open(&path);
    let file = file.map_err(TrainError::write(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(TrainError::InUse { path: folder.to_owned() }),
        // Some file systems know no locks.
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(file),
        Err(TryLockError::Error(error)) => Err(TrainError::write(&path)(error)),
    }
}

/// The names in a folder that holds a run or nothing, without those that stay of a process that is gone.
fn names_of_a_run(path: &Path) -> Result<Vec<String>, TrainError> {
    let mut names = names_in(path)?;
    names.retain(|name| name != LOCK && !is_temporary(name));
    let own = [SETTINGS, LOG, CURVE, CHECKPOINT, FOLDS, ONNX, CARD];
    match names.iter().find(|name| !own.contains(&name.as_str())) {
        Some(found) => Err(TrainError::NotARun { path: path.to_owned(), found: found.clone() }),
        None => Ok(names),
    }
}

/// Left behind by a process that was killed while it wrote.
fn is_temporary(name: &str) -> bool {
    name.starts_with('.') && name.ends_with(".tmp")
}

fn names_in(path: &Path) -> Result<Vec<String>, TrainError> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    if !path.is_dir() {
        return Err(TrainError::NotARun { path: path.to_owned(), found: "a file".to_owned() });
    }
    let name = |entry: io::Result<fs::DirEntry>| entry.map(|e| e.file_name().to_string_lossy().into_owned());
    let names: io::Result<Vec<String>> = fs::read_dir(path).and_then(|entries| entries.map(name).collect());
    names.map_err(TrainError::write(path))
}

/// The first line in which two texts differ.
fn first_difference(found: &str, expected: &str) -> Option<(String, String)> {
    let line = |line: Option<&str>| line.unwrap_or("nothing").to_owned();
    let (mut found, mut expected) = (found.lines(), expected.lines());
    loop {
        match (found.next(), expected.next()) {
            (None, None) => return None,
            (a, b) if a == b => (),
            (a, b) => return Some((line(a), line(b))),
        }
    }
}

#[cfg(test)]
mod tests;
