use thiserror::Error;

use super::side::Side;
use crate::embed::EmbedError;

/// Why the agreement of a query and a hit cannot be explained.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ExplainError {
    /// A profile of other genes.
    #[error("the {side} has {found} values, expected {expected}: take both profiles of the same genes")]
    Genes {
        /// Whose profile.
        side: Side,
        /// Values that are expected.
        expected: usize,
        /// Values that there are.
        found: usize,
    },
    /// An infinite value, or NaN where a value is needed.
    #[error("gene {gene} of the {side} is {value}, expected a finite value")]
    NotFinite {
        /// Whose profile.
        side: Side,
        /// The gene's position, from 0.
        gene: usize,
        /// The value.
        value: f32,
    },
    /// A profile that points nowhere.
    #[error("all values of the {side} that count are 0, so it is similar to nothing; leave it out")]
    Zero {
        /// Whose profile.
        side: Side,
    },
    /// A profile whose values are all the same, which correlates with nothing.
    #[error("all values of the {side} that count are the same, so it correlates with nothing; leave it out")]
    Constant {
        /// Whose profile.
        side: Side,
    },
    /// Profiles without a gene in common.
    #[error("query and hit have a value of no gene in common, expected one at least")]
    NoSharedGene,
    /// A network that gives no number for a standardised profile of zeros.
    #[error(
        "{model} gives no vector for a standardised profile of zeros, which contributions are counted from; \
         export it so that only its last step brings vectors to length 1"
    )]
    NoBaseline {
        /// Name of the model.
        model: String,
    },
    /// An error of the network or its engine.
    #[error(transparent)]
    Embed(#[from] EmbedError),
}
