//! What came of a run of queries.

use crate::cli::note;

/// Queries that could not be asked which are named; the rest is counted.
const NAMED: usize = 20;

/// What came of a run of queries.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Whether any found something.
    pub found: bool,
    /// How many were answered.
    pub answered: usize,
    /// How many could not be asked, as is said elsewhere.
    pub left_out: usize,
    /// What is wrong with the others that could not be asked.
    broken: Vec<anyhow::Error>,
}

impl Outcome {
    /// Takes note of a query that cannot be asked; its error names it.
    pub fn broke(&mut self, error: impl Into<anyhow::Error>) {
        self.broken.push(error.into());
    }

    /// Tells whether some queries could not be asked.
    pub fn is_partial(&self) -> bool {
        self.left_out > 0 || !self.broken.is_empty()
    }

    /// Names the queries that could not be asked.
    ///
    /// # Errors
    /// What is wrong with the first, where no query could.
    pub fn settle(mut self) -> anyhow::Result<Self> {
        if self.answered == 0 && !self.broken.is_empty() {
            return Err(self.broken.swap_remove(0));
        }
        for error in self.broken.iter().take(NAMED) {
            note(&format!("warning: not asked: {error:#}"));
        }
        let (broken, all) = (self.broken.len(), self.broken.len() + self.answered);
        if broken > 0 {
            note(&format!("warning: {broken} of {all} queries could not be asked; the others are answered"));
        }
        Ok(self)
    }
}
