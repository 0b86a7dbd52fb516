use std::io;
use std::path::{Path, PathBuf};

use l1kdb::embed::EmbedError;
use l1kdb::eval::EvalError;
use l1kdb::profile::ProfileError;
use thiserror::Error;

/// Why a network was not trained or not written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TrainError {
    /// A setting is outside what can work.
    #[error("--{name} is {found}, expected {expected}")]
    Setting {
        /// The option.
        name: &'static str,
        /// Its value.
        found: f64,
        /// What would do.
        expected: &'static str,
    },
    /// No profile is left to train on.
    #[error("{path}: {cause}")]
    NothingToTrainOn {
        /// The file of profiles.
        path: PathBuf,
        /// Why none is left.
        cause: String,
    },
    /// A profile has no drug: no name and no identifier.
    #[error("signature `{sig_id}` has neither a drug name nor a pert_id: leave it out or complete {table}")]
    NoDrug {
        /// The signature.
        sig_id: String,
        /// The signature table.
        table: PathBuf,
    },
    /// Too few drugs to hold some out.
    #[error(
        "{drugs} drugs have two or more signatures, expected at least {expected} so that some can be held out: \
         bring more drugs, or hold none out with --validation-share 0"
    )]
    TooFewDrugs {
        /// Drugs with two or more signatures.
        drugs: usize,
        /// How many are needed.
        expected: usize,
    },
    /// The loss is no longer a number.
    #[error(
        "the loss is not finite after step {step}: lower --learning-rate, or limit outliers with --clip 10"
    )]
    Diverged {
        /// Steps done.
        step: usize,
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
    /// The output folder holds something that is not a model.
    #[error("{path} exists and is no model folder (it holds `{found}`): choose another --out")]
    NotAModel {
        /// The folder or file.
        path: PathBuf,
        /// A name found in it, or what it is.
        found: String,
    },
    /// The output folder holds a model already.
    #[error("{path} already holds a model: choose another --out, or replace it with --force")]
    ModelExists {
        /// The folder.
        path: PathBuf,
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
    /// The embeddings cannot be evaluated.
    #[error(transparent)]
    Eval(#[from] EvalError),
}

impl TrainError {
    pub(crate) fn check(
        name: &'static str,
        found: f64,
        fits: bool,
        expected: &'static str,
    ) -> Result<(), Self> {
        if fits { Ok(()) } else { Err(Self::Setting { name, found, expected }) }
    }

    pub(crate) fn write(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        |source| Self::Write { path, source }
    }
}
