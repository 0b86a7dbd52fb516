//! The slope of a batch's loss by all weights, on the processor.

use rayon::prelude::*;

use super::augment::fill;
use super::batches::Batch;
use super::job::{Job, Objective};
use crate::loss::{Classes, Slopes, semi_hard};
use crate::network::tape::Tape;
use crate::network::vector::{add, vectorised};
use crate::network::{backward, forward};
use l1kdb::profile::GENES;

/// Parts of a batch whose slopes are summed apart and then together. Their number depends on the batch alone, so that
/// sums round alike on any number of threads.
const PARTS: usize = 16;
/// Weights that one thread sums over the parts at a time.
const PORTION: usize = 8_192;

/// Buffers for the parts of a batch.
pub(crate) struct Processor<'a> {
    job: &'a Job<'a>,
    parts: Vec<Part>,
}

#[derive(Default)]
struct Part {
    tape: Tape,
    slope: Vec<f32>,
    scores: Vec<f32>,
    gradient: Vec<f32>,
    loss: f64,
}

impl<'a> Processor<'a> {
    pub(crate) fn new(job: &'a Job<'a>) -> Self {
        Self { job, parts: Vec::new() }
    }

    /// The mean loss of `batch`; writes its slope by `weights`, the network's and then the classes', to `gradient`.
    pub(crate) fn slope(
        &mut self,
        weights: &[f32],
        batch: &Batch,
        objective: Objective,
        gradient: &mut [f32],
    ) -> f64 {
        let job = self.job;
        let (network, head) = weights.split_at(job.architecture.parameters());
        let classes = match objective {
            Objective::Softmax(_) => {
                Some(Classes::new(head, job.architecture.dim(), job.recipe.unit_classes))
            }
            Objective::Triplets(_) => None,
        };
        let slab = batch.slab();
        let of_part = batch.rows.len().div_ceil(slab).div_ceil(PARTS) * slab;
        let number = batch.rows.len().div_ceil(of_part);
        self.parts.resize_with(number.max(self.parts.len()), Part::default);
        let parts = &mut self.parts[..number];
        parts.par_iter_mut().enumerate().for_each(|(number, part)| {
            part.clear(weights.len());
            let end = batch.rows.len().min((number + 1) * of_part);
            for first in (number * of_part..end).step_by(slab) {
                part.pass(job, network, classes.as_ref(), batch, first..end.min(first + slab), objective);
            }
        });
        sum(parts, gradient);
        if let Some(classes) = classes {
            classes.to_trained(&mut gradient[network.len()..], job.recipe.train_class_scale);
        }
        parts.iter().map(|part| part.loss).sum()
    }
}

impl Part {
    fn clear(&mut self, weights: usize) {
        self.gradient.clear();
        self.gradient.resize(weights, 0.0);
        self.loss = 0.0;
    }

    /// Takes some rows of the batch forward and back.
    fn pass(
        &mut self,
        job: &Job<'_>,
        network: &[f32],
        classes: Option<&Classes>,
        batch: &Batch,
        at: std::ops::Range<usize>,
        objective: Objective,
    ) {
        self.tape.input.resize(at.len() * GENES, 0.0);
        for (row, out) in at.clone().zip(self.tape.input.chunks_exact_mut(GENES)) {
            fill(job.dataset, job.standardiser, job.recipe, batch, row, out);
        }
        self.tape.dropout = job.recipe.dropout;
        self.tape.key = [batch.key[0], batch.key[1] ^ (at.start as u64) << 40];
        forward(job.architecture, network, &mut self.tape);
        let (dim, labels) = (job.architecture.dim(), &batch.labels[at.clone()]);
        self.slope.clear();
        self.slope.resize(self.tape.embedding.len(), 0.0);
        let (net_gradient, head_gradient) = self.gradient.split_at_mut(network.len());
        self.loss += match (objective, classes) {
            (Objective::Softmax(softmax), Some(classes)) => {
                let slopes =
                    Slopes { embedding: &mut self.slope, trained: head_gradient, scores: &mut self.scores };
                let share = 1.0 / batch.rows.len() as f32;
                softmax.slope(classes, &self.tape.embedding, labels, share, slopes)
            }
            (Objective::Triplets(triplets), _) => {
                let mut chosen = triplets.of_rows(labels.len());
                if triplets.mined {
                    semi_hard(&self.tape.embedding, dim, labels, &mut chosen);
                }
                let share = batch.group as f32 / batch.rows.len() as f32;
                triplets.loss.slope(&self.tape.embedding, dim, &chosen, share, &mut self.slope)
            }
            (Objective::Softmax(_), None) => 0.0,
        };
        backward(job.architecture, network, &mut self.tape, &mut self.slope, net_gradient);
    }
}

/// The sum of all parts' slopes, part after part.
fn sum(parts: &[Part], gradient: &mut [f32]) {
    gradient.par_chunks_mut(PORTION).enumerate().for_each(|(number, out)| {
        let first = number * PORTION;
        out.fill(0.0);
        let portion = first..first + out.len();
        vectorised(|| parts.iter().for_each(|part| add(out, &part.gradient[portion.clone()], 1.0)));
    });
}
