//! The two files of a database's network, opened with the database and read when they are needed.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use crate::db::DbError;
use crate::db::directory::Directory;
use crate::db::names::MODEL;

const CARD: &str = "card.toml";
const ONNX: &str = "model.onnx";

/// Open files of a network: they stay those of this database when another one takes its place.
#[derive(Debug)]
pub(in crate::db) struct ModelFiles {
    path: PathBuf,
    card: Option<Mutex<File>>,
    onnx: Option<Mutex<File>>,
}

impl ModelFiles {
    /// Opens what is there. A file that is missing is an error only for whoever needs it.
    pub fn open(database: &Directory) -> Result<Self, DbError> {
        let path = database.path().join(MODEL);
        let failed = |e| DbError::io(&path, "open the network of the database")(e);
        let directory = present(database.directory(MODEL)).map_err(failed)?;
        let file = |name| match &directory {
            Some(directory) => present(directory.file(name)).map(|file| file.map(Mutex::new)),
            None => Ok(None),
        };
        let (card, onnx) = (file(CARD).map_err(failed)?, file(ONNX).map_err(failed)?);
        Ok(Self { card, onnx, path })
    }

    /// Tells whether a file is not there. The identity has no network.
    pub fn lack(&self) -> bool {
        self.card.is_none() || self.onnx.is_none()
    }

    /// Returns the folder.
    pub fn path(&self) -> &PathBuf {
        &self.path
    }

    /// Reads the card.
    pub fn card(&self) -> Result<Vec<u8>, DbError> {
        self.read(CARD, self.card.as_ref())
    }

    /// Reads the network.
    pub fn onnx(&self) -> Result<Vec<u8>, DbError> {
        self.read(ONNX, self.onnx.as_ref())
    }

    fn read(&self, name: &str, file: Option<&Mutex<File>>) -> Result<Vec<u8>, DbError> {
        let path = self.path.join(name);
        let read = file.ok_or_else(|| ErrorKind::NotFound.into()).and_then(read_whole);
        read.map_err(DbError::io(&path, "read the network of the database"))
    }
}

fn present<T>(opened: io::Result<T>) -> io::Result<Option<T>> {
    match opened {
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
        opened => opened.map(Some),
    }
}

/// Reads from the beginning, whoever read before.
fn read_whole(file: &Mutex<File>) -> io::Result<Vec<u8>> {
    let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}
