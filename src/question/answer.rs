//! Answers.

use std::fmt;

use super::QuestionError;
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

/// How many genes of a universe a query has. Scores of different universes cannot be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum GenesAsked {
    /// A profile.
    Profile {
        /// The genes that scores are over.
        universe: Universe,
        /// Those of them that the query has a value of.
        known: usize,
    },
    /// Gene sets.
    Sets {
        /// The genes that scores are over.
        universe: Universe,
        /// Those of the set that rises.
        up: usize,
        /// Those of the set that falls.
        down: usize,
    },
}

impl fmt::Display for GenesAsked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Profile { universe, .. } | Self::Sets { universe, .. }) = self;
        match self {
            Self::Profile { known, .. } => write!(f, "{known}")?,
            Self::Sets { up, down: 0, .. } => write!(f, "{up} up")?,
            Self::Sets { up: 0, down, .. } => write!(f, "{down} down")?,
            Self::Sets { up, down, .. } => write!(f, "{up} up and {down} down")?,
        }
        write!(f, " of {} {universe}", universe.size())
    }
}
