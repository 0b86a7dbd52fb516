//! What became of the ids of a file.

use super::causes::TO_GENES;
use super::{GeneIdKind, IdCause, Universe};

/// How many ids have something in common, with some of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct IdTally {
    /// How many.
    pub count: usize,
    /// The first of them, three at most.
    pub examples: Vec<String>,
}

impl IdTally {
    pub(super) fn add(&mut self, id: &str) {
        const EXAMPLES: usize = 3;
        self.count += 1;
        if self.examples.len() < EXAMPLES {
            self.examples.push(crate::profile::table::shown(id.trim()));
        }
    }

    /// ``3 (`A`, `B`, ...)``.
    fn shown(&self) -> String {
        let examples: Vec<String> = self.examples.iter().map(|id| format!("`{id}`")).collect();
        let more = if self.count > examples.len() { ", ..." } else { "" };
        format!("{} ({}{more})", self.count, examples.join(", "))
    }
}

/// Ids of a kind are told of from one in so many on.
const RARE: usize = 20;

/// How ids were matched to the genes of a universe. Every id is counted once: `ids` is the sum of `genes`, `duplicate`,
/// `passed_over`, `outside`, `ambiguous` and `missing`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct GeneReport {
    /// The genes that were looked for.
    pub universe: Universe,
    /// What most ids are.
    pub kind: GeneIdKind,
    /// Ids in all.
    pub ids: usize,
    /// Genes of the universe that were found.
    pub genes: usize,
    /// Of the ids of `genes` and `duplicate`, those that are previous symbols.
    pub previous: IdTally,
    /// Of the ids of `genes` and `duplicate`, those that are aliases.
    pub alias: IdTally,
    /// Further ids of genes that an earlier id names as surely.
    pub duplicate: IdTally,
    /// Older names of genes that another id names more surely: such an id is likely the symbol of a gene beyond the platform.
    pub passed_over: IdTally,
    /// Genes that the platform has and the universe has not.
    pub outside: IdTally,
    /// Ids that may mean several genes, and unlike older names of one gene.
    pub ambiguous: IdTally,
    /// Ids that name no gene of the platform.
    pub missing: IdTally,
    /// What ambiguous and missing ids look like, where that is known, the most frequent first.
    pub causes: Vec<(IdCause, IdTally)>,
    /// A symbol as mouse and rat have it (`Tp53`), where most are written so.
    pub title_case: Option<String>,
}

impl GeneReport {
    pub(super) fn new(universe: Universe, kind: GeneIdKind, ids: usize) -> Self {
        Self {
            universe,
            kind,
            ids,
            genes: 0,
            previous: IdTally::default(),
            alias: IdTally::default(),
            duplicate: IdTally::default(),
            passed_over: IdTally::default(),
            outside: IdTally::default(),
            ambiguous: IdTally::default(),
            missing: IdTally::default(),
            causes: Vec::new(),
            title_case: None,
        }
    }

    pub(super) fn add_cause(&mut self, cause: Option<IdCause>, id: &str) {
        let Some(cause) = cause else { return };
        match self.causes.iter_mut().find(|(other, _)| *other == cause) {
            Some((_, tally)) => tally.add(id),
            None => {
                let mut tally = IdTally::default();
                tally.add(id);
                self.causes.push((cause, tally));
            }
        }
    }

    /// Returns the share of the universe that was found.
    pub fn coverage(&self) -> f64 {
        self.genes as f64 / self.universe.size() as f64
    }

    /// Returns what a user should know about the ids, one sentence each; nothing where every id names one gene.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let counts = [
            (&self.previous, "ids are previous symbols"),
            (&self.alias, "ids are aliases"),
            (&self.duplicate, "ids name a gene that another id names as well"),
            (&self.passed_over, "ids were passed over, since other ids name the same genes more surely"),
            (&self.ambiguous, "ids may mean several genes and were left out"),
            (&self.missing, "ids name no gene of the platform"),
        ];
        for (tally, what) in counts.iter().filter(|(tally, _)| tally.count > 0) {
            notes.push(format!("{what}: {}", tally.shown()));
        }
        // A few symbols look like accessions (`P2RY12`) or like symbols of mouse (`C4orf3`) by chance.
        let by_chance = |cause: &IdCause, tally: &IdTally| {
            [TO_GENES, IdCause::OF_MOUSE.way_out].contains(&cause.way_out) && RARE * tally.count < self.ids
        };
        for (IdCause { what, way_out }, tally) in
            self.causes.iter().filter(|(cause, tally)| !by_chance(cause, tally))
        {
            notes.push(format!("among the ids are {what}: {}; {way_out}", tally.shown()));
        }
        if let Some(symbol) = &self.title_case {
            notes.push(format!(
                "most symbols are written as those of mouse and rat (such as {symbol}); they were taken for the human genes of \
                 the same name, which is a guess"
            ));
        }
        notes
    }

    /// Says what the ids look like, for errors about ids of which none names a gene.
    pub(in crate::profile) fn likeness(&self) -> String {
        match self.causes.first() {
            Some((cause, tally)) if 2 * tally.count >= self.ids => {
                format!("its ids are {}: {}; {}", cause.what, tally.shown(), cause.way_out)
            }
            _ if self.missing.count >= self.outside.count => {
                let ids = self.missing.shown();
                format!("it is not known what its ids are: {ids}; {TO_GENES}")
            }
            _ => format!(
                "its genes are others of the platform: {}; take a larger universe",
                self.outside.shown()
            ),
        }
    }
}
