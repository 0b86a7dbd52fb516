//! Training: from profiles and a recipe to a network.
//!
//! | file | what |
//! |---|---|
//! | `recipe.rs`, `presets.rs`, `settings.rs` | every number of a training; the usual ones; as TOML |
//! | `batches.rs`, `augment.rs` | which profiles every step sees; with what noise |
//! | `job.rs`, `engine.rs` | what a step asks; where its slope by all weights is computed |
//! | `processor.rs`, `accelerator.rs` | the slope by hand on the processor; by burn on a GPU |
//! | `adam.rs`, `descent.rs`, `state.rs` | the descent, and how far it has come |
//! | `validation.rs` | a look at drugs that are held out of it |

#[cfg(feature = "cuda")]
mod accelerator;
mod adam;
mod augment;
mod batches;
mod descent;
mod engine;
mod job;
mod presets;
mod processor;
mod recipe;
mod settings;
mod state;
mod validation;

use l1kdb::progress::{Progress, Quiet};
use rand::RngExt;
use rand_distr::StandardNormal;

pub(crate) use adam::Adam;
pub use presets::{DENSENET, Presets, TRIPLET, WHITEN};
pub use recipe::{Device, Kind, Loss, Negatives, Recipe};
pub use settings::assignment;
pub(crate) use settings::one_line;
pub use state::{Look, State, Validation};

use batches::Classes;
use job::Job;
use validation::ValidationSet;

use crate::data::Standardiser;
use crate::linear::{self, Start};
use crate::network::tape::stream;
use crate::network::vector::add;
use crate::network::{Architecture, Network};
use crate::{Dataset, TrainError};

/// A trained network with what has to be done to a profile before it.
#[derive(Debug, Clone, PartialEq)]
pub struct Trained {
    /// Clipping, mean and scale of the genes, from the training profiles.
    pub standardiser: Standardiser,
    /// The network.
    pub network: Network,
    /// How the training went.
    pub history: History,
}

/// How a training went.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct History {
    /// Signatures it was trained on.
    pub signatures: usize,
    /// Drugs it was trained to tell apart, or to draw triplets from.
    pub drugs: usize,
    /// Of these, drugs with one signature.
    pub single_drugs: usize,
    /// Signatures of drugs held out to choose the best moment.
    pub validation_signatures: usize,
    /// Steps done.
    pub steps: u64,
    /// All looks.
    pub looks: Vec<Look>,
    /// The look whose weights were taken; `None` when they are the last ones.
    pub best: Option<Look>,
}

impl Trained {
    /// Returns unit embeddings, n x dimension, of z-scores, n x 978 in gene-space order, as the trainer computes them.
    pub fn embed(&self, values: &[f32]) -> Vec<f32> {
        self.embed_with_lengths(values).0
    }

    /// Unit embeddings, and the length of each before it was brought to 1.
    pub(crate) fn embed_with_lengths(&self, values: &[f32]) -> (Vec<f32>, Vec<f32>) {
        self.network.embed_with_lengths(&self.standardiser.apply(values))
    }
}

/// Hears of a training in progress, and may end it.
pub trait Watch {
    /// What follows is this.
    fn task(&mut self, _name: &str) {}
    /// A training starts, or goes on, from this state; every step takes `batch` profiles or triplets.
    fn begin(&mut self, _state: &State, _batch: usize) {}
    /// A step is done.
    ///
    /// # Errors
    /// An error ends the training, for example [`TrainError::Interrupted`].
    fn stepped(&mut self, _state: &State) -> Result<(), TrainError> {
        Ok(())
    }
    /// There is a new look.
    ///
    /// # Errors
    /// As [`stepped`](Self::stepped).
    fn looked(&mut self, _state: &State) -> Result<(), TrainError> {
        Ok(())
    }
    /// The training is over.
    fn end(&mut self) {}
    /// What hears of work that is no training.
    fn progress(&self) -> &dyn Progress {
        &Quiet
    }
}

/// Hears everything and says nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

impl Watch for Unwatched {}

