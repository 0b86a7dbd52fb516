//! The slope of a batch's loss by all weights as burn computes it, on whatever its backend runs on.
//!
//! The definition of every network and loss in burn's own operations, which find the slope by themselves: what
//! [`Processor`](super::processor::Processor) works out by hand is held against it in the tests.

use std::panic::{AssertUnwindSafe, catch_unwind};

use burn::backend::{Autodiff, Cuda};
use burn::tensor::activation::log_softmax;
use burn::tensor::backend::{AutodiffBackend, Backend};
use burn::tensor::{Distribution, IndexingUpdateOp, Int, Tensor, TensorData};
use l1kdb::profile::GENES;

use super::batches::Batch;
use super::job::{Job, Objective, Triplets};
use crate::TrainError;
use crate::loss::{Softmax, Triplet, TripletLoss, semi_hard};
use crate::network::{Architecture, DenseNet, Layered, SMALLEST_LENGTH};

/// On an NVIDIA GPU.
pub(crate) type Gpu<'a> = Accelerator<'a, Autodiff<Cuda>>;

/// All profiles of a job on a device, standardised.
pub(crate) struct Accelerator<'a, B: AutodiffBackend> {
    job: &'a Job<'a>,
    device: B::Device,
    profiles: Tensor<B, 2>,
}

impl<'a> Gpu<'a> {
    /// Moves the profiles to the first GPU.
    ///
    /// # Errors
    /// [`TrainError::Config`] when there is none, or no driver.
    pub(crate) fn on_first(job: &'a Job<'a>) -> Result<Self, TrainError> {
        // The backend knows no other way to say that there is no driver.
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| ()));
        let found = catch_unwind(AssertUnwindSafe(|| Self::new(job, Default::default())));
        std::panic::set_hook(hook);
        found.map_err(|_| {
            TrainError::config(
                "device",
                "no NVIDIA GPU with a working driver was found: train with --device cpu".to_owned(),
            )
        })
    }
}

impl<'a, B: AutodiffBackend> Accelerator<'a, B> {
    pub(crate) fn new(job: &'a Job<'a>, device: B::Device) -> Self {
        let standard = job.standardiser.apply(job.dataset.values());
        let profiles = matrix(standard, GENES, &device);
        Self { job, device, profiles }
    }

    /// As [`Processor::slope`](super::processor::Processor::slope); other noise is drawn.
    pub(crate) fn slope(
        &mut self,
        weights: &[f32],
        batch: &Batch,
        objective: Objective,
        gradient: &mut [f32],
    ) -> f64 {
        let architecture = self.job.architecture;
        let (network, head) = weights.split_at(architecture.parameters());
        let mut tensors = self.blocks(network);
        B::seed(&self.device, batch.key[0] ^ batch.key[1].rotate_left(17));
        let profiles = self.profiles(batch);
        let embedding = match architecture {
            Architecture::Dense(net) => dense(&net, &tensors, profiles),
            Architecture::Layered(net) => self.layered(&net, &tensors, profiles),
        };
        let embedding = unit_rows(embedding);
        let loss = match objective {
            Objective::Softmax(softmax) => {
                let (classes, scale) = head.split_at(head.len() - 1);
                tensors.push(matrix(classes.to_vec(), architecture.dim(), &self.device).require_grad());
                tensors.push(matrix(scale.to_vec(), 1, &self.device).require_grad());
                self.softmax(softmax, embedding, &tensors[tensors.len() - 2..], &batch.labels)
            }
            Objective::Triplets(triplets) => self.triplets(triplets, embedding, batch),
        };
        let slopes = loss.backward();
        let mut at = 0;
        for tensor in &tensors {
            let slope = tensor.grad(&slopes).map(numbers).unwrap_or_default();
            let out = &mut gradient[at..at + tensor.dims().iter().product::<usize>()];
            if slope.is_empty() {
                out.fill(0.0)
            } else {
                out.copy_from_slice(&slope)
            }
            at += out.len();
        }
        if !self.job.recipe.train_class_scale && gradient.len() > network.len() {
            gradient[at - 1] = 0.0;
        }
        f64::from(numbers(loss)[0])
    }

    /// The network's weights by block, a bias as one row.
    fn blocks(&self, weights: &[f32]) -> Vec<Tensor<B, 2>> {
        let mut rest = weights;
        let mut next = |count: usize| {
            let (taken, left) = rest.split_at(count);
            rest = left;
            taken.to_vec()
        };
        let blocks = self.job.architecture.blocks();
        let tensor = |block: &crate::network::Block| {
            matrix(next(block.len()), block.columns, &self.device).require_grad()
        };
        blocks.iter().map(tensor).collect()
    }

