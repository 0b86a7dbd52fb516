//! The training loop.

use burn::backend::Flex;
use burn::module::AutodiffModule;
use burn::optim::{AdamWConfig, GradientsParams, Optimizer};
use burn::tensor::backend::AutodiffBackend;
use burn::tensor::{ElementConversion, Int, Tensor, TensorData};
use l1kdb::profile::GENES;
use l1kdb::progress::Progress;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

use crate::batches::{Batch, Batches};
use crate::densenet::{DenseNet, Shape};
use crate::discriminant::directions;
use crate::net::{Net, embed_all, matrix};
use crate::recipe::{Recipe, Start};
use crate::standard::Standardiser;
use crate::{Dataset, TrainError};

/// Batches between two looks at the loss, which on a GPU has to be waited for.
const LOOK_EVERY: usize = 20;

/// A trained network with what has to be done to a profile before it.
#[derive(Debug, Clone, PartialEq)]
pub struct Trained {
    /// Clipping, mean and scale of the genes, from the training profiles.
    pub standardiser: Standardiser,
    /// The weights.
    pub net: DenseNet,
    /// Drugs it was trained to tell apart.
    pub classes: usize,
    /// Loss of the last batch.
    pub loss: f32,
}

impl Trained {
    /// Unit embeddings, n x dimension, of z-scores, n x 978 in gene-space order, as the trainer computes them.
    pub fn embed(&self, values: &[f32]) -> Vec<f32> {
        embed_all::<Flex>(&self.net, &self.standardiser.apply(values), &Default::default())
    }
}

/// Trains a network of `shape` on all profiles of `dataset`, every drug a class.
///
/// Reads nothing but its arguments: the same data, recipe and build on the same machine with the same number of
/// threads give the same weights, bit for bit, on the processor. Another machine or thread count may round sums
/// differently, and a GPU does not promise the same even twice.
///
/// # Errors
/// [`TrainError::Setting`] for a recipe that cannot work, [`TrainError::TooFewDrugs`] for less than two drugs, and
/// [`TrainError::Diverged`] when the loss overflows.
pub fn train<B: AutodiffBackend>(
    dataset: &Dataset,
    shape: Shape,
    recipe: &Recipe,
    device: &B::Device,
    progress: &dyn Progress,
) -> Result<Trained, TrainError> {
    recipe.check()?;
    let (labels, classes) = classes(dataset);
    if classes < 2 {
        return Err(TrainError::TooFewDrugs { drugs: classes, expected: 2 });
    }
    let standardiser = Standardiser::fit(&dataset.values, recipe.scale, recipe.clip);
    let standard = standardiser.apply(&dataset.values);
    let (net, rows) = start(&standard, &labels, classes, shape, recipe);
    let net = Net::<B>::new(&net, &rows, recipe.class_scale, device);
    let mut batches = Batches::new(&standard, &labels, recipe.batch, recipe.noise, recipe.seed);
    let (net, loss) = descend(net, &mut batches, labels.len(), shape, recipe, device, progress)?;
    Ok(Trained { standardiser, net: net.valid().weights(shape), classes, loss })
}

/// The classes of the profiles, numbered without gaps, and how many there are.
fn classes(dataset: &Dataset) -> (Vec<u32>, usize) {
    let mut number = vec![None; dataset.drug_names.len()];
    let mut count = 0;
    let mut class = |&drug: &u32| {
        *number[drug as usize].get_or_insert_with(|| {
            count += 1;
            count - 1
        })
    };
    let labels = dataset.drugs.iter().map(&mut class).collect();
    (labels, count as usize)
}

/// Weights and class rows (classes x dimension) before the first step.
fn start(
    standard: &[f32],
    labels: &[u32],
    classes: usize,
    shape: Shape,
    recipe: &Recipe,
) -> (DenseNet, Vec<f32>) {
    let mut net = DenseNet::random(shape, recipe.seed);
    match recipe.start {
        Start::Random => {
            let mut rng = ChaCha8Rng::seed_from_u64(recipe.seed);
            rng.set_stream(u64::MAX);
            let rows = (0..classes * shape.dimension).map(|_| rng.sample(StandardNormal)).collect();
            (net, rows)
        }
        Start::Discriminant { shrinkage, hidden } => {
            net.start_from(&directions(standard, labels, shape.dimension, shrinkage), hidden);
            let embeddings = embed_all::<Flex>(&net, standard, &Default::default());
            let mut rows = vec![0.0; classes * shape.dimension];
            for (embedding, &label) in embeddings.chunks_exact(shape.dimension).zip(labels) {
                let row = &mut rows[label as usize * shape.dimension..][..shape.dimension];
                row.iter_mut().zip(embedding).for_each(|(sum, value)| *sum += value);
            }
            (net, rows)
        }
    }
}

fn descend<B: AutodiffBackend>(
    mut net: Net<B>,
    batches: &mut Batches,
    profiles: usize,
    shape: Shape,
    recipe: &Recipe,
    device: &B::Device,
    progress: &dyn Progress,
) -> Result<(Net<B>, f32), TrainError> {
    let adam = AdamWConfig::new().with_epsilon(1e-8).with_weight_decay(recipe.weight_decay);
    let mut adam = adam.init::<B, Net<B>>();
    let steps = recipe.steps(profiles);
    let mut last = 0.0;
    progress.begin("training", steps as u64);
    for step in 0..steps {
        let (values, labels) = tensors::<B>(batches.next(), device);
        let loss = net.loss(shape, values, labels, recipe.margin_at(step, steps));
        let gradients = GradientsParams::from_grads(loss.backward(), &net);
        net = adam.step(recipe.learning_rate_at(step, steps), net, gradients);
        if step % LOOK_EVERY == 0 || step + 1 == steps {
            last = loss.into_scalar().elem();
            if !f32::is_finite(last) {
                return Err(TrainError::Diverged { step: step + 1 });
            }
        }
        progress.advance(1);
    }
    progress.end();
    Ok((net, last))
}

fn tensors<B: AutodiffBackend>(batch: Batch, device: &B::Device) -> (Tensor<B, 2>, Tensor<B, 2, Int>) {
    let rows = batch.labels.len();
    let labels: Vec<i64> = batch.labels.into_iter().map(i64::from).collect();
    let labels = Tensor::from_data(TensorData::new(labels, [rows, 1]), device);
    (matrix(batch.values, rows, GENES, device), labels)
}
