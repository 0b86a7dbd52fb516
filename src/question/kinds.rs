//! What is asked with.

use super::QueryProfiles;
use crate::profile::{DifferentialProfile, GeneSet, ProfileMatrix};

/// What a database is asked with: one query or many of one kind.
///
/// ```
/// use l1kdb::profile::ProfileMatrix;
/// use l1kdb::question::Question;
///
/// let profiles = ProfileMatrix::new(vec!["mine".into()], vec![0.5; 978])?;
/// assert_eq!(Question::from(profiles).len(), Some(1));
/// # Ok::<(), l1kdb::profile::ProfileError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Question {
    /// Profiles, each a query. Results of differential expression are profiles too.
    Profiles(QueryProfiles),
    /// Gene sets, or pairs of a set that rises and one that falls, each a query. By embedding they are profiles of 1 for genes that
    /// rise, -1 for those that fall, and 0 for all others.
    GeneSets(Vec<GeneSet>),
    /// Signatures of the database, each a query that is left out of its own answer.
    Signatures(Vec<String>),
    /// A drug of the database, by any of its names and ids. Its signatures are left out of the answers.
    Drug {
        /// One of its names or ids.
        name: String,
        /// How its signatures become queries.
        combine: Combine,
    },
}

/// How the signatures of a drug become queries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Combine {
    /// One query: their mean, of embeddings or of profiles.
    #[default]
    Mean,
    /// One query each.
    Each,
}

impl Question {
    /// Returns the number of queries; `None` for a drug, whose signatures have to be looked up.
    pub fn len(&self) -> Option<usize> {
        match self {
            Self::Profiles(profiles) => Some(profiles.len()),
            Self::GeneSets(sets) => Some(sets.len()),
            Self::Signatures(ids) => Some(ids.len()),
            Self::Drug { .. } => None,
        }
    }

    /// Tells whether nothing is asked.
    pub fn is_empty(&self) -> bool {
        self.len() == Some(0)
    }
}

impl From<ProfileMatrix> for Question {
    fn from(profiles: ProfileMatrix) -> Self {
        Self::Profiles(profiles.into())
    }
}

impl From<&DifferentialProfile> for Question {
    fn from(read: &DifferentialProfile) -> Self {
        Self::Profiles(read.into())
    }
}
