//! What can go wrong when a simulation is set up or written.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::profile::ProfileError;

/// Why a simulation could not be set up or written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SimulateError {
    /// A parameter lies outside the range in which the model makes sense.
    #[error("{name} is {found}; choose {expected}")]
    Parameter {
        /// The field of [`Simulation`](super::Simulation).
        name: &'static str,
        /// The value it has.
        found: String,
        /// The values it may have.
        expected: String,
    },
    /// A table or the folder itself could not be written.
    #[error("cannot write {}: {source}; choose another folder or free some space", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The profiles could not be written.
    #[error("cannot write the simulated profiles")]
    Profiles(#[from] ProfileError),
}