/// Trains a network on the profiles `rows` of `dataset`, or goes on with a training of the same arguments that had
/// come to `state`.
///
/// Reads nothing but its arguments: the same data, recipe and build on the same machine give the same weights, bit for
/// bit, on any number of threads, whether the training was interrupted or not.
///
/// # Errors
/// [`TrainError::Setting`] for a recipe that cannot work, [`TrainError::TooFewDrugs`] for less than two drugs,
/// [`TrainError::Diverged`] when the loss overflows, and what `watch` returns.
pub fn train(
    dataset: &Dataset,
    rows: &[usize],
    recipe: &Recipe,
    state: Option<State>,
    watch: &mut dyn Watch,
) -> Result<Trained, TrainError> {
    recipe.check()?;
    let architecture = recipe.architecture()?;
    let (rows, held_out) = dataset.hold_out(rows, f64::from(recipe.validation), recipe.seed ^ 0x5eed)?;
    let validation = ValidationSet::new(dataset, held_out);
    let classes = Classes::new(dataset, &rows, recipe.least_signatures);
    let standardiser = Standardiser::fit(dataset, &rows, recipe.standardisation());
    let job = Job { dataset, standardiser: &standardiser, recipe, architecture };
    let items = batches::Batches::new(&classes, recipe)?.items();
    let state = match state {
        Some(state) => state,
        None => first(&job, &classes, recipe.length(items) as u64)?,
    };
    let state = descent::descend(&job, &classes, &validation, state, watch)?;
    let best = state.best_look().copied();
    let history = History {
        signatures: classes.rows.len(),
        drugs: classes.count(),
        single_drugs: classes.singles(),
        validation_signatures: validation.len(),
        steps: state.step,
        best,
        looks: state.looks,
    };
    let mut weights = if best.is_some() { state.best } else { state.weights };
    weights.truncate(architecture.parameters());
    Ok(Trained { standardiser, network: Network { architecture, weights }, history })
}

/// The state before the first step.
fn first(job: &Job<'_>, classes: &Classes, steps: u64) -> Result<State, TrainError> {
    let network = start(job, classes)?;
    let mut weights = network.weights.clone();
    if job.recipe.loss == Loss::Softmax && steps > 0 {
        weights.extend(class_rows(job, classes, &network));
        weights.push(job.recipe.class_scale.ln());
    }
    let optimisers = vec![Adam::new(weights.len()); job.optimisers()];
    let (looks, best) = (Vec::new(), Vec::new());
    Ok(State { step: 0, steps, looks, weights, optimisers, best, losses: (0.0, 0), seconds_before: 0.0 })
}

fn start(job: &Job<'_>, classes: &Classes) -> Result<Network, TrainError> {
    let mut network = job.architecture.start(job.recipe.seed);
    if job.recipe.start == Start::Random {
        return Ok(network);
    }
    let Architecture::Dense(net) = job.architecture else { return Ok(network) };
    let profiles = linear::Profiles {
        dataset: job.dataset,
        standardiser: job.standardiser,
        rows: &classes.rows,
        labels: &classes.labels,
    };
    let directions = linear::directions(&profiles, &job.recipe.directions(), net.dim)?;
    let mut blocks = network.blocks_mut();
    for (row, direction) in blocks[0].chunks_exact_mut(net.columns()).zip(directions.chunks_exact(net.dim)) {
        row[net.columns() - net.dim..].copy_from_slice(direction);
    }
    if let Some(last) = blocks[2..].last_mut() {
        last.iter_mut().for_each(|weight| *weight *= job.recipe.hidden);
    }
    Ok(network)
}

/// One row a class: random, or the sum of the embeddings of its profiles where the network starts with some sense.
fn class_rows(job: &Job<'_>, classes: &Classes, network: &Network) -> Vec<f32> {
    let dim = job.architecture.dim();
    let mut rows = vec![0.0; classes.count() * dim];
    if job.recipe.start == Start::Random {
        let mut rng = stream([job.recipe.seed, u64::MAX], u64::MAX);
        rows.iter_mut().for_each(|value| *value = rng.sample(StandardNormal));
        return rows;
    }
    for (some, labels) in classes.rows.chunks(4096).zip(classes.labels.chunks(4096)) {
        let values: Vec<f32> =
            some.iter().flat_map(|&row| job.dataset.profile(row as usize)).copied().collect();
        let embeddings = network.embed(&job.standardiser.apply(&values));
        for (embedding, &label) in embeddings.chunks_exact(dim).zip(labels) {
            add(&mut rows[label as usize * dim..][..dim], embedding, 1.0);
        }
    }
    rows
}
