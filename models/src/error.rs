use std::io;
use std::path::{Path, PathBuf};

use l1kdb::embed::EmbedError;
use l1kdb::eval::EvalError;
use l1kdb::profile::ProfileError;
use l1kdb::split::SplitError;
use l1kdb::study::StudyError;
use l1kdb::{RowsError, SettingError};
use thiserror::Error;

/// Why a network was not trained or not written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TrainError {
    /// A setting is outside what can work.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// A profile has no drug: no name and no identifier.
    #[error("signature `{sig_id}` has neither a drug name nor a pert_id: leave it out or complete {table}")]
    NoDrug {
        /// The signature.
        sig_id: String,
        /// The signature table.
        table: PathBuf,
    },
    /// The signature table does not say which drug a signature is of.
    #[error(
        "{table} names no drug: expected a column `pert_iname` or `cmap_name`, or `pert_id`; its columns are {columns}"
    )]
    NoDrugColumn {
        /// The signature table.
        table: PathBuf,
        /// Its columns.
        columns: String,
    },
    /// Too few drugs to hold some out.
    #[error(
        "{drugs} drugs have two or more signatures, expected at least {expected} so that some can be held out: \
         bring more drugs, or hold none out with --test-share 0"
    )]
    TooFewDrugs {
        /// Drugs with two or more signatures.
        drugs: usize,
        /// How many are needed.
        expected: usize,
    },
    /// The loss is no longer a number.
    #[error(
        "the loss is not finite after step {step}, at a learning rate of {rate}: lower --learning-rate, or limit \
         outliers with --clip 10"
    )]
    Diverged {
        /// The step.
        step: u64,
        /// Adam's step size there.
        rate: f64,
    },
    /// A recipe or a list of them cannot be read.
    #[error("{origin}: {cause}")]
    Config {
        /// The file or option.
        origin: String,
        /// What is wrong, and what may have been meant.
        cause: String,
    },
    /// A matrix has no eigenvalues that could be found.
    #[error(
        "a covariance cannot be decomposed: look for values that are not finite, or limit outliers with --clip 10"
    )]
    NotDecomposed,
    /// Whoever watches the training ended it.
    #[error("stopped after step {step}")]
    Interrupted {
        /// Steps done.
        step: u64,
    },
    /// The exported network computes something else than the trained one.
    #[error(
        "the exported network differs from the trained one by {found:e}, expected at most {expected:e}: nothing was written"
    )]
    Parity {
        /// Largest difference of a coordinate.
        found: f32,
        /// The tolerance.
        expected: f32,
    },
    /// The output folder holds something that is no run.
    #[error("{path} exists and is no run of this program (it holds `{found}`): choose another --out")]
    NotARun {
        /// The folder or file.
        path: PathBuf,
        /// A name found in it, or what it is.
        found: String,
    },
    /// The output folder holds a run already.
    #[error(
        "{path} already holds a run: go on with it with --resume, replace it with --force, or choose another --out"
    )]
    RunExists {
        /// The folder.
        path: PathBuf,
    },
    /// Another process trains into the output folder.
    #[error("another process is training into {path}: wait until it is done, or choose another --out")]
    InUse {
        /// The folder.
        path: PathBuf,
    },
    /// There is nothing left to go on with.
    #[error("the run in {path} is complete: repeat it with --force, or choose another --out")]
    RunComplete {
        /// The folder.
        path: PathBuf,
    },
    /// A run cannot go on with other settings.
    #[error(
        "{path} says `{found}`, this run `{expected}`: resume with the same settings and data, or start again with --force"
    )]
    OtherSettings {
        /// The settings of the run.
        path: PathBuf,
        /// The first line that differs, there.
        found: String,
        /// The first line that differs, here.
        expected: String,
    },
    /// A checkpoint is damaged.
    #[error(
        "{path} is no checkpoint that can be resumed, {cause}: start again with --force, or remove its folder"
    )]
    BadCheckpoint {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        cause: String,
    },
    /// A file or folder cannot be written.
    #[error("cannot write {path}")]
    Write {
        /// Where.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// A file cannot be read.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// The exported network cannot be run.
    #[error(transparent)]
    Embed(#[from] EmbedError),
    /// A split cannot be used.
    #[error(transparent)]
    Split(#[from] SplitError),
    /// The profiles cannot be divided.
    #[error(transparent)]
    Study(#[from] StudyError),
    /// The embeddings cannot be evaluated.
    #[error(transparent)]
    Eval(#[from] EvalError),
}

impl From<RowsError> for TrainError {
    fn from(error: RowsError) -> Self {
        EvalError::from(error).into()
    }
}

impl TrainError {
    pub(crate) fn config(origin: &str, cause: String) -> Self {
        Self::Config { origin: origin.to_owned(), cause }
    }

    pub(crate) fn write(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        |source| Self::Write { path, source }
    }
}
