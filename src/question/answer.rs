//! Answers.

use std::fmt;

use super::QuestionError;
use crate::connectivity::GeneSets;
use crate::enrichment::ClassCall;
use crate::profile::Universe;

/// The answer to one query. Hits are [`DrugHit`](crate::db::DrugHit)s or [`SignatureHit`](crate::db::SignatureHit)s.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Answer<H> {
    /// The query's id: that of a profile, of gene sets, of a signature, or the name of a drug.
    pub query: String,
    /// The hits, best first.
    pub hits: Vec<H>,
    /// The genes that scores in gene space are over; `None` by embedding.
    pub genes: Option<GenesAsked>,
    /// Where classes were asked for, the classes that the query's own drug may be of.
    pub calls: Vec<ClassCall>,
}

impl<H> Answer<H> {
    pub(super) fn new(query: String, hits: Vec<H>, genes: Option<GenesAsked>) -> Self {
        Self { query, hits, genes, calls: Vec::new() }
    }
}

/// The answers to a question.
#[derive(Debug)]
#[non_exhaustive]
pub struct Answers<H> {
    /// Those to the queries that could be asked, in their order.
    pub answers: Vec<Answer<H>>,
    /// The other queries, in their order.
    pub broken: Vec<Broken>,
    /// What a user should know of how they were answered, one sentence each.
    pub notes: Vec<String>,
}

/// A query that could not be asked.
#[derive(Debug)]
#[non_exhaustive]
pub struct Broken {
    /// Its id.
    pub query: String,
    /// What is wrong with it.
    pub error: QuestionError,
}

impl<H> Answers<H> {
    /// Returns the answers to all queries.
    ///
    /// # Errors
    /// What is wrong with the first query that could not be asked.
    pub fn whole(self) -> Result<Vec<Answer<H>>, QuestionError> {
        self.broken.into_iter().next().map_or(Ok(self.answers), |broken| Err(broken.error))
    }
}

/// How many of the genes that scores are over a query has. Scores over different genes cannot be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum GenesAsked {
    /// A profile.
    Profile {
        /// The genes that scores are over.
        over: ScoredGenes,
        /// Those of them that the query has a value of.
        known: usize,
    },
    /// Gene sets.
    Sets {
        /// The genes that scores are over.
        over: ScoredGenes,
        /// Those of the set that rises.
        up: usize,
        /// Those of the set that falls.
        down: usize,
    },
}

/// Genes that scores are over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ScoredGenes {
    /// Those of a universe, which a database keeps.
    Universe(Universe),
    /// The rows of a matrix, so many.
    Rows(usize),
}

impl GenesAsked {
    /// Counts the genes of a profile, NaN where it has none.
    pub(super) fn of_profile(over: ScoredGenes, profile: &[f32]) -> Self {
        Self::Profile { over, known: profile.iter().filter(|value| !value.is_nan()).count() }
    }

    /// Returns the genes that scores are over.
    pub fn over(&self) -> ScoredGenes {
        let (Self::Profile { over, .. } | Self::Sets { over, .. }) = self;
        *over
    }

    /// Counts the genes of sets.
    pub(super) fn of_sets(over: ScoredGenes, sets: &GeneSets) -> Self {
        Self::Sets { over, up: sets.up().len(), down: sets.down().len() }
    }
}

impl fmt::Display for ScoredGenes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Universe(universe) => write!(f, "{} {universe}", universe.size()),
            Self::Rows(rows) => write!(f, "{rows} rows"),
        }
    }
}

impl fmt::Display for GenesAsked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Profile { known, .. } => write!(f, "{known}")?,
            Self::Sets { up, down: 0, .. } => write!(f, "{up} up")?,
            Self::Sets { up: 0, down, .. } => write!(f, "{down} down")?,
            Self::Sets { up, down, .. } => write!(f, "{up} up and {down} down")?,
        }
        write!(f, " of {}", self.over())
    }
}
