//! What can go wrong between a profile and its embedding.

use std::{
    io,
    path::{Path, PathBuf},
};

use thiserror::Error;

use crate::profile::ProfileError;

/// An error of this room. Every text names the file or signature, what was expected and found, and the way out.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum EmbedError {
    /// A file of a model folder cannot be read.
    #[error("cannot read {}; a model is a folder with card.toml and model.onnx", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A file of a model folder is larger than any model.
    #[error("{} has {found} bytes, expected at most {most}: it is no model of l1kdb", path.display())]
    FileTooLarge {
        /// The file.
        path: PathBuf,
        /// Its size.
        found: u64,
        /// The largest that is read.
        most: u64,
    },
    /// A model folder or a file of it cannot be written.
    #[error(transparent)]
    Write(ProfileError),
    /// A card is not TOML, lacks a key or has one that this format does not know.
    #[error("{origin}: card.toml is not a model card of format {}: {detail}", super::CARD_FORMAT)]
    CardSyntax {
        /// The model.
        origin: String,
        /// Line and reason.
        detail: String,
    },
    /// A card of a format that this version does not read.
    #[error(
        "{origin}: card.toml has format {found}, expected {expected}; \
         a newer l1kdb reads newer formats, or train the network again with this one"
    )]
    CardFormat {
        /// The model.
        origin: String,
        /// The format this version reads.
        expected: u32,
        /// The format in the card.
        found: i64,
    },
    /// A key of a card holds something that cannot be.
    #[error("{origin}: card.toml: expected {key} to be {expected}, found {found}")]
    CardValue {
        /// The model.
        origin: String,
        /// The key.
        key: &'static str,
        /// What it may hold.
        expected: String,
        /// What it holds.
        found: String,
    },
    /// `model.onnx` is not the file that the card was written for.
    #[error(
        "{origin}: model.onnx is damaged or belongs to another card: expected {expected}, found {found}; \
         copy both files of the folder again"
    )]
    OnnxDigest {
        /// The model.
        origin: String,
        /// The digest in the card.
        expected: String,
        /// The digest of the bytes.
        found: String,
    },
    /// The network was trained on other genes, or on the same genes in another order.
    #[error(
        "{origin}: made for another gene space: expected {expected} (the 978 landmarks), found {found}; \
         use a network trained on the landmarks"
    )]
    GeneSpace {
        /// The model.
        origin: String,
        /// The digest of the landmarks.
        expected: String,
        /// The digest in the card.
        found: String,
    },
    /// The network's input or output is not what the card and the model format promise.
    #[error("{origin}: expected {expected}, found {found}; export the network again")]
    Graph {
        /// The model.
        origin: String,
        /// Name, element type and shape.
        expected: String,
        /// What the network declares.
        found: String,
    },
    /// The network is one that is not run, whatever the card says.
    #[error("{origin}: model.onnx {fault}")]
    Network {
        /// The model.
        origin: String,
        /// What is the matter with it.
        fault: super::NetworkFault,
    },
    /// The engine refuses the network.
    #[error("{origin}: {engine} cannot open model.onnx: {detail}")]
    Session {
        /// The model.
        origin: String,
        /// Name and version of the engine.
        engine: String,
        /// The engine's reason.
        detail: String,
    },
    /// The engine failed while it computed embeddings.
    #[error("{origin}: {engine} failed on rows {} to {}: {detail}", first_row + 1, first_row + rows)]
    Run {
        /// The model.
        origin: String,
        /// Name and version of the engine.
        engine: String,
        /// The first row of the batch, from 0.
        first_row: usize,
        /// Rows of the batch.
        rows: usize,
        /// The engine's reason.
        detail: String,
    },
    /// All 978 z-scores are 0: such a profile points nowhere, so nothing can be similar to it.
    #[error("signature {id} (row {}): all z-scores are 0, so it has no direction; leave it out", row + 1)]
    Zero {
        /// The signature.
        id: String,
        /// Its row in the matrix, from 0.
        row: usize,
    },
    /// The network answered with something that is not a unit vector.
    #[error(
        "{origin}: the embedding of signature {id} (row {}) has length {length}, expected 1; \
         {}",
        row + 1,
        if length.is_finite() { "the network must end in an L2 normalisation" }
        else { "its z-scores may be too large" }
    )]
    NotUnit {
        /// The model.
        origin: String,
        /// The signature.
        id: String,
        /// Its row in the matrix, from 0.
        row: usize,
        /// The length found; NaN or infinite when a coordinate is.
        length: f64,
    },
    /// A named ONNX Runtime library cannot be used.
    #[error("the ONNX Runtime library {} ({origin}) {fault}", library.display())]
    Library {
        /// The file.
        library: PathBuf,
        /// Who named it.
        origin: super::Origin,
        /// What is the matter with it.
        fault: LibraryFault,
    },
    /// Neither an ONNX Runtime nor the built-in engine is there.
    #[error(
        "no ONNX Runtime found{tried}; install one (for example `pip install onnxruntime`), \
         name its library file, or build l1kdb with the feature `built-in`"
    )]
    NoEngine {
        /// Libraries that were found and refused, with reasons; empty when there were none.
        tried: String,
    },
    /// A process holds one ONNX Runtime; another was asked for.
    #[error("this process already runs {running}; {asked} can only be used by a new process")]
    EngineTaken {
        /// The engine that runs.
        running: String,
        /// The engine that was asked for.
        asked: String,
    },
}

/// Why a file does not serve as ONNX Runtime.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LibraryFault {
    /// There is no such file.
    #[error("does not exist")]
    Missing,
    /// A folder without an ONNX Runtime library in it.
    #[error("is a folder with no file named like {expected}")]
    EmptyFolder {
        /// The usual file name on this system.
        expected: &'static str,
    },
    /// The system cannot load it: not a library, for another processor, or another library is missing.
    #[error("cannot be loaded: {0}")]
    NotLoadable(String),
    /// A library, but not ONNX Runtime.
    #[error("is not ONNX Runtime: it does not export OrtGetApiBase with a version 1.x")]
    NotOnnxRuntime,
    /// An ONNX Runtime from before the interface this program uses.
    #[error("is version 1.{found}, expected 1.{expected} or later; `pip install --upgrade onnxruntime`")]
    TooOld {
        /// The oldest minor version that serves.
        expected: u32,
        /// The minor version of the library.
        found: u32,
    },
    /// It loads, but does not start.
    #[error("does not start: {0}")]
    NotStarted(String),
}

impl EmbedError {
    pub(super) fn read(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Read { path, source }
    }
}
