//! What can go wrong with a reference, and with questions to it.

use std::path::PathBuf;

use crate::connectivity::{ConnectivityError, Side};
use crate::db::DbError;
use crate::profile::ProfileError;

/// Why a matrix cannot be a reference, or a question to it cannot be answered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScanError {
    /// No row names a gene of the platform, or less than one in twenty; or genes stand where signatures belong.
    #[error("{}: {found} of its {rows} rows name a gene that can be asked for; {cause}", .path.display())]
    NoGenes {
        /// The file.
        path: PathBuf,
        /// Genes that were found.
        found: usize,
        /// Number of rows.
        rows: usize,
        /// What its ids look like, and the way out.
        cause: String,
    },
    /// A table of signatures that knows none of the matrix's.
    #[error("{}: {why}; give the table that describes this file, or none", .path.display())]
    NothingDescribed {
        /// The file.
        path: PathBuf,
        /// Ids of either side.
        why: String,
    },
    /// Nothing but controls.
    #[error("{}: all of its {controls} signatures are controls; keep the controls", .path.display())]
    OnlyControls {
        /// The file.
        path: PathBuf,
        /// How many.
        controls: usize,
    },
    /// A ranking of drugs where none is known.
    #[error(
        "{}: nothing tells the drugs of its {signatures} signatures, so that only signatures can be ranked; rank signatures, or \
         give a table of signatures with sig_id and pert_iname or pert_id",
        .path.display()
    )]
    NoDrugs {
        /// The file.
        path: PathBuf,
        /// Number of signatures.
        signatures: usize,
    },
    /// A set of a query of which the matrix has no gene.
    #[error(
        "{}: none of the {genes} genes of the {side} set is in it ({}); ask with genes that it has, or with another file",
        .path.display(), .examples.join(", ")
    )]
    SetWithoutGenes {
        /// The file.
        path: PathBuf,
        /// The set.
        side: Side,
        /// Number of genes in the set.
        genes: usize,
        /// Symbols of some of them.
        examples: Vec<String>,
    },
    /// An id of no signature that takes part.
    #[error("{}: no signature {id} takes part", .path.display())]
    NoSignature {
        /// The file.
        path: PathBuf,
        /// The id.
        id: String,
    },
    /// A gene of both sets.
    #[error("{symbol} is in the up set and in the down set: leave it out of one of them")]
    GeneInBothSets {
        /// Its symbol.
        symbol: &'static str,
    },
    /// A number that is no position of a universe.
    #[error("the {side} set has position {position}, expected one below {size}, the number of {universe}")]
    NoSuchGene {
        /// The set.
        side: Side,
        /// The number.
        position: usize,
        /// Genes of the universe.
        size: usize,
        /// What the universe is called.
        universe: String,
    },
    /// A score of profiles with other genes.
    #[error(
        "the score is of profiles with {found} genes, expected {expected} as in {}; prepare it with profiles or gene sets that this \
         reference makes",
        .path.display()
    )]
    Genes {
        /// The file.
        path: PathBuf,
        /// Rows of the matrix.
        expected: usize,
        /// Genes of the score.
        found: usize,
    },
    /// Ids to leave out of the answers to many queries, but not one for each.
    #[error(
        "{found} ids to leave out of the answers to {expected} queries; give one id for each query, or none"
    )]
    Without {
        /// The number of queries.
        expected: usize,
        /// The number of ids.
        found: usize,
    },
    /// Gene sets that cannot be scored.
    #[error(transparent)]
    Sets(#[from] ConnectivityError),
    /// A file that cannot be read or understood.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// A filter.
    #[error(transparent)]
    Filter(#[from] DbError),
}
