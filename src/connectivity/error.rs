use std::fmt;

use thiserror::Error;

use crate::SettingError;

/// Why a connectivity score cannot be prepared or computed.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum ConnectivityError {
    /// A gene of both sets.
    #[error("gene {gene} is in the up set and in the down set: leave it out of one of them")]
    GeneInBothSets {
        /// Its number in a profile, from 0.
        gene: u32,
    },
    /// A number that is no gene's.
    #[error("the {side} set has gene {gene}, expected a number below {universe}")]
    UnknownGene {
        /// The set.
        side: Side,
        /// The number.
        gene: u32,
        /// Number of genes in a profile.
        universe: usize,
    },
    /// A set that is no small part of the genes.
    #[error(
        "the {side} set has {genes} of {universe} genes, expected at most half of them: use a smaller set"
    )]
    LargeSet {
        /// The set.
        side: Side,
        /// Its size.
        genes: usize,
        /// Number of genes in a profile.
        universe: usize,
    },
    /// Neither set has a gene.
    #[error("neither set has a gene of the profiles, expected one at least")]
    NoGenes,
    /// A query of which every value is missing.
    #[error("the query has no value for any of {universe} genes, expected one at least")]
    NoValues {
        /// Number of genes in a profile.
        universe: usize,
    },
    /// An infinite value of a query.
    #[error("gene {gene} of the query is {value}, expected a finite value, or NaN for a missing one")]
    Infinite {
        /// Its number in a profile, from 0.
        gene: usize,
        /// The value.
        value: f32,
    },
    /// A list that does not fit the scores that it is about.
    #[error("{found} {what} for {scores} scores, expected one for each")]
    Lengths {
        /// What is listed.
        what: &'static str,
        /// Number of scores.
        scores: usize,
        /// Length of the list.
        found: usize,
    },
    /// A setting that is out of its range.
    #[error(transparent)]
    Setting(#[from] SettingError),
}

impl ConnectivityError {
    /// Refuses a list that does not fit the scores that it is about.
    pub(super) fn check_length(what: &'static str, found: usize, scores: usize) -> Result<(), Self> {
        if found == scores { Ok(()) } else { Err(Self::Lengths { what, scores, found }) }
    }
}

/// A set of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Genes that rise.
    Up,
    /// Genes that fall.
    Down,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Up => "up",
            Self::Down => "down",
        })
    }
}
