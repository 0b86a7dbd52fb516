//! What can be wrong with a question.

use thiserror::Error;

use super::ScoreBy;
use crate::SettingError;
use crate::connectivity::ConnectivityError;
use crate::db::DbError;
use crate::embed::EmbedError;
use crate::explain::ExplainError;
use crate::profile::ProfileError;
use crate::scan::ScanError;

/// Why a question is not answered.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum QuestionError {
    /// A score of profiles that was to be that of gene sets.
    #[error("{} is a score of profiles: ask by wtcs for gene sets", by.description())]
    OnlyOfProfiles {
        /// The score.
        by: ScoreBy,
    },
    /// Signatures of a drug whose mean has no direction.
    #[error("the signatures of {drug} cancel out: ask with each of them")]
    CancelOut {
        /// The drug.
        drug: String,
    },
    /// CMap's chain by another score.
    #[error("CMap's chain is of weighted connectivity, found {}: ask by wtcs", by.name())]
    OnlyOfCmap {
        /// The score.
        by: ScoreBy,
    },
    /// A score of embeddings where there are none.
    #[error(
        "a matrix has no embeddings, expected a score in gene space: ask by cosine or another, or build a database"
    )]
    OnlyInGeneSpace,
    /// A stored signature or drug as a question to a matrix.
    #[error(
        "stored signatures and drugs are asked of a database: ask a matrix with profiles, gene sets or a result table"
    )]
    OnlyOfDatabase,
    /// Scores of every drug of a matrix.
    #[error("scores of everything in a matrix are of its signatures: rank signatures")]
    OnlyOfSignatures,
    /// What a matrix says.
    #[error(transparent)]
    Scan(Box<ScanError>),
    /// Scores of everything where each query has its own rows or its own order.
    #[error(
        "scores of everything are by one score and of the same rows for all queries: ask without candidates ordered anew, CMap's chain, cell lines and plates"
    )]
    OnlyOfHits,
    /// A query whose cell line is not known, where only signatures of it are to take part.
    #[error("{query}: its cell line is not known: name it, or ask signatures of every cell line")]
    NoCellLine {
        /// The query.
        query: String,
    },
    /// A query that points nowhere, so that nothing is similar to it.
    #[error("{query}: all {genes} values are 0 or missing, expected a direction: nothing is similar to it")]
    Zero {
        /// The query.
        query: String,
        /// Number of genes.
        genes: usize,
    },
    /// Too few reference queries of other drugs for a null distribution.
    #[error(
        "{queries} reference queries for {drugs} drugs, expected at least {least} queries and two drugs: take more signatures, of more drugs"
    )]
    FewReferences {
        /// Drugs of the database.
        drugs: usize,
        /// Reference queries.
        queries: usize,
        /// The fewest that do.
        least: usize,
    },
    /// Classes where nothing says what they score by chance.
    #[error("classes of drugs cannot be tested: {why}; calibrate the database for such queries")]
    NotCalibrated {
        /// Why not.
        why: String,
    },
    /// A score whose terms are not told.
    #[error(
        "{} is not explained, expected embedding, cosine, pearson, wtcs or cs: explain the answer by cosine",
        by.description()
    )]
    NotExplained {
        /// The score.
        by: ScoreBy,
    },
    /// A drug of which nothing is left to compare a query with.
    #[error(
        "{query}: no signature of {hit} takes part in its answer: it is the query's own, or no filter lets it pass"
    )]
    NothingOfHit {
        /// The query.
        query: String,
        /// The drug.
        hit: String,
    },
    /// What an explanation says of a query and a hit.
    #[error("{query}: {source}")]
    Explain {
        /// The query.
        query: String,
        /// What is wrong.
        source: Box<ExplainError>,
    },
    /// Answers without hubs by a score that is not of embeddings alone.
    #[error(
        "hubs are left out by embedding only, not reversed and not ordered anew: ask by embedding, or with hubs"
    )]
    OnlyOfEmbeddings,
    /// Answers without hubs where nothing says how near signatures are to their neighbours.
    #[error(
        "no calibration of the database says how near signatures are to their neighbours: calibrate it without hubs"
    )]
    NoNearness,
    /// A number that does not fit.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// What the database says.
    #[error(transparent)]
    Db(Box<DbError>),
    /// What a score says of a query.
    #[error("{query}: {source}")]
    Connectivity {
        /// The query.
        query: String,
        /// What is wrong with it.
        source: ConnectivityError,
    },
    /// What the network says.
    #[error(transparent)]
    Embed(Box<EmbedError>),
    /// What is wrong with profiles.
    #[error(transparent)]
    Profile(Box<ProfileError>),
}

impl QuestionError {
    /// What is wrong with the scores of CMap's chain.
    pub(super) fn chain(source: ConnectivityError) -> Self {
        Self::Connectivity { query: "CMap's chain".to_owned(), source }
    }
}

impl From<DbError> for QuestionError {
    fn from(error: DbError) -> Self {
        Self::Db(Box::new(error))
    }
}

impl From<ScanError> for QuestionError {
    fn from(error: ScanError) -> Self {
        Self::Scan(Box::new(error))
    }
}

impl From<EmbedError> for QuestionError {
    fn from(error: EmbedError) -> Self {
        Self::Embed(Box::new(error))
    }
}

impl From<ProfileError> for QuestionError {
    fn from(error: ProfileError) -> Self {
        Self::Profile(Box::new(error))
    }
}
