//! The folder of a run: what was asked, how far it has come, and in the end the model.
//!
//! ```text
//! run.toml        every setting, and the digest of the data
//! log.tsv         one line a look
//! curve.svg       loss and validation AUC over the steps
//! checkpoint.bin  where to go on from; gone when the run is complete
//! folds/          embeddings of the held-out signatures of folds that are done; gone when the run is complete
//! model.onnx      the network
//! card.toml       what it was made from, how, and how well it does
//! ```
//!
//! Every file is replaced whole: a reader sees the old one or the new one, and an interruption leaves one of them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use l1kdb::profile::AtomicFile;

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

/// The folder of a run.
#[derive(Debug, Clone)]
pub struct RunFolder {
    path: PathBuf,
}

impl RunFolder {
    /// Checks that a run may use `path`: it does not exist, is empty, or holds a run and `existing` allows for it.
    /// Writes nothing; to be called before anything large is read.
    ///
    /// # Errors
    /// [`TrainError::NotARun`], [`TrainError::RunExists`], [`TrainError::RunComplete`]; [`TrainError::Write`] when it
    /// cannot be looked at.
    pub fn check(path: &Path, existing: Existing) -> Result<(), TrainError> {
        let names = names_in(path)?;
        let own = [SETTINGS, LOG, CURVE, CHECKPOINT, FOLDS, ONNX, CARD];
        if let Some(found) = names.iter().find(|name| !own.contains(&name.as_str()) && !is_temporary(name)) {
            return Err(TrainError::NotARun { path: path.to_owned(), found: found.clone() });
        }
        let has = |name: &str| names.iter().any(|found| found == name);
        match existing {
            Existing::Keep if !names.is_empty() => Err(TrainError::RunExists { path: path.to_owned() }),
            Existing::Resume if has(CARD) && !has(CHECKPOINT) => {
                Err(TrainError::RunComplete { path: path.to_owned() })
            }
            _ => Ok(()),
        }
    }

    /// Starts a run with these settings (TOML), or goes on with one that had the same.
    ///
    /// # Errors
    /// Those of [`check`](Self::check), and [`TrainError::OtherSettings`] when the run that is to be gone on with was
    /// started with others.
    pub fn open(path: &Path, existing: Existing, settings: &str) -> Result<Self, TrainError> {
        let folder = Self { path: path.to_owned() };
        let begun = existing == Existing::Resume && folder.has_settings(settings)?;
        Self::check(path, existing)?;
        if begun {
            return Ok(folder);
        }
        fs::create_dir_all(path).map_err(TrainError::write(path))?;
        folder.clear()?;
        folder.write(SETTINGS, settings.as_bytes())?;
        Ok(folder)
    }

    /// Whether a run with these settings was begun here.
    fn has_settings(&self, settings: &str) -> Result<bool, TrainError> {
        let path = self.path.join(SETTINGS);
        if !path.exists() {
            return Ok(false);
        }
        let found = fs::read_to_string(&path).map_err(TrainError::write(&path))?;
        match first_difference(&found, settings) {
            None => Ok(true),
            Some((found, expected)) => Err(TrainError::OtherSettings { path, found, expected }),
        }
    }

    /// Where the training of the network that will be written had come to, if it had begun.
    ///
    /// # Errors
    /// [`TrainError::BadCheckpoint`] when the file is damaged.
    pub fn state(&self) -> Result<Option<State>, TrainError> {
        let path = self.path.join(CHECKPOINT);
        match fs::read(&path) {
            Ok(bytes) => checkpoint::decode(&bytes, &path).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(TrainError::write(&path)(error)),
        }
    }

    /// Keeps the state, and what it shows, on disk. An earlier checkpoint stays until this one is whole.
    ///
    /// # Errors
    /// [`TrainError::Profile`] when it cannot be written, for example on a full disk.
    pub fn save(&self, state: &State) -> Result<(), TrainError> {
        self.write(CHECKPOINT, &checkpoint::encode(state))
    }

    /// Rewrites log and curve from the looks so far.
    ///
    /// # Errors
    /// As [`save`](Self::save).
    pub fn log(&self, state: &State) -> Result<(), TrainError> {
        self.write(LOG, log::table(&state.looks).as_bytes())?;
        match log::curve(&state.looks, state.steps) {
            Some(svg) => self.write(CURVE, svg.as_bytes()),
            None => Ok(()),
        }
    }

