//! Cross-entropy over classes whose scores are scaled cosines to a trainable row each.

use crate::network::algebra::{Target, View};
use crate::network::vector::{exp, vectorised};
use crate::network::{before_unit_length, to_unit_length};

/// Profiles whose scores to all classes are held at a time, so that they stay in the cache.
const ROWS: usize = 32;

/// The loss of Donner et al. (2018), eq. 1, with label smoothing: with `c` the cosines of an embedding to all class
/// rows, `a` the scale and `i` the right class, the scores are `a (c_i - margin)` and `a c_j`, and the loss is their
/// cross-entropy with a target of `1 - smoothing` on `i` and `smoothing` spread over all classes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Softmax {
    pub(crate) margin: f32,
    pub(crate) smoothing: f32,
}

/// The class rows of a step, brought to unit length unless they are free, and the scale of the cosines.
#[derive(Debug)]
pub(crate) struct Classes {
    rows: Vec<f32>,
    /// Lengths before they were brought to 1; empty for free rows.
    lengths: Vec<f32>,
    dim: usize,
    scale: f32,
}

impl Classes {
    /// From the trained numbers: classes x dimension, then the logarithm of the scale.
    pub(crate) fn new(trained: &[f32], dim: usize, unit: bool) -> Self {
        let (rows, log_scale) = trained.split_at(trained.len() - 1);
        let mut rows = rows.to_vec();
        let lengths =
            if unit { rows.chunks_exact_mut(dim).map(to_unit_length).collect() } else { Vec::new() };
        Self { rows, lengths, dim, scale: log_scale[0].exp() }
    }

    fn count(&self) -> usize {
        self.rows.len() / self.dim
    }

    /// Turns the slope by rows and scale, gathered over a batch, into that by the trained numbers.
    pub(crate) fn to_trained(&self, gradient: &mut [f32], scale_is_trained: bool) {
        let (slopes, log_scale) = gradient.split_at_mut(self.rows.len());
        let rows = slopes.chunks_exact_mut(self.dim).zip(self.rows.chunks_exact(self.dim));
        for ((slope, row), &length) in rows.zip(&self.lengths) {
            before_unit_length(slope, row, length);
        }
        log_scale[0] *= if scale_is_trained { self.scale } else { 0.0 };
    }
}

/// Where slopes go, and room to work in.
pub(crate) struct Slopes<'a> {
    /// By the embeddings; written.
    pub(crate) embedding: &'a mut [f32],
    /// By class rows and scale; added to.
    pub(crate) trained: &'a mut [f32],
    pub(crate) scores: &'a mut Vec<f32>,
}

impl Softmax {
    /// The summed loss of profiles with these unit `embedding`s and `labels`, times `share`. Writes the slope by the
    /// embeddings and adds that by class rows and scale.
    pub(crate) fn slope(
        &self,
        classes: &Classes,
        embedding: &[f32],
        labels: &[u32],
        share: f32,
        slopes: Slopes<'_>,
    ) -> f64 {
        let Slopes { embedding: slope, trained: gradient, scores } = slopes;
        let (dim, count) = (classes.dim, classes.count());
        let (by_rows, by_scale) = gradient.split_at_mut(classes.rows.len());
        let chunks = embedding.chunks(ROWS * dim).zip(slope.chunks_mut(ROWS * dim));
        let mut loss = 0.0;
        for ((embedding, slope), labels) in chunks.zip(labels.chunks(ROWS)) {
            scores.resize(labels.len() * count, 0.0);
            let rows = View::new(&classes.rows, dim);
            let embedding = View::new(embedding, dim);
            Target::new(scores, count).set(embedding, rows.t());
            for (scores, &label) in scores.chunks_exact_mut(count).zip(labels) {
                let (value, slope) = vectorised(|| self.row(scores, label as usize, classes.scale, share));
                loss += value;
                by_scale[0] += slope;
            }
            Target::new(slope, dim).set(View::new(scores, count), rows);
            Target::new(by_rows, dim).add(View::new(scores, count).t(), embedding);
        }
        loss
    }

    /// From the cosines of one profile to the slope of its loss by them, in place. Returns the loss and its slope by
    /// the scale, all times `share`.
    #[inline(always)]
    fn row(&self, cosines: &mut [f32], right: usize, scale: f32, share: f32) -> (f64, f32) {
        let smooth = self.smoothing / cosines.len() as f32;
        cosines[right] -= self.margin;
        let target = |cosines: &[f32]| {
            let all = if smooth > 0.0 { smooth * cosines.iter().sum::<f32>() } else { 0.0 };
            all + (1.0 - self.smoothing) * cosines[right]
        };
        let expected = target(cosines);
        let largest = cosines.iter().fold(f32::MIN, |largest, &cosine| largest.max(cosine));
        let (total, weighted) = exponentials(cosines, scale, largest);
        let loss = f64::from(total.ln() + scale * (largest - expected));
        let factor = share * scale / total;
        cosines.iter_mut().for_each(|value| *value = *value * factor - share * scale * smooth);
        cosines[right] -= share * scale * (1.0 - self.smoothing);
        (loss * f64::from(share), share * (weighted / total - expected))
    }
}