    /// The profiles of a batch as the network sees them in training.
    fn profiles(&self, batch: &Batch) -> Tensor<B, 2> {
        let recipe = self.job.recipe;
        let rows = |rows: &mut dyn Iterator<Item = u32>| {
            self.profiles.clone().select(0, indices(rows, &self.device))
        };
        let mut profiles = rows(&mut batch.rows.iter().copied());
        if !batch.partners.is_empty() {
            let others = rows(&mut batch.partners.iter().map(|&(row, _)| row));
            let shares = batch.partners.iter().map(|&(_, share)| share).collect();
            let shares: Tensor<B, 2> = matrix(shares, 1, &self.device);
            profiles = profiles.clone() + (others - profiles) * shares;
        }
        if recipe.noise > 0.0 {
            let normal = Distribution::Normal(0.0, f64::from(recipe.noise));
            profiles = profiles.clone() + Tensor::random(profiles.shape(), normal, &self.device);
        }
        if recipe.gene_dropout > 0.0 {
            profiles = profiles.clone() * self.kept(&profiles, recipe.gene_dropout);
        }
        profiles
    }

    /// 1 where a value stays, 0 where it is dropped.
    fn kept(&self, like: &Tensor<B, 2>, dropped: f32) -> Tensor<B, 2> {
        Tensor::random(like.shape(), Distribution::Bernoulli(1.0 - f64::from(dropped)), &self.device)
    }

    fn layered(&self, net: &Layered, blocks: &[Tensor<B, 2>], profiles: Tensor<B, 2>) -> Tensor<B, 2> {
        let dropout = self.job.recipe.dropout;
        let mut seen = profiles;
        for layer in 0..=net.layers {
            seen = seen.matmul(blocks[2 * layer].clone()) + blocks[2 * layer + 1].clone();
            if layer < net.layers {
                seen = seen.clamp_min(0.0);
                if dropout > 0.0 {
                    seen = seen.clone() * self.kept(&seen, dropout) / (1.0 - dropout);
                }
            }
        }
        seen
    }

    fn softmax(
        &self,
        softmax: Softmax,
        embedding: Tensor<B, 2>,
        head: &[Tensor<B, 2>],
        labels: &[u32],
    ) -> Tensor<B, 1> {
        let classes = head[0].clone();
        let classes = if self.job.recipe.unit_classes { unit_rows(classes) } else { classes };
        let labels: Tensor<B, 1, Int> = indices(&mut labels.iter().copied(), &self.device);
        let labels: Tensor<B, 2, Int> = labels.unsqueeze_dim(1);
        let given_up = labels.zeros_like().float().sub_scalar(softmax.margin);
        let cosines = embedding.matmul(classes.transpose());
        let cosines = cosines.scatter(1, labels.clone(), given_up, IndexingUpdateOp::Add);
        let likely = log_softmax(cosines * head[1].clone().exp(), 1);
        let right = likely.clone().gather(1, labels).mean().mul_scalar(1.0 - softmax.smoothing);
        (right + likely.mean().mul_scalar(softmax.smoothing)).neg()
    }

    fn triplets(&self, triplets: Triplets, embedding: Tensor<B, 2>, batch: &Batch) -> Tensor<B, 1> {
        let chosen = self.chosen(triplets, &embedding, batch);
        let members = |member: fn(&Triplet) -> usize| {
            let rows = indices(&mut chosen.iter().map(|triplet| member(triplet) as u32), &self.device);
            embedding.clone().select(0, rows)
        };
        let anchors = members(|triplet| triplet.anchor);
        let positive = (anchors.clone() * members(|triplet| triplet.positive)).sum_dim(1);
        let negative = (anchors * members(|triplet| triplet.negative)).sum_dim(1);
        match triplets.loss {
            TripletLoss::Pull => positive.mean().neg().add_scalar(1.0),
            TripletLoss::Push => negative.mean(),
            TripletLoss::Margin(margin) => (negative - positive).add_scalar(margin).clamp_min(0.0).mean(),
        }
    }

    /// Rows of the batch, with negatives looked for among the same neighbours as on the processor.
    fn chosen(&self, triplets: Triplets, embedding: &Tensor<B, 2>, batch: &Batch) -> Vec<Triplet> {
        let mut all = triplets.of_rows(batch.rows.len());
        if triplets.mined {
            let dim = self.job.architecture.dim();
            let values = numbers(embedding.clone());
            let slab = batch.slab();
            let slabs = values.chunks(slab * dim).zip(batch.labels.chunks(slab));
            for ((values, labels), chosen) in slabs.zip(all.chunks_mut(slab / batch.group)) {
                let first = chosen[0].anchor;
                let mut within = triplets.of_rows(labels.len());
                semi_hard(values, dim, labels, &mut within);
                for (chosen, within) in chosen.iter_mut().zip(within) {
                    chosen.negative = first + within.negative;
                }
            }
        }
        all
    }
}

/// Sums of the embedding layer.
fn dense<B: Backend>(net: &DenseNet, blocks: &[Tensor<B, 2>], profiles: Tensor<B, 2>) -> Tensor<B, 2> {
    let direct = profiles.matmul(blocks[0].clone()) + blocks[1].clone();
    let mut outputs: Vec<Tensor<B, 2>> = Vec::with_capacity(net.depth);
    for layer in 0..=net.depth {
        let mut sum = direct.clone().narrow(1, layer * net.growth, net.width(layer));
        if layer > 0 {
            sum = sum + Tensor::cat(outputs.clone(), 1).matmul(blocks[layer + 1].clone());
        }
        if layer == net.depth {
            return sum;
        }
        outputs.push(selu(sum));
    }
    direct
}

