//! Data for the tests of this room.

use super::data::{LeftOut, Selected};
use super::labels::Labeling;
use super::{ClassOptions, DrugClasses};

pub(super) use crate::eval::fixture::scattered;

/// Rows around the middle of their class, which are `1` on the class's axis and 0 elsewhere: row i is of class
/// i modulo `classes`, and `noise` is how far it may lie off on each axis.
pub(super) fn clouds(rows: usize, dim: usize, classes: usize, noise: f32, seed: u64) -> (Vec<f32>, Vec<u32>) {
    let mut values = scattered(rows * dim, seed);
    let class_of: Vec<u32> = (0..rows).map(|row| (row % classes) as u32).collect();
    for (row, &class) in values.chunks_exact_mut(dim).zip(&class_of) {
        row.iter_mut().for_each(|value| *value *= noise);
        row[class as usize] += 1.0;
    }
    (values, class_of)
}

/// Drugs of one class each, all of which take part.
pub(super) fn selected(features: &[f32], dim: usize, classes: &[u32]) -> Selected {
    let count = classes.iter().max().map_or(0, |&last| last as usize + 1);
    Selected {
        dim,
        features: features.to_vec(),
        rows: (0..classes.len()).collect(),
        labels: Labeling::new(classes.iter().map(|&class| vec![class]), count),
        names: (0..count).map(|class| format!("class {class}")).collect(),
        folds: None,
        left_out: LeftOut::default(),
    }
}

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
        DrugClasses {
            embeddings: &self.embeddings,
            dim: self.dim,
            drugs: &self.drugs,
            classes: &self.classes,
            names: &self.names,
            folds: self.folds.as_deref(),
        }
    }
}

/// Few permutations and draws, for tests that do not look at them.
pub(super) fn quick() -> ClassOptions {
    ClassOptions { permutations: 5, bootstrap: 20, ..ClassOptions::default() }
}