/// `e^(scale (value - largest))` in place; their sum, and their sum weighted by the values.
#[inline(always)]
fn exponentials(values: &mut [f32], scale: f32, largest: f32) -> (f32, f32) {
    let (mut totals, mut weighted) = ([0.0_f32; 16], [0.0_f32; 16]);
    let (chunks, rest) = values.as_chunks_mut::<16>();
    for chunk in chunks {
        for (lane, value) in chunk.iter_mut().enumerate() {
            let e = exp(scale * (*value - largest));
            totals[lane] += e;
            weighted[lane] += e * *value;
            *value = e;
        }
    }
    for (lane, value) in rest.iter_mut().enumerate() {
        let e = exp(scale * (*value - largest));
        totals[lane] += e;
        weighted[lane] += e * *value;
        *value = e;
    }
    (totals.iter().sum(), weighted.iter().sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slope_of(
        softmax: Softmax,
        trained: &[f32],
        unit: bool,
        embedding: &[f32],
        labels: &[u32],
    ) -> (f64, Vec<f32>, Vec<f32>) {
        let classes = Classes::new(trained, 2, unit);
        let (mut slope, mut gradient) = (vec![0.0; embedding.len()], vec![0.0; trained.len()]);
        let share = 1.0 / labels.len() as f32;
        let slopes = Slopes { embedding: &mut slope, trained: &mut gradient, scores: &mut Vec::new() };
        let loss = softmax.slope(&classes, embedding, labels, share, slopes);
        classes.to_trained(&mut gradient, true);
        (loss, slope, gradient)
    }

    #[test]
    fn the_loss_is_the_published_formula() {
        // Class rows of lengths 5 and 2 at cosines 0.6 and 0.8 to the embedding (1, 0); the first is right.
        let trained = [3.0, 4.0, 1.6, -1.2, 10.0_f32.ln()];
        let softmax = Softmax { margin: 0.25, smoothing: 0.0 };
        let (loss, ..) = slope_of(softmax, &trained, true, &[1.0, 0.0], &[0]);
        let (right, wrong) = ((10.0_f64 * (0.6 - 0.25)).exp(), (10.0_f64 * 0.8).exp());
        assert!((loss + (right / (right + wrong)).ln()).abs() < 1e-5, "{loss}");
    }

    #[test]
    fn the_slope_is_the_rise_of_the_loss_with_unit_and_with_free_rows() {
        let trained: Vec<f32> = (0..40).map(|at| (at as f32 * 0.7).sin()).chain([3.0_f32.ln()]).collect();
        let embedding = [0.6, 0.8, -0.8, 0.6, 0.0, 1.0];
        for (unit, smoothing) in [(true, 0.0), (true, 0.2), (false, 0.1)] {
            let softmax = Softmax { margin: 0.1, smoothing };
            let loss = |trained: &[f32], embedding: &[f32]| {
                slope_of(softmax, trained, unit, embedding, &[3, 17, 3]).0
            };
            let (_, slope, gradient) = slope_of(softmax, &trained, unit, &embedding, &[3, 17, 3]);
            for at in 0..trained.len() {
                let moved = |by| {
                    let mut trained = trained.clone();
                    trained[at] += by;
                    loss(&trained, &embedding)
                };
                let rise = (moved(1e-2) - moved(-1e-2)) / 2e-2;
                assert!((rise - f64::from(gradient[at])).abs() < 1e-3, "{at}: {rise} {}", gradient[at]);
            }
            for at in 0..embedding.len() {
                let moved = |by| {
                    let mut embedding = embedding;
                    embedding[at] += by;
                    loss(&trained, &embedding)
                };
                let rise = (moved(1e-2) - moved(-1e-2)) / 2e-2;
                assert!((rise - f64::from(slope[at])).abs() < 1e-3, "{at}: {rise} {}", slope[at]);
            }
        }
    }

    #[test]
    fn a_scale_that_is_not_trained_has_no_slope() {
        let classes = Classes::new(&[1.0, 0.0, 0.0, 1.0, 2.0], 2, true);
        let mut gradient = vec![0.5; 5];
        classes.to_trained(&mut gradient, false);
        assert_eq!(gradient[4], 0.0);
    }
}
