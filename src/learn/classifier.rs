//! The trait of all classifiers.

use std::fmt;

use super::{LearnError, Predictions, Training};
use crate::Rows;

/// A way to learn classes from rows, in one configuration or in several that are compared.
///
/// Two methods make a classifier. The other two are there for one that can share work between several fits, as
/// nearest neighbours do, and change nothing but the time it takes.
pub trait Classifier: fmt::Debug + Send + Sync {
    /// Names the configurations; at least one.
    fn configurations(&self) -> Vec<String>;

    /// Fits one configuration, by its place among [`configurations`](Self::configurations), to the rows that
    /// [`Training::sample`] names.
    ///
    /// # Errors
    /// Whatever keeps the classifier from learning; a row is named by its number in [`Training::rows`].
    fn fit<'a>(
        &'a self,
        configuration: usize,
        training: &Training<'a>,
    ) -> Result<Box<dyn Fitted + 'a>, LearnError>;

    /// Fits every task and predicts for the same rows. The training sides of the tasks hold the same rows, under one
    /// labeling or another. Unless overridden, each task is fitted anew.
    ///
    /// # Errors
    /// As [`fit`](Self::fit) and [`Fitted::predict`].
    fn predict_each(&self, tasks: &[Task<'_>], rows: Rows<'_>) -> Result<Vec<Predictions>, LearnError> {
        let one = |task: &Task<'_>| self.fit(task.configuration, &task.training)?.predict(rows);
        tasks.iter().map(one).collect()
    }

    /// Predicts each training row by all the others, for every task, where that takes less than to fit once a row. The
    /// training sides are as in [`predict_each`](Self::predict_each). Unless overridden, or where classes are balanced,
    /// the answer is `None`, and whoever asks fits once a row.
    ///
    /// # Errors
    /// As [`fit`](Self::fit) and [`Fitted::predict`].
    fn leave_one_out(&self, _tasks: &[Task<'_>]) -> Result<Option<Vec<Predictions>>, LearnError> {
        Ok(None)
    }
}

/// A classifier that has learned.
pub trait Fitted {
    /// Predicts classes: one score a class a row.
    ///
    /// # Errors
    /// Whatever keeps it from predicting; a row is named by its number in `rows`.
    fn predict(&self, rows: Rows<'_>) -> Result<Predictions, LearnError>;
}

/// One configuration and what it learns from.
#[derive(Debug, Clone, Copy)]
pub struct Task<'a> {
    /// Its place among the configurations.
    pub configuration: usize,
    /// What it learns from.
    pub training: Training<'a>,
}