    /// The embeddings of a fold's held-out signatures, if that fold was done before; `length` numbers.
    ///
    /// # Errors
    /// [`TrainError::Write`] when the file is there but cannot be read.
    pub fn fold(&self, repeat: usize, fold: usize, length: usize) -> Result<Option<Vec<f32>>, TrainError> {
        let path = self.fold_file(repeat, fold);
        match fs::read(&path) {
            Ok(bytes) if bytes.len() == 4 * length => {
                Ok(Some(bytes.as_chunks::<4>().0.iter().map(|value| f32::from_le_bytes(*value)).collect()))
            }
            Ok(_) => Ok(None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(TrainError::write(&path)(error)),
        }
    }

    /// Keeps the embeddings of a fold's held-out signatures.
    ///
    /// # Errors
    /// As [`save`](Self::save).
    pub fn save_fold(&self, repeat: usize, fold: usize, embeddings: &[f32]) -> Result<(), TrainError> {
        let path = self.path.join(FOLDS);
        fs::create_dir_all(&path).map_err(TrainError::write(&path))?;
        let bytes: Vec<u8> = embeddings.iter().flat_map(|value| value.to_le_bytes()).collect();
        write(&self.fold_file(repeat, fold), &bytes)
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
        self.write(ONNX, onnx)?;
        self.write(CARD, card.as_bytes())?;
        self.remove(&[CHECKPOINT, FOLDS])
    }

    /// Where the network will be.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn clear(&self) -> Result<(), TrainError> {
        self.remove(&[SETTINGS, LOG, CURVE, CHECKPOINT, FOLDS])
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
mod tests {
    use super::*;

    fn opened(path: &Path, existing: Existing, settings: &str) -> Result<RunFolder, TrainError> {
        RunFolder::open(path, existing, settings)
    }

    #[test]
    fn a_run_is_kept_unless_it_is_to_be_resumed_or_replaced() {
        let parent = tempfile::tempdir().unwrap();
        let out = parent.path().join("deep/net");
        opened(&out, Existing::Keep, "margin = 1\n").unwrap().save_fold(0, 1, &[1.0, 2.0]).unwrap();
        assert!(matches!(opened(&out, Existing::Keep, "margin = 1\n"), Err(TrainError::RunExists { .. })));
        let resumed = opened(&out, Existing::Resume, "margin = 1\n").unwrap();
        assert_eq!(resumed.fold(0, 1, 2).unwrap(), Some(vec![1.0, 2.0]));
        assert_eq!(resumed.fold(0, 1, 3).unwrap(), None);
        let replaced = opened(&out, Existing::Replace, "margin = 2\n").unwrap();
        assert_eq!(replaced.fold(0, 1, 2).unwrap(), None);
    }

    #[test]
    fn a_run_is_resumed_only_with_its_own_settings() {
        let out = tempfile::tempdir().unwrap();
        opened(out.path(), Existing::Keep, "noise = 0\nmargin = 1\n").unwrap();
        let error = opened(out.path(), Existing::Resume, "noise = 0\nmargin = 2\n").unwrap_err().to_string();
        assert!(error.contains("margin = 1") && error.contains("margin = 2"), "{error}");
    }

    #[test]
    fn a_complete_run_has_a_model_and_nothing_left_to_do() {
        let out = tempfile::tempdir().unwrap();
        let folder = opened(out.path(), Existing::Keep, "a = 1").unwrap();
        folder.save_fold(0, 0, &[1.0]).unwrap();
        folder.finish(b"onnx", "card").unwrap();
        assert_eq!(fs::read(out.path().join(ONNX)).unwrap(), b"onnx");
        assert!(matches!(opened(out.path(), Existing::Resume, "a = 1"), Err(TrainError::RunComplete { .. })));
        assert!(matches!(
            opened(out.path(), Existing::Resume, "a = 2"),
            Err(TrainError::OtherSettings { .. })
        ));
        opened(out.path(), Existing::Replace, "a = 1").unwrap();
        assert!(out.path().join(CARD).exists(), "the model stays until the new one is there");
    }

    #[test]
    fn a_folder_of_something_else_is_never_touched() {
        let out = tempfile::tempdir().unwrap();
        fs::write(out.path().join("thesis.doc"), "years of work").unwrap();
        for existing in [Existing::Keep, Existing::Resume, Existing::Replace] {
            let error = opened(out.path(), existing, "").unwrap_err().to_string();
            assert!(error.contains("thesis.doc") && error.contains("--out"), "{error}");
        }
        assert_eq!(fs::read_dir(out.path()).unwrap().count(), 1);
        assert!(RunFolder::check(&out.path().join("thesis.doc"), Existing::Replace).is_err());
    }
}
