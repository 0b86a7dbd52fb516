//! The nearest class mean.

use super::error::check_dim;
use super::{Classifier, Fitted, LearnError, Predictions, Training};
use crate::Rows;
use crate::rows::to_unit_length;

/// The class whose mean unit vector has the largest cosine with the row, the first of equals. Its score is the cosine; a
/// class without a training row scores -1.
#[derive(Debug, Clone, Copy, Default)]
pub struct Centroid;

impl Classifier for Centroid {
    fn configurations(&self) -> Vec<String> {
        vec!["centroid".to_owned()]
    }

    fn fit<'a>(
        &'a self,
        _configuration: usize,
        training: &Training<'a>,
    ) -> Result<Box<dyn Fitted + 'a>, LearnError> {
        Ok(Box::new(Means { dim: training.rows().dim(), of_class: means(training) }))
    }
}

/// The direction of the mean of every class that has a training row.
struct Means {
    dim: usize,
    of_class: Vec<Option<Vec<f32>>>,
}

impl Fitted for Means {
    fn predict(&self, rows: Rows<'_>) -> Result<Predictions, LearnError> {
        check_dim(rows, self.dim)?;
        let cosines = |row: &[f32]| {
            let row = unit(row);
            let cosine = move |mean: &Option<Vec<f32>>| mean.as_ref().map_or(-1.0, |mean| dot(&row, mean));
            self.of_class.iter().map(cosine).collect::<Vec<f32>>()
        };
        Ok(Predictions::new(rows.iter().flat_map(cosines).collect(), self.of_class.len()))
    }
}

fn means(training: &Training<'_>) -> Vec<Option<Vec<f32>>> {
    let (rows, labels) = (training.rows(), training.labels());
    let mut sums = vec![vec![0.0_f32; rows.dim()]; labels.classes()];
    let mut seen = vec![false; sums.len()];
    for at in training.sample() {
        let row = unit(rows.row(at as usize));
        for &class in labels.of(at) {
            seen[class as usize] = true;
            sums[class as usize].iter_mut().zip(&row).for_each(|(sum, value)| *sum += value);
        }
    }
    sums.iter_mut().for_each(|sum| {
        to_unit_length(sum);
    });
    sums.into_iter().zip(seen).map(|(sum, seen)| seen.then_some(sum)).collect()
}

fn unit(row: &[f32]) -> Vec<f32> {
    let mut row = row.to_vec();
    to_unit_length(&mut row);
    row
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
