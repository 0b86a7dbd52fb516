//! The nearest class mean.

use super::data::to_unit_length;
use super::learner::{Learner, Task, Verdicts};
use crate::eval::EvalError;

/// The class whose mean unit vector has the largest cosine with the drug, the first of equals. Its score is the cosine;
/// a class without a training drug scores -1.
pub(super) struct Centroid;

impl Learner for Centroid {
    fn configurations(&self) -> Vec<String> {
        vec!["centroid".to_owned()]
    }

    fn judge(&self, _configuration: usize, task: &Task<'_>) -> Result<Verdicts, EvalError> {
        let means = means(task);
        let unit = |drug| {
            let mut row = task.data.row(drug).to_vec();
            to_unit_length(&mut row);
            row
        };
        let cosines = |drug| {
            let row = unit(drug);
            let cosine = move |mean: &Option<Vec<f32>>| mean.as_ref().map_or(-1.0, |mean| dot(&row, mean));
            means.iter().map(cosine).collect::<Vec<f32>>()
        };
        let scores = task.test.iter().flat_map(|&drug| cosines(drug)).collect();
        Ok(Verdicts::of_scores(scores, task.labels.classes()))
    }
}

/// The direction of the mean of every class that has a training drug.
fn means(task: &Task<'_>) -> Vec<Option<Vec<f32>>> {
    let mut sums = vec![vec![0.0_f32; task.data.dim]; task.labels.classes()];
    let mut seen = vec![false; sums.len()];
    for drug in task.sampled(task.train) {
        let mut row = task.data.row(drug).to_vec();
        to_unit_length(&mut row);
        for &class in task.labels.of(drug) {
            seen[class as usize] = true;
            sums[class as usize].iter_mut().zip(&row).for_each(|(sum, value)| *sum += value);
        }
    }
    sums.iter_mut().for_each(|sum| to_unit_length(sum));
    sums.into_iter().zip(seen).map(|(sum, seen)| seen.then_some(sum)).collect()
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
