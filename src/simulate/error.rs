//! What can go wrong when a simulation is set up or written.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::SettingError;
use crate::profile::ProfileError;

/// Why a simulation could not be set up or written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SimulateError {
    /// A field of [`Simulation`](super::Simulation) is out of the range in which the model makes sense.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// The folder could not be made.
    #[error("cannot make the folder {}: {source}; choose another place", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file could not be written; the cause names it.
    #[error(transparent)]
    File(#[from] ProfileError),
}
