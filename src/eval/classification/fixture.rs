//! Data for the tests of this room.

use super::{ClassOptions, DrugClasses};

use crate::eval::fixture::matrix;
pub(super) use crate::eval::fixture::scattered;
use crate::learn::fixture::clouds;

/// Owner of what [`DrugClasses`] borrows.
#[derive(Debug, Clone)]
pub(super) struct Drugs {
    pub(super) embeddings: Vec<f32>,
    pub(super) dim: usize,
    pub(super) drugs: Vec<String>,
    pub(super) classes: Vec<Vec<u32>>,
    pub(super) names: Vec<String>,
    pub(super) folds: Option<Vec<Option<u32>>>,
}

impl Drugs {
    pub(super) fn new(embeddings: Vec<f32>, dim: usize, class_of: &[u32]) -> Self {
        let count = class_of.iter().max().map_or(0, |&last| last + 1);
        Self {
            embeddings,
            dim,
            drugs: (0..class_of.len()).map(|drug| format!("drug {drug}")).collect(),
            classes: class_of.iter().map(|&class| vec![class]).collect(),
            names: (0..count).map(|class| format!("class {class}")).collect(),
            folds: None,
        }
    }

    pub(super) fn clouds(rows: usize, dim: usize, classes: usize, noise: f32) -> Self {
        let (values, class_of) = clouds(rows, dim, classes, noise, 17);
        Self::new(values, dim, &class_of)
    }

    pub(super) fn view(&self) -> DrugClasses<'_> {
        let rows = matrix(&self.embeddings, self.dim);
        DrugClasses::new(rows, &self.drugs, &self.classes, &self.names).folds(self.folds.as_deref())
    }
}

/// Few permutations and draws, for tests that do not look at them.
pub(super) fn quick() -> ClassOptions {
    ClassOptions::default().permutations(5).bootstrap(20)
}
