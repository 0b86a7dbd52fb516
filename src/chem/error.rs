use std::fmt;

use thiserror::Error;

/// Why a text is no SMILES.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("character {at}: {fault}")]
pub struct SmilesError {
    /// Which character, from 1.
    pub at: usize,
    /// What is wrong there.
    pub fault: SmilesFault,
}

/// What is wrong at a place of a SMILES.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SmilesFault {
    /// There is no atom.
    Empty,
    /// A character that cannot stand here; `None` at the end.
    Unexpected(Option<char>),
    /// A bracket that does not begin with an element.
    NoElement,
    /// A bracket, branch or ring that is opened and never closed.
    Unclosed(&'static str),
    /// A bond, branch, ring or dot that follows no atom, or that no atom follows.
    NoAtom(&'static str),
    /// A ring that is closed by another kind of bond than it was opened by.
    RingBond(u8),
    /// Two atoms that are bound twice, or one that is bound to itself.
    BoundTwice,
    /// A molecule too large to be distinguished from others in reasonable time.
    TooLarge {
        /// Its atoms, or those of its scaffold.
        atoms: usize,
        /// The most there may be.
        most: usize,
    },
}

impl fmt::Display for SmilesFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(f, "expected an atom, found nothing"),
            Self::Unexpected(Some(found)) => write!(f, "{found:?} cannot stand here"),
            Self::Unexpected(None) => write!(f, "the text ends within a bracket or a ring number"),
            Self::NoElement => write!(f, "expected an element after `[`"),
            Self::Unclosed(what) => write!(f, "this {what} is never closed"),
            Self::NoAtom(what) => write!(f, "this {what} stands next to no atom"),
            Self::RingBond(number) => write!(f, "ring {number} is opened by another kind of bond"),
            Self::BoundTwice => write!(f, "this ring binds an atom to itself, or two atoms twice"),
            Self::TooLarge { atoms, most } => write!(f, "expected at most {most} atoms, found {atoms}"),
        }
    }
}
