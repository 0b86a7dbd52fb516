//! A gene of an explanation, with its names.

use crate::explain::{GeneTerm, Method};
use crate::question::Explained;

/// A gene of an explanation.
#[derive(Clone, Copy)]
pub(super) struct Gene<'a> {
    pub term: &'a GeneTerm,
    pub symbol: &'static str,
    pub entrez: Option<u32>,
    pub direction: Direction,
}

/// Where a gene goes in the query and in the hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Up,
    Down,
    Opposed,
    /// A value of one is 0 or missing.
    None,
}

impl Direction {
    fn of(term: &GeneTerm) -> Self {
        match (term.query, term.hit) {
            (q, h) if q > 0.0 && h > 0.0 => Self::Up,
            (q, h) if q < 0.0 && h < 0.0 => Self::Down,
            (q, h) if q * h < 0.0 => Self::Opposed,
            _ => Self::None,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::Opposed => "opposed",
            Self::None => "",
        }
    }
}

/// The genes that carry a score: those that contribute most in its direction, at most `most` of them.
pub(super) fn leading(explained: &Explained, most: usize) -> Vec<Gene<'_>> {
    let terms = &explained.explanation.terms;
    let in_order: Box<dyn Iterator<Item = &GeneTerm>> =
        if is_opposed(explained) { Box::new(terms.iter().rev()) } else { Box::new(terms.iter()) };
    let sign = if is_opposed(explained) { -1.0 } else { 1.0 };
    let carries = |term: &&GeneTerm| term.contribution * sign > 0.0;
    in_order.take_while(carries).take(most).map(|term| gene(explained, term)).collect()
}

/// Whether the score is one of opposition.
pub(super) fn is_opposed(explained: &Explained) -> bool {
    explained.explanation.similarity < 0.0
}

/// Whether the query's values are those of gene sets.
pub(super) fn is_of_sets(explained: &Explained) -> bool {
    explained.explanation.method == Method::LeadingEdge
}

pub(super) fn gene<'a>(explained: &Explained, term: &'a GeneTerm) -> Gene<'a> {
    let known = explained.universe.gene(term.gene);
    Gene {
        term,
        symbol: term.symbol(explained.universe).unwrap_or("?"),
        entrez: known.map(crate::profile::Gene::entrez),
        direction: Direction::of(term),
    }
}