/// `lambda max(x, 0) + lambda alpha (exp(min(x, 0)) - 1)`. Written so that no input overflows, whose slope would then
/// be no number.
fn selu<B: Backend>(x: Tensor<B, 2>) -> Tensor<B, 2> {
    const ALPHA: f64 = 1.673_263_242_354_377_2;
    const LAMBDA: f64 = 1.050_700_987_355_480_5;
    let negative = x.clone().clamp_max(0.0).exp().sub_scalar(1.0).mul_scalar(LAMBDA * ALPHA);
    x.clamp_min(0.0).mul_scalar(LAMBDA) + negative
}

fn unit_rows<B: Backend>(rows: Tensor<B, 2>) -> Tensor<B, 2> {
    let smallest = f64::from(SMALLEST_LENGTH);
    let squares = rows.clone().powi_scalar(2).sum_dim(1).clamp_min(smallest * smallest);
    rows / squares.sqrt()
}

fn matrix<B: Backend>(values: Vec<f32>, columns: usize, device: &B::Device) -> Tensor<B, 2> {
    let rows = values.len() / columns;
    Tensor::from_data(TensorData::new(values, [rows, columns]), device)
}

fn indices<B: Backend>(rows: &mut dyn Iterator<Item = u32>, device: &B::Device) -> Tensor<B, 1, Int> {
    let rows: Vec<i64> = rows.map(i64::from).collect();
    let count = rows.len();
    Tensor::from_data(TensorData::new(rows, [count]), device)
}

fn numbers<B: Backend, const D: usize>(tensor: Tensor<B, D>) -> Vec<f32> {
    tensor.into_data().convert::<f32>().into_vec().expect("converted to 32-bit floats one step before")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Dataset;
    use crate::data::Standardiser;
    use crate::train::batches::{Batches, Classes};
    use crate::train::processor::Processor;
    use crate::train::{Negatives, Recipe};
    use burn::backend::Flex;

    fn dataset() -> Dataset {
        let drugs: Vec<String> = (0..60).map(|row| format!("drug {}", row % 9)).collect();
        let values = (0..60 * GENES).map(|at| ((at * at + at / 3) as f32 * 0.17).sin() * 2.0).collect();
        Dataset::new(values, &drugs, &[None; 60]).unwrap()
    }

    /// Loss and slope of the first step by both ways, for a recipe without noise.
    fn agree(recipe: Recipe) {
        let recipe = Recipe {
            noise: 0.0,
            dropout: 0.0,
            batch: 50,
            depth: recipe.depth.min(3),
            growth: 5,
            layers: 2,
            width: 11,
            dim: 7,
            margin_warm_up: 0.0,
            ..recipe
        };
        let dataset = dataset();
        let rows: Vec<usize> = (0..60).collect();
        let standardiser = Standardiser::fit(&dataset, &rows, recipe.standardisation());
        let architecture = recipe.architecture().unwrap();
        let job = Job { dataset: &dataset, standardiser: &standardiser, recipe: &recipe, architecture };
        let classes = Classes::new(&dataset, &rows, 1);
        let state = super::super::first(&job, &classes, 10).unwrap();
        let mut batches = Batches::new(&classes, &recipe).unwrap();
        for number in 0..job.optimisers() {
            let stage = job.stage(&mut batches, 0, 10, number);
            let slope = |slope: &mut dyn FnMut(&mut [f32]) -> f64| {
                let mut gradient = vec![0.0; state.weights.len()];
                let loss = slope(&mut gradient);
                (loss, gradient)
            };
            let by_hand = slope(&mut |out| {
                Processor::new(&job).slope(&state.weights, &stage.batch, stage.objective, out)
            });
            let by_burn = slope(&mut |out| {
                Accelerator::<Autodiff<Flex>>::new(&job, Default::default()).slope(
                    &state.weights,
                    &stage.batch,
                    stage.objective,
                    out,
                )
            });
            assert!((by_hand.0 - by_burn.0).abs() < 1e-5, "{}: {} {}", recipe.preset, by_hand.0, by_burn.0);
            let largest = by_burn.1.iter().fold(0.0, |most: f32, slope| most.max(slope.abs()));
            for (at, (hand, burn)) in by_hand.1.iter().zip(&by_burn.1).enumerate() {
                assert!(
                    (hand - burn).abs() < 1e-3 * largest.max(1e-3),
                    "{} {at}: {hand} {burn}",
                    recipe.preset
                );
            }
        }
    }

    #[test]
    fn slopes_by_hand_are_those_that_burn_finds() {
        agree(Recipe::donner());
        agree(Recipe {
            unit_classes: false,
            train_class_scale: false,
            label_smoothing: 0.1,
            ..Recipe::paper004()
        });
        agree(Recipe { mixup: 0.7, ..Recipe::small_data() });
        agree(Recipe::triplet004());
        agree(Recipe { negatives: Negatives::Random, ..Recipe::triplet_margin() });
        agree(Recipe::triplet_dense());
    }
}
