use std::fmt;

use crate::profile::Unmatched;

/// A note to the reader of the data, beside the figures.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// Control signatures were left out.
    Controls(usize),
    /// Rows that the table of signatures does not describe were left out.
    Undescribed(Unmatched),
    /// The database keeps no profiles.
    NoProfiles,
    /// How the data were read or divided.
    Reading(String),
    /// Something that makes the data doubtful.
    Doubt(String),
}

impl Note {
    /// Returns whether it makes the data doubtful.
    pub fn is_doubt(&self) -> bool {
        matches!(self, Self::Doubt(_))
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Controls(count) => write!(f, "{count} controls left out"),
            Self::Undescribed(unmatched) => write!(f, "rows without metadata left out: {unmatched}"),
            Self::NoProfiles => f.write_str("the database keeps no profiles, so there are no raw baselines"),
            Self::Reading(text) | Self::Doubt(text) => f.write_str(text),
        }
    }
}
