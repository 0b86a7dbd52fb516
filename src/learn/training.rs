//! The training side of a classifier.

use super::sampling::sampled;
use super::{Labels, LearnError, Sampling};
use crate::Rows;
use crate::random::{Purpose, Stream};

/// Rows with their classes, how these are to be balanced, and a seed.
#[derive(Debug, Clone, Copy)]
pub struct Training<'a> {
    rows: Rows<'a>,
    labels: &'a Labels,
    sampling: Sampling,
    seed: u64,
    key: u64,
}

impl<'a> Training<'a> {
    /// Takes rows and their classes as they are, with seed 1.
    ///
    /// # Errors
    /// [`LearnError::Labels`] unless there are as many lists of classes as rows.
    pub fn new(rows: Rows<'a>, labels: &'a Labels) -> Result<Self, LearnError> {
        if rows.len() != labels.len() {
            return Err(LearnError::Labels { rows: rows.len(), labels: labels.len() });
        }
        Ok(Self { rows, labels, sampling: Sampling::AsIs, seed: 1, key: 0 })
    }

    /// Sets how classes are balanced.
    #[must_use]
    pub fn sampling(self, sampling: Sampling) -> Self {
        Self { sampling, ..self }
    }

    /// Sets the seed: the same one, the same classifier.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Sets what tells this training side from the others of an evaluation.
    pub(crate) fn keyed(self, key: u64) -> Self {
        Self { key, ..self }
    }

    /// Returns all rows.
    pub fn rows(&self) -> Rows<'a> {
        self.rows
    }

    /// Returns the classes of all rows.
    pub fn labels(&self) -> &'a Labels {
        self.labels
    }

    /// Returns the numbers of the rows to learn from, ascending: every one once, or, where classes are balanced, some of
    /// them repeatedly or not at all.
    pub fn sample(&self) -> Vec<u32> {
        self.sample_of(&(0..self.rows.len() as u32).collect::<Vec<_>>())
    }

    /// Returns the same of some rows, for a classifier that keeps others aside to choose or to stop by.
    pub fn sample_of(&self, rows: &[u32]) -> Vec<u32> {
        sampled(rows, self.labels, self.sampling, &mut self.stream(Purpose::ClassSampling))
    }

    /// Tells whether every row is to be learned from once.
    pub fn is_plain(&self) -> bool {
        self.sampling == Sampling::AsIs
    }

    /// Tells whether another training side of the same rows has the same sample.
    pub(super) fn shares_sample(&self, other: &Self) -> bool {
        let draw = |side: &Self| (side.sampling, side.seed, side.key);
        let same_draw = draw(self) == draw(other) && std::ptr::eq(self.labels, other.labels);
        same_draw || self.is_plain() && other.is_plain()
    }

    /// Returns a seed for the classifier's own random numbers. It differs between the training sides of an evaluation,
    /// and is the same whenever the evaluation is repeated.
    pub fn own_seed(&self) -> u64 {
        self.stream(Purpose::ClassLearner).below(u64::MAX)
    }

    pub(super) fn stream(&self, purpose: Purpose) -> Stream {
        Stream::new(self.seed, purpose, self.key)
    }
}
